"""What people mark: the queue of waiting answers, a grader's points, and the agreement of two graders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from elearn import Moment, Refused, Standing, record, site_of
from elearn_quizzes import human
from elearn_quizzes.grades import settling
from elearn_quizzes.grades.events import AttemptMarked
from elearn_quizzes.grades.models import GradeEntry
from elearn_quizzes.grades.states import HANDED_IN, journal, move
from elearn_quizzes.grading import Mark
from elearn_quizzes.models import Attempt
from elearn_quizzes.published import Item, Published

RUBRIC = "rubric"
APART = 0.2


def agreed(shares: Sequence[float]) -> float | None:
    """The share that the shares of two or more graders (each grader's latest, the earliest grader first) come to; None while one more is
    needed. Two count by their mean where they lie at most 0.2 apart; else a third decides."""
    if len(shares) < 2:
        return None
    if len(shares) == 2:
        return round(sum(shares) / 2, 6) if abs(shares[0] - shares[1]) <= APART + 1e-9 else None
    return shares[-1]


def human_entries(session: Session, attempt_id: int) -> dict[str, dict[int, GradeEntry]]:
    """The latest entry of each grader, by question and grader, in the order in which graders came."""
    found: dict[str, dict[int, GradeEntry]] = {}
    rows = session.scalars(select(GradeEntry).where(GradeEntry.attempt_id == attempt_id, GradeEntry.rule == RUBRIC).order_by(GradeEntry.id))
    for row in rows:
        if row.grader_id is not None:
            found.setdefault(row.item_id, {})[row.grader_id] = row
    return found


def give(
    session: Session,
    attempt: Attempt,
    item: Item,
    quiz: Published,
    *,
    points: Mapping[str, float],
    note: str,
    grader: int,
    standing: Standing,
    take_pass: bool = False,
) -> bool:
    """Keep a grader's points for one answer of ``attempt`` (locked); True where the answer is now marked, False while another grader
    is needed. Giving again by the same grader replaces their own points; all stay on record. Without a second grader the points given
    last count, whoever gave them. Unless ``take_pass``, what was passed stays passed.

    Raises ``Refused`` where the attempt is not handed in, the question is none for people, or points are out of their bounds.
    """
    mark = next((Mark(**one) for one in attempt.marks or () if one["item"] == item.id), None)
    if attempt.state not in HANDED_IN or mark is None or item.kind not in ("essay", "upload") or mark.answer is None:
        raise Refused("not_to_mark", "Jawaban ini tidak menunggu penilaian.")
    try:
        given = human.award(item, mark, points)
    except ValueError as error:
        raise Refused("points", "Isi angka antara 0 dan nilai paling tinggi pada setiap baris.") from error
    session.add(
        GradeEntry(
            attempt_id=attempt.id,
            item_id=item.id,
            digest=attempt.digest,
            grader_id=grader,
            rule=RUBRIC,
            share=given.share,
            points=given.points,
            given=dict(points),
            note=note.strip()[:4000],
        )
    )
    session.flush()
    graders = human_entries(session, attempt.id)[item.id].values()
    share = agreed([one.share for one in graders]) if quiz.settings.second else given.share
    if share is None:
        return False
    marks = [Mark(**{**one, "share": share, "state": "graded"}) if one["item"] == item.id else Mark(**one) for one in attempt.marks or ()]
    if attempt.state == "submitted":
        attempt.marks = [one.to_json() for one in marks]
        session.flush()
        if not human.waiting(marks):
            settling.settle(session, attempt, quiz, standing, actor=grader)
            record(session, AttemptMarked(attempt_id=attempt.id, person_id=attempt.person_id, lesson_id=attempt.lesson_id))
        return True
    before = attempt.score
    if settling.rescore(session, attempt, quiz, marks=marks, keep_pass=not take_pass, act="rubric", actor=grader, reason=note):
        settling.tell(session, attempt, quiz, standing)
        settling.announce(session, attempt, before=before)
    return True


def marked_by(session: Session, attempt: Attempt) -> datetime | None:
    """By when an attempt that waits for people is to be marked; None for one that does not wait."""
    if attempt.state != "submitted" or attempt.submitted_at is None:
        return None
    return due_after(session, attempt.submitted_at)


def due_after(session: Session, submitted_at: datetime) -> datetime:
    """By when what was handed in then is to be marked."""
    return submitted_at + timedelta(days=site_of(session).settings["quizzes.marking_days"])


def notes_for(session: Session, attempt: Attempt) -> dict[str, str]:
    """What graders wrote to the learner, by question, once the attempt has its score; nothing is read where no mark was a human's."""
    if attempt.state not in ("graded", "reviewed") or not any(isinstance(one["answer"], str | dict) for one in attempt.marks or ()):
        return {}
    entries = human_entries(session, attempt.id)
    return {item_id: "\n".join(one.note for one in by.values() if one.note) for item_id, by in entries.items()}


def review(session: Session, attempt: Attempt, *, actor: int, reason: str = "") -> None:
    """Note that a trainer looked at the score and stands by it. Raises ``Refused`` where there is no score yet."""
    if attempt.state == "reviewed":
        journal(session, attempt.id, "reviewed", "reviewed", act="reviewed", actor=actor, reason=reason)
    elif attempt.state != "graded" or not move(session, attempt.id, "graded", "reviewed", actor=actor, reason=reason):
        raise Refused("not_graded", "Percobaan ini belum bernilai.")


def waiting_counts(session: Session) -> list[tuple[int, str, str, int, int, datetime | None]]:
    """(course id, lesson id, a version of it, attempts that wait, all attempts handed in, since when the longest waits) of each quiz,
    those that wait first."""
    waits = func.sum(case((Attempt.state == "submitted", 1), else_=0))
    longest = func.min(case((Attempt.state == "submitted", Attempt.submitted_at)), type_=Moment())
    rows = session.execute(
        select(Attempt.course_id, Attempt.lesson_id, func.max(Attempt.digest), waits, func.count(), longest)
        .where(Attempt.course_id.is_not(None), Attempt.state.in_(HANDED_IN))
        .group_by(Attempt.course_id, Attempt.lesson_id)
        .order_by(waits.desc(), Attempt.course_id, Attempt.lesson_id)
    )
    return [(row[0], row[1], row[2], int(row[3] or 0), row[4], row[5]) for row in rows]
