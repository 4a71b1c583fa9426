"""What an answer is worth: pure functions, one a form of question, from an item and an answer to a share of its points, 0 to 1.

* single       the share of the chosen option: 1 for the one marked x; with points or percentages, their part of the question's points
* multiple     (right ones chosen - wrong ones chosen) / right ones, not below 0; "Penilaian: semua": all of them and no other, or nothing;
               with points or percentages the sum of the chosen ones' shares
* true_false   right or not
* short        one of the wordings (case and punctuation ignored), exact texts or patterns
* number       within one of the ranges, in Indonesian or plain writing
* match        right pairs / all pairs
* order        pairs of steps that stand in the right order to each other / all pairs of steps; steps on one place are in no order
* cloze        gaps filled rightly / all gaps
* survey       1 for any answer; it carries no points
* essay, upload   marked by people (``human``)

"Penilaian: semua" makes matching, ordering and gaps all or nothing. What an opened hint costs is taken off what was earned:
share * (1 - cost). A score is the sum of share * points, divided by all points: points are the weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from elearn_quizzes.answers import FALSE, TRUE, Answer
from elearn_quizzes.numbers import answers_within
from elearn_quizzes.published import GapKey, Item
from elearn_quizzes.texts import same

State = Literal["graded", "needs a human"]
BY_HUMANS = frozenset({"essay", "upload"})


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One item's mark: the answer, and the share of ``points`` (the most it could bring) that it earned.

    ``state`` is "graded", or "needs a human" (essays and files: the share is 0 until somebody has read them, see ``human``); ``cost`` is
    the share of what was earned that an opened hint took.
    """

    item: str
    answer: Answer
    share: float
    points: float
    state: State = "graded"
    cost: float = 0.0

    @property
    def right(self) -> bool:
        """Whether it earned everything that there was to earn: an opened hint makes a right answer cheaper, not less right."""
        return self.share > 0 and self.share >= round(1 - self.cost, 6) - 1e-9

    @property
    def waits(self) -> bool:
        """Whether a human has yet to mark it."""
        return self.state == "needs a human"

    def to_json(self) -> dict[str, Any]:
        """The mark in values that JSON knows."""
        return asdict(self)


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


def right_parts(item: Item, answer: Answer) -> list[bool]:
    """For each row of a matching question, or each gap, whether it was answered rightly."""
    if item.kind == "match":
        return [(answer or {}).get(row.id) == row.key for row in item.rows]
    given = answer or []
    return [_gap(gap, given[at] if at < len(given) else "") for at, gap in enumerate(item.gaps)]


def _gap(gap: GapKey, given: str) -> bool:
    if gap.choices:
        return any(choice.id == given and choice.right for choice in gap.choices)
    return bool(given) and (answers_within(given, gap.ranges, gap.ranges[0].unit) if gap.ranges else same(gap.accepted, given))


def _by_part(item: Item, answer: Answer) -> float:
    right = right_parts(item, answer)
    if item.all_or_nothing:
        return 1.0 if right and all(right) else 0.0
    return sum(right) / len(right) if right else 0.0


def _order(item: Item, answer: Answer) -> float:
    steps = [answer.get(row.id) for row in sorted(item.rows, key=lambda row: int(row.key))]
    pairs = [(first, second) for at, first in enumerate(steps) for second in steps[at + 1 :]]
    right = sum(first is not None and second is not None and first < second for first, second in pairs)
    if item.all_or_nothing:
        return 1.0 if pairs and right == len(pairs) else 0.0
    return right / len(pairs) if pairs else 0.0


def _survey(_item: Item, _answer: Answer) -> float:
    return 1.0


FORMULAS: Mapping[str, Callable[[Item, Answer], float]] = {
    "single": _single,
    "multiple": _multiple,
    "true_false": _true_false,
    "short": _short,
    "number": _number,
    "match": _by_part,
    "order": _order,
    "cloze": _by_part,
    "survey": _survey,
}


def grade(item: Item, answer: Answer, *, hinted: bool = False) -> Mark:
    """The mark for an answer; no answer earns nothing, and what only people can judge waits for one of them.

    ``hinted`` tells that a hint with a cost was opened: the share is then that much smaller.
    """
    cost = item.hint_cost if hinted else 0.0
    if item.kind in BY_HUMANS and answer is not None:
        return Mark(item=item.id, answer=answer, share=0.0, points=item.points, state="needs a human", cost=cost)
    share = 0.0 if answer is None or item.kind in BY_HUMANS else min(1.0, max(0.0, FORMULAS[item.kind](item, answer)))
    return Mark(item=item.id, answer=answer, share=round(share * (1 - cost), 6), points=item.points, cost=cost)


def score(marks: Iterable[Mark]) -> float:
    """The share of all points that was earned, 0 to 1; 0 where there are no points. Marks that need a human count as 0 so far."""
    marks = list(marks)
    total = sum(mark.points for mark in marks)
    return round(sum(mark.share * mark.points for mark in marks) / total, 6) if total else 0.0


def by_competency(items: Iterable[Item], marks: Mapping[str, Mark]) -> dict[str, tuple[float, float]]:
    """Points earned and points to be had, by competency; a question for several counts for each. Waiting marks are left out."""
    found: dict[str, tuple[float, float]] = {}
    for item in items:
        mark = marks.get(item.id)
        if mark is None or mark.waits or not mark.points:
            continue
        for competency in item.competencies:
            earned, possible = found.get(competency, (0.0, 0.0))
            found[competency] = (earned + mark.share * mark.points, possible + mark.points)
    return {name: (round(earned, 6), round(possible, 6)) for name, (earned, possible) in sorted(found.items())}
