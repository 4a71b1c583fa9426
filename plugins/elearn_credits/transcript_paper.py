"""The transcript as a paper: one year, every entry with its state and reason, and by which rules it was counted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date

from elearn import Column, Paper, Person, say_date, say_number, spaced_nip
from elearn import gettext as _
from elearn_credits.counting import Account, Line
from elearn_credits.rules import RuleSet
from elearn_credits.words import basis_words, duty_words

STATES = {
    "recognised": "Diakui",
    "waiting": "Menunggu verifikasi",
    "asked": "Perlu perbaikan",
    "withdrawn": "Ditarik",
    "refused": "Ditolak",
}


def paper_of(
    person: Person,
    account: Account,
    *,
    rules: RuleSet | None,
    reason_of: Callable[[Line], str],
    number_of: Callable[[Line], str],
    unit: str,
    on: date,
) -> Paper:
    """The year's account as a paper; the same account gives the same identifier, which names its contents by their hash."""
    rows = tuple(_row(line, reason_of(line), number_of(line)) for line in account.lines)
    duty = account.duty
    notes = []
    if duty:
        notes.append(f"{duty_words(duty)}: {basis_words(duty.basis)}.")
    if rules:
        notes.append(f"{rules.title}: {basis_words(rules.basis)}.")
    about = [(_("Nama"), person.name)]
    about += [
        (name, value)
        for name, value in (("NIP", spaced_nip(person.nip or "")), (_("Jabatan"), person.post or ""), (_("Unit kerja"), unit))
        if value
    ]
    about.append((_("Masa"), f"{say_date(account.first)} – {say_date(account.last)}"))
    digest = hashlib.sha256(json.dumps([about, rows], ensure_ascii=False).encode()).hexdigest()
    return Paper(
        identifier=f"transkrip:{digest[:32]}",
        title=_("Transkrip JP"),
        about=tuple(about),
        columns=(
            Column(name=_("Tanggal"), share=1.5),
            Column(name=_("Kegiatan"), share=3.1),
            Column(name=_("Bentuk"), share=1.6),
            Column(name=_("Keadaan"), share=1.9),
            Column(name="JP", share=0.7, align="R"),
        ),
        rows=rows,
        last=(
            "",
            _("Jumlah, dari target %(target)s JP", target=say_number(float(account.target))),
            "",
            "",
            say_number(float(account.total)),
        ),
        notes=tuple(notes),
        issued_on=on,
    )


def _row(line: Line, reason: str, number: str) -> tuple[str, ...]:
    entry = line.entry
    told = _(STATES.get(entry.state, entry.state)) + (f". {reason}" if reason else "")
    title = f"{entry.title}, {entry.organiser}" if entry.organiser else entry.title
    if number:
        title += f". {_('Sertifikat %(number)s', number=number)}"
    return say_date(entry.ended_on), title, line.form.title if line.form else entry.form, told, say_number(float(line.counted))
