"""The pages of the head of a unit: hours, gaps, who needs attention, the people; as CSV and XLSX too. Nobody is ranked: people stand by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    reading,
    render,
    setting,
    spaced_nip,
    table_file,
    viewer,
    writing,
)
from elearn import gettext as _

from .. import ledger
from ..views import blueprint
from ..years import YearTotal
from .framework import framework
from .reminding import remind
from .report import UnitReport, attention, below, unit_report

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


def _year(session: Session) -> tuple[int, int]:
    this = ledger.today(session).year
    year = request.args.get("tahun", this, type=int)
    return (year if FIRST_YEAR <= year <= this else this), this


@blueprint.get("/unit")
@needs(PERMISSION)
def unit() -> Answer:
    """The summary; ``?format=csv`` and ``?format=xlsx`` give it as a file."""
    session = reading()
    where, mine = _unit(session)
    year, this = _year(session)
    report = unit_report(session, where, year=year, target=int(setting("jp_target")), framework=framework(session))
    if request.args.get("format") in ("csv", "xlsx"):
        return table_file(f"unit-{where.id}-{year}", _rows(report), style=str(request.args["format"]))
    parent = session.get(Unit, where.parent_id) if where.parent_id else None
    if parent is not None and not viewer().can(PERMISSION, unit_path=parent.path):
        parent = None
    needy = attention(session, where, today=ledger.today(session), target=int(setting("jp_target"))) if year == this else []
    return render("credits/unit.html", report=report, mine=mine, parent=parent, years=range(this, this - 5, -1), needy=needy, this=this)


@blueprint.post("/unit/ingatkan")
@needs(PERMISSION)
def reminded() -> Answer:
    """Remind one person, or all who are ticked."""
    ids = {int(text) for text in request.form.getlist("orang")[:200] if text.isdigit()}
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
    target = int(setting("jp_target"))
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
    yield [_("Unit"), _("Orang"), _("Memenuhi"), _("Rata-rata JP"), *(_("Kesenjangan: %(name)s", name=name) for name in names)]
    yield [report.unit.name, *_hours_cells(report.hours), *([""] * len(names))]
    for part in report.parts:
        yield [part.name, *_hours_cells(part.hours), *_gap_cells(report, part.id)]


def _hours_cells(hours: Any) -> Iterable[Any]:
    return [_("disembunyikan"), "", ""] if hours.hidden else [hours.people, hours.met, round(hours.mean, 2)]


def _gap_cells(report: UnitReport, part: int) -> Iterable[Any]:
    for each in report.competencies:
        cell = report.cells.get((part, each.code))
        yield round(cell.mean_gap, 2) if cell else ""
