"""A question as one attempt asks it: its choices, rows and gaps in the drawn order, its numbers as drawn."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from elearn_quizzes.drawing import draw_one
from elearn_quizzes.published import Choice, Item, Row
from elearn_quizzes.publishing import ranges_of
from elearn_quizzes.variants import filled, filled_text

Named = TypeVar("Named", Choice, Row)


def as_drawn(item: Item, drawn: Mapping[str, Any]) -> Item:
    """The item as ``drawn`` (see ``drawing``) says: the same for the same two, whenever it is shown."""
    gaps = drawn.get("gaps", {})
    item = replace(
        item,
        choices=_ordered(item.choices, drawn.get("order", ())),
        rows=_ordered(item.rows, drawn.get("rows", ())),
        gaps=tuple(replace(gap, choices=_ordered(gap.choices, gaps.get(gap.id, ()))) for gap in item.gaps),
    )
    return _with_numbers(item, drawn.get("values", {})) if item.parameters else item


def asked_here(item: Item, person_id: int) -> Item:
    """A question within a lesson as a person sees it: the same order and numbers at each visit."""
    chance = random.Random(f"{person_id}/{item.id}")  # noqa: S311  nothing is won by guessing it
    return as_drawn(item, draw_one(item, chance))


def _ordered(things: tuple[Named, ...], order: Sequence[str]) -> tuple[Named, ...]:
    places = {name: place for place, name in enumerate(order)}
    return tuple(sorted(things, key=lambda one: places.get(one.id, len(places))))


def _with_numbers(item: Item, values: Mapping[str, float]) -> Item:
    """The item with ``values`` for its parameters, in texts and in keys."""

    def text(html: str) -> str:
        return filled(html, item.expressions, values)

    answers = tuple(filled_text(answer, values) for answer in item.answers)
    gaps = []
    for gap in item.gaps:
        wordings = tuple(filled_text(answer, values) for answer in gap.answers)
        gaps.append(replace(gap, answers=wordings, ranges=ranges_of(wordings) if not gap.accepted else ()))
    return replace(
        item,
        html=text(item.html),
        label=text(item.label),
        choices=tuple(replace(one, html=text(one.html), feedback=text(one.feedback)) for one in item.choices),
        rows=tuple(replace(one, html=text(one.html)) for one in item.rows),
        gaps=tuple(gaps),
        rubric=tuple(replace(one, html=text(one.html)) for one in item.rubric),
        answers=answers,
        ranges=ranges_of(answers) if item.kind == "number" else (),
        hint=text(item.hint),
        if_right=text(item.if_right),
        if_wrong=text(item.if_wrong),
        explanation=text(item.explanation),
    )
