"""Somebody who has completed a course, the ledger's rows, and the bundled rules."""

import pytest
from elearn_credits.models import LedgerEntry
from elearn_credits.rules import BUNDLED, RuleBook, read_rule_set


@pytest.fixture(scope="session")
def book():
    """The bundled rules."""
    return RuleBook(read_rule_set(path) for path in sorted(BUNDLED.glob("*.toml")))


@pytest.fixture
def rows():
    """``rows(app)``: all rows of the ledger, by id."""

    def read(app):
        with app.extensions["elearn"].outbox.open_session() as session:
            return list(session.query(LedgerEntry).order_by(LedgerEntry.id))

    return read
