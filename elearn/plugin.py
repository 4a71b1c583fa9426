"""The contract. A plugin is one frozen value that lists all it brings; reading it runs nothing.

Every function named here takes one subject, whose attributes may grow in later releases; none may shrink. What a function
needs of the database it gets as ``subject.session``: a session that reads and writes but cannot commit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from elearn.content.values import BlockSource, Course, Json, Lesson, Parsed, Placed
from elearn.errors import Problem, Refused
from elearn.events import Event
from elearn.models.base import Base
from elearn.services.viewer import Viewer

if TYPE_CHECKING:  # the contract names these types for its readers; it needs neither framework to exist
    import click
    from flask import Blueprint
    from markdown.extensions import Extension
    from markupsafe import Markup
    from sqlalchemy.orm import Session

    from elearn.services.learning import Standing
    from elearn.services.site import Site

NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")

SLOTS: Mapping[str, str] = {
    "home": "the home page, below what goes on; subject: None",
    "course": "a course's page, beside its outline; subject: the Course",
    "lesson": "below a lesson's text; subject: a LessonView",
    "completed": "the page that says a course is completed; subject: the Standing",
    "account": "the account page; subject: None",
}


@dataclass(frozen=True, kw_only=True)
class NavEntry:
    """A way in: what it says, the endpoint it opens, the icon's name in the sprite; a low ``order`` stands first.

    ``area`` says where: "tabs" is the bar on every page, for what everybody needs each day (a phone has room for five);
    "work" is the page of those who write, grade, verify or manage, where ``summary`` says in a sentence what it is for.
    """

    title: str
    endpoint: str
    icon: str = "book"
    order: int = 50
    area: Literal["tabs", "work"] = "tabs"
    summary: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """A box on the home page; ``body`` is safe HTML."""

    title: str
    body: Markup
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class Permission:
    """Something one may be allowed to do, named "<plugin>.<verb>", and the roles that hold it from the start."""

    name: str
    title: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A value the site may set as ELEARN_<PLUGIN>_<NAME> or in site.toml. ``type`` reads it: str, int, float, bool or Path."""

    name: str
    default: Any
    help: str
    type: Callable[[Any], Any] = str


@dataclass(frozen=True, kw_only=True)
class LessonView:
    """A lesson as shown to somebody. ``standing`` is None where they are not enrolled (a preview); ``keys`` asks for the answers
    beside the questions, for an author's eyes."""

    course: Course
    lesson: Lesson
    standing: Standing | None
    viewer: Viewer
    session: Session
    keys: bool = False


@dataclass(frozen=True, kw_only=True)
class BlockView(LessonView):
    """A block in a lesson as shown to somebody: ``placed.data`` is what ``parse`` made."""

    placed: Placed


@dataclass(frozen=True, kw_only=True)
class Completing:
    """Somebody about to complete ``lesson``, or the whole course where ``lesson`` is None."""

    course: Course
    lesson: Lesson | None
    standing: Standing
    session: Session
    block: Callable[[str], tuple[Placed, ...]]


Gate = Callable[[Completing], "str | Refused | None"]


@dataclass(frozen=True, kw_only=True)
class Block:
    """A piece of a lesson that a plugin understands.

    It is written under headings whose first word is one of ``headings``, in fences ``::: <name>`` for the names in ``fences``,
    or as a whole file whose front matter has a ``jenis`` (kind) in ``lesson_kinds``. ``parse`` is pure and runs at publishing;
    ``render`` runs for each viewer. ``tidy`` puts the Markdown of a block into the form its guide shows, saying the same.
    """

    kind: str
    parse: Callable[[BlockSource], Parsed]
    render: Callable[[BlockView], Markup]
    headings: tuple[str, ...] = ()
    fences: tuple[str, ...] = ()
    lesson_kinds: tuple[str, ...] = ()
    tidy: Callable[[str], str] | None = None


@dataclass(frozen=True, kw_only=True)
class About:
    """One person's rows: the subject of ``Personal``."""

    session: Session
    person_id: int


@dataclass(frozen=True, kw_only=True)
class Personal:
    """What a plugin keeps about a person: ``export`` gives it as JSON, ``erase`` removes what need not be kept by law."""

    export: Callable[[About], Json]
    erase: Callable[[About], None]


@dataclass(frozen=True, kw_only=True)
class DemoLesson:
    """A lesson that an invented learner of a demo site works through. ``skill`` is the share of right answers, 0 to 1."""

    session: Session
    standing: Standing
    lesson: Lesson
    skill: float


@dataclass(frozen=True, kw_only=True)
class JobPart:
    """One item of a job: ``value`` says which, ``given`` is what all items share, ``by`` the person who began it (None: the command
    line), ``answer`` what the kind's ``ask`` brought."""

    session: Session
    value: str
    given: Mapping[str, Any]
    by: int | None
    job_id: int
    answer: Any = None


@dataclass(frozen=True, kw_only=True)
class JobCall:
    """What to ask a service outside about one item: ``asked`` is what ``prepare`` answered. No transaction is open."""

    site: Site
    asked: Any
    given: Mapping[str, Any]
    job_id: int


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """Long work over many items. ``name`` is "<plugin>.<verb>". ``work`` does one item and answers in a few words what came of it, for
    the report; it may raise ``Refused``. What it writes and the mark that the item is done are one commit.

    A kind that asks a service outside has ``prepare`` and ``ask`` too, so that no transaction waits for an answer: ``prepare`` says in
    a transaction of its own what to ask, and keeps that it is about to be asked; ``ask`` has up to a minute; ``work`` then keeps the
    answer. A process killed in between prepares the item once more, so ``prepare`` must tell whether it was asked before. ``ask`` and
    ``work`` may raise ``JobStopped`` where the rest would fare no better; what ``work`` wrote before is kept.
    """

    name: str
    work: Callable[[JobPart], str | None]
    prepare: Callable[[JobPart], Any] | None = None
    ask: Callable[[JobCall], Any] | None = None


@dataclass(frozen=True, kw_only=True)
class DemoAuthor:
    """An invented author of a demo site, once it is filled. ``packs`` are the folders of the bundled courses, all published."""

    session: Session
    viewer: Viewer
    packs: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True)
class DemoSite:
    """A demo site once its people and their learning are there. ``people``: ids by role, in the order in which they were made."""

    session: Session
    people: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, kw_only=True)
class Faring:
    """A course, in the version on offer, whose authors ask how it fares: the subject of ``figures``."""

    session: Session
    course: Course
    digest: str


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One thing an author may know of a course: "Soal tersulit", "31 %", and a sentence on what it means. It shows no small group."""

    title: str
    value: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a paper's table; ``share`` is its part of the width beside the others'."""

    name: str
    share: float = 1.0
    align: Literal["L", "R"] = "L"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A4 upright: a title, whom it is about (name and value, one line each), a table with its last line, and notes below it.

    ``identifier`` is unlike any other paper's. All texts are plain and in the reader's language.
    """

    identifier: str
    title: str
    about: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    last: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    issued_on: date


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A paper that stands for a completed course: its number as printed, and the public page that says whether it holds."""

    number: str
    address: str
    issued_on: date


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """All that one plugin brings. Its ``name`` is also its entry point, blueprint, table prefix, permission prefix and gettext domain."""

    name: str
    title: str
    summary: str = ""
    blueprint: Blueprint | None = None
    mount: str = ""
    models: tuple[type[Base], ...] = ()
    migrations: str | Path | None = None
    blocks: tuple[Block, ...] = ()
    markdown: tuple[Callable[[], Extension], ...] = ()
    lint: tuple[Callable[[Course], Iterable[Problem]], ...] = ()
    gates: tuple[Gate, ...] = ()
    nav: Callable[[Viewer], Iterable[NavEntry]] | None = None
    cards: tuple[Callable[[Viewer], Card | None], ...] = ()
    slots: Mapping[str, Callable[[Viewer, Any], Markup | None]] = field(default_factory=dict)
    permissions: tuple[Permission, ...] = ()
    acts: Mapping[str, str] = field(default_factory=dict)
    settings: tuple[Setting, ...] = ()
    events: tuple[type[Event], ...] = ()
    subscribers: Mapping[type[Event], Sequence[Callable[[Session, Any], None]]] = field(default_factory=dict)
    commands: tuple[click.Command, ...] = ()
    checks: tuple[Callable[[Session], Iterable[Problem]], ...] = ()
    jobs: tuple[JobKind, ...] = ()
    personal: Personal | None = None
    api: Blueprint | None = None
    demo: Callable[[DemoLesson], None] | None = None
    demo_author: Callable[[DemoAuthor], None] | None = None
    demo_site: Callable[[DemoSite], None] | None = None
    figures: Callable[[Faring], Iterable[Figure]] | None = None
    papers: Callable[[Session, Paper], bytes] | None = None
    proofs: Callable[[Session, Sequence[int]], Mapping[int, Proof]] | None = None
    hours_basis: Callable[[Session, date], str | None] | None = None
    translations: str | Path | None = None

    def __post_init__(self) -> None:
        faults = list(self.faults())
        if faults:
            raise ValueError("; ".join(faults))

    def faults(self) -> Iterable[str]:
        """What breaks the contract within this value alone, a sentence each."""
        table_prefix, permission_prefix = f"{self.name}_", f"{self.name}."
        if not NAME.fullmatch(self.name):
            yield "the name must be 2 to 31 lower-case letters, digits and underscores, a letter first"
        if not self.title:
            yield "the title is empty"
        if self.blueprint is not None and self.blueprint.name != self.name:
            yield f"its blueprint is named {self.blueprint.name!r}; it must bear the plugin's own name"
        if self.api is not None and self.api.name != f"{self.name}_api":
            yield f"its api blueprint is named {self.api.name!r}; it must be named {self.name + '_api'!r}"
        if self.mount and not re.fullmatch(r"/[a-z0-9/-]+", self.mount):
            yield f"mount {self.mount!r} must begin with a slash and hold lower-case letters, digits and dashes"
        for model in self.models:
            if not model.__tablename__.startswith(table_prefix):
                yield f"table {model.__tablename__!r} must begin with {table_prefix!r}"
        if self.models and self.migrations is None:
            yield "it has models but no migrations"
        if self.migrations is not None and not Path(self.migrations).is_dir():
            yield f"its migrations folder {str(self.migrations)!r} does not exist"
        for permission in self.permissions:
            if not permission.name.startswith(permission_prefix):
                yield f"permission {permission.name!r} must begin with {permission_prefix!r}"
        for job in self.jobs:
            if not job.name.startswith(permission_prefix):
                yield f"job {job.name!r} must begin with {permission_prefix!r}"
            if (job.prepare is None) != (job.ask is None):
                yield f"job {job.name!r} needs both prepare and ask, or neither"
        for slot in self.slots:
            if slot not in SLOTS:
                yield f"there is no slot {slot!r} (there are: {', '.join(sorted(SLOTS))})"
        for block in self.blocks:
            if not (block.headings or block.fences or block.lesson_kinds):
                yield f"block {block.kind!r} owns no heading, no fence and no lesson kind"
        for event in self.subscribers:
            if not (isinstance(event, type) and issubclass(event, Event)):
                yield f"it subscribes to {event!r}, which is not an Event"
        if self.translations is not None and not Path(self.translations).is_dir():
            yield f"its translations folder {str(self.translations)!r} does not exist"
