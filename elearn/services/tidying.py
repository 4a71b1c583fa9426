"""Forgets what nobody needs any more: events that everybody was told, sign-ins that are over, links that were used or ran out."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from elearn.models.learning import Delivery, OutboxEvent
from elearn.models.people import PasswordReset, SignIn
from elearn.services.moments import ahead

KEPT = timedelta(days=90)
MOST = 2_000  # of each kind at a time: on SQLite nobody else may write meanwhile


def tidy(session: Session) -> int:
    """Delete what has been over for 90 days; answers how many rows. What waits, failed or still holds stays."""
    old = ahead(-KEPT)
    told = session.execute(
        select(Delivery.id, Delivery.event_id).where(Delivery.state == "done", Delivery.due_at < old).order_by(Delivery.due_at).limit(MOST)
    ).all()
    over = session.scalars(select(SignIn.id).where(or_(SignIn.expires_at < old, SignIn.ended_at < old)).limit(MOST)).all()
    links = session.scalars(select(PasswordReset.id).where(PasswordReset.expires_at < old).limit(MOST)).all()
    session.execute(delete(Delivery).where(Delivery.id.in_([row.id for row in told])))
    still_told = select(Delivery.id).where(Delivery.event_id == OutboxEvent.id).exists()
    session.execute(delete(OutboxEvent).where(OutboxEvent.id.in_({row.event_id for row in told}), ~still_told))
    session.execute(delete(SignIn).where(SignIn.id.in_(over)))
    session.execute(delete(PasswordReset).where(PasswordReset.id.in_(links)))
    return len(told) + len(over) + len(links)
