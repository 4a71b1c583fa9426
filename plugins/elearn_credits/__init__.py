"""Credit hours (JP): a ledger that says what is left this year, and why."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import render_template
from markupsafe import Markup
from sqlalchemy import delete, select

from elearn import (
    About,
    ActivityGraded,
    Card,
    CourseCompleted,
    NavEntry,
    Permission,
    Personal,
    Plugin,
    Setting,
    Standing,
    Viewer,
)
from elearn import gettext as _

from . import ledger, recounting, rule_pages
from . import person_pages as person_pages
from .commands import COMMANDS
from .competency import evidence, pages, reminding, unit_pages, upkeep
from .competency.models import CompetencyLevel, CompetencyRow, Evidence, PostStandard, ProfessionalFigure, Reminder, WantedPost
from .competency.reminding import PersonReminded
from .models import Contract, LedgerEntry
from .outside import verifying
from .outside.pages import VERIFY
from .views import blueprint
from .years import YearTotal

HERE = Path(__file__).parent


def nav(viewer: Viewer) -> Iterable[NavEntry]:
    """The transcript's tab."""
    if viewer.person:
        yield NavEntry(title="Transkrip", endpoint="credits.transcript", icon="list", order=30)
    if viewer.can(unit_pages.PERMISSION):
        yield NavEntry(
            title="Unit",
            endpoint="credits.unit",
            icon="chart",
            area="work",
            order=20,
            summary="JP unit, kesenjangan kompetensi, dan siapa yang perlu perhatian.",
        )
    if viewer.can(VERIFY):
        yield verifying.ENTRY
    if viewer.can("credits.competency"):
        yield NavEntry(
            title="Kompetensi",
            endpoint="credits.upkeep",
            icon="award",
            area="work",
            order=60,
            summary="Kamus kompetensi, standar jabatan, hasil penilaian, dan indeks profesionalitas dari berkas.",
        )
    if viewer.can(rule_pages.PERMISSION):
        yield rule_pages.ENTRY


def card(viewer: Viewer) -> Card | None:
    """This year's hours, on the home page."""
    if viewer.person is None:
        return None
    session = viewer.session
    year = ledger.today(session).year
    account = ledger.year_account(session, viewer.id, kind=viewer.person.kind or "pns", year=year)
    return Card(title=_("JP tahun %(year)s", year=year), body=Markup(render_template("credits/card.html", account=account)), order=10)


def completed(viewer: Viewer, standing: Any) -> Markup | None:
    """What a completed course brought."""
    if not isinstance(standing, Standing) or standing.state != "completed":
        return None
    entries = ledger.entries_of(viewer.session, standing.person_id)
    kind = (viewer.person.kind if viewer.person else "") or "pns"
    account = ledger.year_account(viewer.session, standing.person_id, kind=kind, year=ledger.today(viewer.session).year, entries=entries)
    line = next((line for line in account.lines if line.entry.enrolment_id == standing.enrolment_id), None)
    waiting = line is None and not any(entry.enrolment_id == standing.enrolment_id for entry in entries)
    return Markup(render_template("credits/completed.html", account=account, line=line, waiting=waiting))


def export(about: About) -> Any:
    """All rows about a person, corrected ones too."""
    rows = about.session.scalars(select(LedgerEntry).where(LedgerEntry.person_id == about.person_id).order_by(LedgerEntry.id))
    contract = ledger.contract_start(about.session, about.person_id)
    return {
        "entries": [{column.key: str(getattr(row, column.key)) for column in LedgerEntry.__table__.columns} for row in rows],
        "contract_starts_on": contract.isoformat() if contract else None,
        "competency": upkeep.export(about),
    }


def erase(about: About) -> None:
    """The contract's day, the post wished for and the reminders go; ledger and evidence stay, for they are a record of service."""
    for model in (Contract, WantedPost, Reminder):
        about.session.execute(delete(model).where(model.person_id == about.person_id))


plugin = Plugin(
    name="credits",
    title="Transkrip JP",
    summary="Buku JP: hak 20 JP setahun, batas harian, dan transkrip.",
    blueprint=blueprint,
    mount="/transkrip",
    models=(
        LedgerEntry,
        Contract,
        YearTotal,
        CompetencyRow,
        PostStandard,
        Evidence,
        CompetencyLevel,
        WantedPost,
        ProfessionalFigure,
        Reminder,
    ),
    migrations=HERE / "migrations",
    nav=nav,
    cards=(card, pages.card, reminding.card),
    slots={"completed": completed},
    permissions=(
        Permission(name=rule_pages.PERMISSION, title="Memperbaiki buku JP", roles=("administrator",)),
        Permission(name="credits.verify", title="Memverifikasi kegiatan di luar", roles=("unit_head", "administrator")),
        Permission(name="credits.unit", title="Melihat JP dan kesenjangan kompetensi unit", roles=("unit_head", "administrator")),
        Permission(name="credits.competency", title="Mengelola kamus, standar, dan penilaian kompetensi", roles=("administrator",)),
    ),
    settings=(Setting(name="rules", default="jp-rules", help="A folder of the site's own JP rule sets (TOML), beside the store."),),
    events=(PersonReminded,),
    subscribers={
        CourseCompleted: (ledger.record_course, evidence.course_completed),
        ActivityGraded: (evidence.activity_graded,),
        PersonReminded: (reminding.send_mail,),
    },
    commands=COMMANDS,
    jobs=(recounting.KIND,),
    personal=Personal(export=export, erase=erase),
    translations=HERE / "translations",
)
