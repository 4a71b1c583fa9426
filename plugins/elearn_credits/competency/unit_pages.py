"""The pages of the head of a unit: hours, gaps, who needs attention, the people; as CSV and XLSX too. Nobody is ranked: people stand by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from math import ceil
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from elearn import (
    NotAllowed,
    Person,
    Refused,
    Unit,
    needs,
    note,
    page_number,
    read_id,
    reading,
    render,
    setting,
    site_of,
    spaced_nip,
    table_file,
    viewer,
    writing,
)
from elearn import gettext as _

from .. import ledger
from ..rules import book_of
from ..views import blueprint
from ..years import YearTotal
from .framework import framework
from .reminding import remind
from .report import MOST_NAMED, OWN, Hours, Part, UnitReport, attention, below, unit_report

Answer = str | AnyResponse
FIRST_YEAR = 2000
PAGE = 50
PERMISSION = "credits.unit"


def _units(session: Session) -> list[Unit]:
    """The units that the viewer heads, or the topmost ones for who sees the whole site."""
    holders = viewer().roles_of.get(PERMISSION, frozenset())
    scopes = [scope for scope in viewer().scopes if scope.role in holders]
    if any(scope.kind == "site" for scope in scopes):
        return list(session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.name).limit(100)))
    return list(
        session.scalars(select(Unit).where(Unit.id.in_({scope.id for scope in scopes if scope.kind == "unit"})).order_by(Unit.name))
    )


def _unit(session: Session) -> tuple[Unit, list[Unit]]:
    """The unit asked for, which must lie within what the viewer heads, and where one may go from here."""
    mine = _units(session)
    wanted = request.values.get("unit", type=int)
    unit = session.get(Unit, wanted) if wanted else (mine[0] if mine else None)
    if unit is None:
        raise NotFound
    if not viewer().can(PERMISSION, unit_path=unit.path):
        raise NotAllowed(PERMISSION)
    return unit, mine


def _top(session: Session, unit: Unit) -> Unit:
    """The topmost unit above (or at) this one that the viewer may open: what its page hides stays hidden below."""
    ids = [int(step) for step in unit.path.split("/") if step]
    above = {row.id: row for row in session.scalars(select(Unit).where(Unit.id.in_(ids)))}
    return next((above[one] for one in ids if one in above and viewer().can(PERMISSION, unit_path=above[one].path)), unit)


def _year(session: Session) -> tuple[int, int]:
    this = ledger.today(session).year
    year = request.args.get("tahun", this, type=int)
    return (year if FIRST_YEAR <= year <= this else this), this


def _target(session: Session, year: int) -> int:
    """What the year asks of a PNS, as on their transcript: by the rules of its last day, else by the setting."""
    rules = book_of(site_of(session)).on(date(year, 12, 31))
    duty = rules.duty("pns") if rules else None
    return ceil(duty.jp) if duty and duty.sense == "floor" else int(setting("jp_target"))


@blueprint.get("/unit")
@needs(PERMISSION)
def unit() -> Answer:
    """The summary; ``?format=csv`` and ``?format=xlsx`` give it as a file."""
    session = reading()
    where, mine = _unit(session)
    year, this = _year(session)
    target, today = _target(session, year), ledger.today(session)
    report = unit_report(session, where, year=year, target=target, framework=framework(session), top=_top(session, where))
    if request.args.get("format") in ("csv", "xlsx"):
        return table_file(f"unit-{where.id}-{year}", _rows(report), style=str(request.args["format"]))
    parent = session.get(Unit, where.parent_id) if where.parent_id else None
    if parent is not None and not viewer().can(PERMISSION, unit_path=parent.path):
        parent = None
    return render(
        "credits/unit.html",
        report=report,
        mine=mine,
        parent=parent,
        years=range(this, this - 5, -1),
        needy=attention(session, where, today=today, target=target) if year == this else [],
        this=this,
        most=MOST_NAMED,
        own=OWN,
        rows=_heat_rows(report),
        quarters=_trend(report, until=(today.month + 2) // 3 if year == this else 4),
    )


def _name(part: Part) -> str:
    return _("%(name)s (langsung)", name=part.name) if part.id == OWN else part.name


def _heat_rows(report: UnitReport) -> list[tuple[int, str]]:
    """The rows of the heat map: the whole, unless it has one part only, and the parts."""
    rows = [(part.id, _name(part)) for part in report.parts]
    return [(report.unit.id, _("Seluruhnya")), *rows] if len(rows) > 1 else [(report.unit.id, report.unit.name)]


def _trend(report: UnitReport, *, until: int) -> list[tuple[int, float, float, float]]:
    """For each quarter that has begun: its number, JP a person gained in it, JP a person by its end, and what the target asks by then."""
    means = (0.0, *report.hours.quarters[:until])
    return [(number, means[number] - means[number - 1], means[number], report.target * number / 4) for number in range(1, len(means))]


@blueprint.post("/unit/ingatkan")
@needs(PERMISSION)
def reminded() -> Answer:
    """Remind one person, or all who are ticked."""
    ids = {read_id(text) for text in request.form.getlist("orang")[:MOST_NAMED]}
    rule = request.form.get("aturan", "pace")
    sent, rested = 0, 0
    with writing() as session:
        where, _mine = _unit(session)
        people = session.scalars(select(Person).join(Unit, Unit.id == Person.unit_id).where(Person.id.in_(ids), below(where.path)))
        for person in people.all():
            try:
                remind(session, person.id, by=viewer().id, rule=rule)
                sent += 1
            except Refused as refused:
                if refused.code != "reminded":
                    raise
                rested += 1
        if sent:
            note(session, "credits.remind", actor=viewer().id, subject=f"unit:{where.id}", detail=str(sent))
    if sent:
        flash(_("%(count)s orang diingatkan.", count=sent), "ok")
    if rested:
        flash(_("%(count)s orang sudah diingatkan kurang dari 14 hari yang lalu; mereka tidak diingatkan lagi.", count=rested), "warn")
    if not ids:
        flash(_("Pilih orang yang akan diingatkan."), "warn")
    return redirect(url_for(".unit", unit=where.id, _anchor="perhatian"))


@blueprint.get("/unit/orang")
@needs(PERMISSION)
def people() -> Answer:
    """The people of the unit and below, by name, with their hours."""
    session = reading()
    where, _mine = _unit(session)
    year, this = _year(session)
    page = page_number()
    rows = session.execute(
        select(Person, Unit.name, func.coalesce(YearTotal.jp, 0))
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(YearTotal, and_(YearTotal.person_id == Person.id, YearTotal.year == year))
        .where(Person.active, below(where.path))
        .order_by(Person.name, Person.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    ).all()
    target = _target(session, year)
    return render(
        "credits/unit_people.html",
        unit=where,
        year=year,
        years=range(this, this - 5, -1),
        rows=rows[:PAGE],
        page=page,
        more=len(rows) > PAGE,
        target=target,
        spaced_nip=spaced_nip,
    )


def _rows(report: UnitReport) -> Iterator[list[Any]]:
    """The report as a table: a row for the whole and each subunit; what is hidden stays empty and says so."""
    names = [each.name for each in report.competencies]
    head = [_("Unit"), _("Orang"), _("Memenuhi"), _("Belum memenuhi"), _("Rata-rata JP")]
    head += [_("Rata-rata JP sampai triwulan %(number)s", number=number) for number in range(1, 5)]
    yield [
        *head,
        *(text for name in names for text in (_("Kesenjangan: %(name)s", name=name), _("Bagian yang kurang: %(name)s", name=name))),
    ]
    yield [report.unit.name, *_hours_cells(report.hours), *_gap_cells(report, report.unit.id)]
    for part in report.parts:
        yield [_name(part), *_hours_cells(part.hours), *_gap_cells(report, part.id)]


def _hours_cells(hours: Hours) -> Iterable[Any]:
    if hours.hidden:
        return [_("disembunyikan"), *[""] * 7]
    return [hours.people, hours.met, hours.people - hours.met, round(hours.mean, 2), *(round(value, 2) for value in hours.quarters)]


def _gap_cells(report: UnitReport, part: int) -> Iterable[Any]:
    for each in report.competencies:
        cell = report.cells.get((part, each.code))
        yield from (round(cell.mean_gap, 2), round(cell.short, 2)) if cell else ("", "")
