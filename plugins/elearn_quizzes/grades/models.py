"""The record of what happened to attempts and marks. All four tables are append-only: rows are added, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from elearn import Base, BigInt, Key


class AttemptChange(Base):
    """One change of an attempt's state, or of its score or time within a state. ``actor_id`` None: the learner, or the clock."""

    __tablename__ = "quizzes_change"

    id: Mapped[Key]
    attempt_id: Mapped[int] = mapped_column(BigInt, index=True)
    before: Mapped[str] = mapped_column(String(10))
    after: Mapped[str] = mapped_column(String(10))
    act: Mapped[str] = mapped_column(String(30))
    actor_id: Mapped[int | None] = mapped_column(BigInt)
    reason: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[Any | None] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class GradeEntry(Base):
    """A mark given to one answer: by which rule, under which version of the question, by whom (None: the formulas).

    ``rule``: "formula", "rubric", "correction:<id>" or "late". ``given`` are a rubric's points by criterion.
    """

    __tablename__ = "quizzes_grade"
    __table_args__ = (Index("ix_quizzes_grade_attempt_item", "attempt_id", "item_id"),)

    id: Mapped[Key]
    attempt_id: Mapped[int] = mapped_column(BigInt)
    item_id: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    grader_id: Mapped[int | None] = mapped_column(BigInt)
    rule: Mapped[str] = mapped_column(String(40))
    share: Mapped[float]
    points: Mapped[float]
    given: Mapped[Any | None] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Allowance(Base):
    """Extra time, extra attempts or a later closing (``until``) for one person at one quiz, with its reason. All rows of a person add up;
    the latest closing holds."""

    __tablename__ = "quizzes_allowance"
    __table_args__ = (Index("ix_quizzes_allowance_enrolment_lesson", "enrolment_id", "lesson_id"),)

    id: Mapped[Key]
    enrolment_id: Mapped[int] = mapped_column(BigInt)
    lesson_id: Mapped[str] = mapped_column(String(80))
    seconds: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int] = mapped_column(BigInt)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Correction(Base):
    """A question put right after it was asked, in one published version. ``kind``: "key", "accept", "full" or "withdraw" (see
    ``corrections``); ``value`` the right key or the further answer. Later submissions under that version are marked by it too."""

    __tablename__ = "quizzes_correction"
    __table_args__ = (Index("ix_quizzes_correction_digest_lesson", "digest", "lesson_id"),)

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(String(64))
    lesson_id: Mapped[str] = mapped_column(String(80))
    item_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[Any | None] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int] = mapped_column(BigInt)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
