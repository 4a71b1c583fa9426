"""The learner's pages for learning outside the site: tell it, mend it, take it back, look at the evidence."""

from __future__ import annotations

import io
from typing import Any

from flask import flash, redirect, request, send_file, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from elearn import Person, Refused, Unit, found, reading, render, signed_in, site_of, viewer, writing
from elearn import gettext as _

from .. import ledger, words
from ..counting import Entry
from ..models import LedgerEntry
from ..views import blueprint
from . import claims, files

Answer = str | tuple[str, int] | AnyResponse
VERIFY = "credits.verify"
FIELDS = ("bentuk", "judul", "penyelenggara", "mulai", "selesai", "jumlah", "nomor", "internasional")


@blueprint.get("/luar")
@signed_in
def outside() -> Answer:
    """The empty form."""
    return _form(reading(), said={})


@blueprint.post("/luar")
@signed_in
def tell() -> Answer:
    """Enter what the form says; what may be a twin is asked about first."""
    return _take(entry_id=0)


@blueprint.get("/luar/<int:entry_id>")
@signed_in
def outside_entry(entry_id: int) -> Answer:
    """The form with what was told."""
    session = reading()
    entry = found(_own(session, entry_id))
    said = {
        "bentuk": entry.form,
        "judul": entry.title,
        "penyelenggara": entry.organiser,
        "mulai": entry.started_on.isoformat(),
        "selesai": entry.ended_on.isoformat(),
        "jumlah": f"{entry.units.normalize():f}".replace(".", ","),
        "nomor": entry.certificate,
        "internasional": "ya" if entry.international else "",
    }
    return _form(session, said=said, entry=entry)


@blueprint.post("/luar/<int:entry_id>")
@signed_in
def mend(entry_id: int) -> Answer:
    """Change the claim, or take it back."""
    found(_own(reading(), entry_id))
    if "tarik" in request.form:
        with writing() as session:
            claims.withdraw(session, entry_id, by=viewer().id)
        flash(_("Pengajuan ditarik. Catatannya tetap ada di transkrip."), "ok")
        return redirect(url_for(".transcript"))
    return _take(entry_id=entry_id)


def _own(session: Session, entry_id: int) -> Entry | None:
    entries = ledger.entries_of(session, viewer().id)
    return next((one for one in entries if one.id == entry_id and one.key.startswith(claims.PREFIX) and one.state in claims.OPEN), None)


def _take(*, entry_id: int) -> Answer:
    said = {name: request.form.get(name, "")[:400] for name in FIELDS}
    session = reading()
    entries = ledger.entries_of(session, viewer().id)
    entry = next((one for one in entries if one.id == entry_id), None)
    try:
        claim = claims.read_claim(
            claims.book(session),
            form=said["bentuk"],
            title=said["judul"],
            organiser=said["penyelenggara"],
            first=said["mulai"],
            last=said["selesai"],
            units=said["jumlah"],
            international=bool(said["internasional"]),
            certificate=said["nomor"],
            today=ledger.today(session),
        )
        twins = claims.twins(claim, entries, but=entry_id)
        if twins and not request.form.get("tetap"):
            return _form(session, said=said, entry=entry, twins=twins), 422
        upload = request.files.get("bukti")
        data = upload.read(files.MOST_BYTES + 1) if upload else b""
        name, kept = files.check(data) if data or entry is None or not entry.evidence else ("", b"")
        if name:
            files.keep(site_of(session), name, kept)
        with writing() as session:
            if entry_id:
                claims.revise(session, entry_id, claim, by=viewer().id, evidence=name)
            else:
                claims.enter(session, claim, person_id=viewer().id, evidence=name, by=viewer().id)
    except Refused as refused:
        return _form(reading(), said=said, entry=entry, refused=refused), 422
    flash(_("Kegiatan diajukan dan menunggu verifikasi unit Anda."), "ok")
    return redirect(url_for(".transcript", tahun=claim.last.year))


def _form(session: Session, *, said: dict[str, str], **context: Any) -> str:
    today = ledger.today(session)
    rules = claims.book(session).on(today)
    return render(
        "credits/outside.html",
        said=said,
        forms=list(rules.forms.values()) if rules else [],
        today=today,
        words=words,
        **({"entry": None, "twins": [], "refused": None} | context),
    )


@blueprint.get("/bukti/<int:entry_id>")
@signed_in
def evidence(entry_id: int) -> Answer:
    """The evidence, for its owner and for who verifies their unit; for anybody else it is not there."""
    session = reading()
    statement = select(LedgerEntry, Unit.path).join(Person, Person.id == LedgerEntry.person_id).outerjoin(Unit, Unit.id == Person.unit_id)
    row = found(session.execute(statement.where(LedgerEntry.id == entry_id)).first())
    entry, path = row
    allowed = entry.person_id == viewer().id or viewer().can(VERIFY, unit_path=path or "")
    named = bool(files.NAME.fullmatch(entry.evidence))
    place = files.place(site_of(session), entry.evidence) if allowed and named else None
    file = found(place if place and place.is_file() else None)
    picture = file.suffix == ".jpg"
    answer = send_file(
        io.BytesIO(file.read_bytes()),
        mimetype="image/jpeg" if picture else "application/pdf",
        as_attachment=not picture,
        download_name=f"bukti-{entry.id}{file.suffix}",
        max_age=0,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
