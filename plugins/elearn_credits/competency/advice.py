"""What to learn next: the courses on offer ranked by the gap they close for each JP. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from elearn import Offered

from .gap import GapLine, Match
from .standards import tables


@dataclass(frozen=True, kw_only=True)
class Advice:
    """A course worth taking: the lines of the gap it works on, the levels it may close in all, and the titles of the courses to take
    ``first``."""

    offered: Offered
    lines: tuple[GapLine, ...]
    closes: int
    first: tuple[str, ...] = ()

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
    offers = list(offers)
    titles = {each.course.slug: each.course.title for each in offers if each.course_id not in done}
    by_code = {line.competency.code: line for line in match.lines if line.gap}
    found = []
    for offered in offers:
        if offered.course_id in done:
            continue
        pairs = [(by_code[aim.code], closes(by_code[aim.code], aim.level)) for aim in offered.course.competencies if aim.code in by_code]
        useful = [(line, levels) for line, levels in pairs if levels]
        if useful:
            first = tuple(titles[slug] for slug in offered.course.prerequisites if slug in titles)
            levels = sum(levels for _, levels in useful)
            found.append(Advice(offered=offered, lines=tuple(line for line, _ in useful), closes=levels, first=first))
    return sorted(found, key=lambda each: (-each.worth, each.hours, each.offered.course.title))[:most]
