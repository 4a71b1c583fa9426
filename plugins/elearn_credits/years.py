"""Every person's counted JP by calendar year and quarter, kept in step with the ledger: what reports over many people read.

A row is reckoned from all of the person's entries by the same counting as their transcript, in the transaction that changed one.
"""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Numeric, UniqueConstraint, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from elearn import Base, BigInt, Key, Person, site_of

from .counting import count
from .rules import book_of

QUARTERS = ("q1", "q2", "q3", "q4")


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
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def refresh(session: Session, person_id: int) -> None:
    """Make the person's rows anew. The caller holds the person."""
    from .ledger import entries_of

    lines = count(entries_of(session, person_id), book_of(site_of(session)))
    totals: dict[int, list[Decimal]] = {}
    for line in lines.values():
        quarters = totals.setdefault(line.entry.ended_on.year, [Decimal(0)] * 4)
        quarters[(line.entry.ended_on.month - 1) // 3] += line.counted
    session.execute(delete(YearTotal).where(YearTotal.person_id == person_id))
    rows = [
        {"person_id": person_id, "year": year, "jp": sum(quarters), **dict(zip(QUARTERS, quarters, strict=True))}
        for year, quarters in sorted(totals.items())
    ]
    if rows:
        session.execute(insert(YearTotal), rows)
