"""The pages of whoever keeps the personnel data: what is ready, what lacks what, sending, what was refused and why, files."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from elearn import (
    NavEntry,
    Person,
    Refused,
    found,
    needs,
    note,
    page_number,
    reading,
    render,
    said,
    site_of,
    spaced_nip,
    start_job,
    table_file,
    tidy_nip,
    viewer,
    writing,
)
from elearn import gettext as _

from .. import ledger
from ..rules import book_of
from ..views import blueprint
from . import files, records, sending, words
from .codes import codes_of
from .models import STATES, PersonnelRecord

Answer = str | tuple[str, int] | AnyResponse
PERMISSION = "credits.personnel"
PAGE = 50
MOST_BYTES = 5_000_000
ENTRY = NavEntry(
    title="Kepegawaian (SIASN)",
    endpoint="credits.personnel",
    icon="upload",
    area="work",
    order=64,
    summary="Riwayat kursus yang siap dikirim, yang belum lengkap, dan jawaban layanan kepegawaian.",
)


def _wanted(*, with_state: bool = True) -> tuple[ColumnElement[bool], dict[str, str]]:
    """The conditions that the address or form asks for, and what it asked. For statements that know record and person."""
    asked = {name: " ".join(request.values.get(name, "").split())[:100] for name in ("tahun", "keadaan", "cari")}
    rules: list[ColumnElement[bool]] = []
    if asked["tahun"].isdecimal() and len(asked["tahun"]) == 4:
        rules.append(PersonnelRecord.year == int(asked["tahun"]))
    if asked["cari"]:
        plain = asked["cari"].replace("\\", "").replace("%", "").replace("_", "")
        rules.append(or_(Person.nip == (tidy_nip(asked["cari"]) or "-"), func.lower(Person.name).contains(plain.lower() or "\x00")))
    if with_state and asked["keadaan"] in STATES:
        rules.append(PersonnelRecord.state == asked["keadaan"])
    return and_(True, *rules), asked


@blueprint.get("/kepegawaian")
@needs(PERMISSION, everywhere=True)
def personnel() -> Answer:
    """The records; ``?format=xlsx`` and ``?format=json`` give what is shown as a file."""
    session = reading()
    rules, _asked = _wanted()
    if request.args.get("format") == "json":
        text = files.as_json(files.told(session, rules, limit=files.MOST), codes_of(site_of(session)))
        return Response(text, mimetype="application/json", headers={"Content-Disposition": "attachment; filename=riwayat-kursus.json"})
    if request.args.get("format") == "xlsx":
        return table_file("riwayat-kursus", files.table(files.told(session, rules, limit=files.MOST)), style="xlsx")
    return _page()


def _page(**context: Any) -> str:
    session = reading()
    rules, asked = _wanted()
    every, _asked = _wanted(with_state=False)
    counted = select(PersonnelRecord.state, func.count()).join(Person, Person.id == PersonnelRecord.person_id).where(every)
    page = page_number()
    rows = files.told(session, rules, offset=(page - 1) * PAGE, limit=PAGE + 1)
    this = ledger.today(session).year
    site = site_of(session)
    return render(
        "credits/personnel.html",
        rows=rows[:PAGE],
        more=len(rows) > PAGE,
        page=page,
        asked=asked,
        states=STATES,
        counts={row[0]: row[1] for row in session.execute(counted.group_by(PersonnelRecord.state))},
        years=range(this, this - 5, -1),
        service=sending.service_of(site) is not None,
        codes=codes_of(site),
        forms=_forms(session),
        words=words,
        spaced_nip=spaced_nip,
        **({"faults": (), "said": "", "refused": ""} | context),
    )


def _forms(session: Session) -> dict[str, str]:
    """The titles of our forms, by code."""
    rules = book_of(site_of(session)).on(ledger.today(session))
    return {code: form.title for code, form in rules.forms.items()} if rules else {}


@blueprint.post("/kepegawaian/periksa")
@needs(PERMISSION, everywhere=True)
def personnel_check() -> Answer:
    """Look for new and corrected entries, and again at what lacks something; as a job."""
    with writing() as session:
        ids = records.people_to_look_at(session)
        if not ids:
            flash(_("Tidak ada catatan baru."), "ok")
            return redirect(url_for(".personnel"))
        names = {row.id: row.name for row in session.execute(select(Person.id, Person.name))}
        items = [(str(one), names.get(one, str(one))) for one in ids]
        job_id = start_job(session, records.JOB, title=_("Memeriksa catatan untuk SIASN"), items=items, by=viewer().id)
    return redirect(url_for("jobs.show", job_id=job_id))


@blueprint.post("/kepegawaian/kirim")
@needs(PERMISSION, everywhere=True)
def personnel_send() -> Answer:
    """Send what is shown and can go; with ``rekaman`` that one alone."""
    session = reading()
    if sending.service_of(site_of(session)) is None:
        raise Refused("no_service", "Layanan kepegawaian belum diatur. Unduh berkasnya, atau minta pengelola server mengaturnya.")
    rules, asked = _wanted()
    one = request.form.get("rekaman", type=int)
    states = [asked["keadaan"]] if asked["keadaan"] in ("sent", "refused") else ["ready"]
    chosen = PersonnelRecord.id == one if one else and_(rules, PersonnelRecord.state.in_(states))
    statement = select(PersonnelRecord.id).join(Person, Person.id == PersonnelRecord.person_id).where(chosen).order_by(PersonnelRecord.id)
    ids = list(session.scalars(statement.limit(sending.MOST_ITEMS)))
    with writing() as session:
        job_id = sending.start(session, ids, by=viewer().id)
    return redirect(url_for("jobs.show", job_id=job_id))


@blueprint.post("/kepegawaian/hasil")
@needs(PERMISSION, everywhere=True)
def personnel_answers() -> Answer:
    """What became of records that went as a file; all rows or none."""
    upload = request.files.get("berkas")
    data = upload.read(MOST_BYTES + 1) if upload else b""
    try:
        if not data or len(data) > MOST_BYTES:
            raise Refused("file", "Pilih berkas CSV atau XLSX, paling besar 5 MB.")
        with writing() as session:
            kept, faults = files.bring(session, data, by=viewer().id)
            if faults:
                session.rollback()
            else:
                note(session, "credits.personnel_answers", actor=viewer().id, detail=str(kept))
    except Refused as refused:
        return _page(refused=refused.text(_)), 422
    if faults:
        return _page(faults=faults[:100], said=_("%(count)s baris benar.", count=kept)), 422
    return _page(said=_("Tersimpan: %(count)s.", count=kept))


@blueprint.get("/kepegawaian/<int:record_id>")
@needs(PERMISSION, everywhere=True)
def personnel_record(record_id: int) -> Answer:
    """One record: its row field by field, what it lacks, what was said of it."""
    session = reading()
    told = files.told(session, PersonnelRecord.id == record_id, limit=1)
    record, person, identity = found(told[0] if told else None)
    return render(
        "credits/personnel_record.html",
        record=record,
        person=person,
        row=files.whole_row(record, identity),
        by=session.get(Person, record.sent_by) if record.sent_by else None,
        service=sending.service_of(site_of(session)) is not None,
        words=words,
        spaced_nip=spaced_nip,
    )


@blueprint.post("/kepegawaian/<int:record_id>")
@needs(PERMISSION, everywhere=True)
def personnel_mend(record_id: int) -> Answer:
    """Fill in the certificate number that the entry lacks, as a correction of the ledger, or say what became of the record."""
    with writing() as session:
        record = found(session.get(PersonnelRecord, record_id))
        state = request.form.get("keadaan", "")
        if state:
            told = {"reason": request.form.get("alasan", ""), "remote_id": request.form.get("id", "")}
            sending.state_by_hand(record, state=state, by=viewer().id, **told)
        else:
            _number(session, record, request.form.get("nomor", ""))
        note(session, "credits.personnel", actor=viewer().id, subject=f"record:{record_id}", detail=state or "nomor sertifikat")
    flash(_("Tersimpan."), "ok")
    return redirect(url_for(".personnel_record", record_id=record_id))


def _number(session: Session, record: PersonnelRecord, text: str) -> None:
    number = " ".join(text.split())
    if not 1 <= len(number) <= 120:
        raise Refused("number", "Tulis nomor sertifikat, paling panjang 120 huruf.")
    ledger.correct(session, record.entry_id, by=viewer().id, reason=said("Nomor sertifikat dilengkapi."), certificate=number)
    records.refresh(session, record.person_id)
