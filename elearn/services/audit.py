"""The record of what privileged people did."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from elearn.models.people import AuditEntry, Person


def note(session: Session, act: str, *, actor: int | None, subject: str = "", detail: str = "") -> None:
    """Keep that ``actor`` (None: the command line) did ``act`` ("course.publish") to ``subject``."""
    session.add(AuditEntry(actor_id=actor, act=act[:60], subject=subject[:120], detail=detail[:2000]))


class Noted(NamedTuple):
    """An entry with the name of who did it ("" for the command line), and of the person it was done to where it was one."""

    entry: AuditEntry
    actor: str
    person: str


def entries(session: Session, *, text: str = "", acts: Collection[str] = (), skip: int = 0, most: int) -> list[Noted]:
    """The entries, latest first; with ``text`` those of an act or subject that begins so, of one of these ``acts``, or of who bears that
    name. Two statements."""
    wanted = select(AuditEntry).order_by(AuditEntry.id.desc()).offset(skip).limit(most)
    text = " ".join(text.split())
    if text:
        named = select(Person.id).where(Person.name.icontains(text, autoescape=True))
        begins = (AuditEntry.act.istartswith(text, autoescape=True), AuditEntry.subject.istartswith(text, autoescape=True))
        wanted = wanted.where(or_(*begins, AuditEntry.act.in_(acts), AuditEntry.actor_id.in_(named)))
    rows = session.scalars(wanted).all()
    ids = {row.actor_id for row in rows if row.actor_id} | {_person(row) for row in rows}
    names = {row[0]: row[1] for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
    return [Noted(row, names.get(row.actor_id or 0, ""), names.get(_person(row), "")) for row in rows]


def _person(row: AuditEntry) -> int:
    kind, _sign, number = row.subject.partition(":")
    return int(number) if kind == "person" and number.isdecimal() and len(number) < 19 else 0
