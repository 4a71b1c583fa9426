"""Finishing lessons and courses with the gates of all plugins asked: the services of ``learning`` with a registry in hand."""

from __future__ import annotations

from sqlalchemy.orm import Session

from elearn.content.values import Placed
from elearn.registry import Registry
from elearn.services import learning
from elearn.services.learning import Reasons, Standing
from elearn.services.site import site_of

REGISTRY = "elearn.registry"


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


def recheck_course(session: Session, standing: Standing) -> Standing:
    """Complete the course if nothing is missing any more: asked where a gate could not answer before."""
    course = site_of(session).course(standing.digest)
    return learning.complete_course(session, standing.enrolment_id, course, reasons=_reasons(session))
