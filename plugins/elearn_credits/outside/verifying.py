"""The verifier's pages: what waits in their units, the decision on each, and many activities from one spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from elearn import NavEntry, Person, Refused, Unit, found, needs, note, page_number, reading, render, said, viewer, writing
from elearn import gettext as _

from .. import ledger, words, years
from ..competency.report import below
from ..models import LedgerEntry
from ..views import blueprint
from . import claims, files, sheet
from .pages import VERIFY

Answer = str | tuple[str, int] | AnyResponse
PAGE = 20
MOST_BYTES = 5_000_000
ENTRY = NavEntry(
    title="Verifikasi",
    endpoint="credits.verification",
    icon="check",
    area="work",
    order=25,
    summary="Kegiatan di luar yang diajukan pegawai unit Anda, beserta buktinya.",
)


def _within() -> ColumnElement[bool]:
    """Only people in the units that the viewer verifies, and never the viewer; for a statement that knows Person and Unit."""
    holders = viewer().roles_of.get(VERIFY, frozenset())
    scopes = [scope for scope in viewer().scopes if scope.role in holders]
    others = Person.id != viewer().id
    if any(scope.kind == "site" for scope in scopes):
        return others
    paths = [scope.path for scope in scopes if scope.kind == "unit" and scope.path]
    return and_(others, or_(false(), *(below(path) for path in paths)))


@blueprint.get("/verifikasi")
@needs(VERIFY)
def verification() -> Answer:
    """What waits, oldest first."""
    return _page()


def _page(**context: Any) -> str:
    session = reading()
    statement = (
        select(LedgerEntry, Person, Unit.name)
        .join(Person, Person.id == LedgerEntry.person_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(LedgerEntry.state == "waiting", LedgerEntry.key.startswith(claims.PREFIX), claims.not_replaced(), _within())
        .order_by(LedgerEntry.id)
    )
    page = page_number()
    rows = session.execute(statement.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    book = claims.book(session)
    return render(
        "credits/verify.html",
        rows=[
            (entry, person, unit, book.form(entry.form, day=entry.ended_on, rule_set_id=entry.rule_set))
            for entry, person, unit in rows[:PAGE]
        ],
        twins=_twins(session, [row[0] for row in rows[:PAGE]]),
        shared=claims.same_file(session, (row[0].evidence for row in rows[:PAGE])),
        more=len(rows) > PAGE,
        page=page,
        is_file=files.NAME.fullmatch,
        columns=sheet.COLUMNS,
        words=words,
        **({"faults": (), "said": "", "refused": "", "field": "berkas", "typed": {}} | context),
    )


def _twins(session: Session, waiting: list[LedgerEntry]) -> dict[int, list[str]]:
    """For each waiting entry, the titles of others of the same person with a day in common that count or wait. One read."""
    people = {entry.person_id for entry in waiting}
    if not people:
        return {}
    columns = (LedgerEntry.id, LedgerEntry.person_id, LedgerEntry.title, LedgerEntry.started_on, LedgerEntry.ended_on)
    statement = select(*columns).where(
        LedgerEntry.person_id.in_(people),
        LedgerEntry.ended_on >= min(entry.started_on for entry in waiting),
        LedgerEntry.state.in_(("recognised", "waiting")),
        claims.not_replaced(),
    )
    others = session.execute(statement).all()
    return {
        entry.id: [
            title
            for other, person_id, title, first, last in others
            if person_id == entry.person_id and other != entry.id and first <= entry.ended_on and entry.started_on <= last
        ][:3]
        for entry in waiting
    }


@blueprint.post("/verifikasi/<int:entry_id>")
@needs(VERIFY)
def decide(entry_id: int) -> Answer:
    """Accept, ask or refuse one."""
    with writing() as session:
        path = (
            select(Unit.path)
            .select_from(LedgerEntry)
            .join(Person, Person.id == LedgerEntry.person_id)
            .outerjoin(Unit, Unit.id == Person.unit_id)
            .where(LedgerEntry.id == entry_id)
        )
        row = found(session.execute(path).first())
        found(row if viewer().can(VERIFY, unit_path=row[0] or "") else None)
        decision, reason = request.form.get("putusan", ""), request.form.get("alasan", "")[:500]
        try:
            claims.decide(session, entry_id, decision=decision, reason=reason, by=viewer().id)
        except Refused as refused:
            session.rollback()
            return _page(refused=refused.text(_), field=f"alasan-{entry_id}", typed={entry_id: reason}), 422
        note(session, "credits.verify", actor=viewer().id, subject=f"entry:{entry_id}", detail=decision)
    said = {"terima": _("Diterima."), "tanya": _("Dikembalikan dengan pertanyaan Anda."), "tolak": _("Ditolak dengan alasan Anda.")}
    flash(said[decision], "ok")
    return redirect(url_for(".verification"))


@blueprint.post("/verifikasi/banyak")
@needs(VERIFY)
def bring_many() -> Answer:
    """Many from a file: ``periksa`` only says what it would do. Nothing is kept while one row is wrong."""
    trial = "periksa" in request.form
    upload = request.files.get("berkas")
    data = upload.read(MOST_BYTES + 1) if upload else b""
    try:
        if not data or len(data) > MOST_BYTES:
            raise Refused("file", "Pilih berkas CSV atau XLSX, paling besar 5 MB.")
        people = _People(reading())
        good, faults = sheet.read(data, claims.book(reading()), today=ledger.today(reading()), nip_is_known=people.known)
        if trial or faults:
            faults += _place(reading(), good, people.ids)[1]
        else:
            with writing() as session:
                years.hold_all(session, people.ids.values())
                placed, faults = _place(session, good, people.ids)
                if not faults:
                    _keep(session, placed)
                    note(session, "credits.bring", actor=viewer().id, detail=str(len(good)))
    except Refused as refused:
        return _page(refused=refused.text(_)), 422
    if faults:
        told = _("%(good)s baris benar, %(bad)s baris salah.", good=len(good), bad=len({line for line, _fault in faults}))
        return _page(faults=sorted(faults, key=lambda fault: fault[0])[:100], said=told), 422
    if trial:
        return _page(said=_("Akan disimpan: %(count)s. Belum ada yang diubah.", count=len(good)))
    return _page(said=_("Tersimpan: %(count)s.", count=len(good)))


Placed = tuple[sheet.Row, int, str, int]  # a row, whose it is, its key, and the id of the entry it corrects (0: none)


def _place(session: Session, rows: Iterable[sheet.Row], ids: Mapping[str, int]) -> tuple[list[Placed], list[sheet.Told]]:
    """Where each row goes, and each that cannot: the person has the same already, or something like it that the row does not say to be
    other. A row sees those before it. Few statements, however many rows."""
    entries = ledger.entries_of_all(session, {ids[row.nip] for row in rows})
    placed: list[Placed] = []
    faults: list[sheet.Told] = []
    for number, row in enumerate(rows, 1):
        person_id = ids[row.nip]
        try:
            key, gone = claims.place(row.claim, person_id, entries[person_id])
            alike = [] if row.anyway else claims.twins(row.claim, entries[person_id])
            if alike:
                told = "; ".join(f"{entry.title} ({entry.ended_on.isoformat()})" for entry in alike[:3])
                raise Refused("alike", "Mungkin sudah tercatat: {titles}. Isi kolom tetap dengan ya bila ini kegiatan lain.", titles=told)
        except Refused as refused:
            faults.append((row.line, refused))
            continue
        placed.append((row, person_id, key, gone))
        entries[person_id] = [one for one in entries[person_id] if one.key != key] + [row.claim.entry(key, -number)]
    return placed, faults


def _keep(session: Session, placed: Iterable[Placed]) -> None:
    """Enter what was placed; the people are held."""
    by = viewer().id
    told: dict[str, Any] = {"by": by, "state": "recognised", "reason": said("Dimasukkan oleh verifikator unit."), "verified_by": by}
    for row, person_id, _key, gone in placed:
        if gone:
            claims.enter(session, row.claim, person_id=person_id, evidence=row.evidence, **told)
    ledger.enter_all(
        session,
        [
            claims.row_of(row.claim, key=key, person_id=person_id, evidence=row.evidence, **told)
            for row, person_id, key, gone in placed
            if not gone
        ],
    )


class _People:
    """The people of the viewer's units by number, as far as asked for; ``ids`` by NIP."""

    def __init__(self, session: Session) -> None:
        self.session, self.ids = session, dict[str, int]()

    def known(self, nips: Iterable[str]) -> set[str]:
        """Those of the numbers for which one may enter something."""
        wanted = sorted(nips)
        for start in range(0, len(wanted), 500):
            statement = select(Person.nip, Person.id).outerjoin(Unit, Unit.id == Person.unit_id)
            rows = self.session.execute(statement.where(Person.nip.in_(wanted[start : start + 500]), _within()))
            self.ids |= {row[0]: row[1] for row in rows if row[0]}
        return set(self.ids)
