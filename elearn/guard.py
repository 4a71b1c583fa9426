"""How a plugin's function is called: with a session that cannot commit, its failure kept from everybody else.

Where something is written, the function has a savepoint of its own, and what it did is undone alone. Where a page is only read
(``session.info[READS]``) nothing is ever kept, so that the whole transaction may go instead: two statements less for each plugin.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session, SessionTransaction

log = logging.getLogger("elearn.plugins")
Result = TypeVar("Result")

ENDS = {"begin", "begin_nested", "close", "close_all", "commit", "expunge_all", "invalidate", "prepare", "reset", "rollback"}
INNARDS = {"bind", "connection", "get_nested_transaction", "get_transaction", "in_transaction", "transaction"}
FORBIDDEN = ENDS | INNARDS
READS = "elearn.reads"  # in a session's info: nothing of it is kept
FAILED = "elearn.failed"  # in a connection's info: a statement failed in the transaction under way
BROKEN = "the function swallowed a failed write and left the session broken"


class GuardedSession:
    """The session a plugin's function gets. It opens its savepoint at the first use, and refuses to end any transaction."""

    __slots__ = ("_savepoint", "_session", "_used")

    def __init__(self, session: Session) -> None:
        # A plugin's function may call a service that calls other plugins' functions: theirs is a savepoint within its own.
        self._session = session._opened() if isinstance(session, GuardedSession) else session
        self._savepoint: SessionTransaction | None = None
        self._used = False

    def _opened(self) -> Session:
        if not self._used:
            self._used = True
            if not self._session.info.get(READS):
                self._savepoint = self._session.begin_nested()
        return self._session

    def __getattr__(self, name: str) -> Any:
        if name in FORBIDDEN:
            raise PermissionError(f"a plugin's function may not call session.{name}: its caller owns the transaction")
        return getattr(self._session if name.startswith("_") else self._opened(), name)

    @property
    def info(self) -> dict[Any, Any]:
        """What goes with the session: the site. Reading it opens no savepoint."""
        return self._session.info

    def keep(self) -> None:
        """Keep what the function wrote, within the transaction around it."""
        if self._savepoint is not None:
            if not self._savepoint.is_active:
                raise RuntimeError(BROKEN)
            self._session.flush()
            self._savepoint.commit()
        elif self._used:
            self._session.flush()
            if not self._session.is_active or self._session.connection().info.get(FAILED):
                raise RuntimeError(BROKEN)

    def undo(self) -> None:
        """Undo all that the function did. It is rolled back whatever state a failed flush left it in."""
        if self._savepoint is not None:
            self._savepoint.rollback()
        elif self._used:
            self._session.rollback()


def unguarded(session: Session) -> Session:
    """The session behind a guarded one: for the core's own subscribers, which guard what they call in turn."""
    return session._session if isinstance(session, GuardedSession) else session


def guarded(
    session: Session,
    function: Callable[[Any], Result],
    *,
    plugin: str,
    strict: bool,
    failed: Callable[[str, BaseException], None] | None = None,
    make_subject: Callable[[Any], Any] = lambda session: session,
) -> tuple[bool, Result | None]:
    """Call ``function(make_subject(guarded session))``: (True, its answer), or (False, None) after undoing what it did.

    Nothing a plugin raises gets through, not even SystemExit; only KeyboardInterrupt does. ``strict`` (tests) raises instead.
    One plugin may ask for what another gives: ``session`` may be guarded already.
    """
    inner = GuardedSession(session)
    try:
        answer = function(make_subject(inner))
        inner.keep()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        inner.undo()
        if strict:
            raise
        log.error("plugin %r failed in %s", plugin, getattr(function, "__qualname__", function), exc_info=error)
        if failed:
            failed(plugin, error)
        return False, None
    return True, answer
