"""The shortest way to this year's hours: of the courses on offer those that together bring enough in the fewest minutes. Pure.

A course that was begun costs only what is left of it; one that asks for others brings them along. Of two ways of the same length the one
that closes more of the gap is taken, then the one with fewer courses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from elearn import Offered

JP_MINUTES = 45  # for a course that says nothing of its minutes


@dataclass(frozen=True, kw_only=True)
class Way:
    """Courses that together bring the hours still missing, in the order to take them: JP, minutes, and the fewest days they take.
    ``missing`` is what the courses on offer cannot bring."""

    courses: tuple[Offered, ...]
    hours: int
    minutes: int
    days: int
    missing: Decimal


@dataclass(frozen=True, kw_only=True)
class _Option:
    courses: tuple[Offered, ...]
    hours: int
    minutes: int
    closes: int

    @property
    def cost(self) -> tuple[int, int, int]:
        return self.minutes, -self.closes, len(self.courses)

    def with_(self, other: _Option, begun: Mapping[int, int], closes: Mapping[int, int]) -> _Option:
        """Both together; what both bring along counts once."""
        return _option((*self.courses, *(each for each in other.courses if each not in self.courses)), begun, closes)


def _option(courses: tuple[Offered, ...], begun: Mapping[int, int], closes: Mapping[int, int]) -> _Option:
    return _Option(
        courses=courses,
        hours=sum(each.course.hours for each in courses),
        minutes=sum(begun.get(each.course_id, each.course.minutes or each.course.hours * JP_MINUTES) for each in courses),
        closes=sum(closes.get(each.course_id, 0) for each in courses),
    )


NOTHING = _Option(courses=(), hours=0, minutes=0, closes=0)


def shortest_way(
    missing: Decimal,
    offers: Iterable[Offered],
    *,
    done: Collection[int] = (),
    begun: Mapping[int, int] | None = None,
    closes: Mapping[int, int] | None = None,
    daily: Decimal | None = None,
) -> Way:
    """The way to ``missing`` JP. By course id: ``done`` ones are left out, ``begun`` are the minutes left, ``closes`` the levels of the
    gap. ``daily``: the JP that count in a day."""
    begun, closes = begun or {}, closes or {}
    options = _options([each for each in offers if each.course_id not in done], begun, closes)
    need = ceil(missing)
    best: dict[int, _Option] = {0: NOTHING}  # by JP, as many as are needed at most
    for option in options:
        for hours, way in sorted(best.items(), reverse=True):
            if hours < need:
                longer = way.with_(option, begun, closes)
                place = min(need, longer.hours)
                if place not in best or longer.cost < best[place].cost:
                    best[place] = longer
    way = best[max(best)]
    days = ceil(min(Decimal(way.hours), missing) / daily) if daily and way.courses else 0
    return Way(courses=way.courses, hours=way.hours, minutes=way.minutes, days=days, missing=max(Decimal(0), missing - way.hours))


def _options(offers: list[Offered], begun: Mapping[int, int], closes: Mapping[int, int]) -> list[_Option]:
    """Every course that brings hours, with those it asks for before it; in an order that does not depend on how they were listed."""
    by_slug = {each.course.slug: each for each in offers}
    options = []
    for offered in sorted(offers, key=lambda each: each.course.slug):
        courses = _with_those_before(offered, by_slug, ())
        if offered.course.hours and courses:
            options.append(_option(courses, begun, closes))
    return options


def _with_those_before(offered: Offered, by_slug: Mapping[str, Offered], seen: tuple[str, ...]) -> tuple[Offered, ...]:
    """The course after those it asks for that are still to be done; () where they ask for one another."""
    slug = offered.course.slug
    if slug in seen:
        return ()
    courses: list[Offered] = []
    for other in offered.course.prerequisites:
        if other in by_slug:
            before = _with_those_before(by_slug[other], by_slug, (*seen, slug))
            if not before:
                return ()
            courses += [each for each in before if each not in courses]
    return (*courses, offered)
