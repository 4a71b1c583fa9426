"""The ledger of credit hours: rows are added, never changed. A correction is a new row that names the one it replaces."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index, Numeric, String, func
from sqlalchemy.orm import Mapped, mapped_column

from elearn import Base, BigInt, Key


class LedgerEntry(Base):
    """One piece of learning of one person. ``units`` are of the form's unit (JP, days, occasions); ``days`` the ISO dates on which
    they learned; ``state`` "recognised", "waiting", "asked", "refused" or "withdrawn"; ``key`` names the fact, so that it enters once;
    ``certificate`` the number of the paper for learning outside the site. The JP granted and the cap applied stand in no column: they
    depend on the person's other entries and are counted from all of them, so that the order of arrival cannot matter."""

    __tablename__ = "credits_entry"
    __table_args__ = (
        Index("ix_credits_entry_person_id_ended_on", "person_id", "ended_on"),
        Index("ix_credits_entry_state_id", "state", "id"),
        Index("ix_credits_entry_evidence", "evidence"),
    )

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    corrects_id: Mapped[int | None] = mapped_column(BigInt, unique=True)
    person_id: Mapped[int] = mapped_column(BigInt)
    form: Mapped[str] = mapped_column(String(10))
    international: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(String(300))
    organiser: Mapped[str] = mapped_column(String(300), default="")
    units: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    days: Mapped[list[Any]] = mapped_column(JSON)
    started_on: Mapped[date]
    ended_on: Mapped[date]
    course_id: Mapped[int | None] = mapped_column(BigInt)
    version_id: Mapped[int | None] = mapped_column(BigInt)
    enrolment_id: Mapped[int | None] = mapped_column(BigInt)
    evidence: Mapped[str] = mapped_column(String(300), default="")
    certificate: Mapped[str] = mapped_column(String(120), default="")
    rule_set: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500), default="")
    recorded_by: Mapped[int | None] = mapped_column(BigInt)
    verified_by: Mapped[int | None] = mapped_column(BigInt)
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Contract(Base):
    """The day from which a contract year of a PPPK counts."""

    __tablename__ = "credits_contract"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigInt, unique=True)
    starts_on: Mapped[date]
