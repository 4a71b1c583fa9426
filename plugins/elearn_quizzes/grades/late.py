"""Answers that came after time was up: kept, counted only if a trainer takes them in; both learner and trainer see where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from elearn_quizzes.grades.models import AttemptChange
from elearn_quizzes.grades.states import HANDED_IN
from elearn_quizzes.models import Attempt, AttemptAnswer
from elearn_quizzes.sittings import Sitting

DECISIONS = ("late", "late_left")


@dataclass(frozen=True, kw_only=True)
class LateNews:
    """``count`` answers came late; ``decided`` is "" while a trainer has yet to decide, "late" where they were taken in, "late_left" where
    not, with the ``reason``."""

    count: int
    decided: str = ""
    reason: str = ""


def late_news(one: Sitting, changes: Iterable[AttemptChange]) -> LateNews | None:
    """How it stands with the late answers of an attempt; None where there are none."""
    if not one.kept.late:
        return None
    last = next((change for change in reversed(list(changes)) if change.act in DECISIONS), None)
    return LateNews(count=len(one.kept.late), decided=last.act if last else "", reason=last.reason if last else "")


def undecided(session: Session) -> dict[int, tuple[int, str]]:
    """The attempts whose late answers wait for a trainer's decision: by id the course and the lesson. Late answers are few, and have an
    index of their own, which is taken only where the condition is written as in the index."""
    told = select(AttemptChange.id).where(AttemptChange.attempt_id == Attempt.id, AttemptChange.act.in_(DECISIONS))
    rows = session.execute(
        select(Attempt.id, Attempt.course_id, Attempt.lesson_id)
        .join(AttemptAnswer, AttemptAnswer.attempt_id == Attempt.id)
        .where(text("quizzes_answer.late"), Attempt.state.in_(HANDED_IN), Attempt.course_id.is_not(None), ~told.exists())
        .distinct()
    )
    return {row[0]: (row[1] or 0, row[2]) for row in rows}
