"""Submissions and all that was said of them. A submission never changes; what happens to it is added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from elearn import Base, BigInt, Key

STATES = ("submitted", "asked", "accepted", "refused", "withdrawn")
OPEN = ("submitted", "asked")


class Submission(Base):
    """A draft as it was sent in: ``source`` is the blob of its texts and pictures, ``change`` the draft's latest change then. ``signed_by`` names the organisation whose key signed the pack it came from. ``checks`` is what the machine found."""

    __tablename__ = "studio_submission"
    __table_args__ = (
        CheckConstraint("state IN ('submitted', 'asked', 'accepted', 'refused', 'withdrawn')", name="state"),
        Index("ix_studio_submission_state_at", "state", "at"),
        Index("ix_studio_submission_draft_id_id", "draft_id", "id"),
    )

    id: Mapped[Key]
    draft_id: Mapped[int] = mapped_column(BigInt, ForeignKey("studio_draft.id"))
    by: Mapped[int] = mapped_column(BigInt)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    state: Mapped[str] = mapped_column(String(10), default="submitted")
    change: Mapped[int] = mapped_column(BigInt)
    source: Mapped[str] = mapped_column(String(64))
    licence: Mapped[str] = mapped_column(String(60))
    provenance: Mapped[str] = mapped_column(String(2000))
    signed_by: Mapped[str] = mapped_column(String(200), default="")
    checks: Mapped[list[Any]] = mapped_column(JSON)


class Step(Base):
    """What happened to a submission: ``act`` is "submit", "ask", "accept", "refuse" or "withdraw", with its reason."""

    __tablename__ = "studio_step"
    __table_args__ = (Index("ix_studio_step_submission_id_id", "submission_id", "id"),)

    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(BigInt, ForeignKey("studio_submission.id"))
    act: Mapped[str] = mapped_column(String(10))
    by: Mapped[int | None] = mapped_column(BigInt)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    reason: Mapped[str] = mapped_column(Text, default="")


class Comment(Base):
    """A reviewer's or author's word on a place: a file and a line of it (0: the whole file)."""

    __tablename__ = "studio_comment"
    __table_args__ = (Index("ix_studio_comment_submission_id_path", "submission_id", "path"),)

    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(BigInt, ForeignKey("studio_submission.id"))
    path: Mapped[str] = mapped_column(String(300))
    line: Mapped[int] = mapped_column(default=0)
    by: Mapped[int] = mapped_column(BigInt)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    text: Mapped[str] = mapped_column(Text)


class OrganisationKey(Base):
    """An Ed25519 public key that an organisation signs its packs with; ``public`` in hexadecimal, ``revoked_at`` when it was lost.
    ``contributor`` is the person in whose name packs come that are sent without a browser; None where none may."""

    __tablename__ = "studio_key"
    __table_args__ = (UniqueConstraint("public"),)

    id: Mapped[Key]
    organisation: Mapped[str] = mapped_column(String(200))
    public: Mapped[str] = mapped_column(String(64))
    contributor: Mapped[int | None] = mapped_column(BigInt)
    by: Mapped[int] = mapped_column(BigInt)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_at: Mapped[datetime | None]
