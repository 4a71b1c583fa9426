"""Who uses the site, where they work, what they may do, and on which devices they are signed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from elearn.models.base import Base, BigInt, Key


class Unit(Base):
    """A unit of the organisation. ``path`` lists the ids from the root ("/1/7/"), so that a subtree is one prefix."""

    __tablename__ = "unit"

    id: Mapped[Key]
    parent_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    code: Mapped[str | None] = mapped_column(String(40), unique=True)
    path: Mapped[str] = mapped_column(String(400), unique=True)


class Person(Base):
    """Somebody with an account. Signs in by ``nip`` (18 digits) or ``email`` (lower case)."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("nip IS NOT NULL OR email IS NOT NULL", name="has_login"),)

    id: Mapped[Key]
    nip: Mapped[str | None] = mapped_column(String(18), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(20), default="pns")
    post: Mapped[str] = mapped_column(String(160), default="")
    rank: Mapped[str] = mapped_column(String(60), default="")
    unit_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("unit.id"), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="id")
    timezone: Mapped[str] = mapped_column(String(40), default="Asia/Jakarta")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Grant(Base):
    """A role given to a person within a scope: the whole site, a unit with all below it, or one course."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_id", "role", "scope", "scope_id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigInt, ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(String(10), default="site")
    scope_id: Mapped[int] = mapped_column(BigInt, default=0)
    granted_by: Mapped[int | None] = mapped_column(BigInt)
    granted_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SignIn(Base):
    """One device that is, or was, signed in. The cookie holds a random token, the table only its SHA-256."""

    __tablename__ = "sign_in"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(BigInt, ForeignKey("person.id"), index=True)
    agent: Mapped[str] = mapped_column(String(200), default="")
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PasswordReset(Base):
    """A request for a new password. The mailed link is signed over this row and opens it once."""

    __tablename__ = "password_reset"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigInt, ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AuditEntry(Base):
    """An act of somebody with more rights than a learner: who, when, what, on whom or what."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject"),)

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    actor_id: Mapped[int | None] = mapped_column(BigInt)
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120), default="")
    detail: Mapped[str] = mapped_column(String(2000), default="")
