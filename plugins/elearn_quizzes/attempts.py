"""Attempts: started, saved, submitted. The server keeps them, the database's clock ends them; nothing here commits.

Time is up ``seconds`` after the database's ``started_at``, or when the quiz closes; an answer may come ``LATE`` after that, for the line
takes its time.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from elearn import Moment, Refused, Standing, insert_once, site_of
from elearn_quizzes import devices, drawing
from elearn_quizzes.answers import clean
from elearn_quizzes.grades.allowances import allowed
from elearn_quizzes.grades.due import remind
from elearn_quizzes.grades.settling import counted_score, hand_in, reaches
from elearn_quizzes.grades.states import journal
from elearn_quizzes.models import Attempt, AttemptAnswer
from elearn_quizzes.sittings import KIND, LATE, Sitting, answers_of, attempts_in, quiz_in, saving, sitting
from elearn_quizzes.starting import closes_at, why_not

__all__ = [
    "KIND",
    "LATE",
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

_LATEST = select(func.max(AttemptAnswer.seq)).where(
    AttemptAnswer.attempt_id == bindparam("attempt_id"), AttemptAnswer.item_id == bindparam("item_id")
)


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
    granted = allowed(session, standing.enrolment_id, lesson_id)
    refused = why_not(quiz.settings, attempts, now=session.execute(select(func.now(type_=Moment()))).scalar_one(), granted=granted)
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
        "seconds": quiz.settings.seconds + granted.seconds if quiz.settings.seconds else 0,
        "closes_at": closes_at(quiz.settings, granted),
        "state": "open",
        "course_id": standing.course_id,
    }
    first = insert_once(session, Attempt, values=values, key=())  # neither the same number twice nor two that are open
    attempt_id = session.scalars(
        select(Attempt.id)
        .where(
            Attempt.enrolment_id == standing.enrolment_id,
            Attempt.lesson_id == lesson_id,
            or_(Attempt.number == values["number"], Attempt.state == "open"),
        )
        .order_by(Attempt.number.desc())
        .limit(1)
    ).one()
    if first:
        journal(session, attempt_id, "", "open", act="open")
        if values["seconds"] or values["closes_at"]:
            remind(session, attempt_id, person_id=standing.person_id)
    return attempt_id


def save(
    session: Session, attempt_id: int, person_id: int, item_id: str, value: Any, *, seq: int = 0, seen: int | None = None, device: int = 0
) -> bool:
    """Keep an answer. ``seq`` are the milliseconds since 1970 at which it was given (0: now); of two, the later holds. ``seen``,
    ``device`` and the answer: see ``keep``.

    Raises ``Refused`` with the code "closed" or "over" where answers are no longer taken.
    """
    one = taking(session, attempt_id, person_id, seen=seen, device=device)
    if one.is_over:
        raise Refused("over", "Waktu sudah habis. Jawaban yang tersimpan sebelumnya tetap dihitung.")
    return keep(session, one, item_id, value, seq=seq, seen=seen, device=device)


def taking(session: Session, attempt_id: int, person_id: int, *, seen: int | None = None, device: int = 0) -> Sitting:
    """The person's attempt, held open while answers are kept; ``seen`` and ``device``: see ``keep``, the least of several. Raises
    ``Refused``: "no_item" where it is none, "closed" once handed in."""
    one = saving(session, attempt_id, person_id, seen=seen, device=device)
    if one is None:
        raise Refused("no_item", "Soal ini bukan bagian dari kuis Anda.")
    if one.attempt.state != "open":
        raise Refused("closed", "Kuis ini sudah dikirim; jawaban tidak dapat diubah lagi.")
    return one


def keep(
    session: Session,
    one: Sitting,
    item_id: str,
    value: Any,
    *,
    seq: int = 0,
    late: bool = False,
    seen: int | None = None,
    device: int = 0,
) -> bool:
    """Add an answer to an attempt that takes them. The same one again changes nothing; a clock that runs ahead gains nothing.

    ``seen`` is the id of the latest answer that the page knew of (0: none; None: it does not say), ``device`` what gave this one. Where
    another device has answered otherwise since, this one stands aside, the answer is True, and the learner is to be asked.
    """
    item = one.quiz.item(item_id)
    if item is None or not any(drawn["item"] == item_id for drawn in one.attempt.drawn):
        raise Refused("no_item", "Soal ini bukan bagian dari kuis Anda.")
    if item.kind == "upload" and not isinstance(value, dict):
        return False  # a form without a file leaves the one that was handed in
    present = int(datetime.now(UTC).timestamp() * 1000)
    if not 0 < seq <= present:  # a form without JavaScript, a clock that runs ahead, or the server's own clock was set back: it came last
        seq = max(present, (session.scalar(_LATEST, {"attempt_id": one.attempt.id, "item_id": item_id}) or 0) + 1)
    answer = clean(item, value)
    asks = one.disputed and seen is not None and not late
    aside = asks and devices.disagree(session, one.attempt.id, item_id, answer, seen=seen or 0, device=device)
    values = {
        "attempt_id": one.attempt.id,
        "item_id": item_id,
        "seq": seq,
        "answer": answer,
        "late": late,
        "device": device,
        "aside": aside,
    }
    insert_once(session, AttemptAnswer, values=values, key=("attempt_id", "item_id", "seq"))
    return aside


def submit(session: Session, attempt_id: int, person_id: int, standing: Standing) -> Attempt | None:
    """Hand the attempt in and mark it. Handing in twice is handing in once. None for an attempt that is not the person's."""
    one = sitting(session, attempt_id, person_id, lock="all")
    if one is None:
        return None
    if one.attempt.state == "open":
        hand_in(session, one, standing)
    return one.attempt
