"""Mails to the writers of a course: each letter is an event of its own, so that one who cannot be reached is tried again alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import Event, Person, record, site_of
from elearn_studio.models import Draft, Member


@dataclass(frozen=True, kw_only=True)
class WriterTold(Event):
    """A writer is told something by mail; ``text`` is what stands below the greeting."""

    person_id: int
    subject: str
    text: str


def tell_writers(session: Session, slug: str, *, subject: str, text: str) -> None:
    """Have the writers of a draft told who have an address."""
    writers = select(Member.person_id).join(Draft, Draft.id == Member.draft_id).join(Person, Person.id == Member.person_id)
    for person_id in session.scalars(writers.where(Draft.slug == slug, Person.email.isnot(None))).all():
        record(session, WriterTold(person_id=person_id, subject=subject, text=text))


def mail_writer(session: Session, event: WriterTold) -> Callable[[], None] | None:
    """The subscriber: one letter."""
    person = session.get(Person, event.person_id)
    if person is None or not person.email:
        return None
    return partial(site_of(session).mailer.send, to=person.email, subject=event.subject, body=f"Halo {person.name},\n\n{event.text}\n")
