"""What is kept about competency. Evidence is added, never changed; ``CompetencyProfile`` is reckoned from it and can be made anew."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, Numeric, String, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from elearn import Base, BigInt, Key


class CompetencyRow(Base):
    """A competency that the site added to the bundled dictionary, or put in the place of a bundled one. ``levels``: five sentences."""

    __tablename__ = "credits_competency"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    group: Mapped[str] = mapped_column("group_name", String(20), default="technical")
    levels: Mapped[list[Any]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(300), default="")
    as_of: Mapped[date]


class PostStandard(Base):
    """The level that a post asks of a competency; ``post`` as ``standards.post_key`` writes it."""

    __tablename__ = "credits_standard"
    __table_args__ = (UniqueConstraint("post", "code"),)

    id: Mapped[Key]
    post: Mapped[str] = mapped_column(String(160))
    code: Mapped[str] = mapped_column(String(80))
    level: Mapped[int]
    source: Mapped[str] = mapped_column(String(300), default="")


class Evidence(Base):
    """Something that shows a competency at a level. ``kind``: "assessment" (an official one), "course" or "quiz"; ``share`` the
    score from 0 to 1 where there is one; ``key`` names the fact, so that it enters once."""

    __tablename__ = "credits_evidence"
    __table_args__ = (Index("ix_credits_evidence_person_id_code", "person_id", "code"),)

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(160), unique=True)
    person_id: Mapped[int] = mapped_column(BigInt)
    code: Mapped[str] = mapped_column(String(80))
    level: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    share: Mapped[float | None]
    shown_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(300), default="")
    recorded_by: Mapped[int | None] = mapped_column(BigInt)
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CompetencyProfile(Base):
    """A person's levels today by the stated rule, as one text for reports over many people: "|code=level|" for each competency. One row a
    person, so that a report reads fifty thousand rows and not half a million."""

    __tablename__ = "credits_profile"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigInt, unique=True)
    levels: Mapped[str] = mapped_column(Text)


class WantedPost(Base):
    """The post somebody works towards."""

    __tablename__ = "credits_wanted_post"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigInt, unique=True)
    post: Mapped[str] = mapped_column(String(160))


class ProfessionalFigure(Base):
    """A dimension of IP ASN that comes from outside: qualification, performance or discipline of a person in a year."""

    __tablename__ = "credits_professional"
    __table_args__ = (UniqueConstraint("person_id", "year", "dimension"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigInt)
    year: Mapped[int]
    dimension: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(40))
    points: Mapped[float] = mapped_column(Numeric(6, 2, asdecimal=False))
    source: Mapped[str] = mapped_column(String(300), default="")


class FinalTestFailed(Base):
    """How often somebody has failed the final test of a course they have not passed yet."""

    __tablename__ = "credits_failed"

    id: Mapped[Key]
    enrolment_id: Mapped[int] = mapped_column(BigInt, unique=True)
    person_id: Mapped[int] = mapped_column(BigInt, index=True)
    title: Mapped[str] = mapped_column(String(300))
    times: Mapped[int]
    last_on: Mapped[date]


class Reminder(Base):
    """A head of a unit reminded somebody; shown on their home page until they have what they need."""

    __tablename__ = "credits_reminder"
    __table_args__ = (Index("ix_credits_reminder_person_id_at", "person_id", "at"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigInt)
    by_id: Mapped[int] = mapped_column(BigInt)
    rule: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(server_default=func.now())


MODELS: tuple[type[Base], ...] = (
    CompetencyRow,
    PostStandard,
    Evidence,
    CompetencyProfile,
    WantedPost,
    ProfessionalFigure,
    Reminder,
    FinalTestFailed,
)
