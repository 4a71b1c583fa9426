"""Extra time and extra attempts for one person: each with its reason, all of them kept."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn import Refused, note
from elearn_quizzes.grades.models import Allowance
from elearn_quizzes.grades.states import given_reason, journal
from elearn_quizzes.models import Attempt


def allowed(session: Session, enrolment_id: int, lesson_id: str) -> tuple[int, int]:
    """Extra (seconds, attempts) of an enrolment at a quiz, all allowances added up."""
    row = session.execute(
        select(func.coalesce(func.sum(Allowance.seconds), 0), func.coalesce(func.sum(Allowance.attempts), 0)).where(
            Allowance.enrolment_id == enrolment_id, Allowance.lesson_id == lesson_id
        )
    ).one()
    return int(row[0]), int(row[1])


def allow(session: Session, enrolment_id: int, lesson_id: str, *, seconds: int, attempts: int, reason: str, actor: int) -> None:
    """Grant extra time for every attempt from now on, the open one included, and extra attempts.

    Raises ``Refused`` without a reason, or where nothing, or too much (a day, 20 attempts), is granted.
    """
    reason = given_reason(reason)
    if not (0 <= seconds <= 86400 and 0 <= attempts <= 20 and (seconds or attempts)):
        raise Refused("nothing", "Isi tambahan waktu (paling lama 1.440 menit) atau tambahan kesempatan (paling banyak 20).")
    session.add(
        Allowance(enrolment_id=enrolment_id, lesson_id=lesson_id, seconds=seconds, attempts=attempts, reason=reason, actor_id=actor)
    )
    note(session, "quizzes.allow", actor=actor, subject=f"{enrolment_id}/{lesson_id}", detail=f"+{seconds} s, +{attempts}: {reason}")
    opened = session.scalars(
        select(Attempt)
        .where(Attempt.enrolment_id == enrolment_id, Attempt.lesson_id == lesson_id, Attempt.state == "open")
        .with_for_update()
    ).first()
    if opened is not None and seconds and opened.seconds:
        journal(
            session, opened.id, "open", "open", act="time", actor=actor, reason=reason, detail={"before": opened.seconds, "more": seconds}
        )
        opened.seconds += seconds
    session.flush()


def allowances_at(session: Session, enrolments: list[int], lesson_id: str) -> list[Allowance]:
    """What was granted at a quiz to some enrolments, the latest first."""
    found = select(Allowance).where(Allowance.lesson_id == lesson_id, Allowance.enrolment_id.in_(enrolments))
    return list(session.scalars(found.order_by(Allowance.id.desc())))
