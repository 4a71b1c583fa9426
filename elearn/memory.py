"""What a process may remember of the database for a while: what all readers share, changes seldom, and may be a minute old."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session

from elearn.guard import unguarded
from elearn.services.site import site_of

Value = TypeVar("Value")
SECONDS = 60.0
MOST = 2_000


def remembered(session: Session, name: str, make: Callable[[], Value], *, seconds: float = SECONDS) -> Value:
    """What ``make`` made under this name (which begins with the plugin's) at most ``seconds`` ago; made anew where it is older."""
    memory = site_of(unguarded(session)).memory
    kept = memory.get(name)
    if kept is not None and kept[0] > time.monotonic():
        found: Value = kept[1]
        return found
    fresh = make()
    if len(memory) >= MOST:
        memory.clear()
    memory[name] = (time.monotonic() + seconds, fresh)
    return fresh


def outdated(session: Session, prefix: str) -> None:
    """What is remembered under names that begin so is no longer true here, from now and from the commit on; other processes notice when
    their time is up."""
    real = unguarded(session)
    memory: dict[str, Any] = site_of(real).memory

    def drop(*_: Any) -> None:
        for name in [name for name in list(memory) if name.startswith(prefix)]:
            memory.pop(name, None)

    drop()
    event.listen(real, "after_commit", drop, once=True)
