"""Writes an event down in the transaction that made it true; the outbox tells it to the subscribers after the commit."""

from __future__ import annotations

from sqlalchemy.orm import Session

from elearn.events import Event
from elearn.models.learning import Delivery, OutboxEvent

SUBSCRIBERS = "elearn.subscribers"


def record(session: Session, event: Event) -> None:
    """Keep ``event`` with a delivery for each subscriber. They are told after the commit, or never if it does not come."""
    row = OutboxEvent(kind=event.kind(), payload=event.payload())
    session.add(row)
    session.flush()
    names = session.info.get(SUBSCRIBERS, {}).get(event.kind(), ())
    session.add_all(Delivery(event_id=row.id, subscriber=name) for name in names)
    session.info["elearn.recorded"] = True
