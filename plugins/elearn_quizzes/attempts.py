"""Attempts: started, saved, submitted. The server keeps them, the database's clock ends them; nothing here commits.

Time is up ``seconds`` after the database's ``started_at``; an answer may come ``LATE`` after that, for the line takes its time.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from elearn import Moment, Refused, Standing, insert_once, site_of
from elearn_quizzes import drawing
from elearn_quizzes.answers import Answer, clean
from elearn_quizzes.asked import as_drawn
from elearn_quizzes.grades.allowances import allowed
from elearn_quizzes.grades.settling import counted_score, hand_in, reaches
from elearn_quizzes.grades.states import HANDED_IN, journal
from elearn_quizzes.grading import Mark
from elearn_quizzes.human import waiting
from elearn_quizzes.models import Attempt, AttemptAnswer
from elearn_quizzes.published import Item, Published, published
from elearn_quizzes.settings import Settings

LATE = timedelta(seconds=15)
KIND = "quiz"
MOST_QUIZZES = 200
_OWN_ATTEMPT = (
    select(Attempt, func.now(type_=Moment()))
    .where(Attempt.id == bindparam("attempt_id"), Attempt.person_id == bindparam("person_id"))
    .execution_options(populate_existing=True)
)
_OWN = {"": _OWN_ATTEMPT, "share": _OWN_ATTEMPT.with_for_update(read=True), "all": _OWN_ATTEMPT.with_for_update()}
# A version never changes, and its digest is made of its content: what was read once holds for ever.
_QUIZZES: dict[tuple[str, str], Published] = {}
__all__ = [
    "KIND",
    "Sitting",
    "answers_of",
    "attempts_in",
    "counted_score",
    "quiz_in",
    "reaches",
    "save",
    "sitting",
    "start",
    "submit",
    "why_not",
]


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """An attempt with its quiz, as the database's clock sees it at ``now``. ``answers`` are the latest by item id."""

    attempt: Attempt
    quiz: Published
    now: datetime
    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def hints(self) -> frozenset[str]:
        """The questions whose hint, which costs, was opened."""
        return frozenset(self.attempt.hints or ())

    @property
    def waits(self) -> bool:
        """Whether it is handed in and somebody has yet to mark an answer."""
        return bool(waiting(self.marks.values()))

    @property
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
        """When time is up; None where there is all the time one wants."""
        return self.attempt.started_at + timedelta(seconds=self.attempt.seconds) if self.attempt.seconds else None

    @property
    def seconds_left(self) -> int | None:
        """Seconds until time is up, not below 0; None without a limit."""
        if self.ends_at is None:
            return None
        return min(self.attempt.seconds, max(0, int((self.ends_at - self.now).total_seconds())))  # a clock set back gives no more time

    @property
    def is_over(self) -> bool:
        """Whether time is up, the allowance for the line included."""
        return self.ends_at is not None and self.now > self.ends_at + LATE

    @property
    def open_items(self) -> list[int]:
        """The numbers, from 1, of the questions without an answer."""
        return [number for number, item in enumerate(self.items, 1) if self.answers.get(item.id) is None]

    @property
    def marks(self) -> dict[str, Mark]:
        """The marks of a submitted attempt by item id."""
        return {mark["item"]: Mark(**mark) for mark in self.attempt.marks or ()}


# -- reading -----------------------------------------------------------------------------------------------------------


def quiz_in(session: Session, digest: str, lesson_id: str) -> Published | None:
    """The quiz that a lesson of a published version is; None where it is none."""
    known = _QUIZZES.get((digest, lesson_id))
    if known is not None:
        return known
    try:
        lesson = site_of(session).store.lesson(digest, lesson_id)
    except KeyError:
        return None
    found = next((quiz for placed in lesson.blocks if placed.kind == KIND and placed.data and (quiz := published(placed.data)).whole), None)
    if found is not None:
        if len(_QUIZZES) >= MOST_QUIZZES:
            _QUIZZES.clear()
        _QUIZZES[digest, lesson_id] = found
    return found


def sitting(session: Session, attempt_id: int, person_id: int, *, lock: str = "") -> Sitting | None:
    """The person's own attempt; None for anybody else's. ``lock``: "share" while an answer is saved, "all" to submit."""
    row = session.execute(_OWN[lock], {"attempt_id": attempt_id, "person_id": person_id}).first()
    quiz = quiz_in(session, row[0].digest, row[0].lesson_id) if row else None
    if row is None or quiz is None:
        return None
    answers = {} if lock == "share" else answers_of(session, attempt_id)
    return Sitting(attempt=row[0], quiz=quiz, now=row[1], answers=answers)


def answers_of(session: Session, attempt_id: int) -> dict[str, Answer]:
    """The answers that hold, by item id."""
    rows = session.execute(
        select(AttemptAnswer.item_id, AttemptAnswer.answer)
        .where(AttemptAnswer.attempt_id == attempt_id, AttemptAnswer.late.is_(False))
        .order_by(AttemptAnswer.seq, AttemptAnswer.id)
    )
    return {row[0]: row[1] for row in rows}


def attempts_in(session: Session, enrolment_id: int, lesson_id: str | None = None) -> list[Attempt]:
    """The attempts of an enrolment, the earliest first: at one quiz, or at all of them."""
    found = select(Attempt).where(Attempt.enrolment_id == enrolment_id)
    if lesson_id is not None:
        found = found.where(Attempt.lesson_id == lesson_id)
    return list(session.scalars(found.order_by(Attempt.lesson_id, Attempt.number)))


def tries(settings: Settings, attempts: list[Attempt], *, session: Session) -> int:
    """How many attempts the owner of these may make, the extra ones granted to them included; 0 for any number."""
    if not settings.attempts or not attempts or sum(one.state in HANDED_IN for one in attempts) < settings.attempts:
        return settings.attempts
    return settings.attempts + allowed(session, attempts[0].enrolment_id, attempts[0].lesson_id)[1]


def why_not(settings: Settings, attempts: list[Attempt], *, now: datetime, most: int | None = None) -> Refused | None:
    """Why no further attempt may be started; None where one may. ``most``: see ``tries``; None for the quiz's own number."""
    done = [attempt for attempt in attempts if attempt.state in HANDED_IN]
    most = settings.attempts if most is None else most
    if not settings.practice and any(attempt.score is None for attempt in done):
        return Refused("waiting", "Jawaban Anda sedang dinilai. Nilainya tampil di sini setelah selesai.")
    if most and len(done) >= most:
        return Refused("no_attempts", "Semua kesempatan ({count}) sudah dipakai.", count=most)
    if settings.opens and now < datetime.fromisoformat(settings.opens):
        return Refused("not_yet", "Kuis ini belum dibuka.")
    if settings.closes and now > datetime.fromisoformat(settings.closes):
        return Refused("closed", "Kuis ini sudah ditutup.")
    last = done[-1].submitted_at if done else None
    if settings.pause and last and now < last + timedelta(seconds=settings.pause):
        minutes = -int(-(last + timedelta(seconds=settings.pause) - now).total_seconds() // 60)
        return Refused("pause", "Kesempatan berikutnya terbuka {minutes} menit lagi.", minutes=minutes)
    return None


# -- writing -----------------------------------------------------------------------------------------------------------


def start(session: Session, standing: Standing, lesson_id: str) -> int:
    """Begin an attempt, or go on with the open one; answers its id. However many start at once, one is open.

    Raises ``Refused`` where there is no quiz, it is not the time, or no attempt is left.
    """
    quiz = quiz_in(session, standing.digest, lesson_id)
    if quiz is None:
        raise Refused("no_quiz", "Pelajaran ini bukan kuis.")
    course = site_of(session).course(standing.digest)
    lesson = course.lesson(lesson_id)
    before = standing.locked(course, lesson) if lesson else None
    if before is not None:
        raise Refused("locked", "Pelajaran ini terbuka setelah “{lesson}” selesai.", lesson=before.title)
    attempts = attempts_in(session, standing.enrolment_id, lesson_id)
    opened = next((attempt for attempt in attempts if attempt.state == "open"), None)
    if opened is not None:
        one = sitting(session, opened.id, standing.person_id, lock="all")
        if one is None or one.is_open:
            return opened.id
        if one.attempt.state == "open":
            hand_in(session, one, standing)
        attempts = attempts_in(session, standing.enrolment_id, lesson_id)
    more_seconds, more = allowed(session, standing.enrolment_id, lesson_id)
    most = quiz.settings.attempts + more if quiz.settings.attempts else 0
    refused = why_not(quiz.settings, attempts, now=session.execute(select(func.now(type_=Moment()))).scalar_one(), most=most)
    if refused:
        raise refused
    seed = secrets.randbits(62)
    values = {
        "enrolment_id": standing.enrolment_id,
        "person_id": standing.person_id,
        "lesson_id": lesson_id,
        "number": attempts[-1].number + 1 if attempts else 1,
        "digest": standing.digest,
        "seed": seed,
        "drawn": drawing.draw(quiz, seed),
        "seconds": quiz.settings.seconds + more_seconds if quiz.settings.seconds else 0,
        "state": "open",
        "course_id": standing.course_id,
    }
    first = insert_once(session, Attempt, values=values, key=("enrolment_id", "lesson_id", "number"))
    attempt_id = session.scalars(
        select(Attempt.id).where(
            Attempt.enrolment_id == standing.enrolment_id, Attempt.lesson_id == lesson_id, Attempt.number == values["number"]
        )
    ).one()
    if first:
        journal(session, attempt_id, "", "open", act="open")
    return attempt_id


def save(session: Session, attempt_id: int, person_id: int, item_id: str, value: Any, *, seq: int = 0) -> Sitting:
    """Keep an answer. ``seq`` are the milliseconds since 1970 at which it was given (0: now); of two, the later holds.

    Raises ``Refused`` with the code "closed" or "over" where answers are no longer taken.
    """
    one = taking(session, attempt_id, person_id)
    if one.is_over:
        raise Refused("over", "Waktu sudah habis. Jawaban yang tersimpan sebelumnya tetap dihitung.")
    keep(session, one, item_id, value, seq=seq)
    return one


def taking(session: Session, attempt_id: int, person_id: int) -> Sitting:
    """The person's attempt, held open while answers are kept. Raises ``Refused``: "no_item" where it is none, "closed" once handed in."""
    one = sitting(session, attempt_id, person_id, lock="share")
    if one is None:
        raise Refused("no_item", "Soal ini bukan bagian dari kuis Anda.")
    if one.attempt.state != "open":
        raise Refused("closed", "Kuis ini sudah dikirim; jawaban tidak dapat diubah lagi.")
    return one


def keep(session: Session, one: Sitting, item_id: str, value: Any, *, seq: int = 0, late: bool = False) -> None:
    """Add an answer to an attempt that takes them. The same one again changes nothing; a clock that runs ahead gains nothing."""
    item = one.quiz.item(item_id)
    if item is None or not any(drawn["item"] == item_id for drawn in one.attempt.drawn):
        raise Refused("no_item", "Soal ini bukan bagian dari kuis Anda.")
    if item.kind == "upload" and not isinstance(value, dict):
        return  # a form without a file leaves the one that was handed in
    present = int(datetime.now(UTC).timestamp() * 1000)
    if not 0 < seq <= present:  # a form without JavaScript, a clock that runs ahead, or the server's own clock was set back: it came last
        kept = select(func.max(AttemptAnswer.seq)).where(AttemptAnswer.attempt_id == one.attempt.id, AttemptAnswer.item_id == item_id)
        seq = max(present, (session.scalar(kept) or 0) + 1)
    values = {
        "attempt_id": one.attempt.id,
        "item_id": item_id,
        "seq": seq,
        "answer": clean(item, value),
        "late": late,
    }
    insert_once(session, AttemptAnswer, values=values, key=("attempt_id", "item_id", "seq"))


def submit(session: Session, attempt_id: int, person_id: int, standing: Standing) -> Attempt | None:
    """Hand the attempt in and mark it. Handing in twice is handing in once. None for an attempt that is not the person's."""
    one = sitting(session, attempt_id, person_id, lock="all")
    if one is None:
        return None
    if one.attempt.state == "open":
        hand_in(session, one, standing)
    return one.attempt
