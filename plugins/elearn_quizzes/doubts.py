"""What looks unfinished in an answer, told before it is handed in. Nothing is refused for it: the learner decides."""

from __future__ import annotations

from typing import Literal

from elearn_quizzes.answers import Answer
from elearn_quizzes.numbers import readings, without_unit
from elearn_quizzes.published import Item

Doubt = Literal["", "no number", "parts", "places", "few words", "many words"]


def doubt(item: Item, answer: Answer) -> Doubt:
    """What is doubtful about an answer as kept; "" for nothing, and for none.

    "no number": it cannot be read as one. "parts": a row, a step or a gap is left open. "places": two steps stand on one place. "few
    words", "many words": an essay outside the bounds that its author asked for.
    """
    if answer is None:
        return ""
    if item.kind == "number":
        return "" if readings(without_unit(answer, item.unit)) else "no number"
    if item.kind == "cloze":
        return "" if all(answer) else "parts"
    if item.kind in ("match", "order") and len(answer) < len(item.rows):
        return "parts"
    if item.kind == "order":
        return "" if len(set(answer.values())) == len(answer) else "places"
    if item.kind == "essay":
        fewest, most = item.words
        count = len(answer.split())
        return "few words" if count < fewest else "many words" if most and count > most else ""
    return ""
