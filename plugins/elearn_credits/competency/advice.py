"""What to learn next: the courses on offer ranked by the gap they close for each JP, and the shortest way to this year's hours. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from elearn import Offered

from .gap import GapLine, Match
from .standards import tables


@dataclass(frozen=True, kw_only=True)
class Advice:
    """A course worth taking: the lines of the gap it works on, and the levels it may close in all."""

    offered: Offered
    lines: tuple[GapLine, ...]
    closes: int

    @property
    def hours(self) -> int:
        """The course's JP."""
        return self.offered.course.hours

    @property
    def worth(self) -> float:
        """Levels closed for each JP; a course without JP counts as one."""
        return self.closes / max(1, self.hours)


def closes(line: GapLine, taught: int) -> int:
    """How many levels of a gap a course that teaches up to level ``taught`` may close by the rule of evidence."""
    rule = tables()["evidence"]
    if line.shown is None:
        return max(0, min(taught, int(rule["unassessed_most"]), line.asked))
    reach = min(taught, line.asked, line.shown.level + (0 if line.shown.estimated else int(rule["raise_most"])))
    return max(0, reach - line.shown.level)


def advise(match: Match, offers: Iterable[Offered], *, done: Collection[int] = (), most: int = 5) -> list[Advice]:
    """The courses that close something of the gap and are not ``done`` (course ids), the most for each JP first."""
    by_code = {line.competency.code: line for line in match.lines if line.gap}
    found = []
    for offered in offers:
        if offered.course_id in done:
            continue
        pairs = [(by_code[aim.code], closes(by_code[aim.code], aim.level)) for aim in offered.course.competencies if aim.code in by_code]
        useful = [(line, levels) for line, levels in pairs if levels]
        if useful:
            found.append(Advice(offered=offered, lines=tuple(line for line, _ in useful), closes=sum(levels for _, levels in useful)))
    return sorted(found, key=lambda each: (-each.worth, each.hours, each.offered.course.title))[:most]


@dataclass(frozen=True, kw_only=True)
class Way:
    """Courses that together bring the hours still missing: in order, with the JP they bring and the fewest days they take."""

    courses: tuple[Offered, ...]
    hours: Decimal
    days: int
    missing: Decimal


def shortest_way(
    missing: Decimal, advice: Iterable[Advice], offers: Iterable[Offered], *, done: Collection[int] = (), daily: Decimal | None = None
) -> Way:
    """The way to ``missing`` JP: first what closes a gap, then the courses with most JP. ``daily``: the JP that count in a day.
    ``Way.missing`` is what the courses on offer cannot bring."""
    useful = [each.offered for each in advice if each.hours]
    rest = sorted((each for each in offers if each.course.hours), key=lambda each: (-each.course.hours, each.course.title))
    chosen: list[Offered] = []
    got = Decimal(0)
    for offered in [*useful, *rest]:
        if got >= missing:
            break
        if offered.course_id in done or offered in chosen:
            continue
        chosen.append(offered)
        got += offered.course.hours
    days = ceil(min(got, missing) / daily) if daily and chosen else 0
    return Way(courses=tuple(chosen), hours=got, days=days, missing=max(Decimal(0), missing - got))
