"""What a plugin for authors builds on: check a course folder, keep and offer a version, look at the versions there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.content import sandbox
from elearn.content.folder import Reading
from elearn.content.values import Course
from elearn.errors import ContentError, Problem, SettingError
from elearn.jobs import start_job
from elearn.models.learning import CourseRow
from elearn.packs import cache_in, check_pack, kinds_of
from elearn.plugin import Figure
from elearn.progress import RECHECK, registry_of
from elearn.registry import Registry
from elearn.services import publishing, versions
from elearn.services.catalogue import on_offer
from elearn.services.people import find_by_login
from elearn.services.site import site_of
from elearn.services.versions import Difference, Moving, Version
from elearn.services.viewer import Viewer, viewer_of_person

if TYPE_CHECKING:
    from elearn.content.prose import Resolve

Result = TypeVar("Result")
CPU_SECONDS, MEMORY_BYTES = 30, 1_500_000_000


@dataclass(frozen=True, kw_only=True)
class Released:
    """What came of putting a version on offer: its number and id, whether it is new, and how many learn the course now."""

    version_id: int
    number: int
    new: bool
    learners: int


def viewer_of(session: Session, login: str) -> Viewer:
    """The person with that NIP or e-mail address as a viewer, for the command line. Raises ``SettingError`` where there is none."""
    person = find_by_login(session, login)
    if person is None:
        raise SettingError(f"{login}: nobody here signs in with that")
    return viewer_of_person(session, person, roles_of=registry_of(session).roles_of)


def check_course(session: Session, folder: Path, *, only: str = "") -> Reading:
    """The course in ``folder`` (its name is the slug) with all its faults, drawn in a child process that cannot outlast its limits.

    Lessons that did not change come from the site's cache. ``only`` (a file of it) reads one lesson, for a quick look. Raises
    ``ContentError`` where the course is too heavy to be read at all.
    """
    registry = registry_of(session)
    return check_pack(folder, registry, cache=cache_in(site_of(session).cache, registry), only=only)


def keep_version(session: Session, reading: Reading) -> str:
    """Write a version to the store and answer its digest; nobody sees it yet. Raises ``ContentError`` where it has errors.

    Slow work on the disk: call it before ``writing()``, and ``offer_version`` within."""
    if reading.errors:
        raise ContentError(reading.problems)
    return site_of(session).store.put(reading.course, reading.media)


def offer_version(session: Session, digest: str, *, by: int | None) -> Released:
    """Put the version in the store under ``digest`` on offer. Learners stay on the version they began."""
    course = site_of(session).course(digest)
    version, new = publishing.offer(session, course, digest, by=by)
    learners = publishing.learners_now(session, course.slug)
    return Released(version_id=version.id, number=version.number, new=new, learners=learners)


def course_id_of(session: Session, slug: str) -> int | None:
    """The id of the course of that slug, whether or not it is on offer; None where there is none."""
    return session.scalar(select(CourseRow.id).where(CourseRow.slug == slug))


def figures_told(session: Session, slug: str) -> list[Figure]:
    """What the plugins know of how the course on offer under that slug fares; empty where none is on offer."""
    offered = on_offer(session, slug)
    if offered is None:
        return []
    return registry_of(session).figures(site_of(session).course(offered.digest), offered.digest, session)


def versions_of(session: Session, slug: str) -> list[Version]:
    """The published versions of a course, the newest first, with how many learn on each."""
    return versions.versions_of(session, slug)


def offer_again(session: Session, slug: str, number: int, *, by: int | None) -> None:
    """Put an earlier version on offer again. Raises ``Refused`` where there is none of that number."""
    versions.offer_again(session, site_of(session).store, slug, number, by=by)


def withdraw_course(session: Session, slug: str, *, by: int | None) -> None:
    """Take a course off the catalogue; who learns it goes on."""
    versions.withdraw(session, slug, by=by)


def what_moving_changes(session: Session, slug: str, number: int) -> tuple[list[Difference], list[Moving]]:
    """What moving all learners to version ``number`` would change: by older version, and by learner (at most 500)."""
    store = site_of(session).store
    return versions.differences(session, store, slug, number), versions.movings(session, store, slug, number)


def move_learners(session: Session, slug: str, number: int, *, by: int | None, title: str) -> tuple[int, int | None]:
    """Move all active learners to version ``number``; answers how many, and the id of the job ``title`` that completes the course for those
    to whom nothing is missing there (None where that is nobody). What they finished and their marks stay."""
    count, complete = versions.move(session, site_of(session).store, slug, number, by=by)
    if not complete:
        return count, None
    items = [(str(enrolment_id), name) for enrolment_id, name in complete]
    return count, start_job(session, RECHECK, title=title, items=items, by=by)


def draw_markdown(text: str, *, resolve: Resolve | None = None) -> str:
    """A text as safe HTML, for files that leave the site; ``resolve`` says where the addresses in it lead (``elearn.content.prose``)."""
    from elearn.content import prose

    return prose.fragment(text, resolve=resolve).html


def tidy_text(session: Session, text: str) -> tuple[str, list[Problem]]:
    """The text of a lesson put into the form the guide shows, and what was put right. It reads the same as before."""
    return tidy_with(registry_of(session), text)


def tidy_with(registry: Registry, text: str) -> tuple[str, list[Problem]]:
    """Like ``tidy_text``, where there is no site."""
    from elearn.content import tidy

    tidiers = {kind: block.tidy for kind, (_, block) in registry.blocks.items() if block.tidy is not None}
    kinds = kinds_of(registry)
    return tidy.tidy(text, owned=kinds.owned, tidiers=tidiers, lesson_kinds=kinds.lesson_kinds)


def bounded(function: Callable[..., Result], *arguments: Any, cpu_seconds: int = CPU_SECONDS, memory_bytes: int = MEMORY_BYTES) -> Result:
    """Call a module's function in a child process with 30 s of CPU and 1.5 GB of memory, or less: for a stranger's file.

    Raises ``ContentError`` where it outlasts them, and whatever the function raises.
    """
    try:
        return sandbox.run(function, *arguments, cpu_seconds=cpu_seconds, memory_bytes=memory_bytes)
    except sandbox.Killed as error:
        problem = Problem(code="C41", message="Pelatihan ini terlalu berat untuk diolah: {reason}", values={"reason": str(error)}, line=1)
        raise ContentError([problem]) from error


__all__ = [
    "Course", "Difference", "Moving", "Reading", "Released", "Version", "bounded", "check_course", "course_id_of", "draw_markdown", "figures_told", "keep_version",
    "move_learners", "offer_again", "offer_version", "tidy_text", "versions_of", "viewer_of", "what_moving_changes", "withdraw_course",
]  # fmt: skip
