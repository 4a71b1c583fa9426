"""What an answer is worth: pure functions, one a form of question, from an item and an answer to a share of its points, 0 to 1.

* single       the share of the chosen option: 1 for the one marked x; with points or percentages, their part of the question's points
* multiple     (right ones chosen - wrong ones chosen) / right ones, not below 0; "Penilaian: semua": all of them and no other, or nothing;
               with points or percentages the sum of the chosen ones' shares
* true_false   right or not
* short        one of the wordings (case and punctuation ignored), exact texts or patterns
* number       within one of the ranges, in Indonesian or plain writing
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from elearn_quizzes.answers import FALSE, TRUE, Answer
from elearn_quizzes.numbers import answers_within
from elearn_quizzes.published import Item
from elearn_quizzes.texts import same

ENOUGH = 1e-9


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One item's mark: the answer, and the share of ``points`` it earned."""

    item: str
    answer: Answer
    share: float
    points: float

    @property
    def right(self) -> bool:
        """Whether it earned everything."""
        return self.share >= 1 - ENOUGH

    def to_json(self) -> dict[str, Any]:
        """The mark in values that JSON knows."""
        return {"item": self.item, "answer": self.answer, "share": self.share, "points": self.points}


def _single(item: Item, answer: Answer) -> float:
    return next((choice.share for choice in item.choices if choice.id == answer), 0.0)


def _multiple(item: Item, answer: Answer) -> float:
    chosen = set(answer)
    if item.weighted:
        return sum(choice.share for choice in item.choices if choice.id in chosen)
    right = {choice.id for choice in item.choices if choice.right}
    if item.all_or_nothing:
        return 1.0 if chosen == right else 0.0
    return (len(chosen & right) - len(chosen - right)) / len(right)


def _true_false(item: Item, answer: Answer) -> float:
    return 1.0 if answer == (TRUE if item.truth else FALSE) else 0.0


def _short(item: Item, answer: Answer) -> float:
    return 1.0 if same(item.accepted, answer) else 0.0


def _number(item: Item, answer: Answer) -> float:
    return 1.0 if answers_within(answer, item.ranges, item.unit) else 0.0


FORMULAS: Mapping[str, Callable[[Item, Answer], float]] = {
    "single": _single,
    "multiple": _multiple,
    "true_false": _true_false,
    "short": _short,
    "number": _number,
}


def grade(item: Item, answer: Answer) -> Mark:
    """The mark for an answer; no answer earns nothing."""
    share = 0.0 if answer is None else min(1.0, max(0.0, FORMULAS[item.kind](item, answer)))
    return Mark(item=item.id, answer=answer, share=round(share, 6), points=item.points)


def score(marks: Iterable[Mark]) -> float:
    """The share of all points that was earned, 0 to 1; 0 where there are no points."""
    marks = list(marks)
    total = sum(mark.points for mark in marks)
    return round(sum(mark.share * mark.points for mark in marks) / total, 6) if total else 0.0
