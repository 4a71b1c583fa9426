"""Somebody who has completed a course, the ledger's rows, and the bundled rules."""

import pytest
from elearn_credits.models import LedgerEntry
from elearn_credits.rules import BUNDLED, RuleBook, read_rule_set

from elearn.progress import finish_lesson

COURSE = {"01-satu.md": "# Satu\nTeks.", "02-dua.md": "# Dua\nTeks."}


@pytest.fixture(scope="session")
def book():
    """The bundled rules."""
    return RuleBook(read_rule_set(path) for path in sorted(BUNDLED.glob("*.toml")))


@pytest.fixture
def complete(enrolled):
    """``complete(app)`` finishes both lessons and lets the events be told; answers the standing."""

    def run(app, *, deliver=True, **who):
        standing = enrolled(app, **who)
        state = app.extensions["elearn"]
        with state.outbox.open_session() as session:
            for lesson in ("satu", "dua"):
                standing = finish_lesson(session, standing, lesson)
            session.commit()
        if deliver:
            state.outbox.deliver_due()
        return standing

    return run


@pytest.fixture
def rows():
    """``rows(app)``: all rows of the ledger, by id."""

    def read(app):
        with app.extensions["elearn"].outbox.open_session() as session:
            return list(session.query(LedgerEntry).order_by(LedgerEntry.id))

    return read
