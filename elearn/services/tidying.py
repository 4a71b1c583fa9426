"""Forgets what nobody needs any more: events that everybody was told or nobody listens to, sign-ins that are over, links that ran out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Session

from elearn.models.learning import Delivery, OutboxEvent
from elearn.models.people import PasswordReset, SignIn
from elearn.services.moments import ahead

KEPT = timedelta(days=90)
MOST = 2_000  # of each kind at a time: on SQLite nobody else may write meanwhile


def tidy(session: Session) -> int:
    """Delete what has been over for 90 days; answers how many rows. What waits, failed or still holds stays."""
    old = ahead(-KEPT)
    told = session.scalars(
        select(Delivery.id).where(Delivery.state == "done", Delivery.due_at < old).order_by(Delivery.due_at).limit(MOST)
    ).all()
    over = session.scalars(select(SignIn.id).where(or_(SignIn.expires_at < old, SignIn.ended_at < old)).limit(MOST)).all()
    links = session.scalars(select(PasswordReset.id).where(PasswordReset.expires_at < old).limit(MOST)).all()
    session.execute(delete(Delivery).where(Delivery.id.in_(told)))
    events = session.scalars(_events_without_delivery(old)).all()
    session.execute(delete(OutboxEvent).where(OutboxEvent.id.in_(events)))
    session.execute(delete(SignIn).where(SignIn.id.in_(over)))
    session.execute(delete(PasswordReset).where(PasswordReset.id.in_(links)))
    return len(told) + len(events) + len(over) + len(links)


def _events_without_delivery(old: ColumnElement[datetime]) -> Select[int]:
    """The events that nobody is told any more, or ever was, up to the first that is young: events come in the order of their time."""
    young = select(OutboxEvent.id).where(OutboxEvent.at >= old).order_by(OutboxEvent.id).limit(1).scalar_subquery()
    still_told = select(Delivery.id).where(Delivery.event_id == OutboxEvent.id).exists()
    before = OutboxEvent.id < func.coalesce(young, 2**62)
    return select(OutboxEvent.id).where(before, OutboxEvent.at < old, ~still_told).order_by(OutboxEvent.id).limit(MOST)
