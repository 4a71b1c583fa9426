"""An attempt as it stands: its quiz, its answers, the time that is left by the database's clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from elearn import Moment, site_of
from elearn_quizzes.answers import Answer
from elearn_quizzes.asked import as_drawn
from elearn_quizzes.grading import Mark
from elearn_quizzes.human import waiting
from elearn_quizzes.models import Attempt, AttemptAnswer
from elearn_quizzes.published import Item, Published, quiz_of

LATE = timedelta(seconds=15)
KIND = "quiz"
_OWN_ATTEMPT = (
    select(Attempt, func.now(type_=Moment()))
    .where(Attempt.id == bindparam("attempt_id"), Attempt.person_id == bindparam("person_id"))
    .execution_options(populate_existing=True)
)
_ANOTHER = (
    select(AttemptAnswer.id)
    .where(AttemptAnswer.attempt_id == Attempt.id, AttemptAnswer.device != bindparam("device"), AttemptAnswer.id > bindparam("seen"))
    .exists()
)
_OWN = {
    "": _OWN_ATTEMPT,
    "share": _OWN_ATTEMPT.add_columns(_ANOTHER).with_for_update(read=True, of=Attempt),
    "all": _OWN_ATTEMPT.with_for_update(),
}
_ANSWERS = (
    select(
        AttemptAnswer.id,
        AttemptAnswer.item_id,
        AttemptAnswer.seq,
        AttemptAnswer.answer,
        AttemptAnswer.late,
        AttemptAnswer.aside,
        AttemptAnswer.saved_at,
    )
    .where(AttemptAnswer.attempt_id == bindparam("attempt_id"))
    .order_by(AttemptAnswer.seq, AttemptAnswer.id)
)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The answers of an attempt as saved, by item id (rows with ``id``, ``answer`` and ``saved_at``): what ``holds``, what came ``late``,
    and what another device said (``aside``) while the learner has not yet chosen. ``seen`` is the id of the latest of each, ``after`` its
    time: see ``attempts.save``."""

    holds: dict[str, Any] = field(default_factory=dict)
    late: dict[str, Any] = field(default_factory=dict)
    aside: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """An attempt with its quiz, as the database's clock sees it at ``now``. ``disputed``: whether another device has saved anything that
    the page at hand does not know of (asked only while answers are saved)."""

    attempt: Attempt
    quiz: Published
    now: datetime
    kept: Kept = field(default_factory=Kept)
    disputed: bool = False

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The answers that hold, by item id."""
        return {item: row.answer for item, row in self.kept.holds.items()}

    @property
    def hints(self) -> frozenset[str]:
        """The questions whose hint, which costs, was opened."""
        return frozenset(self.attempt.hints or ())

    @property
    def waits(self) -> bool:
        """Whether it is handed in and somebody has yet to mark an answer."""
        return bool(waiting(self.marks.values()))

    @cached_property
    def items(self) -> list[Item]:
        """The questions of this attempt, in its order, their choices in its order."""
        found = []
        for drawn in self.attempt.drawn:
            item = self.quiz.item(drawn["item"])
            if item is not None:
                found.append(as_drawn(item, drawn))
        return found

    @property
    def is_open(self) -> bool:
        """Whether answers are still taken."""
        return self.attempt.state == "open" and not self.is_over

    @property
    def ends_at(self) -> datetime | None:
        """When time is up, or the quiz closes if that is earlier; None where there is all the time one wants."""
        attempt = self.attempt
        by_time = attempt.started_at + timedelta(seconds=attempt.seconds) if attempt.seconds else None
        return min((end for end in (by_time, attempt.closes_at) if end is not None), default=None)

    @property
    def seconds_left(self) -> int | None:
        """Seconds until time is up, not below 0; None without a limit."""
        if self.ends_at is None:
            return None
        left = max(0, int((self.ends_at - self.now).total_seconds()))
        return min(self.attempt.seconds, left) if self.attempt.seconds else left  # a clock set back gives no more time

    @property
    def is_over(self) -> bool:
        """Whether time is up, the allowance for the line included."""
        return self.ends_at is not None and self.now > self.ends_at + LATE

    @property
    def open_items(self) -> list[int]:
        """The numbers, from 1, of the questions without an answer."""
        answers = self.answers
        return [number for number, item in enumerate(self.items, 1) if answers.get(item.id) is None]

    @property
    def undecided(self) -> list[int]:
        """The numbers, from 1, of the questions that two devices answered differently."""
        return [number for number, item in enumerate(self.items, 1) if item.id in self.kept.aside]

    @property
    def marks(self) -> dict[str, Mark]:
        """The marks of a submitted attempt by item id."""
        return {mark["item"]: Mark(**mark) for mark in self.attempt.marks or ()}


def quiz_in(session: Session, digest: str, lesson_id: str) -> Published | None:
    """The quiz that a lesson of a published version is; None where it is none."""
    try:
        lesson = site_of(session).store.lesson(digest, lesson_id)
    except KeyError:
        return None
    return next((quiz for placed in lesson.blocks if placed.kind == KIND and placed.data and (quiz := quiz_of(placed)).whole), None)


def sitting(session: Session, attempt_id: int, person_id: int, *, lock: str = "") -> Sitting | None:
    """The person's own attempt; None for anybody else's. ``lock``: "all" to submit."""
    row = session.execute(_OWN[lock], {"attempt_id": attempt_id, "person_id": person_id}).first()
    quiz = quiz_in(session, row[0].digest, row[0].lesson_id) if row else None
    if row is None or quiz is None:
        return None
    return Sitting(attempt=row[0], quiz=quiz, now=row[1], kept=kept_answers(session, attempt_id))


def saving(session: Session, attempt_id: int, person_id: int, *, seen: int | None, device: int) -> Sitting | None:
    """The same, held open while an answer is saved, and without its answers: one statement. ``seen`` is the least id of an answer that
    the page at hand knew of (None: it does not say), ``device`` what it is on."""
    told = {"attempt_id": attempt_id, "person_id": person_id, "seen": 2**62 if seen is None else seen, "device": device}
    row = session.execute(_OWN["share"], told).first()
    quiz = quiz_in(session, row[0].digest, row[0].lesson_id) if row else None
    return Sitting(attempt=row[0], quiz=quiz, now=row[1], disputed=bool(row[2])) if row is not None and quiz is not None else None


def kept_answers(session: Session, attempt_id: int) -> Kept:
    """The answers of an attempt; of several to one question, the latest."""
    kept = Kept()
    for row in session.execute(_ANSWERS, {"attempt_id": attempt_id}):
        kept.seen[row.item_id] = max(row.id, kept.seen.get(row.item_id, 0))
        kept.after[row.item_id] = row.seq
        (kept.late if row.late else kept.aside if row.aside else kept.holds)[row.item_id] = row
    for item, row in list(kept.aside.items()):
        held = kept.holds.get(item)
        if held is not None and (held.id > row.id or held.answer == row.answer):  # whatever was saved later, was saved knowing of it
            del kept.aside[item]
    return kept


def answers_of(session: Session, attempt_id: int) -> dict[str, Answer]:
    """The answers that hold, by item id."""
    return {item: row.answer for item, row in kept_answers(session, attempt_id).holds.items()}


def attempts_in(session: Session, enrolment_id: int, lesson_id: str | None = None) -> list[Attempt]:
    """The attempts of an enrolment, the earliest first: at one quiz, or at all of them."""
    found = select(Attempt).where(Attempt.enrolment_id == enrolment_id)
    if lesson_id is not None:
        found = found.where(Attempt.lesson_id == lesson_id)
    return list(session.scalars(found.order_by(Attempt.lesson_id, Attempt.number)))
