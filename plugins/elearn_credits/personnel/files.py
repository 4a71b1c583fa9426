"""Records as a file, for sites without the service or for looking at: XLSX and JSON out, and what was said of them in again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from elearn import Person, Refused, read_id, read_table

from ..years import in_parts
from . import sending, words
from .codes import Codes
from .models import PersonnelIdentity, PersonnelRecord
from .rows import FIELDS

Told = tuple[PersonnelRecord, Person, PersonnelIdentity | None]
MOST = 20_000
STATES = {"terkirim": "sent", "diterima": "accepted", "ditolak": "refused"} | {name: name for name in ("sent", "accepted", "refused")}


def told(session: Session, *rules: ColumnElement[bool], offset: int = 0, limit: int | None = None) -> list[Told]:
    """The records for which ``rules`` hold, in the order of their numbers. One statement, which knows record and person."""
    statement = (
        select(PersonnelRecord, Person, PersonnelIdentity)
        .join(Person, Person.id == PersonnelRecord.person_id)
        .outerjoin(PersonnelIdentity, PersonnelIdentity.person_id == Person.id)
        .where(*rules)
        .order_by(PersonnelRecord.id)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(statement.offset(offset).limit(limit))]


def whole_row(record: PersonnelRecord, identity: PersonnelIdentity | None) -> dict[str, Any]:
    """The row with the ids known so far, its fields in the service's order."""
    known = {"id": record.remote_id or None, "pnsOrangId": identity.remote_id if identity else "", **record.row}
    return {name: known.get(name, "") for name in FIELDS}


def _shown(record: PersonnelRecord) -> tuple[str, str]:
    """Its state and what is said of it, in words, as they stand in the file."""
    said = record.reason or "; ".join(words.lack(name) for name in record.lacks)
    return words.state(record.state) + (" (hapus)" if record.act == "delete" else ""), said


def table(told: Iterable[Told]) -> Iterable[list[Any]]:
    """The records as a table, names of columns first. "rekaman" is the number by which answers find back."""
    yield ["rekaman", "keadaan", "alasan", "nip", "nama", *FIELDS]
    for record, person, identity in told:
        row = whole_row(record, identity)
        yield [record.id, *_shown(record), person.nip or "", person.name, *("" if name == "path" else row[name] or "" for name in FIELDS)]


def as_json(told: Iterable[Told], codes: Codes) -> str:
    """The records as JSON: ``row`` is what the service takes, the rest is about it."""
    listed = [
        {
            "record": record.id,
            "act": record.act,
            "state": record.state,
            "reason": record.reason,
            "lacks": record.lacks,
            "nip": person.nip,
            "name": person.name,
            "row": whole_row(record, identity),
        }
        for record, person, identity in told
    ]
    about = {"title": codes.title, "source": codes.basis.source, "certainty": codes.basis.certainty, "as_of": codes.basis.as_of.isoformat()}
    return json.dumps(about | {"records": listed}, ensure_ascii=False, indent=2)


def bring(session: Session, data: bytes, *, by: int | None) -> tuple[int, list[tuple[int, Refused]]]:
    """Keep what became of records that went as a file: columns rekaman, keadaan (terkirim, diterima, ditolak), alasan, id. Answers how
    many, and every fault with its line; the caller undoes it all where there is one. A row that says what the file said is left alone."""
    kept, faults = 0, []
    lines = read_table(data, needed=("rekaman", "keadaan"), most=MOST)
    known = _known(session, {read_id(values["rekaman"]) for _line, values in lines})
    for line, values in lines:
        try:
            record = known.get(read_id(values["rekaman"]))
            state = STATES.get(values["keadaan"].casefold())
            if record is None:
                raise Refused("record", "Rekaman {name} tidak ada.", name=values["rekaman"][:40])
            if _as_it_was(record, values):
                continue
            if state is None:
                raise Refused("state", "Keadaan harus salah satu dari: {names}.", names="terkirim, diterima, ditolak")
            sending.state_by_hand(record, state=state, by=by, reason=values.get("alasan", ""), remote_id=values.get("id", ""))
            kept += 1
        except Refused as refused:
            faults.append((line, refused))
    session.flush()
    return kept, faults


def _known(session: Session, ids: Collection[int]) -> dict[int, PersonnelRecord]:
    """The records of these numbers. One read for each part of them."""
    return {
        record.id: record
        for some in in_parts(ids)
        for record in session.scalars(select(PersonnelRecord).where(PersonnelRecord.id.in_(some)))
    }


def _as_it_was(record: PersonnelRecord, values: dict[str, str]) -> bool:
    state, said = _shown(record)
    kept = (values["keadaan"].casefold(), values.get("alasan", ""), values.get("id", ""))
    return kept == (state.casefold(), said, record.remote_id or "")
