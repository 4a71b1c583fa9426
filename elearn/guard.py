"""How a plugin's function is called: in a savepoint, with a session that cannot commit, its failure kept from everybody else."""

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


class GuardedSession:
    """The session a plugin's function gets. It opens its savepoint at the first use, and refuses to end any transaction."""

    def __init__(self, session: Session) -> None:
        # A plugin's function may call a service that calls other plugins' functions: theirs is a savepoint within its own.
        self._session = session._opened() if isinstance(session, GuardedSession) else session
        self._savepoint: SessionTransaction | None = None

    def _opened(self) -> Session:
        if self._savepoint is None:
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
                raise RuntimeError("the function swallowed a failed write and left the session broken")
            self._session.flush()
            self._savepoint.commit()

    def undo(self) -> None:
        """Undo all that the function did. The savepoint is rolled back whatever state a failed flush left it in."""
        if self._savepoint is not None:
            self._savepoint.rollback()


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
