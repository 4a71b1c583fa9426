"""Papers to hand out, such as a transcript: what stands on them is the asking plugin's, how they look and who signs is the printing one's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from elearn.guard import unguarded
from elearn.plugin import Paper, Proof
from elearn.registry import Registry


def can_print(session: Session) -> bool:
    """Whether a plugin is installed that prints papers."""
    return _printer(session) is not None


def print_paper(session: Session, paper: Paper) -> bytes | None:
    """The paper as PDF, signed with the organisation's key where it has one; None where no plugin prints."""
    printer = _printer(session)
    return printer(session, paper) if printer else None


def proofs_of(session: Session, enrolment_ids: Sequence[int]) -> dict[int, Proof]:
    """The papers that hold for completed courses, by enrolment; without those that have none. One statement a plugin that issues them."""
    registry: Registry = session.info["elearn.registry"]
    return registry.proofs(unguarded(session), enrolment_ids) if enrolment_ids else {}


def hours_basis_of(session: Session, day: date) -> str:
    """By which rules the JP of a course completed that day count, in a sentence for papers; "" where no plugin keeps such rules."""
    registry: Registry = session.info["elearn.registry"]
    return registry.hours_basis(unguarded(session), day)


def _printer(session: Session) -> Callable[[Session, Paper], bytes] | None:
    registry: Registry = session.info["elearn.registry"]
    return next((plugin.papers for plugin in registry.plugins.values() if plugin.papers), None)
