"""Forgets what nobody needs any more: events that everybody was told, sign-ins that are over, links that were used or ran out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, or_, select
from sqlalchemy.orm import Session

from elearn.models.learning import Delivery, OutboxEvent
from elearn.models.people import PasswordReset, SignIn
from elearn.services.moments import ahead

KEPT = timedelta(days=90)
MOST = 2_000  # of each kind at a time: on SQLite nobody else may write meanwhile


def tidy(session: Session) -> int:
    """Delete what has been over for 90 days; answers how many rows. What waits, failed or still holds stays; of the events nobody hears,
    such as each lesson finished, there are the most."""
    old = ahead(-KEPT)
    told = session.execute(
        select(Delivery.id, Delivery.event_id).where(Delivery.state == "done", Delivery.due_at < old).order_by(Delivery.due_at).limit(MOST)
    ).all()
    over = session.scalars(select(SignIn.id).where(or_(SignIn.expires_at < old, SignIn.ended_at < old)).limit(MOST)).all()
    links = session.scalars(select(PasswordReset.id).where(PasswordReset.expires_at < old).limit(MOST)).all()
    session.execute(delete(Delivery).where(Delivery.id.in_([row.id for row in told])))
    untold = ~select(Delivery.id).where(Delivery.event_id == OutboxEvent.id).exists()
    session.execute(delete(OutboxEvent).where(OutboxEvent.id.in_({row.event_id for row in told}), untold))
    unheard = session.scalars(_before(session, old).where(untold).order_by(OutboxEvent.id).limit(MOST)).all()
    session.execute(delete(OutboxEvent).where(OutboxEvent.id.in_(unheard)))
    session.execute(delete(SignIn).where(SignIn.id.in_(over)))
    session.execute(delete(PasswordReset).where(PasswordReset.id.in_(links)))
    return len(told) + len(unheard) + len(over) + len(links)


def _before(session: Session, old: ColumnElement[datetime]) -> Select[int]:
    """The events before the first that is younger; ids rise with the time, so that only the oldest are looked at."""
    young = session.scalar(select(OutboxEvent.id).where(OutboxEvent.at >= old).order_by(OutboxEvent.id).limit(1))
    ids = select(OutboxEvent.id)
    return ids if young is None else ids.where(OutboxEvent.id < young)
