"""Which courses there are, who learns them and how far they have come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from elearn.models.base import Base, BigInt, Key


class CourseRow(Base):
    """A course by its slug, with what the catalogue shows of the version on offer (``version_id``; None: nothing on offer)."""

    __tablename__ = "course"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    version_id: Mapped[int | None] = mapped_column(BigInt)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(600), default="")
    language: Mapped[str] = mapped_column(String(8), default="id")
    level: Mapped[str] = mapped_column(String(20), default="")
    hours: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int] = mapped_column(default=0)
    search_text: Mapped[str] = mapped_column(Text, default="")


class CourseCompetency(Base):
    """A competency that a course on offer teaches, by its code."""

    __tablename__ = "course_competency"

    course_id: Mapped[int] = mapped_column(BigInt, ForeignKey("course.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)


class CourseVersion(Base):
    """A published state of a course. Its content lies in the store under ``digest`` and never changes."""

    __tablename__ = "course_version"
    __table_args__ = (UniqueConstraint("course_id", "number"), UniqueConstraint("course_id", "digest"))

    id: Mapped[Key]
    course_id: Mapped[int] = mapped_column(BigInt, ForeignKey("course.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_by: Mapped[int | None] = mapped_column(BigInt)


class Enrolment(Base):
    """One person taking one course, in one period: doing it again years later is a new period, never a rewrite.

    ``state``: "active", "completed" or "withdrawn". ``last_lesson`` is where to go on.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "period"),
        CheckConstraint("state IN ('active', 'completed', 'withdrawn')", name="state"),
        Index("ix_enrolment_course_id_state", "course_id", "state"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigInt, ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(BigInt, ForeignKey("course.id"))
    period: Mapped[int] = mapped_column(default=1)
    version_id: Mapped[int] = mapped_column(BigInt, ForeignKey("course_version.id"))
    state: Mapped[str] = mapped_column(String(12), default="active")
    last_lesson: Mapped[str] = mapped_column(String(80), default="")
    enrolled_at: Mapped[datetime] = mapped_column(server_default=func.now())
    completed_at: Mapped[datetime | None]


class LessonDone(Base):
    """A lesson finished within an enrolment. The row is written once and stays, whatever the author edits later."""

    __tablename__ = "lesson_done"

    enrolment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("enrolment.id"), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    version_id: Mapped[int] = mapped_column(BigInt)
    done_at: Mapped[datetime] = mapped_column(server_default=func.now())


class OutboxEvent(Base):
    """A fact that was recorded in the transaction that caused it."""

    __tablename__ = "outbox_event"

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Delivery(Base):
    """One event on its way to one subscriber. ``state``: "waiting", "done" or "failed"; ``held_until`` is the lease of who works on it."""

    __tablename__ = "outbox_delivery"
    __table_args__ = (
        UniqueConstraint("event_id", "subscriber"),
        Index("ix_outbox_delivery_state_due_at", "state", "due_at"),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(BigInt, ForeignKey("outbox_event.id"))
    subscriber: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    held_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(2000), default="")
