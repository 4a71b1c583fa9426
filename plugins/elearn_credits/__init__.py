"""Credit hours (JP): a ledger that says what is left this year, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from elearn import (
    About,
    ActivityGraded,
    CourseCompleted,
    NavEntry,
    Permission,
    Personal,
    Plugin,
    Setting,
    Viewer,
    site_of,
)

from . import home, ledger, recounting, rule_pages
from . import person_pages as person_pages
from .acts import ACTS
from .commands import COMMANDS
from .competency import evidence, failing, pages, reminding, unit_pages, upkeep
from .competency import models as competency_models
from .competency.reminding import PersonReminded
from .demo import demo_site
from .models import Contract, LedgerEntry
from .outside import verifying
from .outside.pages import VERIFY
from .personnel import checking, records, sending
from .personnel import models as personnel_models
from .personnel import pages as personnel_pages
from .personnel.settings import SETTINGS
from .rules import book_of
from .views import blueprint
from .words import basis_words
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
    if viewer.can("credits.competency", unit_path="/"):
        yield NavEntry(
            title="Kompetensi",
            endpoint="credits.upkeep",
            icon="award",
            area="work",
            order=60,
            summary="Kamus kompetensi, standar jabatan, hasil penilaian, dan indeks profesionalitas dari berkas.",
        )
    if viewer.can(rule_pages.PERMISSION, unit_path="/"):
        yield rule_pages.ENTRY
    if viewer.can(personnel_pages.PERMISSION, unit_path="/"):
        yield personnel_pages.ENTRY


def export(about: About) -> Any:
    """All rows about a person, corrected ones too."""
    rows = about.session.scalars(select(LedgerEntry).where(LedgerEntry.person_id == about.person_id).order_by(LedgerEntry.id))
    contract = ledger.contract_start(about.session, about.person_id)
    return {
        "entries": [{column.key: str(getattr(row, column.key)) for column in LedgerEntry.__table__.columns} for row in rows],
        "contract_starts_on": contract.isoformat() if contract else None,
        "competency": upkeep.export(about),
        "personnel": checking.export(about),
    }


def erase(about: About) -> None:
    """The contract's day, the post wished for and the reminders go; ledger and evidence stay, for they are a record of service."""
    known = competency_models
    for model in (Contract, known.WantedPost, known.Reminder, known.FinalTestFailed, personnel_models.PersonnelIdentity):
        about.session.execute(delete(model).where(model.person_id == about.person_id))


def hours_basis(session: Session, day: date) -> str | None:
    """The rule set in force that day, by its name and id, with what it rests on."""
    rules = book_of(site_of(session)).on(day)
    return f"{rules.title} ({rules.id}): {basis_words(rules.basis)}" if rules else None


plugin = Plugin(
    name="credits",
    title="Transkrip JP",
    summary="Buku JP: hak 20 JP setahun, batas harian, dan transkrip.",
    blueprint=blueprint,
    mount="/transkrip",
    models=(LedgerEntry, Contract, YearTotal, *competency_models.MODELS, *personnel_models.MODELS),
    migrations=HERE / "migrations",
    nav=nav,
    cards=(home.card, pages.card, reminding.card),
    slots={"completed": home.completed},
    acts=ACTS,
    permissions=(
        Permission(name=rule_pages.PERMISSION, title="Memperbaiki buku JP", roles=("administrator",)),
        Permission(name="credits.verify", title="Memverifikasi kegiatan di luar", roles=("unit_head", "administrator")),
        Permission(name="credits.unit", title="Melihat JP dan kesenjangan kompetensi unit", roles=("unit_head", "administrator")),
        Permission(name=personnel_pages.PERMISSION, title="Mengirim riwayat kursus ke layanan kepegawaian", roles=("administrator",)),
        Permission(name="credits.competency", title="Mengelola kamus, standar, dan penilaian kompetensi", roles=("administrator",)),
    ),
    settings=(
        Setting(name="rules", default="jp-rules", help="A folder of the site's own JP rule sets (TOML), beside the store."),
        Setting(name="index", default="ip-asn", help="A folder of newer or other methods of IP ASN (TOML), in the data folder."),
        *SETTINGS,
    ),
    events=(PersonReminded,),
    subscribers={
        CourseCompleted: (ledger.record_course, evidence.course_completed),
        ActivityGraded: (evidence.activity_graded, failing.final_test_graded),
        PersonReminded: (reminding.send_mail,),
    },
    commands=COMMANDS,
    jobs=(recounting.KIND, records.KIND, sending.KIND),
    checks=(checking.check,),
    demo_site=demo_site,
    personal=Personal(export=export, erase=erase),
    hours_basis=hours_basis,
    translations=HERE / "translations",
)
