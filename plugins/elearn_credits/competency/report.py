"""What the head of a unit sees: hours met and unmet, the gaps by subunit, who needs attention. Sums are made by the database; groups
too small to show are hidden before anything leaves here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from elearn import Person, Unit, idle_learners, now, shown_tree

from ..years import QUARTERS, YearTotal
from .evidence import token
from .failing import OFTEN
from .framework import LEVELS, Competency
from .models import CompetencyProfile, FinalTestFailed
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
    """One unit in one year. ``cells`` by part and competency; the unit itself stands there as a whole, its own people under ``OWN``."""

    unit: Unit
    year: int
    target: int
    hours: Hours
    parts: tuple[Part, ...]
    competencies: tuple[Competency, ...] = ()
    cells: Mapping[tuple[int, str], HeatCell | None] = field(default_factory=dict)


OWN = 0  # in the place of an id: the people of the unit itself, without those of its subunits


def below(path: str) -> ColumnElement[bool]:
    """The units of a subtree."""
    return Unit.path.startswith(path, autoescape=True)


@dataclass(frozen=True, kw_only=True)
class _Tree:
    """The units below a topmost one: names and paths by id, children by id, by name."""

    top: int
    names: Mapping[int, str]
    paths: Mapping[int, str]
    children: Mapping[int, list[int]]

    def places(self, unit_id: int) -> dict[int, list[int]]:
        """The places on the page of a unit, with the units whose people they sum up: itself, ``OWN``, its children."""

        def within(node: int) -> list[int]:
            return [one for one, path in self.paths.items() if path.startswith(self.paths[node])]

        return {unit_id: within(unit_id), OWN: [unit_id]} | {child: within(child) for child in self.children.get(unit_id, ())}


def _tree(session: Session, top: Unit) -> _Tree:
    rows = session.execute(select(Unit.id, Unit.name, Unit.path, Unit.parent_id).where(below(top.path)).order_by(Unit.name)).all()
    children: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        if row.id != top.id and row.parent_id is not None:
            children[row.parent_id].append(row.id)
    return _Tree(top=top.id, names={row.id: row.name for row in rows}, paths={row.id: row.path for row in rows}, children=children)


def unit_report(
    session: Session, unit: Unit, *, year: int, target: int, framework: Mapping[str, Competency], top: Unit | None = None
) -> UnitReport:
    """The report; six statements, whatever the size of the unit. ``top`` is the topmost unit that the reader may open: what is hidden
    on its page stays hidden on all pages below, so that no two of them together tell what one does not."""
    tree = _tree(session, top or unit)
    sums = _hours_by_unit(session, tree, year=year, target=target)
    wholes, owns = shown_tree({unit_id: int(values[0]) for unit_id, values in sums.items()}, tree.children, tree.top)
    places = tree.places(unit.id)

    def hours(place: int) -> Hours:
        rows = [sums[one] for one in places[place] if one in sums]
        return _hours([sum(column) for column in zip(*rows, strict=True)]) if rows and _shown(place, unit.id, wholes, owns) else Hours()

    names = {OWN: unit.name} | {child: tree.names[child] for child in tree.children.get(unit.id, ())}
    cells = _heat(session, tree, unit.id)
    codes = {code for (_place, code), cell in cells.items() if cell is not None}
    return UnitReport(
        unit=unit,
        year=year,
        target=target,
        hours=hours(unit.id),
        parts=tuple(
            Part(id=place, name=name, hours=hours(place)) for place, name in names.items() if any(one in sums for one in places[place])
        ),
        competencies=tuple(each for code, each in framework.items() if code in codes),
        cells=cells,
    )


def _shown(place: int, unit_id: int, wholes: Collection[int], owns: Collection[int]) -> bool:
    """Whether a place on the page of a unit may be shown: the unit itself, its own people, a subunit."""
    return (unit_id in wholes and unit_id in owns) if place == OWN else place in wholes


def _hours_by_unit(session: Session, tree: _Tree, *, year: int, target: int) -> dict[int, list[float]]:
    """For each unit: people, people who met the target, JP, and JP by the end of each quarter. PPPK have a ceiling, not a duty: whoever
    has any hours meets it. Two statements: whoever has no hours has no row to sum up."""
    units = select(Unit.id).where(below(tree.paths[tree.top]))
    here = (Person.active, Person.unit_id.in_(units))
    counts = session.execute(select(Person.unit_id, func.count()).where(*here).group_by(Person.unit_id))
    found = {unit_id: [float(count), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0] for unit_id, count in counts if unit_id is not None}
    met = case((or_(YearTotal.jp >= target, and_(YearTotal.jp > 0, Person.kind.startswith("pppk"))), 1), else_=0)
    sums = session.execute(
        select(Person.unit_id, func.sum(met), *(func.sum(getattr(YearTotal, name)) for name in ("jp", *QUARTERS)))
        .select_from(YearTotal)
        .join(Person, Person.id == YearTotal.person_id)
        .where(YearTotal.year == year, *here)
        .group_by(Person.unit_id)
    )
    for unit_id, *values in sums:
        count, (many, jp, *quarters) = found[unit_id][0], [float(value) for value in values]
        found[unit_id] = [count, many, jp, *accumulate(quarters)]
    return found


def _hours(values: list[float]) -> Hours:
    people, met, total, *quarters = values
    if not people:
        return Hours()
    return Hours(people=int(people), met=int(met), mean=total / people, quarters=tuple(quarter / people for quarter in quarters))


Known = dict[str, dict[int, list[int]]]  # by competency and unit: people, missing levels, people with a gap


def _heat(session: Session, tree: _Tree, unit_id: int) -> dict[tuple[int, str], HeatCell | None]:
    """The cells of the unit, its own people and its subunits, by competency; for each competency the people are another tree."""
    cells: dict[tuple[int, str], HeatCell | None] = {}
    places = tree.places(unit_id)
    for code, by_unit in _known(session, tree).items():
        wholes, owns = shown_tree({one: values[0] for one, values in by_unit.items()}, tree.children, tree.top)
        for place, units in places.items():
            count, missing, short = (
                sum(column) for column in zip([0, 0, 0], *(by_unit[one] for one in units if one in by_unit), strict=True)
            )
            shown = count and _shown(place, unit_id, wholes, owns)
            cells[place, code] = HeatCell(people=count, mean_gap=missing / count, short=short / count) if shown else None
    return cells


def _known(session: Session, tree: _Tree) -> Known:
    """The database strings the profiles of people of the same unit and post together; what the post asks is counted in that text."""
    groups = session.execute(
        select(Person.unit_id, Person.post, func.aggregate_strings(CompetencyProfile.levels, ""))
        .join(CompetencyProfile, CompetencyProfile.person_id == Person.id)
        .where(Person.active, Person.unit_id.in_(select(Unit.id).where(below(tree.paths[tree.top]))))
        .group_by(Person.unit_id, Person.post)
    ).all()
    asked = standards(session, {row[1] for row in groups})
    known: Known = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    for unit_id, post, text in groups:
        for code, wanted in asked[post].levels.items():
            values = known[code][int(unit_id or 0)]
            for level in range(1, LEVELS + 1):
                count, gap = text.count(token(code, level)), max(0, wanted - level)
                values[0] += count
                values[1] += gap * count
                values[2] += count if gap else 0
    return known


@dataclass(frozen=True, kw_only=True)
class Attention:
    """Somebody who may need a word, and by which rule: "pace" (under half of the hours this day of the year asks), "failed" (a final
    test failed twice and not passed), "idle" (nothing done in a running course for three weeks)."""

    person: Person
    rule: str
    jp: Decimal
    title: str = ""
    since: date | None = None


def attention(session: Session, unit: Unit, *, today: date, target: int) -> list[Attention]:
    """The people of the unit and below who need attention, by name; of each rule at most ``MOST_NAMED`` and one more, which tells that
    there are others. Five statements."""
    ids = list(session.scalars(select(Unit.id).where(below(unit.path))))
    half = Decimal(target) * today.timetuple().tm_yday / 365 / 2
    jp = func.coalesce(YearTotal.jp, 0)
    slow = session.execute(
        select(Person, jp)
        .outerjoin(YearTotal, and_(YearTotal.person_id == Person.id, YearTotal.year == today.year))
        .where(Person.active, Person.unit_id.in_(ids), ~Person.kind.startswith("pppk"), jp < half)
        .order_by(Person.name)
        .limit(MOST_NAMED + 1)
    ).all()
    found = [Attention(person=person, rule="pace", jp=Decimal(value)) for person, value in slow] if half >= 1 else []
    failed = session.execute(
        select(Person, FinalTestFailed)
        .join(FinalTestFailed, FinalTestFailed.person_id == Person.id)
        .where(Person.active, Person.unit_id.in_(ids), FinalTestFailed.times >= OFTEN)
        .order_by(Person.name)
        .limit(MOST_NAMED + 1)
    )
    found += [Attention(person=row[0], rule="failed", jp=Decimal(0), title=row[1].title, since=row[1].last_on) for row in failed]
    idle = idle_learners(session, ids, before=now() - timedelta(days=IDLE_DAYS))[: MOST_NAMED + 1]
    people = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_({each.person_id for each in idle})))}
    found += [
        Attention(person=people[each.person_id], rule="idle", jp=Decimal(0), title=each.title, since=each.since.date()) for each in idle
    ]
    return sorted(found, key=lambda each: (each.person.name, each.rule))
