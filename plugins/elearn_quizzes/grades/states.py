"""The states of an attempt, which may follow which, and the journal that every change leaves.

open -> submitted -> graded -> reviewed; any of them -> void. "submitted" waits for a human, "graded" has its score, "reviewed" had a
trainer look at that score. A void attempt counts for nothing and uses up no try; nothing leads out of it, nor back to "open".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from elearn import Refused
from elearn_quizzes.grades.models import AttemptChange
from elearn_quizzes.models import Attempt

HANDED_IN = ("submitted", "graded", "reviewed")
MOVES: Mapping[str, frozenset[str]] = {
    "open": frozenset({"submitted", "void"}),
    "submitted": frozenset({"graded", "void"}),
    "graded": frozenset({"reviewed", "void"}),
    "reviewed": frozenset({"void"}),
    "void": frozenset(),
}


def move(session: Session, attempt_id: int, before: str, after: str, *, actor: int | None = None, reason: str = "", **values: Any) -> bool:
    """Change the state, with further columns in ``values``, and journal it; False where the attempt was not in ``before`` any more.

    Raises ``ValueError`` for a change that no attempt may make.
    """
    if after not in MOVES[before]:
        raise ValueError(f"no attempt goes from {before!r} to {after!r}")
    statement = update(Attempt).where(Attempt.id == attempt_id, Attempt.state == before).values(state=after, **values)
    result = session.execute(statement)
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        return False
    journal(session, attempt_id, before, after, act=after, actor=actor, reason=reason)
    return True


def journal(
    session: Session, attempt_id: int, before: str, after: str, *, act: str, actor: int | None = None, reason: str = "", detail: Any = None
) -> None:
    """Write down a change of an attempt."""
    change = AttemptChange(attempt_id=attempt_id, before=before, after=after, act=act, actor_id=actor, reason=reason, detail=detail)
    session.add(change)
    session.flush()


def history(session: Session, attempt_id: int) -> list[AttemptChange]:
    """All changes of an attempt, the earliest first."""
    return list(session.scalars(select(AttemptChange).where(AttemptChange.attempt_id == attempt_id).order_by(AttemptChange.id)))


def void(session: Session, attempt: Attempt, *, actor: int, reason: str) -> None:
    """Make an attempt count for nothing. A lesson or a course that was completed by it stays completed. Raises ``Refused`` without a reason."""
    given_reason(reason)
    if not move(session, attempt.id, attempt.state, "void", actor=actor, reason=reason.strip()):
        raise Refused("changed", "Percobaan ini baru saja berubah. Muat ulang halaman, lalu coba lagi.")


def given_reason(reason: str) -> str:
    """The reason, trimmed; ``Refused`` where there is none."""
    if not reason.strip():
        raise Refused("no_reason", "Tulis alasannya; alasan disimpan bersama perubahan ini.")
    return reason.strip()[:2000]
