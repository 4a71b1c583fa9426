"""Tells events to their subscribers: after the commit, each in a transaction of its own, again and again until it works.

The row is the truth. Whoever works on one holds a lease on it, so that a killed process gives it back by doing nothing; the
effect and the mark "done" are one commit, so that nothing is done twice. What waits for somebody outside (a mail server) comes
after its subscriber's commit, for meanwhile no transaction may be open, and before the mark. A thread in every serving process, and
every ``elearn worker``, does the same work.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, and_, func, or_, select, update
from sqlalchemy.orm import Session

from elearn.errors import plain
from elearn.guard import GuardedSession
from elearn.models.learning import Delivery, OutboxEvent
from elearn.registry import Registry
from elearn.services.moments import ahead
from elearn.services.tidying import MOST, tidy
from elearn.services.upsert import rows_changed

log = logging.getLogger("elearn.outbox")

LEASE = timedelta(seconds=120)
MOST_TRIES = 12
POLL_SECONDS = 5.0
# On SQLite one transaction at a time may write, and who waits for it asks ten times a second: after so long at work the outbox rests so long.
WORK_SECONDS, REST_SECONDS = 0.4, 0.12
TIDY_SECONDS, TIDY_AGAIN_SECONDS = 3_600.0, 60.0  # between two looks for what nobody needs any more; where there is more than one look took
OpenSession = Callable[[], Session]


class Outbox:
    """The deliveries of one site. ``open_session`` gives sessions that may write; ``rest``: in seconds, after each spell of work."""

    def __init__(self, registry: Registry, open_session: OpenSession, *, rest: float = 0.0) -> None:
        self.registry, self.open_session, self.rest = registry, open_session, rest
        self._wake = threading.Event()
        self._idle = threading.Condition()
        self._rounds = 0
        self._thread: threading.Thread | None = None
        self._stop = False
        self._tidy_at = time.monotonic() + TIDY_SECONDS

    # -- the thread ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Deliver in the background from now on. Starting twice is starting once."""
        if self._thread is None or not self._thread.is_alive():
            self._stop = False
            self._thread = threading.Thread(target=self._run, name="elearn-outbox", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Finish the delivery under way and stop."""
        self.end()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def end(self) -> None:
        """Deliver nothing after the delivery under way. It takes no lock, so that a signal's handler may call it."""
        self._stop = True

    @property
    def running(self) -> bool:
        """Whether this process delivers in the background."""
        return self._thread is not None and self._thread.is_alive()

    def wake(self, *, wait: float = 0.0) -> None:
        """Something was recorded. Waits up to ``wait`` seconds for it to be told, so that the next page can show its effect."""
        if not self.running:
            return
        with self._idle:
            seen = self._rounds
            self._wake.set()
            if wait:
                self._idle.wait_for(lambda: self._rounds > seen, timeout=wait)

    def _run(self) -> None:
        while not self._stop:
            self._wake.wait(POLL_SECONDS)
            self._wake.clear()
            self._deliver_or_wait()
            with self._idle:
                self._rounds += 1
                self._idle.notify_all()

    def work(self) -> None:
        """Deliver until ``end`` is called; what ``elearn worker`` runs."""
        while not self._stop:
            if not self._deliver_or_wait():
                time.sleep(1.0)

    def _deliver_or_wait(self) -> int:
        """Deliver what is due; 0 where something hinders it, such as a database that is busy or away: it is logged, and passes."""
        try:
            self._tidy_at_times()
            return self.deliver_due()
        except Exception:
            log.exception("the outbox could not go on; it tries again")
            return 0

    def _tidy_at_times(self) -> None:
        if time.monotonic() < self._tidy_at:
            return
        self._tidy_at = time.monotonic() + TIDY_SECONDS
        with self.open_session() as session:
            if tidy(session) >= MOST:
                self._tidy_at = time.monotonic() + TIDY_AGAIN_SECONDS
            session.commit()

    # -- the work ------------------------------------------------------------------------------------------------------

    def deliver_due(self, *, limit: int = 1_000) -> int:
        """Deliver what is due now; answers how many deliveries were done. Events caused by these are delivered too."""
        done, began = 0, time.monotonic()
        for _ in range(limit):
            if self.rest and time.monotonic() - began > WORK_SECONDS:
                time.sleep(self.rest)
                began = time.monotonic()
            delivery_id = None if self._stop else self._claim()  # who stops takes no lease along
            if delivery_id is None:
                break
            done += self._deliver(delivery_id)
        return done

    def _claim(self) -> int | None:
        """Take the lease on the delivery that has waited longest, or None."""
        with self.open_session() as session:
            free = or_(Delivery.held_until.is_(None), Delivery.held_until < func.now())
            waiting = and_(Delivery.state == "waiting", Delivery.due_at <= func.now(), free)
            # in the order of an index that holds who waits alone: by id, all that was ever told would be gone through each time
            candidate = session.scalar(
                select(Delivery.id).where(waiting).order_by(Delivery.due_at).limit(1).with_for_update(skip_locked=True)
            )
            if candidate is None:
                return None
            won = rows_changed(
                session,
                update(Delivery)
                .where(Delivery.id == candidate, waiting)
                .values(held_until=ahead(LEASE), tries=Delivery.tries + 1)
                .execution_options(synchronize_session=False),
            )
            session.commit()
            return candidate if won else None

    def _deliver(self, delivery_id: int) -> bool:
        with self.open_session() as session:
            delivery = session.get_one(Delivery, delivery_id)
            event_row = session.get_one(OutboxEvent, delivery.event_id)
            known = self.registry.subscribers.get(delivery.subscriber)
            if known is None:
                self._fail(session, delivery_id, "no plugin has this subscriber now", tries=delivery.tries)
                return False
            plugin, event_type, function = known
            tries, guarded_session = delivery.tries, GuardedSession(session)
            try:
                outside = function(guarded_session, event_type.load(event_row.payload))  # type: ignore[arg-type]
                guarded_session.keep()
                if callable(outside):
                    if not self._write(session, delivery_id, tries, held_until=ahead(LEASE)):
                        return False
                    outside()
                return self._write(session, delivery_id, tries, state="done", held_until=None, error="")
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                session.rollback()
                log.error("plugin %r did not take %s", plugin.name, event_row.kind, exc_info=error)
                self.registry.failures[plugin.name] += 1
                self._fail(session, delivery_id, f"{type(error).__name__}: {plain(error)}", tries=tries)
                if self.registry.strict:
                    raise
                return False

    def _fail(self, session: Session, delivery_id: int, error: str, *, tries: int) -> None:
        session.rollback()
        due_at = ahead(timedelta(seconds=min(2**tries, 3_600)))
        state = "failed" if tries >= MOST_TRIES else "waiting"
        self._write(session, delivery_id, tries, held_until=None, error=error[:2_000], state=state, due_at=due_at)

    def _write(self, session: Session, delivery_id: int, tries: int, **values: Any) -> bool:
        """Commit with these values on the delivery; or undo all, where the lease ran out and somebody else took over: theirs counts."""
        held = update(Delivery).where(Delivery.id == delivery_id, Delivery.state == "waiting", Delivery.tries == tries)
        won = bool(rows_changed(session, held.values(**values).execution_options(synchronize_session=False)))
        (session.commit if won else session.rollback)()
        return won

    def redeliver_failed(self) -> int:
        """Give every failed delivery a new start; answers how many there were."""
        with self.open_session() as session:
            again = update(Delivery).where(Delivery.state == "failed").values(state="waiting", tries=0, due_at=func.now())
            found = rows_changed(session, again)
            session.commit()
            return found

    def health(self, session: Session) -> dict[str, int]:
        """How many deliveries there are in each state."""
        rows = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
        return {row[0]: row[1] for row in rows}

    def troubles(self, session: Session) -> dict[str, tuple[int, int]]:
        """By plugin: how many of its deliveries failed before and wait, and how many were given up."""
        found: dict[str, tuple[int, int]] = {}
        rows = session.execute(
            select(Delivery.subscriber, Delivery.state, func.count())
            .where(or_(Delivery.state == "failed", and_(Delivery.state == "waiting", Delivery.tries > 0)))
            .group_by(Delivery.subscriber, Delivery.state)
        )
        for subscriber, state, count in rows:
            name = subscriber.partition(":")[0]
            waiting, failed = found.get(name, (0, 0))
            found[name] = (waiting, failed + count) if state == "failed" else (waiting + count, failed)
        return found


def engine_sessions(engine: Engine, info: dict[str, Any]) -> OpenSession:
    """Sessions outside any request, for the outbox and the command line."""
    return lambda: Session(engine, expire_on_commit=False, info=dict(info))
