"""Sums kept so that figures need not read every attempt again, and what learners say is wrong with a question."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from elearn import Base, BigInt, Key


class Tally(Base):
    """Sums over the first attempts at one quiz of one version. ``kind``: "items" (see ``sums``) or "gain" (see ``gains``).

    It can be thrown away at any time: it is counted anew from the attempts. ``upto_at`` and ``upto_id`` are the last attempt in it;
    ``counted``, ``total`` and ``squares`` (scores in millionths) say whether those attempts are still what they were.
    """

    __tablename__ = "quizzes_tally"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    upto_at: Mapped[datetime | None]
    upto_id: Mapped[int] = mapped_column(BigInt, default=0)
    counted: Mapped[int] = mapped_column(BigInt, default=0)
    total: Mapped[int] = mapped_column(BigInt, default=0)
    squares: Mapped[int] = mapped_column(BigInt, default=0)
    state: Mapped[Any] = mapped_column(JSON, nullable=False)


class FaultReport(Base):
    """A learner says that a question is faulty; once for each question of an attempt. ``item_version`` is the question as it was asked
    (see ``versions``), ``reason`` a key of ``reports.REASONS``. ``answer`` is None until the trainer has answered."""

    __tablename__ = "quizzes_report"
    __table_args__ = (
        UniqueConstraint("attempt_id", "item_id"),
        Index("ix_quizzes_report_slug_lesson_id_item_id", "slug", "lesson_id", "item_id"),
    )

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(80))
    lesson_id: Mapped[str] = mapped_column(String(80))
    item_id: Mapped[str] = mapped_column(String(64))
    item_version: Mapped[str] = mapped_column(String(16))
    attempt_id: Mapped[int] = mapped_column(BigInt)
    person_id: Mapped[int] = mapped_column(BigInt, index=True)
    reason: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(600), default="")
    reported_at: Mapped[datetime] = mapped_column(server_default=func.now())
    answer: Mapped[str | None] = mapped_column(String(600))
    answered_by: Mapped[int | None] = mapped_column(BigInt)
    answered_at: Mapped[datetime | None]
