"""Hints that cost: opened once, on the learner's own word, and taken into account at marking."""

from __future__ import annotations

from sqlalchemy.orm import Session

from elearn import Refused
from elearn_quizzes import attempts


def open_hint(session: Session, attempt_id: int, person_id: int, item_id: str) -> None:
    """Note that the hint of a question was opened. Opening it twice is opening it once.

    Raises ``Refused`` where the attempt takes no answers any more, or does not ask this question.
    """
    one = attempts.sitting(session, attempt_id, person_id, lock="all")
    if one is None or all(drawn["item"] != item_id for drawn in one.attempt.drawn):
        raise Refused("no_item", "Soal ini bukan bagian dari kuis Anda.")
    if not one.is_open:
        raise Refused("closed", "Kuis ini sudah dikirim; jawaban tidak dapat diubah lagi.")
    if item_id not in one.hints:
        one.attempt.hints = [*(one.attempt.hints or ()), item_id]
        session.flush()
