"""Questions put right after they were asked: pure functions from an item, an answer and its corrections to a mark.

* key       another key: the ids of the right choices, "benar" or "salah", or the right wordings or numbers
* accept    a further answer that is right too: the id of a choice, a wording or a number
* full      full credit to everybody, answered or not
* withdraw  the question carries no points any more, for nobody
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Protocol

from elearn_quizzes import grading
from elearn_quizzes.answers import FALSE, TRUE, Answer
from elearn_quizzes.grading import Mark
from elearn_quizzes.numbers import read_range
from elearn_quizzes.patterns import pattern_fault, written_pattern
from elearn_quizzes.published import Item
from elearn_quizzes.texts import accepted, alternatives

KINDS = ("key", "accept", "full", "withdraw")
WITH_KEY = frozenset({"single", "multiple", "true_false", "short", "number"})
WITH_MORE = frozenset({"single", "short", "number"})


class Correcting(Protocol):
    """What a correction says: of ``kind`` above, with its ``value``, for the item ``item_id``."""

    @property
    def item_id(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def value(self) -> Any: ...


def possible(item: Item) -> list[str]:
    """The kinds of correction that a question can take."""
    keys = (["key"] if item.kind in WITH_KEY else []) + (["accept"] if item.kind in WITH_MORE else [])
    return [*keys, "full", "withdraw"]


def read_value(item: Item, kind: str, typed: list[str]) -> Any:
    """The value of a correction from what a form sent; bars divide wordings as they do behind "Jawaban:". Raises ``ValueError`` where it is
    none."""
    if kind not in possible(item):
        raise ValueError(kind)
    if kind in ("full", "withdraw"):
        return None
    given = [text.strip() for text in typed if text.strip()]
    if item.kind in ("single", "multiple"):
        given = [text for text in given if any(choice.id == text for choice in item.choices)]
        if not given or (item.kind == "single" and len(given) != 1):
            raise ValueError(kind)
        return given
    if item.kind == "true_false":
        if len(given) != 1 or given[0] not in (TRUE, FALSE):
            raise ValueError(kind)
        return given
    given = [one for text in given for one in alternatives(text)]
    reads = _is_number if item.kind == "number" else _is_wording
    if not given or not all(map(reads, given)):
        raise ValueError(kind)
    return given


def _is_number(text: str) -> bool:
    return read_range(text) is not None


def _is_wording(text: str) -> bool:
    return not (written_pattern(text) and pattern_fault(text))


def corrected(item: Item, corrections: Iterable[Correcting]) -> Item:
    """The item with all corrections of keys that are its own, in their order."""
    for one in corrections:
        if one.item_id == item.id and one.kind in ("key", "accept"):
            item = _with(item, list(one.value or ()), more=one.kind == "accept")
    return item


def _with(item: Item, value: list[str], *, more: bool) -> Item:
    if item.kind in ("single", "multiple"):
        choices = tuple(
            replace(choice, right=True, share=1.0)
            if choice.id in value
            else choice if more else replace(choice, right=False, share=0.0)
            for choice in item.choices
        )  # fmt: skip
        return replace(item, choices=choices, weighted=item.weighted and more)
    if item.kind == "true_false":
        return replace(item, truth=value == [TRUE])
    if item.kind == "short":
        kept = item.accepted if more else ()
        return replace(item, answers=(*(item.answers if more else ()), *value), accepted=(*kept, *map(accepted, value)))
    ranges = tuple(found for text in value if (found := read_range(text)))
    return replace(item, answers=(*(item.answers if more else ()), *value), ranges=(*(item.ranges if more else ()), *ranges))


def mark(item: Item, answer: Answer, corrections: Iterable[Correcting] = (), *, hinted: bool = False) -> Mark:
    """The mark for an answer, corrections applied. ``item`` is as its attempt asked it (see ``asked.as_drawn``)."""
    mine = [one for one in corrections if one.item_id == item.id]
    given = grading.grade(corrected(item, mine), answer, hinted=hinted)
    return adjusted(given, mine)


def adjusted(given: Mark, corrections: Iterable[Correcting]) -> Mark:
    """A mark under full credit or withdrawal; of both, withdrawal holds."""
    kinds = {one.kind for one in corrections if one.item_id == given.item}
    if "withdraw" in kinds:
        return replace(given, share=0.0, points=0.0, state="graded")
    if "full" in kinds:
        return replace(given, share=1.0, state="graded")
    return given
