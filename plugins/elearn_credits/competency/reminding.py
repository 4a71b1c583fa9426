"""Reminding somebody: a word on their home page and, where there is an address, a mail; at most once in two weeks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial

from flask import render_template
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import Card, Event, Person, Refused, Viewer, now, outdated, record, remembered, site_of
from elearn import gettext as _

from .. import ledger, years
from .models import Reminder

REST = timedelta(days=14)
RULES = ("pace", "failed", "idle")


@dataclass(frozen=True, kw_only=True)
class PersonReminded(Event):
    """The head of a unit reminded somebody."""

    reminder_id: int


def remind(session: Session, person_id: int, *, by: int, rule: str) -> None:
    """Keep the reminder and tell it. Raises ``Refused`` within two weeks of the last."""
    if rule not in RULES:
        raise Refused("rule", "Aturan ini tidak dikenal.")
    years.hold(session, person_id)
    last = session.scalar(select(Reminder.at).where(Reminder.person_id == person_id).order_by(Reminder.at.desc()).limit(1))
    if last is not None and last > now() - REST:
        raise Refused("reminded", "Orang ini sudah diingatkan kurang dari 14 hari yang lalu.")
    row = Reminder(person_id=person_id, by_id=by, rule=rule)
    session.add(row)
    session.flush()
    outdated(session, "credits.reminded")
    record(session, PersonReminded(reminder_id=row.id))


def send_mail(session: Session, event: PersonReminded) -> Callable[[], None] | None:
    """Mail it to whoever has an address."""
    row = session.get(Reminder, event.reminder_id)
    person = session.get(Person, row.person_id) if row else None
    if row is None or person is None or not person.email:
        return None
    site = site_of(session)
    account = ledger.year_account(session, person.id, kind=ledger.kind_of(person), year=ledger.today(session).year)
    return partial(
        site.mailer.send,
        to=person.email,
        subject=f"Pengingat belajar dari {site.settings['name']}",
        body=(
            f"Halo {person.name},\n\nkepala unit Anda mengingatkan: tahun ini Anda sudah mencatat {_plain(account.total)} dari "
            f"{_plain(account.target)} JP. Lihat rinciannya dan pilih pelatihan berikutnya di\n\n{site.url_for_path('/transkrip/kompetensi')}\n"
        ),
    )


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def _reminded(session: Session) -> frozenset[int]:
    """Who has a reminder to see."""
    return frozenset(session.scalars(select(Reminder.person_id).where(Reminder.at > now() - REST)))


def card(who: Viewer) -> Card | None:
    """The reminder, until the hours are there or two weeks have gone by."""
    if who.person is None or who.id not in remembered(who.session, "credits.reminded", lambda: _reminded(who.session)):
        return None
    row = who.session.execute(
        select(Reminder, Person.name)
        .outerjoin(Person, Person.id == Reminder.by_id)
        .where(Reminder.person_id == who.id, Reminder.at > now() - REST)
        .order_by(Reminder.at.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    body = render_template("credits/reminder_card.html", reminder=row[0], by=row[1] or "")
    return Card(title=_("Pengingat dari kepala unit"), body=Markup(body), order=5)
