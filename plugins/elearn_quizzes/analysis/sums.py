"""Sums over attempts from which every figure follows. They are added to one attempt at a time and can be added to each other, so that
memory depends on the number of questions and not on the number of attempts. They are plain JSON values:

``{"n", "sum", "squares", "asked", "items": {id: item sums}}``. ``sum`` and ``squares`` are of the points earned; ``asked`` are the ids asked of
everybody and their points, or None where not everybody was asked the same. An item's sums: ``n`` answers; ``x``, ``xx`` of its share (0 to
1); ``m``, ``r``, ``rr``, ``xr``, ``mx``, ``mxx`` of the ``m`` attempts with other questions too, ``r`` being the share of the other points;
``by_score`` {score in thousandths: [n, sum of x]}; ``options`` {id: [n, sum of r]}; ``blank`` attempts without an answer; ``seconds``
{step: n}, where a step is log2 of the seconds in eighths.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

Sums = dict[str, Any]
MOMENTS = ("n", "x", "xx", "m", "mx", "mxx", "r", "rr", "xr", "blank")
STEPS = 8
LONGEST = 1800.0  # seconds; whoever takes longer over one question was away


def nothing() -> Sums:
    """The sums of no attempt."""
    return {"n": 0, "sum": 0.0, "squares": 0.0, "asked": None, "items": {}}


def item_nothing() -> Sums:
    """The sums of a question nobody was asked."""
    return {**dict.fromkeys(MOMENTS, 0), "by_score": {}, "options": {}, "seconds": {}}


def add_attempt(sums: Sums, marks: Sequence[Mapping[str, Any]], seconds: Mapping[str, float] | None = None) -> None:
    """Add one attempt by its marks (``Mark.to_json``); ``seconds`` by item id where they are known. Marks that wait for a human are
    left out with all that rests on them: then the attempt counts for nothing."""
    if any(mark.get("state") == "needs a human" for mark in marks):
        return
    earned = sum(mark["share"] * mark["points"] for mark in marks)
    points = sum(mark["points"] for mark in marks)
    asked = {mark["item"]: mark["points"] for mark in marks}
    if sums["n"] == 0:
        sums["asked"] = asked
    elif sums["asked"] is not None and sums["asked"] != asked:
        sums["asked"] = None
    sums["n"] += 1
    sums["sum"] += earned
    sums["squares"] += earned * earned
    score = str(round(earned / points * 1000)) if points else "0"
    for mark in marks:
        _add_item(sums["items"].setdefault(mark["item"], item_nothing()), mark, earned, points, score)
        taken = (seconds or {}).get(mark["item"])
        if taken is not None and 0 < taken <= LONGEST:
            _count(sums["items"][mark["item"]]["seconds"], str(round(math.log2(max(taken, 1.0)) * STEPS)), 1)


def _add_item(one: Sums, mark: Mapping[str, Any], earned: float, points: float, score: str) -> None:
    x, others = mark["share"], points - mark["points"]
    rest = (earned - x * mark["points"]) / others if others > 0 else None
    one["n"] += 1
    one["x"] += x
    one["xx"] += x * x
    if rest is not None:
        one["m"] += 1
        one["mx"] += x
        one["mxx"] += x * x
        one["r"] += rest
        one["rr"] += rest * rest
        one["xr"] += x * rest
    cell = one["by_score"].setdefault(score, [0, 0.0])
    cell[0] += 1
    cell[1] += x
    answer = mark["answer"]
    if answer is None:
        one["blank"] += 1
    for chosen in answer if isinstance(answer, list) else [answer]:
        if isinstance(chosen, str) and len(chosen) <= 5:  # ids of choices, "benar", "salah"; texts are nobody's option
            option = one["options"].setdefault(chosen, [0, 0.0])
            option[0] += 1
            option[1] += rest or 0.0


def _count(counts: dict[str, Any], key: str, number: int) -> None:
    counts[key] = counts.get(key, 0) + number


def add_sums(sums: Sums, more: Sums) -> None:
    """Add what another count found."""
    if more["n"]:
        sums["asked"] = more["asked"] if not sums["n"] or sums["asked"] == more["asked"] else None
    for name in ("n", "sum", "squares"):
        sums[name] += more[name]
    for item_id, other in more["items"].items():
        add_item_sums(sums["items"].setdefault(item_id, item_nothing()), other)


def add_item_sums(one: Sums, other: Sums) -> None:
    """Add the sums of the same question."""
    for name in MOMENTS:
        one[name] += other[name]
    for step, number in other["seconds"].items():
        _count(one["seconds"], step, number)
    for name in ("by_score", "options"):
        for key, (number, total) in other[name].items():
            cell = one[name].setdefault(key, [0, 0.0])
            cell[0] += number
            cell[1] += total
