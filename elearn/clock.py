"""The one place that knows what time it is, so that tests can stand still.

All times inside elearn are aware and in UTC; pages show them in the viewer's zone (WIB, WITA or WIT). Deadlines that decide
about somebody's work are compared in SQL, by the database's clock, never with this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_frozen: datetime | None = None


def now() -> datetime:
    """The present moment in UTC."""
    return _frozen or datetime.now(UTC)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold ``now()`` at ``moment`` (aware) within the block."""
    global _frozen
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    before, _frozen = _frozen, moment.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before
