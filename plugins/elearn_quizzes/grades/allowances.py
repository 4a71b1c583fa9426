"""Extra time, extra attempts and a later closing for one person: each with its reason, all of them kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn import Refused, note
from elearn_quizzes.grades.models import Allowance
from elearn_quizzes.grades.states import given_reason, journal
from elearn_quizzes.models import Attempt


@dataclass(frozen=True, kw_only=True)
class Granted:
    """What an enrolment was granted at a quiz, all allowances together; ``until`` is the latest closing, None for the quiz's own."""

    seconds: int = 0
    attempts: int = 0
    until: datetime | None = None


def allowed(session: Session, enrolment_id: int, lesson_id: str) -> Granted:
    """What an enrolment was granted at a quiz."""
    row = session.execute(
        select(
            func.coalesce(func.sum(Allowance.seconds), 0), func.coalesce(func.sum(Allowance.attempts), 0), func.max(Allowance.until)
        ).where(Allowance.enrolment_id == enrolment_id, Allowance.lesson_id == lesson_id)
    ).one()
    return Granted(seconds=int(row[0]), attempts=int(row[1]), until=row[2])


def allow(
    session: Session,
    enrolment_id: int,
    lesson_id: str,
    *,
    seconds: int,
    attempts: int,
    reason: str,
    actor: int,
    until: datetime | None = None,
) -> None:
    """Grant extra time for every attempt from now on, the open one included, extra attempts, and a later closing.

    Raises ``Refused`` without a reason, or where nothing, or too much (a day, 20 attempts), is granted.
    """
    reason = given_reason(reason)
    if not (0 <= seconds <= 86400 and 0 <= attempts <= 20 and (seconds or attempts or until)):
        raise Refused("nothing", "Isi tambahan waktu (paling lama 1.440 menit) atau tambahan kesempatan (paling banyak 20).")
    row = Allowance(
        enrolment_id=enrolment_id, lesson_id=lesson_id, seconds=seconds, attempts=attempts, until=until, reason=reason, actor_id=actor
    )
    session.add(row)
    granted = f"+{seconds} s, +{attempts}" + (f", {until:%Y-%m-%dT%H:%MZ}" if until else "")
    note(session, "quizzes.allow", actor=actor, subject=f"{enrolment_id}/{lesson_id}", detail=f"{granted}: {reason}")
    opened = session.scalars(
        select(Attempt)
        .where(Attempt.enrolment_id == enrolment_id, Attempt.lesson_id == lesson_id, Attempt.state == "open")
        .with_for_update()
    ).first()
    if opened is not None:
        _reach(session, opened, row)
    session.flush()


def _reach(session: Session, opened: Attempt, row: Allowance) -> None:
    """Let the attempt under way have it too."""
    more = row.seconds if opened.seconds else 0
    later = row.until if row.until and opened.closes_at and row.until > opened.closes_at else None
    if not more and not later:
        return
    detail = {"before": opened.seconds, "more": more, "until": later.isoformat() if later else None}
    journal(session, opened.id, "open", "open", act="time", actor=row.actor_id, reason=row.reason, detail=detail)
    opened.seconds += more
    opened.closes_at = later or opened.closes_at


def allowances_at(session: Session, enrolments: list[int], lesson_id: str) -> list[Allowance]:
    """What was granted at a quiz to some enrolments, the latest first."""
    found = select(Allowance).where(Allowance.lesson_id == lesson_id, Allowance.enrolment_id.in_(enrolments))
    return list(session.scalars(found.order_by(Allowance.id.desc())))
