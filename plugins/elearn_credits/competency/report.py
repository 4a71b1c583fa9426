"""What the head of a unit sees: hours met and unmet, the gaps by subunit, who needs attention. Sums are made by the database; groups
too small to show are hidden before anything leaves here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from elearn import Person, Unit, idle_learners, now, shown_cells, shown_parts

from ..years import QUARTERS, YearTotal
from .framework import Competency
from .models import CompetencyLevel
from .standards import standards

IDLE_DAYS = 21
MOST_NAMED = 200


@dataclass(frozen=True, kw_only=True)
class Hours:
    """The hours of a group in a year. ``people`` is 0 and the rest empty where the group is hidden. ``quarters``: mean JP by the end
    of each quarter."""

    people: int = 0
    met: int = 0
    mean: float = 0.0
    quarters: tuple[float, ...] = ()

    @property
    def hidden(self) -> bool:
        """Whether the group is too small to show."""
        return self.people == 0


@dataclass(frozen=True, kw_only=True)
class Part:
    """A subunit: its own people and all below it."""

    id: int
    name: str
    hours: Hours


@dataclass(frozen=True, kw_only=True)
class HeatCell:
    """Of the people of a subunit whose post asks the competency: how many levels are missing on average, and the share with a gap.
    None in place of a cell means that it is hidden or empty."""

    people: int
    mean_gap: float
    short: float

    @property
    def tone(self) -> str:
        """The colour of the cell, which stands beside its number: "low" for much that is missing, "high" for little."""
        return "low" if self.mean_gap >= 1 else "mid" if self.mean_gap >= 0.5 else "high"


@dataclass(frozen=True, kw_only=True)
class UnitReport:
    """One unit in one year."""

    unit: Unit
    year: int
    target: int
    hours: Hours
    parts: tuple[Part, ...]
    competencies: tuple[Competency, ...] = ()
    cells: Mapping[tuple[int, str], HeatCell | None] = field(default_factory=dict)


def below(path: str) -> ColumnElement[bool]:
    """The units of a subtree."""
    return Unit.path.startswith(path, autoescape=True)


def unit_report(session: Session, unit: Unit, *, year: int, target: int, framework: Mapping[str, Competency]) -> UnitReport:
    """The report; four statements, whatever the size of the unit."""
    units = list(session.execute(select(Unit.id, Unit.name, Unit.path).where(below(unit.path)).order_by(Unit.name)))
    part_of, names = _parts(unit, [tuple(row) for row in units])
    per_unit = _hours_by_unit(session, unit, year=year, target=target)
    sums: dict[int, list[float]] = defaultdict(lambda: [0.0] * 7)
    for unit_id, *values in per_unit:
        sums[part_of[unit_id]] = [have + float(value or 0) for have, value in zip(sums[part_of[unit_id]], values, strict=True)]
    whole = [sum(column) for column in zip(*sums.values(), strict=True)] if sums else [0.0] * 7
    shown = shown_parts({part: int(values[0]) for part, values in sums.items()})
    parts = tuple(Part(id=part, name=names[part], hours=_hours(sums[part]) if part in shown else Hours()) for part in names if part in sums)
    cells = _heat(session, unit, part_of)
    codes = {code for _, code in cells}
    return UnitReport(
        unit=unit,
        year=year,
        target=target,
        hours=_hours(whole) if shown_parts({unit.id: int(whole[0])}) else Hours(),
        parts=parts,
        competencies=tuple(each for code, each in framework.items() if code in codes),
        cells=cells,
    )


def _parts(unit: Unit, units: list[tuple[Any, ...]]) -> tuple[dict[int, int], dict[int, str]]:
    """Which subunit (child of ``unit``, or itself) each unit of the subtree belongs to, and the names of those."""
    part_of, names = {}, {}
    by_id = {unit_id: name for unit_id, name, _ in units}
    for unit_id, _, path in units:
        inside = [int(step) for step in path[len(unit.path) :].split("/") if step]
        part = inside[0] if inside else unit.id
        part_of[unit_id] = part
        names[part] = by_id[part]
    return part_of, dict(sorted(names.items(), key=lambda pair: (pair[0] != unit.id, pair[1])))


def _hours_by_unit(session: Session, unit: Unit, *, year: int, target: int) -> list[Any]:
    """For each unit: people, people who met the target, JP, and JP by the end of each quarter. PPPK have a ceiling, not a duty: whoever
    has any hours meets it."""
    jp = func.coalesce(YearTotal.jp, 0)
    met = or_(jp >= target, and_(Person.kind.startswith("pppk"), jp > 0))
    quarters = [func.coalesce(getattr(YearTotal, name), 0) for name in QUARTERS]
    running = [sum(quarters[1 : count + 1], quarters[0]) for count in range(4)]
    statement = (
        select(Person.unit_id, func.count(), func.sum(case((met, 1), else_=0)), func.sum(jp), *(func.sum(each) for each in running))
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(YearTotal, and_(YearTotal.person_id == Person.id, YearTotal.year == year))
        .where(Person.active, below(unit.path))
        .group_by(Person.unit_id)
    )
    return [tuple(row) for row in session.execute(statement)]


def _hours(values: list[float]) -> Hours:
    people, met, total, *quarters = values
    if not people:
        return Hours()
    return Hours(people=int(people), met=int(met), mean=total / people, quarters=tuple(quarter / people for quarter in quarters))


def _heat(session: Session, unit: Unit, part_of: Mapping[int, int]) -> dict[tuple[int, str], HeatCell | None]:
    """The cells by subunit and competency. The database groups people by unit, post and level; what a post asks is laid beside it here."""
    people = session.execute(
        select(Person.unit_id, Person.post, func.count())
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.active, below(unit.path))
        .group_by(Person.unit_id, Person.post)
    ).all()
    asked = standards(session, {post for _, post, _ in people})
    levels = session.execute(
        select(Person.unit_id, Person.post, CompetencyLevel.code, CompetencyLevel.level, func.count())
        .join(Unit, Unit.id == Person.unit_id)
        .join(CompetencyLevel, CompetencyLevel.person_id == Person.id)
        .where(Person.active, below(unit.path))
        .group_by(Person.unit_id, Person.post, CompetencyLevel.code, CompetencyLevel.level)
    ).all()
    known: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])  # people, missing levels, people with a gap
    for unit_id, post, code, level, count in levels:
        wanted = asked[post].levels.get(code)
        if wanted is not None and unit_id is not None:
            cell = known[part_of[unit_id], code]
            gap = max(0, wanted - level)
            cell[0] += count
            cell[1] += gap * count
            cell[2] += count if gap else 0
    shown = shown_cells({place: values[0] for place, values in known.items()})
    return {
        place: HeatCell(people=count, mean_gap=missing / count, short=short / count) if place in shown and count else None
        for place, (count, missing, short) in known.items()
    }


@dataclass(frozen=True, kw_only=True)
class Attention:
    """Somebody who may need a word, and by which rule: "pace" (under half of the hours this day of the year asks), "idle" (nothing
    done in a running course for three weeks)."""

    person: Person
    rule: str
    jp: Decimal
    title: str = ""
    since: date | None = None


def attention(session: Session, unit: Unit, *, today: date, target: int) -> list[Attention]:
    """The people of the unit and below who need attention, by name; at most ``MOST_NAMED``. Three statements."""
    ids = list(session.scalars(select(Unit.id).where(below(unit.path))))
    half = Decimal(target) * today.timetuple().tm_yday / 365 / 2
    jp = func.coalesce(YearTotal.jp, 0)
    slow = session.execute(
        select(Person, jp)
        .outerjoin(YearTotal, and_(YearTotal.person_id == Person.id, YearTotal.year == today.year))
        .where(Person.active, Person.unit_id.in_(ids), ~Person.kind.startswith("pppk"), jp < half)
        .order_by(Person.name)
        .limit(MOST_NAMED)
    ).all()
    found = [Attention(person=person, rule="pace", jp=Decimal(value)) for person, value in slow] if half >= 1 else []
    idle = idle_learners(session, ids, before=now() - timedelta(days=IDLE_DAYS))
    people = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_({each.person_id for each in idle})))}
    found += [
        Attention(person=people[each.person_id], rule="idle", jp=Decimal(0), title=each.title, since=each.since.date()) for each in idle
    ]
    return sorted(found, key=lambda each: (each.person.name, each.rule))[:MOST_NAMED]
