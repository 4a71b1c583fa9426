"""Finishing lessons and courses with the gates of all plugins asked: the services of ``learning`` with a registry in hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from elearn.content.values import Course, Lesson, Placed
from elearn.errors import ElearnError, Refused
from elearn.events import CompletionHeld
from elearn.guard import unguarded
from elearn.plugin import JobPart
from elearn.services import learning
from elearn.services.learning import GATE_FAILED, Reasons, Standing
from elearn.services.site import site_of
from elearn.words import said

if TYPE_CHECKING:
    from elearn.registry import Registry

REGISTRY = "elearn.registry"
RECHECK = "core.recheck"


def registry_of(session: Session) -> Registry:
    """The registry of the application a session belongs to."""
    registry: Registry = session.info[REGISTRY]
    return registry


def _reasons(session: Session) -> Reasons:
    store = site_of(session).store

    def blocks_of(standing: Standing, lesson_id: str) -> tuple[Placed, ...]:
        return store.lesson(standing.digest, lesson_id).blocks

    return registry_of(session).reasons(session, blocks_of)


def finish_lesson(session: Session, standing: Standing, lesson_id: str) -> Standing:
    """Record that the lesson is finished, and the course with it if that was the last thing missing.

    Raises ``Refused`` with the words of the gate, the order or the version that says "not yet".
    """
    course = site_of(session).course(standing.digest)
    return learning.complete_lesson(session, standing, course, lesson_id, reasons=_reasons(session))


def held_by(session: Session, standing: Standing, lesson: Lesson) -> Refused | None:
    """The first gate's "not yet, because …" for a lesson that is not done; None if it can be marked done."""
    course = site_of(session).course(standing.digest)
    return next(iter(_reasons(session)(course, lesson, standing)), None)


def recheck(part: JobPart) -> str:
    """The job's item: complete the course of the enrolment ``part.value`` if nothing is missing any more."""
    real = unguarded(part.session)
    standing = learning.standing_of(real, int(part.value))
    if standing is None:
        raise Refused("no_enrolment", "Pendaftaran ini tidak ada lagi.")
    course = site_of(real).course(standing.digest)
    standing = learning.complete_course(real, standing.enrolment_id, course, reasons=_reasons(real))
    return said("Tamat.") if standing.state == "completed" else said("Belum tamat: masih ada syarat yang belum terpenuhi.")


def complete_held(session: Session, event: CompletionHeld) -> None:
    """The subscriber: ask the gates again. While one of them fails, so does this, and the outbox comes back with growing pauses."""
    real = unguarded(session)
    standing = learning.standing_of(real, event.enrolment_id)
    if standing is None:
        return
    ask, failed = _reasons(real), []

    def asked(course: Course, lesson: Lesson | None, standing: Standing) -> Iterator[Refused]:
        for reason in ask(course, lesson, standing):
            failed.append(reason.code == GATE_FAILED)
            yield reason

    learning.complete_course(real, standing.enrolment_id, site_of(real).course(standing.digest), reasons=asked)
    if any(failed):
        raise ElearnError("a gate still fails, so that the course cannot be completed")
