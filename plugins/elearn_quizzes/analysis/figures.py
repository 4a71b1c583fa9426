"""The figures of item analysis, from sums. All of them are None where they cannot be reckoned.

* facility        mean share of the points, 0 to 1 (for right or wrong: the proportion right)
* discrimination  correlation of the question's share with the share of all OTHER points: the point-biserial corrected for overlap
                  (Henrysson, 1963, Psychometrika 28), Pearson's correlation where marks are partial
* upper_lower     mean share of the 27 % with the highest scores minus that of the 27 % with the lowest (Kelley, 1939, Journal of
                  Educational Psychology 30); of equal scores at the border each counts with the same fraction
* alpha           k / (k - 1) * (1 - sum of the questions' variances / variance of the points) (Cronbach, 1951, Psychometrika 16), only where
                  everybody was asked the same questions; for right or wrong it is KR-20
* sem             standard deviation of the points * sqrt(1 - alpha), in points

Variances are those of a sample (n - 1). With fewer than ``LEAST`` attempts nothing is told but their number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from elearn_quizzes.analysis.sums import STEPS, Sums
from elearn_quizzes.answers import FALSE, TRUE
from elearn_quizzes.published import Item

LEAST = 30
PART = 0.27
RARE = 0.05  # a distractor chosen by fewer does no work (Haladyna & Downing, 1993)
FLAT = 1e-12


@dataclass(frozen=True, kw_only=True)
class Option:
    """How often an option was chosen: ``share`` of all who were asked, and the mean share of other points of those who chose it."""

    id: str
    count: int
    share: float
    rest: float


@dataclass(frozen=True, kw_only=True)
class ItemFigures:
    """The figures of a question over ``count`` first attempts; ``seconds`` is the median. ``enough`` says whether they may be told. A survey
    has no ``facility``, nor what follows from it: no answer to it is right."""

    count: int
    enough: bool = False
    facility: float | None = None
    discrimination: float | None = None
    upper_lower: float | None = None
    seconds: float | None = None
    blank: float = 0.0
    options: tuple[Option, ...] = ()

    def option(self, option_id: str) -> Option:
        """How often that one was chosen."""
        return next((one for one in self.options if one.id == option_id), Option(id=option_id, count=0, share=0.0, rest=0.0))


@dataclass(frozen=True, kw_only=True)
class QuizFigures:
    """The figures of a quiz: ``mean``, ``deviation`` and ``sem`` as shares of ``points`` (0 to 1); ``same`` is False where questions are
    drawn, so that there is no alpha."""

    count: int
    enough: bool = False
    same: bool = True
    points: float = 0.0
    mean: float | None = None
    deviation: float | None = None
    alpha: float | None = None
    sem: float | None = None


def item_figures(sums: Sums, *, least: int = LEAST) -> ItemFigures:
    """The figures of one question."""
    count = sums["n"]
    if count < max(least, 2):
        return ItemFigures(count=count)
    options = tuple(
        Option(id=name, count=number, share=number / count, rest=total / number)
        for name, (number, total) in sorted(sums["options"].items())
    )
    return ItemFigures(
        count=count,
        enough=True,
        facility=sums["x"] / count,
        discrimination=_correlation(sums),
        upper_lower=upper_lower(sums),
        seconds=_median_seconds(sums["seconds"]),
        blank=sums["blank"] / count,
        options=options,
    )


def figures_of(item: Item, sums: Sums, *, least: int = LEAST) -> ItemFigures:
    """The figures of ``item``: of what was answered only what it gave to choose from, for words are their writers' own."""
    found = item_figures(sums, least=least)
    known = {TRUE, FALSE} if item.kind == "true_false" else {choice.id for choice in item.choices}
    found = replace(found, options=tuple(one for one in found.options if one.id in known))
    return replace(found, facility=None, discrimination=None, upper_lower=None) if item.kind == "survey" else found


def quiz_figures(sums: Sums, *, least: int = LEAST) -> QuizFigures:
    """The figures of one form of a quiz."""
    count, asked = sums["n"], sums["asked"]
    if count < max(least, 2):
        return QuizFigures(count=count, same=asked is not None)
    if asked is None:
        return QuizFigures(count=count, enough=True, same=False)
    points = sum(asked.values())
    mean, variance = sums["sum"] / count, _variance(count, sums["sum"], sums["squares"])
    alpha = None
    scored = {item: weight for item, weight in asked.items() if weight}
    if len(scored) > 1 and variance > FLAT:
        parts = sum(weight**2 * _variance(count, sums["items"][item]["x"], sums["items"][item]["xx"]) for item, weight in scored.items())
        alpha = len(scored) / (len(scored) - 1) * (1 - parts / variance)
    sem = math.sqrt(variance * max(0.0, 1 - alpha)) if alpha is not None else None
    whole = points or 1.0
    return QuizFigures(
        count=count,
        enough=True,
        points=points,
        mean=mean / whole,
        deviation=math.sqrt(variance) / whole,
        alpha=alpha,
        sem=sem / whole if sem is not None else None,
    )


def upper_lower(sums: Sums, *, part: float = PART) -> float | None:
    """The mean share of the ``part`` with the highest scores minus that of the ``part`` with the lowest."""
    size = round(sums["n"] * part)
    cells = [tuple(sums["by_score"][key]) for key in sorted(sums["by_score"], key=int)]
    if size < 1 or len(cells) < 2:
        return None
    return _first(cells[::-1], size) - _first(cells, size)


def _first(cells: list[tuple[int, float]], size: int) -> float:
    taken, total = 0.0, 0.0
    for number, shares in cells:
        used = min(number, size - taken)
        total += shares * used / number
        taken += used
        if taken >= size:
            break
    return total / size


def _variance(count: int, total: float, squares: float) -> float:
    return max(0.0, (squares - total * total / count) / (count - 1))


def _correlation(sums: Sums) -> float | None:
    count = sums["m"]
    if count < 2:
        return None
    x, rest = _variance(count, sums["mx"], sums["mxx"]), _variance(count, sums["r"], sums["rr"])
    if x < FLAT or rest < FLAT:
        return None
    both = (sums["xr"] - sums["mx"] * sums["r"] / count) / (count - 1)
    return max(-1.0, min(1.0, both / math.sqrt(x * rest)))


def _median_seconds(steps: dict[str, int]) -> float | None:
    half, seen = sum(steps.values()) / 2, 0
    for step in sorted(steps, key=int):
        seen += steps[step]
        if seen >= half:
            return float(2 ** (int(step) / STEPS))
    return None
