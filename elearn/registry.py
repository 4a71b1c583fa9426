"""The plugins of one application: found, checked against one another, and called with care."""

from __future__ import annotations

import os
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from elearn.content.values import Course, Lesson, Placed
from elearn.core import CORE
from elearn.errors import PluginError, Problem, Refused
from elearn.events import Event
from elearn.guard import guarded
from elearn.plugin import Block, BlockView, Card, Completing, Faring, Figure, JobKind, LessonView, NavEntry, Permission, Plugin, Proof
from elearn.services.learning import GATE_FAILED, Standing
from elearn.services.viewer import ROLES, Viewer

GROUP = "elearn.plugins"
WITHOUT = "ELEARN_WITHOUT"


def discover(*, without: Iterable[str] | None = None) -> list[Plugin]:
    """Every installed plugin but those named in ``without`` (by default ELEARN_WITHOUT, separated by commas).

    Raises ``PluginError`` once, with a line for each plugin that cannot be loaded: its name, distribution, version and place.
    """
    left_out = set(os.environ.get(WITHOUT, "").replace(" ", "").split(",") if without is None else without)
    plugins, faults = [], []
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        if entry.name in left_out:
            continue
        try:
            plugins.append(_load(entry))
        except Exception as error:
            faults.append(f"plugin {entry.name!r} ({_distribution(entry)}): {type(error).__name__}: {error} [{_place(error)}]")
    if faults:
        raise PluginError(faults)
    return plugins


def _load(entry: EntryPoint) -> Plugin:
    plugin = entry.load()
    if not isinstance(plugin, Plugin):
        raise TypeError(f"{entry.value} is a {type(plugin).__name__}, not a Plugin")
    if plugin.name != entry.name:
        raise ValueError(f"the plugin calls itself {plugin.name!r}, its entry point {entry.name!r}")
    return plugin


def _distribution(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "no distribution"


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    outside = [frame for frame in frames if "importlib" not in frame.filename and "elearn/registry.py" not in frame.filename]
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    frame = (outside or frames)[-1]
    return f"{frame.filename}:{frame.lineno}"


class Registry:
    """What all plugins bring together. Built once an application; raises ``PluginError`` with every clash there is."""

    def __init__(self, plugins: Iterable[Plugin], *, strict: bool = False) -> None:
        self.strict = strict
        self.plugins: dict[str, Plugin] = {}
        self.blocks: dict[str, tuple[Plugin, Block]] = {}
        self.headings: dict[str, str] = {}
        self.fences: dict[str, str] = {}
        self.lesson_kinds: dict[str, str] = {}
        self.permissions: dict[str, Permission] = {}
        self.acts: dict[str, str] = {}
        self.events: dict[str, type[Event]] = {}
        self.jobs: dict[str, JobKind] = {}
        self.subscribers: dict[str, tuple[Plugin, type[Event], Callable[[Session, Any], None]]] = {}
        self.failures: Counter[str] = Counter()
        self._faults: list[str] = []
        for plugin in (CORE, *plugins):
            self._take(plugin)
        for plugin in self.plugins.values():
            self._subscribe(plugin)
        if self._faults:
            raise PluginError(self._faults)
        self.roles_of = {name: frozenset(permission.roles) for name, permission in self.permissions.items()}

    def _take(self, plugin: Plugin) -> None:
        if not self._claim(self.plugins, plugin.name, plugin, plugin, "plugin"):
            return
        for block in plugin.blocks:
            self._claim(self.blocks, block.kind, (plugin, block), plugin, "block")
            for shelf, names, what in (
                (self.headings, block.headings, "heading"),
                (self.fences, block.fences, "fence"),
                (self.lesson_kinds, block.lesson_kinds, "lesson kind"),
            ):
                for name in names:
                    self._claim(shelf, name.casefold(), block.kind, plugin, what)
        for permission in plugin.permissions:
            self._claim(self.permissions, permission.name, permission, plugin, "permission")
            for role in set(permission.roles) - set(ROLES):
                self._faults.append(f"plugin {plugin.name!r}: permission {permission.name!r} names an unknown role {role!r}")
        for act, words in plugin.acts.items():
            self._claim(self.acts, act, words, plugin, "act")
        for job in plugin.jobs:
            self._claim(self.jobs, job.name, job, plugin, "job")
        for event in plugin.events:
            self._claim(self.events, event.kind(), event, plugin, "event")

    def _subscribe(self, plugin: Plugin) -> None:
        for event, functions in plugin.subscribers.items():
            if self.events.get(event.kind()) is not event:
                self._faults.append(f"plugin {plugin.name!r} subscribes to {event.kind()}, which no plugin declares")
            for function in functions:
                name = f"{plugin.name}:{function.__qualname__}:{event.kind()}"
                self._claim(self.subscribers, name, (plugin, event, function), plugin, "subscriber")

    def _claim(self, shelf: dict[str, Any], name: str, value: Any, plugin: Plugin, what: str) -> bool:
        if name in shelf:
            self._faults.append(f"plugin {plugin.name!r}: {what} {name!r} is taken already")
            return False
        shelf[name] = value
        return True

    # -- what the outbox asks ------------------------------------------------------------------------------------------

    def subscriptions(self) -> dict[str, tuple[str, ...]]:
        """The names of subscribers by the kind of event they listen to."""
        found: dict[str, tuple[str, ...]] = {}
        for name, (_, event, _) in self.subscribers.items():
            found[event.kind()] = (*found.get(event.kind(), ()), name)
        return found

    # -- what pages ask ------------------------------------------------------------------------------------------------

    def call(self, plugin: Plugin, function: Callable[[Any], Any], session: Session, subject: Callable[[Any], Any]) -> Any:
        """Call one plugin's function; None, a line in the log and a count against its health where it fails."""
        return self.try_call(plugin, function, session, subject)[1]

    def try_call(self, plugin: Plugin, function: Callable[[Any], Any], session: Session, subject: Callable[[Any], Any]) -> tuple[bool, Any]:
        """Like ``call``, telling also whether it went well."""
        return guarded(session, function, plugin=plugin.name, strict=self.strict, failed=self._count_failure, make_subject=subject)

    def _count_failure(self, plugin: str, error: BaseException) -> None:
        self.failures[plugin] += 1

    def nav(self, viewer: Viewer, session: Session) -> list[NavEntry]:
        """The ways in for this viewer, in their order: the tabs, and those of the work page."""
        entries: list[NavEntry] = []
        for plugin in self.plugins.values():
            if plugin.nav:
                entries += self.call(plugin, _listed(plugin.nav), session, _for(viewer)) or []
        return sorted(entries, key=lambda entry: entry.order)

    def cards(self, viewer: Viewer, session: Session) -> list[Card]:
        """The boxes of the home page for this viewer."""
        cards = [self.call(plugin, _one(card, Card), session, _for(viewer)) for plugin in self.plugins.values() for card in plugin.cards]
        return sorted((card for card in cards if card is not None), key=lambda card: card.order)

    def figures(self, course: Course, digest: str, session: Session) -> list[Figure]:
        """What the plugins know of how a course fares."""
        told: list[Figure] = []
        for plugin in self.plugins.values():
            if plugin.figures:
                subject = lambda inner: Faring(session=inner, course=course, digest=digest)  # noqa: E731
                told += self.call(plugin, _figures(plugin.figures), session, subject) or []
        return told

    def proofs(self, session: Session, enrolment_ids: Sequence[int]) -> dict[int, Proof]:
        """The papers that the plugins issued for completed courses, by enrolment."""
        found: dict[int, Proof] = {}
        for plugin in self.plugins.values():
            if plugin.proofs:
                found |= self.call(plugin, _proofs(plugin.proofs, enrolment_ids), session, lambda inner: inner) or {}
        return found

    def hours_basis(self, session: Session, day: date) -> str:
        """The first plugin's word on the rules by which JP count that day; "" where none has one."""
        for plugin in self.plugins.values():
            if plugin.hours_basis:
                said = self.call(plugin, _one(_on(plugin.hours_basis, day), str), session, lambda inner: inner)
                if said:
                    return str(said)
        return ""

    def slot(self, name: str, viewer: Viewer, session: Session, subject: Any = None) -> list[Markup]:
        """What the plugins put into a slot of a page."""
        pieces = []
        for plugin in self.plugins.values():
            draw = plugin.slots.get(name)
            if draw:
                pieces.append(self.call(plugin, _one(_with_subject(draw, subject), str), session, _for(viewer)))
        return [piece for piece in pieces if piece]

    def draw_block(self, placed: Placed, view: LessonView, session: Session) -> Markup | None:
        """A block's HTML; None where its plugin is missing or failed, which the page then says."""
        known = self.blocks.get(placed.kind)
        if known is None:
            return None
        plugin, block = known

        def subject(inner: Any) -> BlockView:
            return BlockView(
                course=view.course,
                lesson=view.lesson,
                standing=view.standing,
                viewer=_with_session(view.viewer, inner),
                session=inner,
                keys=view.keys,
                placed=placed,
            )

        answer = self.call(plugin, _one(block.render, str), session, subject)
        return Markup(answer) if answer is not None else None

    # -- what services ask ---------------------------------------------------------------------------------------------

    def reasons(
        self, session: Session, blocks_of: Callable[[Standing, str], tuple[Placed, ...]]
    ) -> Callable[[Course, Lesson | None, Standing], Iterator[Refused]]:
        """The gates' "not yet, because …", for ``services.learning``.

        A gate that fails lets the lesson pass, for nobody shall lose a lesson; but it holds the course back until it can be
        asked, for nobody shall be certified unearned.
        """

        def ask(course: Course, lesson: Lesson | None, standing: Standing) -> Iterator[Refused]:
            for plugin in self.plugins.values():
                for gate in plugin.gates:
                    went_well, reason = self.try_call(
                        plugin,
                        gate,
                        session,
                        lambda inner: Completing(
                            course=course,
                            lesson=lesson,
                            standing=standing,
                            session=inner,
                            block=lambda lesson_id: blocks_of(standing, lesson_id),
                        ),
                    )
                    if not went_well and lesson is None:
                        yield Refused(GATE_FAILED, "Penyelesaian sedang diperiksa. Coba lagi sebentar.")
                    if reason:
                        yield reason if isinstance(reason, Refused) else Refused("gate", str(reason))

        return ask

    def lint(self, course: Course) -> list[Problem]:
        """What the plugins have to say of a course as a whole."""
        found: list[Problem] = []
        for plugin in self.plugins.values():
            for check in plugin.lint:
                try:
                    found += check(course)
                except Exception as error:
                    if self.strict:
                        raise
                    self._count_failure(plugin.name, error)
                    found.append(
                        Problem(
                            code="P01",
                            message="Pemeriksaan oleh plugin {plugin} gagal: {error}",
                            values={"plugin": plugin.name, "error": repr(error)},
                            severity="warning",
                        )
                    )
        return found

    def brings(self, plugin: Plugin) -> list[str]:
        """The names of the fields of the contract that this plugin fills."""
        quiet = {"name", "title", "summary", "mount"}
        return [name for name in plugin.__dataclass_fields__ if name not in quiet and getattr(plugin, name)]


def _with_session(viewer: Viewer, session: Any) -> Viewer:
    return Viewer(
        person=viewer.person,
        unit=viewer.unit,
        unit_path=viewer.unit_path,
        scopes=viewer.scopes,
        roles_of=viewer.roles_of,
        sign_in_id=viewer.sign_in_id,
        session=session,
    )


def _listed(nav: Callable[[Viewer], Iterable[NavEntry]]) -> Callable[[Viewer], list[NavEntry]]:
    """Run a generator to its end within the guard, where its failure is caught."""

    def entries(viewer: Viewer) -> list[NavEntry]:
        found = list(nav(viewer))
        if not all(isinstance(entry, NavEntry) for entry in found):
            raise TypeError("nav must give NavEntry values")
        return found

    return entries


def _figures(figures: Callable[[Faring], Iterable[Figure]]) -> Callable[[Faring], list[Figure]]:
    """Run a generator to its end within the guard, and hold it to its kind."""

    def told(subject: Faring) -> list[Figure]:
        found = list(figures(subject))
        if not all(isinstance(figure, Figure) for figure in found):
            raise TypeError("figures must give Figure values")
        return found

    return told


def _proofs(
    proofs: Callable[[Session, Sequence[int]], Mapping[int, Proof]], enrolment_ids: Sequence[int]
) -> Callable[[Session], dict[int, Proof]]:
    """The function for these enrolments, held to its kind."""

    def told(session: Session) -> dict[int, Proof]:
        found = dict(proofs(session, enrolment_ids))
        if not all(isinstance(proof, Proof) for proof in found.values()):
            raise TypeError("proofs must give Proof values")
        return found

    return told


def _on(hours_basis: Callable[[Session, date], str | None], day: date) -> Callable[[Session], str | None]:
    return lambda session: hours_basis(session, day)


def _one(function: Callable[[Any], Any], kind: type) -> Callable[[Any], Any]:
    """The function, held to answering a ``kind`` or None."""

    def checked(subject: Any) -> Any:
        answer = function(subject)
        if answer is not None and not isinstance(answer, kind):
            raise TypeError(f"{function!r} answered a {type(answer).__name__}, not a {kind.__name__}")
        return answer

    return checked


def _with_subject(draw: Callable[[Viewer, Any], Markup | None], subject: Any) -> Callable[[Viewer], Markup | None]:
    return lambda viewer: draw(viewer, subject)


def _for(viewer: Viewer) -> Callable[[Any], Viewer]:
    return lambda session: _with_session(viewer, session)


def distribution_of(name: str) -> str:
    """The distribution and version a plugin came from; "bundled in tests" where it was handed in."""
    found: Mapping[str, EntryPoint] = {entry.name: entry for entry in entry_points(group=GROUP)}
    return _distribution(found[name]) if name in found else "-"
