"""Where a JP comes from: the fact as it was told, the rule that made JP of it, the room it found under a cap, and who decided what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import Person, Proof, Unit, proofs_of, site_of

from . import ledger
from .counting import Entry, Line, count
from .models import LedgerEntry
from .rules import RuleSet, book_of


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One fact: its ``line`` in the person's account, the rule set that counted it, what else took from the same caps (``others``, by
    id), all its rows with the names of who wrote them (the latest first), and the paper that stands for it."""

    person: Person
    unit_path: str
    line: Line
    rules: RuleSet | None
    others: Mapping[int, Entry]
    history: tuple[LedgerEntry, ...]
    names: Mapping[int, str]
    proof: Proof | None


def explain(session: Session, entry_id: int) -> Explanation | None:
    """Explain the fact that the row ``entry_id``, or one that corrected it, tells; None where there is no such row. Five statements."""
    found = session.execute(
        select(LedgerEntry.key, Person, Unit.path)
        .join(Person, Person.id == LedgerEntry.person_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(LedgerEntry.id == entry_id)
    ).first()
    if found is None:
        return None
    key, person, path = found
    root = key.partition("~")[0]
    rows = list(session.scalars(select(LedgerEntry).where(LedgerEntry.person_id == person.id).order_by(LedgerEntry.id)))
    entries = ledger.holding(rows)
    book = book_of(site_of(session))
    lines = count(entries, book)
    line = next(line for line in lines.values() if line.entry.key == root)
    history = tuple(row for row in reversed(rows) if row.key.partition("~")[0] == root)
    writers = {one for row in history for one in (row.recorded_by, row.verified_by) if one}
    enrolment_id = line.entry.enrolment_id
    return Explanation(
        person=person,
        unit_path=path or "",
        line=line,
        rules=book.get(line.entry.rule_set) or book.on(line.entry.ended_on),
        others={entry.id: entry for entry in entries},
        history=history,
        names={row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(writers)))}
        if writers
        else {},
        proof=proofs_of(session, [enrolment_id]).get(enrolment_id) if enrolment_id else None,
    )
