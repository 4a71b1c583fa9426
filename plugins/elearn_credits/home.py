"""What the ledger says where people pass by: this year's hours on the home page, and what a completed course brought."""

from __future__ import annotations

from datetime import date
from math import ceil
from typing import Any

from flask import render_template
from markupsafe import Markup

from elearn import Card, Standing, Viewer
from elearn import gettext as _

from . import ledger
from .competency.person import raised_by
from .counting import Account

JP_MINUTES = 45
MOST_A_DAY = 60  # minutes; a plan that asks for more encourages nobody


def card(viewer: Viewer) -> Card | None:
    """This year's hours, and what somebody asked the learner to mend."""
    if viewer.person is None:
        return None
    session = viewer.session
    today = ledger.today(session)
    entries = ledger.entries_of(session, viewer.id)
    account = ledger.year_account(session, viewer.id, kind=ledger.kind_of(viewer.person), year=today.year, entries=entries)
    asked = [entry for entry in entries if entry.state == "asked"]
    body = Markup(render_template("credits/card.html", account=account, daily=daily_minutes(account, today), asked=asked))
    return Card(title=_("JP tahun %(year)s", year=today.year), body=body, order=10)


def daily_minutes(account: Account, today: date) -> int:
    """How many minutes of learning a day reach the target by the end of the period, in steps of five; 0 where that is no gentle plan."""
    days = (account.last - today).days + 1
    if not account.left or days <= 0:
        return 0
    minutes = ceil(float(account.left) * JP_MINUTES / days / 5) * 5
    return minutes if minutes <= MOST_A_DAY else 0


def completed(viewer: Viewer, standing: Any) -> Markup | None:
    """What a completed course brought: hours, and levels of competency."""
    if not isinstance(standing, Standing) or standing.state != "completed":
        return None
    session = viewer.session
    entries = ledger.entries_of(session, standing.person_id)
    kind = ledger.kind_of(viewer.person)
    account = ledger.year_account(session, standing.person_id, kind=kind, year=ledger.today(session).year, entries=entries)
    line = next((line for line in account.lines if line.entry.enrolment_id == standing.enrolment_id), None)
    waiting = line is None and not any(entry.enrolment_id == standing.enrolment_id for entry in entries)
    raised = raised_by(session, standing.person_id, standing.enrolment_id)
    return Markup(render_template("credits/completed.html", account=account, line=line, waiting=waiting, raised=raised))
