"""One entry explained, with its correction for who keeps the ledger; and somebody's transcript for the head of their unit."""

from __future__ import annotations

from decimal import Decimal

from flask import flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from elearn import Person, Refused, Unit, found, needs, note, reading, render, signed_in, viewer, writing
from elearn import gettext as _

from . import ledger, words
from .explaining import Explanation, explain
from .models import LedgerEntry
from .views import blueprint, reason_of, transcript_of

Answer = str | tuple[str, int] | AnyResponse
MAY_LOOK = ("credits.unit", "credits.verify", "credits.personnel")


@blueprint.get("/<int:entry_id>")
@signed_in
def entry(entry_id: int) -> Answer:
    """Where the JP of one entry come from: for its owner, and for those above who answer for it."""
    told = found(explain(reading(), entry_id))
    own, who = told.person.id == viewer().id, viewer()
    above = any(who.can(name, unit_path=told.unit_path) for name in MAY_LOOK)
    may_correct = who.can("credits.correct", unit_path=told.unit_path) and not own
    shown: Explanation = found(told if own or above or may_correct else None)
    return render("credits/entry.html", told=shown, own=own, may_correct=may_correct, reason=reason_of(shown.line), words=words)


@blueprint.get("/orang/<int:person_id>")
@needs("credits.unit")
def person(person_id: int) -> Answer:
    """The transcript of somebody in one's unit."""
    row = found(
        reading()
        .execute(select(Person, Unit.name, Unit.path).outerjoin(Unit, Unit.id == Person.unit_id).where(Person.id == person_id))
        .first()
    )
    found(row if viewer().can("credits.unit", unit_path=row[2] or "") else None)
    return transcript_of(row[0], unit=row[1] or "", own=False)


@blueprint.post("/<int:entry_id>/perbaiki")
@needs("credits.correct")
def correct(entry_id: int) -> Answer:
    """A correction by whoever keeps the ledger: other units, or withdrawn; always with a reason, and never of one's own. What waits
    goes on waiting for who verifies it; what was withdrawn is as it was before."""
    text = request.form.get("units", "").strip().replace(",", ".")
    try:
        units = Decimal(text) if text else None
    except ArithmeticError as error:
        raise Refused("units", "Jumlah JP harus angka.") from error
    if units is not None and not (units.is_finite() and 0 <= units <= 400):
        raise Refused("units_range", "Jumlah JP harus 0 sampai 400.")
    with writing() as session:
        row = found(session.get(LedgerEntry, entry_id))
        path = session.scalar(select(Unit.path).join(Person, Person.unit_id == Unit.id).where(Person.id == row.person_id))
        found(row if viewer().can("credits.correct", unit_path=path or "") else None)
        if row.person_id == viewer().id:
            raise Refused("own_entry", "Catatan Anda sendiri diperbaiki oleh pengelola lain.")
        state = "withdrawn" if request.form.get("tarik") else ledger.state_before(session, row)
        ledger.correct(session, entry_id, by=viewer().id, reason=request.form.get("alasan", ""), units=units, state=state)
        note(session, "credits.correct", actor=viewer().id, subject=f"entry:{entry_id}", detail=request.form.get("alasan", ""))
    flash(_("Diperbaiki. Catatan lama tetap ada di riwayatnya."), "ok")
    return redirect(url_for(".entry", entry_id=entry_id))
