"""From answers to what counts: marks at handing in, and the score once no mark waits. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from elearn import Refused, Standing, finish_lesson, grade_activity, record, score_reaches
from elearn_quizzes import grading
from elearn_quizzes.grades import corrections
from elearn_quizzes.grades.events import QuizRegraded
from elearn_quizzes.grades.models import Correction, GradeEntry
from elearn_quizzes.grades.states import HANDED_IN, journal, move
from elearn_quizzes.grading import Mark
from elearn_quizzes.human import waiting
from elearn_quizzes.models import Attempt
from elearn_quizzes.published import Published
from elearn_quizzes.settings import Settings


def counted_score(settings: Settings, attempts: Iterable[Attempt]) -> float | None:
    """The score that counts among handed-in attempts (the earliest first), by the quiz's rule; None without any."""
    scores = [attempt.score for attempt in attempts if attempt.state in HANDED_IN and attempt.score is not None]
    if not scores:
        return None
    rules = {"best": max(scores), "last": scores[-1], "first": scores[0], "average": sum(scores) / len(scores)}
    return rules[settings.result]


def reaches(settings: Settings, score: float | None) -> bool:
    """Whether a score that counts is enough to go on: any at all where no mark is set."""
    return score is not None and (settings.pass_mark is None or score_reaches(score, settings.pass_mark))


def corrections_of(session: Session, digest: str, lesson_id: str) -> list[Correction]:
    """The corrections of a quiz in one version, the earliest first."""
    found = select(Correction).where(Correction.digest == digest, Correction.lesson_id == lesson_id)
    return list(session.scalars(found.order_by(Correction.id)))


def hand_in(session: Session, one: Any, standing: Standing, *, reason: str = "") -> None:
    """Mark an open attempt (a ``Sitting``, locked) and close it; with nothing left to a human it is graded at once."""
    attempt: Attempt = one.attempt
    known = corrections_of(session, attempt.digest, attempt.lesson_id)
    answers, hints = one.answers, one.hints
    marks = [corrections.mark(item, answers.get(item.id), known, hinted=item.id in hints) for item in one.items]
    told = [mark.to_json() for mark in marks]
    if not move(session, attempt.id, "open", "submitted", reason=reason, submitted_at=func.now(), marks=told):
        session.refresh(attempt)
        return
    keep_marks(session, attempt, [mark for mark in marks if not mark.waits], rule="formula")
    session.refresh(attempt)
    if not waiting(marks):
        settle(session, attempt, one.quiz, standing)


def keep_marks(session: Session, attempt: Attempt, marks: Sequence[Mark], *, rule: str, grader: int | None = None, note: str = "") -> None:
    """Add marks to the record, with the version they were given under."""
    rows = [
        {
            "attempt_id": attempt.id,
            "item_id": mark.item,
            "digest": attempt.digest,
            "grader_id": grader,
            "rule": rule,
            "share": mark.share,
            "points": mark.points,
            "note": note,
        }
        for mark in marks
    ]
    if rows:
        session.execute(insert(GradeEntry), rows)


def settle(session: Session, attempt: Attempt, quiz: Published, standing: Standing, *, actor: int | None = None) -> None:
    """Give a submitted attempt, no mark of which waits, its score; tell the core."""
    share = grading.score(Mark(**mark) for mark in attempt.marks or ())
    move(session, attempt.id, "submitted", "graded", actor=actor, score=share, passed=reaches(quiz.settings, share))
    session.refresh(attempt)
    tell(session, attempt, quiz, standing)


def rescore(
    session: Session, attempt: Attempt, quiz: Published, *, marks: Sequence[Mark], keep_pass: bool, act: str, actor: int, reason: str
) -> bool:
    """Put new marks in the place of old ones and journal it; False where nothing changed. ``keep_pass``: what was passed stays passed."""
    old = {"score": attempt.score, "passed": attempt.passed}
    attempt.marks = [mark.to_json() for mark in marks]
    if attempt.score is None:  # it still waits for a human, and gets its score from settle
        session.flush()
        return False
    share = grading.score(marks)
    passed = reaches(quiz.settings, share)
    if attempt.passed and not passed and keep_pass:
        share, passed = attempt.score, True
    attempt.score, attempt.passed = share, passed
    session.flush()
    if old == {"score": share, "passed": passed}:
        return False
    detail = {"before": old["score"], "after": share, "passed_before": old["passed"], "passed": passed}
    journal(session, attempt.id, attempt.state, attempt.state, act=act, actor=actor, reason=reason, detail=detail)
    return True


def announce(session: Session, attempt: Attempt, *, before: float | None) -> None:
    """Tell the owner of an attempt that its score is another than ``before``."""
    record(
        session,
        QuizRegraded(
            attempt_id=attempt.id,
            enrolment_id=attempt.enrolment_id,
            person_id=attempt.person_id,
            lesson_id=attempt.lesson_id,
            before=before,
            after=attempt.score,
            passed=bool(attempt.passed),
        ),
    )


def tell(session: Session, attempt: Attempt, quiz: Published, standing: Standing) -> None:
    """Tell the core what counts now, and finish the lesson where that is enough."""
    settings = quiz.settings
    if settings.practice:
        return
    mine = select(Attempt).where(Attempt.enrolment_id == attempt.enrolment_id, Attempt.lesson_id == attempt.lesson_id)
    counted = counted_score(settings, session.scalars(mine.order_by(Attempt.number)))
    if counted is None:
        return
    enough = reaches(settings, counted)
    final = settings.test == "post"
    marks = {mark.item: mark for mark in (Mark(**kept) for kept in attempt.marks or ())}
    earned = grading.by_competency(quiz.items(), marks)
    grade_activity(
        session,
        standing,
        lesson_id=attempt.lesson_id,
        activity=attempt.lesson_id,
        score=counted,
        passed=enough,
        final=final,
        competencies={code: points / possible for code, (points, possible) in earned.items() if possible},
    )
    if enough:
        try:
            finish_lesson(session, standing, attempt.lesson_id)
        except Refused:  # another gate says not yet; the mark stands, and the lesson can be marked done by hand
            return
