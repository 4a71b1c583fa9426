"""What only people can mark: which forms of question these are, and the mark that a grader's points make.

The way of such an answer: ``grading.grade`` gives a mark whose state is "needs a human" (``mark.waits``); an attempt that holds one is
handed in without a score (``score`` and ``passed`` None); a grader's points, by ``award``, make the mark that takes its place; once no
mark waits, ``grading.score`` of all of them is the attempt's score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from elearn_quizzes.grading import Mark
from elearn_quizzes.published import Item


def most(item: Item) -> dict[str, float]:
    """How many points each criterion of the rubric brings at most, by its id; where there is no rubric, the question's points under ""."""
    return {one.id: one.points for one in item.rubric} or {"": item.points}


def award(item: Item, mark: Mark, points: Mapping[str, float]) -> Mark:
    """The mark for a waiting one, from a grader's ``points`` by criterion (see ``most``; one left out brings nothing).

    The share is what was given of all that the rubric holds. Raises ``ValueError`` for an unknown criterion, or points below 0 or above
    its most.
    """
    bounds = most(item)
    for name, given in points.items():
        if name not in bounds or not 0 <= given <= bounds[name] + 1e-9:
            raise ValueError(f"no such points: {name!r}")
    total = sum(bounds.values())
    share = sum(points.values()) / total if total else 0.0
    return replace(mark, share=round(min(1.0, share) * (1 - mark.cost), 6), state="graded")


def waiting(marks: Iterable[Mark]) -> list[Mark]:
    """The marks that still need a human."""
    return [mark for mark in marks if mark.waits]
