"""Keeping the records in step with the ledger: what may go, what it lacks, and what changed since it went. Nothing here commits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from elearn import JobKind, JobPart, Person, proofs_of, site_of

from .. import ledger, years
from ..counting import COUNTS, Line, count
from ..models import LedgerEntry
from ..outside.claims import not_replaced
from ..rules import book_of
from .codes import codes_of
from .models import PersonnelRecord
from .rows import Row, digest_of, row_of

JOB = "credits.prepare"


def people_to_look_at(session: Session) -> list[int]:
    """The ids of everybody with an entry that has no record yet, a record whose entry was corrected, or one that lacks something."""
    forms = list(codes_of(site_of(session)).forms)
    no_record = ~select(PersonnelRecord.id).where(PersonnelRecord.entry_id == LedgerEntry.id).exists()
    new = select(LedgerEntry.person_id).where(LedgerEntry.state == COUNTS, LedgerEntry.form.in_(forms), not_replaced(), no_record)
    corrected = select(PersonnelRecord.person_id).join(LedgerEntry, LedgerEntry.corrects_id == PersonnelRecord.entry_id)
    lacking = select(PersonnelRecord.person_id).where(PersonnelRecord.state == "lacking")
    return sorted(session.scalars(union(new, corrected, lacking)))


def refresh(session: Session, person_id: int) -> None:
    """Bring a person's records in step with what counts of theirs now. The person is held until the transaction ends."""
    years.hold(session, person_id)
    site = site_of(session)
    codes, agency = codes_of(site), str(site.settings["credits.personnel_agency"])
    nip = session.get_one(Person, person_id).nip or ""
    lines = count(ledger.entries_of(session, person_id), book_of(site)).values()
    held = {line.entry.key: line.entry.id for line in lines}
    goes = {line.entry.key: line for line in lines if line.entry.state == COUNTS and line.entry.form in codes.forms}
    proofs = proofs_of(session, [line.entry.enrolment_id for line in goes.values() if line.entry.enrolment_id])
    known = {record.key: record for record in session.scalars(select(PersonnelRecord).where(PersonnelRecord.person_id == person_id))}
    for key, line in goes.items():
        row, lacks = row_of(line, codes=codes, nip=nip, certificate=ledger.number_of(line, proofs), agency=agency)
        record = known.get(key)
        if record is None:
            record = PersonnelRecord(
                key=key, person_id=person_id, state="", act="save", row=row, lacks=[], digest="", remote_id="", tries=0
            )
            session.add(record)
        _bring(record, line, row, lacks)
    for key, record in known.items():
        if key not in goes:
            _gone(session, record, held.get(key, record.entry_id))
    session.flush()


def _bring(record: PersonnelRecord, line: Line, row: Row, lacks: tuple[str, ...]) -> None:
    if record.state == "sent":
        return  # what was sent stays as it was until somebody knows what became of it
    record.entry_id, record.year = line.entry.id, line.entry.ended_on.year
    if record.act == "delete":
        record.remote_id = "" if record.state == "accepted" else record.remote_id
        record.act, record.state = "save", ""
    record.row, record.lacks = row, list(lacks)
    if record.state in ("accepted", "refused") and digest_of(row) == record.digest:
        return
    if record.state != "ready":
        record.reason = ""
    record.state = "lacking" if lacks else "ready"


def _gone(session: Session, record: PersonnelRecord, entry_id: int) -> None:
    """The fact counts no more, as ``entry_id`` says: what never arrived is forgotten, what did, or may have, is to be deleted there too."""
    if record.state == "sent":
        return
    record.entry_id = entry_id
    if record.act == "delete":
        return
    if not record.remote_id and (not record.digest or record.state == "refused"):
        session.delete(record)
        return
    record.act, record.state, record.lacks, record.reason = "delete", "ready", [], ""


def _work(part: JobPart) -> str:
    refresh(part.session, int(part.value))
    rows: list[Any] = list(part.session.scalars(select(PersonnelRecord.state).where(PersonnelRecord.person_id == int(part.value))))
    return f"{rows.count('ready')} siap, {rows.count('lacking')} belum lengkap"


KIND = JobKind(name=JOB, work=_work)
