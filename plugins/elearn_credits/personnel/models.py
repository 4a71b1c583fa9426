"""What is kept about sending: a record for each fact that may go, and the person's id over there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from elearn import Base, BigInt, Key

STATES = ("lacking", "ready", "sent", "accepted", "refused")


class PersonnelRecord(Base):
    """A fact of the ledger on its way to the personnel system.

    ``key`` is the fact's, whatever corrected it; ``entry_id`` the ledger row that holds. ``state``: "lacking" (``lacks`` says what),
    "ready", "sent" (nobody knows yet what became of it), "accepted" or "refused" (``reason`` says why). ``act``: "save", or "delete"
    once what was accepted no longer counts. ``row`` is what to send, ``digest`` what was sent last; ``remote_id`` the row's id there,
    "" where nobody told it: then the row is looked for before it is sent again or deleted.
    """

    __tablename__ = "credits_personnel"
    __table_args__ = (Index("ix_credits_personnel_state_id", "state", "id"), Index("ix_credits_personnel_person_id", "person_id"))

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    entry_id: Mapped[int] = mapped_column(BigInt, index=True)
    person_id: Mapped[int] = mapped_column(BigInt)
    year: Mapped[int]
    act: Mapped[str] = mapped_column(String(6), default="save")
    state: Mapped[str] = mapped_column(String(10))
    lacks: Mapped[list[Any]] = mapped_column(JSON)
    row: Mapped[dict[str, Any]] = mapped_column("row_json", JSON)
    digest: Mapped[str] = mapped_column(String(64), default="")
    remote_id: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[int | None] = mapped_column(BigInt)
    answered_at: Mapped[datetime | None]


class PersonnelIdentity(Base):
    """The id that the personnel system knows somebody by, as it told it for their NIP."""

    __tablename__ = "credits_personnel_identity"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigInt, unique=True)
    nip: Mapped[str] = mapped_column(String(18))
    remote_id: Mapped[str] = mapped_column(String(80))
    told_at: Mapped[datetime] = mapped_column(server_default=func.now())


MODELS: tuple[type[Base], ...] = (PersonnelRecord, PersonnelIdentity)
