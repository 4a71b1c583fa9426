"""What a demo site shows of credit and competency: learning outside in all its states, assessments, a region's own rule, records sent."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import DemoSite, insert_once, site_of

from . import ledger
from .competency import evidence, reminding
from .competency.framework import bundled
from .competency.models import ProfessionalFigure
from .competency.person import want
from .models import LedgerEntry
from .outside import claims, files
from .personnel import records, sending
from .personnel.models import PersonnelRecord
from .rules import book_of

TRAINING = (
    ("B10", "Bimbingan Teknis Penyusunan SOP", "BPSDM Provinsi Contoh", 0.25, Decimal(8)),
    ("B6", "Seminar Pelayanan Publik yang Inklusif", "Universitas Contoh", 0.45, Decimal(1)),
    ("B3", "Pelatihan Arsip Digital", "Dinas Perpustakaan dan Kearsipan", 0.7, Decimal(6)),
    ("B7", "Lokakarya Survei Kepuasan Masyarakat", "Bagian Organisasi", 0.85, Decimal(1)),
)
OWN_RULES = """# A region's own rules on top of the national table: an invented example.
id = "kota-contoh-{year}-1"
title = "Aturan JP Kota Contoh {year} (contoh)"
extends = "nasional-2018-1"
valid_from = {year}-01-01
basis = "contoh"

[bases.contoh]
law = "Peraturan Wali Kota Contoh (rekaan, untuk situs demo)"
certainty = "own"
source = "dibuat untuk situs demo"
as_of = {year}-01-01

[[forms]]
code = "C9"
title = "Belajar mandiri"
group = "nonklasikal"
unit = "jp"
national = 1
international = 1.2
cap = {{ per = "day", of = "jp", national = 3, international = 3 }}
"""


def demo_site(site: DemoSite) -> None:
    """Fill it, once."""
    session, people = site.session, site.people
    learners, heads, keepers = (people.get(role, ()) for role in ("learner", "unit_head", "administrator"))
    if (
        len(learners) < 4
        or not heads
        or not keepers
        or session.scalar(select(LedgerEntry.id).where(LedgerEntry.key.startswith("demo:")).limit(1))
    ):
        return
    today = ledger.today(session)
    newcomer = learners[2]  # on a contract, and with nothing to show yet
    others = [one for one in (*learners, *heads, *people.get("author", ()), *people.get("reviewer", ())) if one != newcomer]
    for place, person_id in enumerate(others):
        _learned_before(session, person_id, place, today=today, verifier=heads[0] if person_id != heads[0] else keepers[0])
        _assessed(session, person_id, place, today=today, by=keepers[0])
    _claims(session, learners, verifier=heads[0], today=today)
    ledger.set_contract_start(session, newcomer, date(today.year - 1, 3, 1))
    want(session, learners[0], "Analis Kebijakan Ahli Muda")
    for dimension, value, points in (("qualification", "S1/D4", 15), ("performance", "Baik", 25), ("discipline", "Tidak pernah", 5)):
        values = {
            "person_id": learners[0],
            "year": today.year,
            "dimension": dimension,
            "value": value,
            "points": points,
            "source": "BKPSDM (contoh)",
        }
        insert_once(session, ProfessionalFigure, values=values, key=("person_id", "year", "dimension"))
    reminding.remind(session, learners[1], by=heads[0], rule="idle")
    _sent(session, keepers[0])
    _own_rules(session, today)


def _enter(
    session: Session, person_id: int, *, key: str, form: str, title: str, organiser: str, units: Decimal, days: list[date], **more: Any
) -> None:
    rules = book_of(site_of(session)).on(days[-1])
    values = {"state": "recognised", "rule_set": rules.id if rules else "", "reason": "Diverifikasi."} | more
    ledger.enter(
        session, key=f"demo:{key}", person_id=person_id, form=form, title=title, organiser=organiser, units=units, days=days, **values
    )


def _learned_before(session: Session, person_id: int, place: int, *, today: date, verifier: int) -> None:
    """Some training last year and some this year, more for some than for others."""
    first = date(today.year, 1, 1)
    last_year = [date(today.year - 1, 3 + place % 8, 10) + timedelta(days=number) for number in range(3)]
    _enter(
        session, person_id, key=f"{person_id}:lalu", form="B3", title="Pelatihan Pelayanan Prima", organiser="BPSDM Kota Contoh",
        units=Decimal(12 + place % 4 * 4), days=last_year, certificate=f"{100 + place}/PRIMA/{today.year - 1}", verified_by=verifier,
    )  # fmt: skip
    for number, (form, title, organiser, share, units) in enumerate(TRAINING[: (place + 2) % 5]):
        day = first + timedelta(days=int((today - first).days * share))
        paper = "" if (place + number) % 5 == 4 else f"{200 + place}.{number}/{form}/{today.year}"
        _enter(
            session, person_id, key=f"{person_id}:{number}", form=form, title=title, organiser=organiser, units=units, days=[day],
            certificate=paper, verified_by=verifier,
        )  # fmt: skip


def _assessed(session: Session, person_id: int, place: int, *, today: date, by: int) -> None:
    codes = [code for code, known in bundled().items() if known.group != "technical"]
    for number, code in enumerate(codes):
        if (place + number) % 7:  # nobody is assessed in everything
            evidence.assess(
                session, person_id=person_id, code=code, level=1 + (place + number * 2) % 3, shown_on=date(today.year - 1, 10, 5),
                source="Pusat Penilaian Kompetensi (contoh)", by=by,
            )  # fmt: skip


def _claims(session: Session, learners: tuple[int, ...], *, verifier: int, today: date) -> None:
    """One that waits, one that was asked about, one refused, and two people with the same evidence."""
    shared = _paper(session, "SERTIFIKAT LOKAKARYA (contoh)")
    first, second, third = learners[0], learners[1], learners[3]
    told = (
        (first, "B7", "Lokakarya Pengelolaan Pengaduan", "1", 9, ""),
        (first, "C1", "Coaching dengan kepala seksi", "1", 40, "tanya"),
        (first, "B6", "Webinar Kecerdasan Artifisial untuk Pemda", "1", 75, "tolak"),
        (second, "C9", "Membaca pedoman layanan adminduk", "3", 20, "terima"),
        (third, "B7", "Lokakarya Pengelolaan Pengaduan", "1", 9, ""),
        (third, "C9", "Belajar mandiri lembar kerja daring", "3", 33, "terima"),
    )
    for person_id, form, title, units, ago, decision in told:
        day = max(today - timedelta(days=ago), date(today.year, 1, 1))
        claim = claims.read_claim(
            claims.book(session), form=form, title=title, organiser="Dinas Kependudukan", first=day.isoformat(), last="", units=units,
            international=False, today=today,
        )  # fmt: skip
        paper = shared if form == "B7" else _paper(session, f"{title} (contoh)")
        claims.enter(session, claim, person_id=person_id, evidence=paper, by=person_id)
        if decision:
            reason = {"tanya": "Lampirkan formulir coaching yang ditandatangani atasan.", "tolak": "Sertifikat ini atas nama orang lain."}
            entry_id = session.scalar(select(LedgerEntry.id).where(LedgerEntry.key == claim.key(person_id)))
            claims.decide(session, entry_id or 0, decision=decision, reason=reason.get(decision, ""), by=verifier)


def _paper(session: Session, text: str) -> str:
    """A picture to serve as evidence."""
    picture = Image.new("RGB", (900, 620), "#f7f3e8")
    ImageDraw.Draw(picture).rectangle((20, 20, 880, 600), outline="#0b5394", width=6)
    ImageDraw.Draw(picture).text((330, 280), text, fill="#222222")
    out = io.BytesIO()
    picture.save(out, "PNG")
    name, kept = files.check(out.getvalue())
    files.keep(site_of(session), name, kept)
    return name


def _sent(session: Session, keeper: int) -> None:
    """Records in every state: as if some had gone as a file and were answered."""
    for person_id in records.people_to_look_at(session):
        records.refresh(session, person_id)
    ready = list(session.scalars(select(PersonnelRecord).where(PersonnelRecord.state == "ready").order_by(PersonnelRecord.id).limit(12)))
    answers = (("accepted", ""),) * 5 + (
        ("refused", "Nomor sertipikat sudah dipakai pada riwayat lain."),
        ("refused", "NIP tidak ditemukan di SIASN."),
    )
    for number, (state, reason) in enumerate((*answers, ("sent", ""))):
        if number < len(ready):
            remote_id = f"contoh-{ready[number].id}" if state == "accepted" else ""
            sending.state_by_hand(ready[number], state="sent", by=keeper)
            if state != "sent":
                sending.state_by_hand(ready[number], state=state, by=keeper, reason=reason, remote_id=remote_id)


def _own_rules(session: Session, today: date) -> None:
    """Put the region's rule set in place after the entries: counting them anew then has something to show."""
    site = site_of(session)
    folder = site.settings.data / str(site.settings["credits.rules"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kota-contoh.toml").write_text(OWN_RULES.format(year=today.year), "utf-8")
