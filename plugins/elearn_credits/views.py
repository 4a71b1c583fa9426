"""The transcript: a year's hours against its target, every entry with its state and reason, to read, print and take along."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from elearn import (
    Person,
    Proof,
    Refused,
    can_print,
    found,
    ngettext,
    print_paper,
    proofs_of,
    reading,
    render,
    signed_in,
    site_of,
    table_file,
    viewer,
    writing,
)
from elearn import gettext as _

from . import ledger, words
from .counting import Account, Entry, Line
from .rules import book_of
from .transcript_paper import paper_of

blueprint = Blueprint("credits", __name__, template_folder="templates")
Answer = str | tuple[str, int] | AnyResponse
FIRST_YEAR = 2000


def _years(entries: list[Entry], this_year: int) -> list[int]:
    return sorted({this_year, *(entry.ended_on.year for entry in entries)}, reverse=True)


@blueprint.get("")
@signed_in
def transcript() -> Answer:
    """The page; ``?format=json`` and ``?format=csv`` give all years as a file, ``?format=pdf`` the year shown as a signed paper."""
    who = viewer()
    assert who.person is not None
    return transcript_of(who.person, unit=who.unit)


def transcript_of(person: Person, *, unit: str, own: bool = True) -> Answer:
    """Somebody's transcript, as its address asks; ``own`` where they look at it themselves."""
    session = reading()
    entries = ledger.entries_of(session, person.id)
    today = ledger.today(session)
    kind = ledger.kind_of(person)
    if request.args.get("format") in ("json", "csv"):
        return _download(entries, str(request.args["format"]), person)
    starts_on = ledger.contract_start(session, person.id) if kind.startswith("pppk") else None
    year = request.args.get("tahun", today.year, type=int)
    year = year if FIRST_YEAR <= year <= today.year + 1 else today.year
    by_contract = bool(starts_on) and request.args.get("hitung") == "kontrak"
    if by_contract and starts_on:
        day = min(today, date(year, 12, 31))
        account = ledger.contract_account(session, person.id, kind=kind, starts_on=starts_on, day=day, entries=entries)
    else:
        account = ledger.year_account(session, person.id, kind=kind, year=year, entries=entries)
    rules = book_of(site_of(session)).on(account.last)
    if request.args.get("format") == "pdf":
        proofs = _proofs(account.lines)
        paper = paper_of(
            person, account, rules=rules, reason_of=reason_of, number_of=lambda line: ledger.number_of(line, proofs), unit=unit, on=today
        )
        pdf = found(print_paper(session, paper))
        headers = {"Content-Disposition": f"attachment; filename=transkrip-{year}.pdf"}
        return Response(pdf, mimetype="application/pdf", headers=headers)
    return render(
        "credits/transcript.html",
        account=account,
        year=year,
        years=_years(entries, today.year),
        person=person,
        unit=unit,
        own=own,
        kind=kind,
        starts_on=starts_on,
        by_contract=by_contract,
        rules=rules,
        reason_of=reason_of,
        proofs=_proofs(account.lines),
        words=words,
        today=today,
        printable=can_print(session),
    )


@blueprint.post("/kontrak")
@signed_in
def contract() -> Answer:
    """Keep the first day of the contract."""
    try:
        starts_on = date.fromisoformat(request.form.get("mulai", ""))
    except ValueError as error:
        raise Refused("date", "Tanggal belum benar. Tulis tahun-bulan-hari, misalnya 2024-03-01.") from error
    with writing() as session:
        if not date(1990, 1, 1) <= starts_on <= ledger.today(session):
            raise Refused("date_range", "Tanggal mulai perjanjian tidak boleh sebelum 1990 atau sesudah hari ini.")
        ledger.set_contract_start(session, viewer().id, starts_on)
    return redirect(url_for(".transcript", hitung="kontrak"))


def reason_of(line: Line) -> str:
    """Why an entry counts as it does, in a sentence."""
    entry = line.entry
    if entry.state in ("waiting", "asked", "refused", "withdrawn"):
        return _(entry.reason) if entry.reason else ""
    if line.form is None:
        return _("Bentuk kegiatan ini tidak dikenal dalam aturan yang berlaku.")
    if line.cut:
        _of, _slash, rest = line.cap.partition("/")
        per, _colon, limit = rest.partition(":")
        most = limit.replace(".", ",")
        days = len(set(entry.days))
        if per == "day":
            told = "Dihitung paling banyak %(most)s JP per hari; kegiatan ini dijalani dalam %(num)d hari."
            return ngettext(told, told, days, most=most)
        return _("Dihitung paling banyak %(most)s kali per bulan.", most=most)
    return ""


def _download(entries: list[Entry], style: str, person: Person) -> Response:
    session, kind = reading(), ledger.kind_of(person)
    accounts = [
        ledger.year_account(session, person.id, kind=kind, year=year, entries=entries)
        for year in _years(entries, ledger.today(session).year)
    ]
    lines = [line for account in accounts for line in account.lines]
    proofs = _proofs(lines)
    rows = [_row(line, proofs) for line in lines]
    if style == "json":
        told: dict[str, Any] = {"entries": rows, "totals": {str(account.first.year): _number(account.total) for account in accounts}}
        starts_on = ledger.contract_start(session, person.id) if kind.startswith("pppk") else None
        if starts_on:
            told["contract_totals"] = _contract_totals(session, entries, person, starts_on)
        body = json.dumps(told, ensure_ascii=False, indent=2)
        return Response(body, mimetype="application/json", headers={"Content-Disposition": "attachment; filename=transkrip.json"})
    return table_file("transkrip", [_row_names(), *(tuple(row.values()) for row in rows)])


def _contract_totals(session: Session, entries: list[Entry], person: Person, starts_on: date) -> dict[str, float | int]:
    """The JP of each contract year in which something was learned, by its first and last day ("2025-03-01/2026-02-28")."""
    found: dict[str, float | int] = {}
    for day in sorted({entry.ended_on for entry in entries if entry.ended_on >= starts_on}):
        account = ledger.contract_account(session, person.id, kind=ledger.kind_of(person), starts_on=starts_on, day=day, entries=entries)
        found[f"{account.first}/{account.last}"] = _number(account.total)
    return found


def _proofs(lines: Iterable[Line]) -> dict[int, Proof]:
    """The certificates of the courses among these lines, by enrolment. One statement."""
    return proofs_of(reading(), [line.entry.enrolment_id for line in lines if line.entry.enrolment_id is not None])


def _row(line: Line, proofs: Mapping[int, Proof]) -> dict[str, Any]:
    entry = line.entry
    return {
        "date": entry.ended_on.isoformat(),
        "year": entry.ended_on.year,
        "form": line.form.title if line.form else entry.form,
        "code": entry.form,
        "title": entry.title,
        "organiser": entry.organiser,
        "jp": _number(line.counted),
        "claimed": _number(line.claimed),
        "state": entry.state,
        "reason": reason_of(line),
        "rules": entry.rule_set,
        "certificate": ledger.number_of(line, proofs),
    }


def _row_names() -> tuple[str, ...]:
    return ("date", "year", "form", "code", "title", "organiser", "jp", "claimed", "state", "reason", "rules", "certificate")


def _number(value: Decimal) -> float | int:
    return int(value) if value == int(value) else float(value)


__all__ = ["Account", "blueprint", "reason_of", "transcript_of"]
