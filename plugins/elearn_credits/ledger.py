"""Writing to and reading from the ledger. Nothing here commits, and nothing here changes a row that is there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from elearn import (
    CourseCompleted,
    Person,
    Proof,
    Refused,
    insert_once,
    insert_or_update,
    moments_of_learning,
    now,
    said,
    site_of,
    standing_of,
)

from . import years
from .counting import Account, Entry, Line, account, calendar_year, contract_year
from .models import Contract, LedgerEntry
from .rules import book_of

ELEARNING = "C3"


def kind_of(person: Person | None) -> str:
    """The staff kind that duties are looked up by."""
    return (person.kind if person else "") or "pns"


def number_of(line: Line, proofs: Mapping[int, Proof]) -> str:
    """The number of an entry's certificate: one of this site (``proofs``, by enrolment), or what was entered for learning outside it; ""
    for none."""
    proof = proofs.get(line.entry.enrolment_id or 0)
    return proof.number if proof else line.entry.certificate


def today(session: Session) -> date:
    """The site's day."""
    return local_day(session, now())


def local_day(session: Session, moment: datetime) -> date:
    """The day of a moment where the site is."""
    return moment.astimezone(ZoneInfo(site_of(session).settings["timezone"])).date()


def record_course(session: Session, event: CourseCompleted) -> None:
    """Enter a completed course, once: an event told twice finds its key taken."""
    standing = standing_of(session, event.enrolment_id)
    if standing is None or event.hours <= 0:
        return
    site = site_of(session)
    course = site.course(standing.digest)
    ended = local_day(session, standing.completed_at or now())
    days = sorted({local_day(session, moment) for moment in moments_of_learning(session, event.enrolment_id)} | {ended})
    rules = book_of(site).on(ended)
    enter(
        session,
        key=f"course:{event.enrolment_id}",
        person_id=event.person_id,
        form=ELEARNING,
        title=course.title,
        organiser=site.organiser,  # as on the certificate: not who wrote the course
        units=Decimal(event.hours),
        days=[day for day in days if day <= ended],
        rule_set=rules.id if rules else "",
        state="recognised" if rules else "waiting",
        reason="" if rules else said("Belum ada aturan JP yang berlaku pada tanggal ini."),
        course_id=event.course_id,
        version_id=event.version_id,
        enrolment_id=event.enrolment_id,
    )


def enter(session: Session, *, key: str, days: list[date], **values: Any) -> bool:
    """Add an entry; False where ``key`` is there already."""
    row = row_of(key=key, days=days, **values)
    years.hold(session, row["person_id"])
    written = insert_once(session, LedgerEntry, values=row, key=("key",))
    if written:
        years.refresh(session, row["person_id"])
    return written


def enter_all(session: Session, rows: Collection[Mapping[str, Any]]) -> None:
    """Add the entries that these rows of ``row_of`` say; the caller holds their people and knows that no key is taken. Few statements,
    however many rows: all of them stand between others and SQLite's only write lock."""
    if rows:
        session.execute(insert(LedgerEntry), [dict(row) for row in rows])
        years.refresh_all(session, {row["person_id"] for row in rows})


def row_of(*, key: str, days: list[date], **values: Any) -> dict[str, Any]:
    """An entry as the table keeps it."""
    return values | {
        "key": key,
        "days": [day.isoformat() for day in days],
        "started_on": days[0],
        "ended_on": days[-1],
        "international": values.get("international", False),
        "evidence": values.get("evidence", ""),
        "certificate": values.get("certificate", "")[:120],
        "organiser": values.get("organiser", "")[:300],
        "title": values["title"][:300],
    }


def correct(
    session: Session, entry_id: int, *, by: int | None, reason: str, units: Decimal | None = None, state: str = "", **changes: Any
) -> None:
    """Replace an entry by a corrected one, with another ``state`` and other columns where ``changes`` names them; the old row stays.

    Raises ``Refused`` where it was corrected already."""
    old = session.get(LedgerEntry, entry_id)
    if old is None or not reason.strip():
        raise Refused("no_reason", "Tulis alasan perbaikannya.")
    copied = {name: getattr(old, name) for name in _COPIED}
    key = f"{old.key.partition('~')[0]}~{old.id}"
    row = (
        copied
        | {"key": key, "corrects_id": old.id, "state": state or old.state, "reason": reason.strip()[:500], "recorded_by": by}
        | changes
    )
    if units is not None:
        row["units"] = units
    years.hold(session, old.person_id)
    if not insert_once(session, LedgerEntry, values=row, key=("corrects_id",)):
        raise Refused("corrected", "Catatan ini sudah diperbaiki. Muat ulang halaman untuk melihat yang terbaru.")
    years.refresh(session, old.person_id)


def state_before(session: Session, row: LedgerEntry) -> str:
    """The state of a row; of one that was withdrawn the state that it had until then."""
    while row.state == "withdrawn" and row.corrects_id is not None:
        row = session.get_one(LedgerEntry, row.corrects_id)
    return row.state


_COPIED = (
    "person_id form international title organiser units days started_on ended_on"
    " course_id version_id enrolment_id evidence certificate rule_set verified_by"
).split()


def entries_of(session: Session, person_id: int) -> list[Entry]:
    """The person's entries that hold: those that no other corrects. One read."""
    return holding(session.scalars(select(LedgerEntry).where(LedgerEntry.person_id == person_id).order_by(LedgerEntry.id)))


def entries_of_all(session: Session, ids: Collection[int]) -> dict[int, list[Entry]]:
    """``entries_of`` for many, by person. One read for each part of them."""
    rows: dict[int, list[LedgerEntry]] = {person_id: [] for person_id in ids}
    for some in years.in_parts(ids):
        for row in session.scalars(select(LedgerEntry).where(LedgerEntry.person_id.in_(some)).order_by(LedgerEntry.id)):
            rows[row.person_id].append(row)
    return {person_id: holding(theirs) for person_id, theirs in rows.items()}


def holding(rows: Iterable[LedgerEntry]) -> list[Entry]:
    """Of all of a person's rows, those that hold."""
    rows = list(rows)
    replaced = {row.corrects_id for row in rows}
    return [_entry(row) for row in rows if row.id not in replaced]


def _entry(row: LedgerEntry) -> Entry:
    return Entry(
        id=row.id,
        key=row.key.partition("~")[0],
        form=row.form,
        title=row.title,
        units=Decimal(row.units),
        days=tuple(date.fromisoformat(day) for day in row.days),
        ended_on=row.ended_on,
        started_on=row.started_on,
        rule_set=row.rule_set,
        state=row.state,
        international=row.international,
        organiser=row.organiser,
        reason=row.reason,
        evidence=row.evidence,
        certificate=row.certificate,
        enrolment_id=row.enrolment_id,
    )


def year_account(session: Session, person_id: int, *, kind: str, year: int, entries: Iterable[Entry] | None = None) -> Account:
    """The person's calendar year."""
    first, last = calendar_year(year)
    return _account(session, person_id, kind, first, last, entries)


def contract_account(
    session: Session, person_id: int, *, kind: str, starts_on: date, day: date, entries: Iterable[Entry] | None = None
) -> Account:
    """The person's contract year around ``day``."""
    first, last = contract_year(starts_on, day)
    return _account(session, person_id, kind, first, last, entries)


def _account(session: Session, person_id: int, kind: str, first: date, last: date, entries: Iterable[Entry] | None) -> Account:
    site = site_of(session)
    known = entries_of(session, person_id) if entries is None else entries
    return account(known, book_of(site), first=first, last=last, kind=kind, target=Decimal(site.settings["jp_target"]))


def contract_start(session: Session, person_id: int) -> date | None:
    """The day the person's contract year counts from, or None where it was never said."""
    return session.scalar(select(Contract.starts_on).where(Contract.person_id == person_id))


def set_contract_start(session: Session, person_id: int, starts_on: date) -> None:
    """Keep the day."""
    insert_or_update(session, Contract, values={"person_id": person_id, "starts_on": starts_on}, key=("person_id",))
