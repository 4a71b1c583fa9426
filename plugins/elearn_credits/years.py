"""Every person's counted JP by calendar year and quarter, kept in step with the ledger: what reports over many people read.

A row is reckoned from all of the person's entries by the same counting as their transcript, in the transaction that changed one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import Numeric, UniqueConstraint, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from elearn import Base, BigInt, Key, Person, site_of

from .counting import Line, count
from .rules import book_of

QUARTERS = ("q1", "q2", "q3", "q4")
AT_ONCE = 500  # people in one statement


class YearTotal(Base):
    """JP counted for a person in a year, by the quarter of each entry's last day."""

    __tablename__ = "credits_year"
    __table_args__ = (UniqueConstraint("year", "person_id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigInt, index=True)
    year: Mapped[int]
    jp: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    q1: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    q2: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    q3: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    q4: Mapped[Decimal] = mapped_column(Numeric(8, 2))


def hold(session: Session, person_id: int) -> None:
    """One writer at a time for a person, until the transaction ends: each then sees what the others wrote. SQLite has only one anyway."""
    hold_all(session, [person_id])


def hold_all(session: Session, ids: Collection[int]) -> None:
    """``hold`` for many: always in one order, so that nobody waits in a ring."""
    for some in in_parts(ids):
        session.execute(select(Person.id).where(Person.id.in_(some)).order_by(Person.id).with_for_update())


def in_parts(ids: Collection[int]) -> Iterator[list[int]]:
    """The ids in their order, as many at a time as one statement takes."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def refresh(session: Session, person_id: int) -> None:
    """Make the person's rows anew. The caller holds the person."""
    refresh_all(session, [person_id])


def refresh_all(session: Session, ids: Collection[int]) -> None:
    """``refresh`` for many: three statements for each part of them."""
    from .ledger import entries_of_all

    book = book_of(site_of(session))
    for some in in_parts(ids):
        rows = [
            row for person_id, entries in entries_of_all(session, some).items() for row in _rows(person_id, count(entries, book).values())
        ]
        session.execute(delete(YearTotal).where(YearTotal.person_id.in_(some)))
        if rows:
            session.execute(insert(YearTotal), rows)


def _rows(person_id: int, lines: Iterable[Line]) -> list[dict[str, Any]]:
    totals: dict[int, list[Decimal]] = {}
    for line in lines:
        quarters = totals.setdefault(line.entry.ended_on.year, [Decimal(0)] * 4)
        quarters[(line.entry.ended_on.month - 1) // 3] += line.counted
    return [
        {"person_id": person_id, "year": year, "jp": sum(quarters), **dict(zip(QUARTERS, quarters, strict=True))}
        for year, quarters in sorted(totals.items())
    ]
