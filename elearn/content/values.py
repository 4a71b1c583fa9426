"""What a course is, as frozen values that JSON can carry.

A ``Course`` has sections, a section has lessons, and a lesson is a row of parts: safe HTML, or a ``Placed`` block that a plugin
draws for whoever looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from elearn.errors import Problem

Json = Any


class Markdown(Protocol):
    """Renders a fragment of Markdown to safe HTML and reports its faults at ``line`` of the file; ``inline`` leaves off the paragraph.
    ``file`` is the file of the course that it stands in, where that is another than the block's own."""

    def __call__(self, text: str, *, line: int = 0, inline: bool = False, file: str = "") -> str: ...


def _none(*_: object) -> None:
    """No other file."""


@dataclass(frozen=True, kw_only=True)
class Citation:
    """A regulation as an author cites it, and the piece of a lesson that rests on it, in its own first words ("Tenggatnya?")."""

    regulation: str
    place: str


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """What a block's ``parse`` answers: ``data`` (JSON) to be kept with the version, all faults it found, the regulations it rests on as its
    author cites them, and the minutes it takes (0: those of reading its words)."""

    data: Json
    problems: tuple[Problem, ...] = ()
    legal_basis: tuple[Citation, ...] = ()
    minutes: int = 0


@dataclass(frozen=True, kw_only=True)
class BlockSource:
    """What an author wrote for a block, before its plugin reads it.

    ``kind`` is the block's kind ("quiz"), ``body`` the Markdown with its lines as in the file, ``line`` the line of the file at
    which ``body`` starts (from 1), ``options`` what stands on a fence's opening line, ``meta`` the front matter of the file
    (keys in lower case, values str, list or dict), ``whole_file`` is true where the lesson itself is of this kind, and ``markdown``
    draws a text of it. ``read`` gives the text of another Markdown file of the course by its path from the course's folder, ``picture``
    the address of a picture by its path from a file of the course; None for what is not there. A change of what was read draws the lesson
    anew.
    """

    kind: str
    id: str
    body: str
    file: str = ""
    line: int = 1
    options: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, Json] = field(default_factory=dict)
    whole_file: bool = False
    markdown: Markdown = field(repr=False, compare=False)
    read: Callable[[str], str | None] = field(default=_none, repr=False, compare=False)
    picture: Callable[[str, str], str | None] = field(default=_none, repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A block where it stands in a lesson: what its plugin made of the source (``data``, JSON), nothing of any learner."""

    kind: str
    id: str
    data: Json


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading of a lesson: its level (2 to 6), the id to link to, and its plain text."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One page. ``parts`` holds safe HTML (str) and the index of a block (int) in the order of the page; ``minutes`` is the time to read
    it. ``legal_basis`` names the regulations that it rests on, those of its blocks among them; ``cited`` says which of its blocks' pieces
    rest on which."""

    id: str
    title: str
    kind: str = "lesson"
    minutes: int = 1
    words: int = 0
    required: bool = True
    parts: tuple[str | int, ...] = ()
    blocks: tuple[Placed, ...] = ()
    headings: tuple[Heading, ...] = ()
    legal_basis: tuple[str, ...] = ()
    cited: tuple[Citation, ...] = ()
    meta: Mapping[str, Json] = field(default_factory=dict)
    file: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A module of a course: a folder of lessons."""

    id: str
    title: str
    summary: str = ""
    lessons: tuple[Lesson, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CompetencyAim:
    """A competency that a course teaches, and up to which level (1 to 5)."""

    code: str
    level: int


@dataclass(frozen=True, kw_only=True)
class LegalBasis:
    """A regulation a course rests on, as of which day, and where it was read."""

    regulation: str
    note: str = ""
    as_of: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who wrote a course."""

    name: str
    organisation: str = ""
    orcid: str = ""


@dataclass(frozen=True, kw_only=True)
class Course:
    """A course as written. ``hours`` are JP of 45 minutes; ``pass_mark`` is a share from 0 to 1; ``order`` is "free" or "sequential"."""

    slug: str
    title: str
    summary: str
    language: str = "id"
    hours: int = 0
    level: str = ""
    competencies: tuple[CompetencyAim, ...] = ()
    objectives: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    organisation: str = ""
    licence: str = ""
    legal_basis: tuple[LegalBasis, ...] = ()
    prerequisites: tuple[str, ...] = ()
    order: str = "free"
    pass_mark: float = 0.0
    sections: tuple[Section, ...] = ()
    media: Mapping[str, str] = field(default_factory=dict)

    def lessons(self) -> Iterator[Lesson]:
        """All lessons in the order of the course."""
        for section in self.sections:
            yield from section.lessons

    def lesson(self, lesson_id: str) -> Lesson | None:
        """The lesson of that id, or None."""
        return next((lesson for lesson in self.lessons() if lesson.id == lesson_id), None)

    @property
    def minutes(self) -> int:
        """Minutes of reading and doing, over all lessons."""
        return sum(lesson.minutes for lesson in self.lessons())
