"""One attempt on two devices: what one of them says must not silently take the place of what the other said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from elearn import Refused
from elearn_quizzes.answers import Answer, spoken
from elearn_quizzes.models import AttemptAnswer
from elearn_quizzes.published import Item

_OTHERS = (
    select(AttemptAnswer.answer)
    .where(
        AttemptAnswer.attempt_id == bindparam("attempt_id"),
        AttemptAnswer.item_id == bindparam("item_id"),
        AttemptAnswer.id > bindparam("seen"),
        AttemptAnswer.device != bindparam("device"),
        AttemptAnswer.late.is_(False),
    )
    .order_by(AttemptAnswer.id.desc())
    .limit(1)
)


def disagree(session: Session, attempt_id: int, item_id: str, answer: Answer, *, seen: int, device: int) -> bool:
    """Whether another device than ``device`` has saved another answer since its learner saw the one with the id ``seen``."""
    told = {"attempt_id": attempt_id, "item_id": item_id, "seen": seen, "device": device}
    other = session.execute(_OTHERS, told).first()
    return other is not None and other.answer != answer


def two_of(one: Any, item: Item) -> list[dict[str, Any]]:
    """The two answers to a question of ``one`` (a ``Sitting``) of which the learner has yet to choose: ``which``, in words, and when they
    were saved; empty where there is nothing to choose."""
    aside, held = one.kept.aside.get(item.id), one.kept.holds.get(item.id)
    if aside is None:
        return []
    rows = {"held": held, "aside": aside}
    return [{"which": which, "text": spoken(item, row.answer), "at": row.saved_at} for which, row in rows.items() if row is not None]


def choose(one: Any, item_id: str, which: str) -> Answer:
    """The answer that the learner chose of the two to a question: "held" or "aside" of ``one``. Saving it anew settles it.

    Raises ``Refused`` where there are not two any more.
    """
    row = (one.kept.holds if which == "held" else one.kept.aside).get(item_id)
    if item_id not in one.kept.aside or row is None:
        raise Refused("no_choice", "Jawaban soal ini sudah dipilih.")
    return row.answer
