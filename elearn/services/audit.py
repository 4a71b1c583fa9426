"""The record of what privileged people did."""

from __future__ import annotations

from sqlalchemy.orm import Session

from elearn.models.people import AuditEntry


def note(session: Session, act: str, *, actor: int | None, subject: str = "", detail: str = "") -> None:
    """Keep that ``actor`` (None: the command line) did ``act`` ("course.publish") to ``subject``."""
    session.add(AuditEntry(actor_id=actor, act=act[:60], subject=subject[:120], detail=detail[:2000]))
