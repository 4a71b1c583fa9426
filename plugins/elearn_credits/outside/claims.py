"""What somebody learned outside the site: a claim is a ledger entry that waits; each decision on it is a correction.

The key of a claim is made of what it first said, so sending a form twice enters it once. States beside those of the ledger:
"asked" (the verifier wants something changed).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from itertools import chain, count
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from elearn import Refused, said, site_of

from .. import ledger, years
from ..counting import Entry
from ..models import LedgerEntry
from ..rules import Form, RuleBook, RuleSet, book_of

PREFIX = "own:"
OPEN = ("waiting", "asked", "refused")
MOST_DAYS = 3 * 366
MOST = {"semester": Decimal(2), "jp": Decimal(400), "occasion": Decimal(60)}
ALIKE = 0.85


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A checked claim; ``units`` are of the form's unit."""

    form: Form
    rules: RuleSet
    title: str
    organiser: str
    first: date
    last: date
    units: Decimal
    international: bool
    certificate: str = ""

    @property
    def days(self) -> list[date]:
        """Every day from the first to the last."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def fact(self) -> str:
        """What it says, as a hash: the same whatever its capitals, dots and hours."""
        return _fact(self.form.code, self.title, self.organiser, self.first, self.last)

    def key(self, person_id: int) -> str:
        """The key it enters by, unless that one is taken."""
        return f"{PREFIX}{person_id}:{self.fact}"

    def entry(self, key: str, entry_id: int) -> Entry:
        """The recognised entry that it makes under this key, as counting sees it."""
        return Entry(
            id=entry_id, key=key, form=self.form.code, title=self.title, organiser=self.organiser, units=self.units,
            days=tuple(self.days), started_on=self.first, ended_on=self.last, rule_set=self.rules.id, international=self.international,
        )  # fmt: skip


def _fact(form: str, title: str, organiser: str, first: date, last: date) -> str:
    told = "\n".join((form, plain(title), plain(organiser), f"{first} {last}"))
    return hashlib.sha256(told.encode()).hexdigest()[:40]


def plain(text: str) -> str:
    """A text as titles are compared: letters and digits only, small."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())


def read_claim(
    book: RuleBook,
    *,
    form: str,
    title: str,
    organiser: str,
    first: str,
    last: str,
    units: str,
    international: bool,
    today: date,
    certificate: str = "",
) -> Claim:
    """The claim that these texts say. Raises ``Refused`` with the first thing that is wrong; the code names the field."""
    title, organiser = " ".join(title.split()), " ".join(organiser.split())
    if not 3 <= len(title) <= 300:
        raise Refused("judul", "Tulis nama kegiatan, 3 sampai 300 huruf.")
    if not 2 <= len(organiser) <= 300:
        raise Refused("penyelenggara", "Tulis nama penyelenggara.")
    started, ended = _day(first, "mulai"), _day(last or first, "selesai")
    if ended < started:
        raise Refused("selesai", "Tanggal selesai lebih awal daripada tanggal mulai.")
    if ended > today:
        raise Refused("selesai", "Kegiatan ini belum selesai. Ajukan sesudah tanggal selesai.")
    if (ended - started).days >= MOST_DAYS:
        raise Refused("selesai", "Satu catatan paling lama tiga tahun.")
    rules = book.on(ended)
    known = rules.forms.get(form) if rules else None
    if rules is None or known is None:
        raise Refused("bentuk", "Pilih bentuk kegiatan yang dikenal dalam aturan pada tanggal itu.")
    try:
        amount = Decimal(units.strip().replace(",", "."))
    except InvalidOperation as error:
        raise Refused("jumlah", "Jumlah harus angka.") from error
    most = MOST.get(known.unit, Decimal((ended - started).days + 1))
    if not (amount.is_finite() and 0 < amount <= most):
        raise Refused("jumlah", "Jumlah harus lebih dari 0 dan paling banyak {most}.", most=f"{most:f}")
    return Claim(
        form=known, rules=rules, title=title, organiser=organiser, first=started, last=ended,
        units=round(amount, 2), international=international, certificate=" ".join(certificate.split())[:120],
    )  # fmt: skip


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError as error:
        raise Refused(field, "Tanggal belum benar. Tulis tahun-bulan-hari, misalnya 2024-03-01.") from error


def twins(claim: Claim, entries: Iterable[Entry], *, but: int = 0) -> list[Entry]:
    """The person's entries that may be the same learning: days in common, and a like title or the same form; none that was refused."""
    return [
        entry
        for entry in entries
        if entry.id != but
        and entry.state not in ("refused", "withdrawn")
        and entry.started_on <= claim.last
        and claim.first <= entry.ended_on
        and (entry.form == claim.form.code or _alike(entry.title, claim.title))
    ]


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, plain(one), plain(other)).ratio() >= ALIKE


def enter(
    session: Session,
    claim: Claim,
    *,
    person_id: int,
    evidence: str,
    by: int,
    state: str = "waiting",
    reason: str = "",
    verified_by: int | None = None,
) -> None:
    """Put the claim into the ledger; one that was taken back comes in again. Raises ``Refused`` where the same is there already."""
    years.hold(session, person_id)
    key, gone = place(claim, person_id, ledger.entries_of(session, person_id))
    values = _values(claim) | {"evidence": evidence, "verified_by": verified_by}
    if gone:
        ledger.correct(session, gone, by=by, reason=reason or said("Diajukan lagi."), state=state, **values, **_days(claim))
    else:
        told = {"state": state, "recorded_by": by, "reason": reason}
        ledger.enter(session, key=key, person_id=person_id, days=claim.days, **values, **told)


def place(claim: Claim, person_id: int, entries: Iterable[Entry]) -> tuple[str, int]:
    """Where the claim goes among the person's ``entries``: a key that is free, or one that was taken back and the id of its entry, which
    the claim corrects (else 0). What was changed into something else does not stand in its way. Raises ``Refused`` where the same is
    there."""
    there = {entry.key: entry for entry in entries if entry.key.startswith(PREFIX)}
    same = [one for one in there.values() if _fact(one.form, one.title, one.organiser, one.started_on, one.ended_on) == claim.fact]
    if any(one.state != "withdrawn" for one in same):
        raise Refused("twin", "Kegiatan yang sama persis sudah ada di transkrip.")
    if same:
        return same[0].key, same[0].id
    first = claim.key(person_id)
    return next(key for key in chain([first], (f"{first}:{number}" for number in count(2))) if key not in there), 0


def row_of(
    claim: Claim, *, key: str, person_id: int, evidence: str, by: int, state: str, reason: str, verified_by: int | None
) -> dict[str, Any]:
    """The claim as a row for ``ledger.enter_all``."""
    told = {"evidence": evidence, "verified_by": verified_by, "recorded_by": by, "state": state, "reason": reason}
    return ledger.row_of(key=key, days=claim.days, person_id=person_id, **_values(claim), **told)


def _values(claim: Claim) -> dict[str, Any]:
    return {
        "form": claim.form.code,
        "rule_set": claim.rules.id,
        "title": claim.title,
        "organiser": claim.organiser,
        "units": claim.units,
        "international": claim.international,
        "certificate": claim.certificate,
    }


def _days(claim: Claim) -> dict[str, Any]:
    return {"days": [day.isoformat() for day in claim.days], "started_on": claim.first, "ended_on": claim.last}


def revise(session: Session, entry_id: int, claim: Claim, *, by: int, evidence: str) -> None:
    """The learner's own change while nothing is decided, or after being asked or refused; it waits again."""
    old = own_open(session, entry_id, by)
    changes = _values(claim) | {"evidence": evidence or old.evidence, "verified_by": None}
    ledger.correct(session, entry_id, by=by, reason=said("Diperbaiki oleh pemilik."), state="waiting", **changes, **_days(claim))


def withdraw(session: Session, entry_id: int, *, by: int) -> None:
    """The learner takes the claim back; it stays in the ledger as withdrawn."""
    own_open(session, entry_id, by)
    ledger.correct(session, entry_id, by=by, reason=said("Ditarik oleh pemilik."), state="withdrawn")


def own_open(session: Session, entry_id: int, person_id: int) -> LedgerEntry:
    """The person's claim, still open. Raises ``Refused`` otherwise."""
    row = session.get(LedgerEntry, entry_id)
    if row is None or row.person_id != person_id or not row.key.startswith(PREFIX) or row.state not in OPEN:
        raise Refused("not_open", "Catatan ini tidak dapat diubah lagi.")
    return row


DECISIONS = {"terima": "recognised", "tanya": "asked", "tolak": "refused"}


def decide(session: Session, entry_id: int, *, decision: str, reason: str, by: int) -> LedgerEntry:
    """Accept, ask or refuse, once; the last two with a reason. Nobody decides on their own. The caller has checked the unit."""
    row = session.get(LedgerEntry, entry_id)
    state = DECISIONS.get(decision)
    if row is None or state is None or not row.key.startswith(PREFIX) or row.state != "waiting":
        raise Refused("not_waiting", "Pengajuan ini tidak sedang menunggu verifikasi.")
    if row.person_id == by:
        raise Refused("own", "Anda tidak dapat memverifikasi pengajuan sendiri.")
    if state != "recognised" and len(reason.strip()) < 5:
        raise Refused("no_reason", "Tulis alasannya agar pegawai tahu apa yang perlu dilakukan.")
    verified_by = by if state == "recognised" else None
    ledger.correct(session, entry_id, by=by, reason=reason.strip() or said("Diverifikasi."), state=state, verified_by=verified_by)
    return row


def same_file(session: Session, names: Iterable[str]) -> dict[str, int]:
    """How many people use each of these evidence files, by its name."""
    wanted = {name for name in names if name}
    counted = func.count(LedgerEntry.person_id.distinct())
    rows = session.execute(select(LedgerEntry.evidence, counted).where(LedgerEntry.evidence.in_(wanted)).group_by(LedgerEntry.evidence))
    return {row[0]: row[1] for row in rows}


def not_replaced() -> ColumnElement[bool]:
    """The condition that no later entry corrects a ``LedgerEntry``."""
    later = aliased(LedgerEntry)
    return ~select(later.id).where(later.corrects_id == LedgerEntry.id).exists()


def book(session: Session) -> RuleBook:
    """The site's rules."""
    return book_of(site_of(session))
