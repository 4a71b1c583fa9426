"""Writes an event down in the transaction that made it true; the outbox tells it to the subscribers after the commit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from elearn.events import Event
from elearn.models.learning import Delivery, OutboxEvent

SUBSCRIBERS = "elearn.subscribers"


def record(session: Session, event: Event, *, not_before: datetime | ColumnElement[datetime] | None = None) -> None:
    """Keep ``event`` with a delivery for each subscriber. They are told after the commit, or never if it does not come; with
    ``not_before``, not until then."""
    row = OutboxEvent(kind=event.kind(), payload=event.payload())
    session.add(row)
    session.flush()
    names = session.info.get(SUBSCRIBERS, {}).get(event.kind(), ())
    due = {} if not_before is None else {"due_at": not_before}
    session.add_all(Delivery(event_id=row.id, subscriber=name, **due) for name in names)
    session.info["elearn.recorded"] = True
