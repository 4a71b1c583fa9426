"""Long work, item by item: what is to be done, by whose order, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from elearn.models.base import Base, BigInt, Key


class Job(Base):
    """One order. ``kind`` names the ``JobKind``, ``given`` is what all its items share; ``ended_at`` is set when none is left waiting."""

    __tablename__ = "core_job"

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    given: Mapped[dict[str, Any]]
    by_id: Mapped[int | None] = mapped_column(BigInt, index=True)
    total: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]


class JobItem(Base):
    """One thing to do. ``state``: "waiting", "done", "refused" (a rule said no) or "failed" (it broke); ``said`` is the result in words.
    ``taken_at`` is set while somebody asks a service outside about it."""

    __tablename__ = "core_job_item"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'refused', 'failed')", name="state"),
        Index("ix_core_job_item_job_id_state", "job_id", "state"),
    )

    id: Mapped[Key]
    job_id: Mapped[int] = mapped_column(BigInt, ForeignKey("core_job.id"))
    value: Mapped[str] = mapped_column(String(200))
    label: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    said: Mapped[str] = mapped_column(String(500), default="")
    taken_at: Mapped[datetime | None]
