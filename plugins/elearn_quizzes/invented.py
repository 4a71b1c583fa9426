"""What an invented learner of a demo site answers."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from elearn_quizzes.answers import FALSE, TRUE
from elearn_quizzes.published import GapKey, Item

ESSAY = "Saya mencatat keadaannya dahulu, lalu melapor kepada atasan dan unit yang berwenang sesuai aturan."


def answer(item: Item, *, right: bool) -> Any:
    """An answer to the item as a form would send it: a right one, or one that is not; None for a file."""
    return _ANSWERS.get(item.kind, _text)(item, right)


def _chosen(item: Item, right: bool) -> list[str]:
    best = max(choice.share for choice in item.choices)
    good = [choice.id for choice in item.choices if choice.share == best]
    bad = [choice.id for choice in item.choices if choice.share < best] or good
    chosen = good if right else [random.Random(item.id).choice(bad)]  # noqa: S311  an invented learner's guess
    return chosen if item.kind == "multiple" else chosen[:1]


def _truth(item: Item, right: bool) -> list[str]:
    return [TRUE if item.truth == right else FALSE]


def _pairs(item: Item, right: bool) -> list[str]:
    keys = [row.key for row in item.rows]
    keys = keys if right else [*keys[1:], keys[0]]
    return [f"{row.id}:{key}" for row, key in zip(item.rows, keys, strict=True)]


def _gaps(item: Item, right: bool) -> list[str]:
    return [_gap(gap) if right or at else "" for at, gap in enumerate(item.gaps)]


def _gap(gap: GapKey) -> str:
    return next((choice.id for choice in gap.choices if choice.right), "") or _plain(gap.answers)


def _plain(answers: tuple[str, ...]) -> str:
    return next((one.strip('"') for one in answers if not one.startswith("/")), "")


def _text(item: Item, right: bool) -> list[str]:
    plain = _plain(item.answers)
    if item.kind == "number" and item.ranges:
        plain = f"{item.ranges[0].low:g}".replace(".", ",")
    return [plain if right else "0"]


def _survey(item: Item, _right: bool) -> list[str]:
    return [random.Random(item.id).choice(item.choices).id] if item.choices else ["Jelas dan berguna."]  # noqa: S311  an opinion


_ANSWERS: Mapping[str, Callable[[Item, bool], Any]] = {
    "single": _chosen, "multiple": _chosen, "true_false": _truth, "match": _pairs, "order": _pairs, "cloze": _gaps, "survey": _survey,
    "essay": lambda _item, _right: [ESSAY], "upload": lambda _item, _right: None,
}  # fmt: skip
