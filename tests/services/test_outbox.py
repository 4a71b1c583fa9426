"""Events are told once each, whatever dies in between."""

import logging
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select, text, update

from elearn import CourseCompleted, Event, Plugin, clock
from elearn.events import CompletionHeld
from elearn.models.learning import Delivery, OutboxEvent
from elearn.models.people import AuditEntry
from elearn.registry import discover
from elearn.services import audit
from elearn.services.facts import record


class Happened(Event):
    """Something."""


@dataclass(frozen=True, kw_only=True)
class Told(Event):
    """Something with a number."""

    number: int


def remember(session, event):
    audit.note(session, "test.happened", actor=None, subject="x")


PLUGIN = Plugin(name="penguji", title="Penguji", events=(Happened,), subscribers={Happened: (remember,)})


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, make_app):
    return make_app(PLUGIN, database="postgresql" if request.param == "postgresql" else "", strict=False)


def tell(app, count):
    with app.extensions["elearn"].outbox.open_session() as session:
        for _ in range(count):
            record(session, Happened())
        session.commit()


def told(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        return len(session.scalars(select(AuditEntry).where(AuditEntry.act == "test.happened")).all())


def test_an_event_of_an_undone_transaction_was_never_there(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        record(session, Happened())
        session.rollback()
    assert app.extensions["elearn"].outbox.deliver_due() == 0
    with app.extensions["elearn"].outbox.open_session() as session:
        assert session.scalars(select(OutboxEvent)).all() == []


def test_many_workers_tell_each_event_once(app):
    tell(app, 60)
    workers = [threading.Thread(target=app.extensions["elearn"].outbox.deliver_due) for _ in range(8)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    while app.extensions["elearn"].outbox.deliver_due():
        pass
    assert told(app) == 60


def test_a_lease_that_ran_out_is_taken_over_and_the_late_one_changes_nothing(app):
    tell(app, 1)
    outbox = app.extensions["elearn"].outbox
    first = outbox._claim()
    assert outbox._claim() is None
    with outbox.open_session() as session:
        session.get_one(Delivery, first).held_until = clock.now() - timedelta(seconds=1)
        session.commit()
    assert outbox.deliver_due() == 1
    assert outbox._deliver(first) is False
    assert told(app) == 1


def test_what_a_subscriber_leaves_for_later_comes_after_its_commit_and_again_until_it_works(make_app):
    calls = []

    def later():
        calls.append(told(app))
        if len(calls) == 1:
            raise OSError("the server is away")

    def remember_and_call(session, event):
        audit.note(session, "test.happened", actor=None, subject="x")
        return later

    plugin = Plugin(name="penguji", title="P", events=(Happened,), subscribers={Happened: (remember_and_call,)})
    app = make_app(plugin, strict=False)
    outbox = app.extensions["elearn"].outbox
    tell(app, 1)
    assert outbox.deliver_due() == 0
    with outbox.open_session() as session:
        delivery = session.scalars(select(Delivery)).one()
        assert (delivery.state, delivery.error) == ("waiting", "OSError: the server is away")
        delivery.due_at = delivery.due_at.replace(year=2020)
        session.commit()
    assert outbox.deliver_due() == 1
    assert calls == [1, 2], "what the subscriber wrote was there for everybody"


def test_who_lost_the_lease_calls_nobody(make_app):
    def take_over(session, event):
        session.execute(update(Delivery).values(tries=Delivery.tries + 1))  # what another worker does once the lease has run out
        return lambda: pytest.fail("somebody else tells this event")

    plugin = Plugin(name="penguji", title="P", events=(Happened,), subscribers={Happened: (take_over,)})
    app = make_app(plugin)
    tell(app, 1)
    assert app.extensions["elearn"].outbox.deliver_due(limit=1) == 0


def test_while_the_outbox_is_busy_others_write(make_app):
    """On SQLite one may write at a time: without a rest, long work would take the lock again before anybody else is awake to ask for it."""

    def take_time(session, event):
        audit.note(session, "test.happened", actor=None, subject="x")
        time.sleep(0.5)

    app = make_app(Plugin(name="penguji", title="P", events=(Happened,), subscribers={Happened: (take_time,)}))
    outbox = app.extensions["elearn"].outbox
    assert outbox.rest > 0.1, "who waits asks ten times a second"
    outbox.rest = 1.0  # long enough for a busy machine, too
    tell(app, 4)
    busy = threading.Thread(target=outbox.deliver_due)
    busy.start()
    written = 0
    while busy.is_alive():
        with outbox.open_session() as session:
            audit.note(session, "test.written", actor=None, subject="x")
            session.commit()
        written += 1
        time.sleep(0.05)
    assert told(app) == 4
    assert written > 4


def test_who_has_waited_longest_is_told_first(make_app):
    heard = []
    plugin = Plugin(name="penguji", title="P", events=(Told,), subscribers={Told: (lambda session, event: heard.append(event.number),)})
    app = make_app(plugin)
    with app.extensions["elearn"].outbox.open_session() as session:
        for number, year in ((1, 2022), (2, 2020), (3, 2021), (4, 2021)):
            record(session, Told(number=number), not_before=clock.now().replace(year=year, month=1, day=1))
        session.commit()
    app.extensions["elearn"].outbox.deliver_due()
    assert heard == [2, 3, 4, 1]


def test_what_was_told_long_ago_is_not_gone_through_again(make_app):
    """After years of events, in the midst of a class's: each asks for the next."""
    app = make_app(PLUGIN, database="postgresql")
    outbox = app.extensions["elearn"].outbox
    state = "CASE WHEN id <= 30000 THEN 'done' ELSE 'waiting' END"
    with outbox.open_session() as session:
        session.execute(text("INSERT INTO outbox_event (kind, payload) SELECT 'Happened', '{}' FROM generate_series(1, 32000)"))
        columns = "INSERT INTO outbox_delivery (event_id, subscriber, tries, error, state)"
        session.execute(text(f"{columns} SELECT id, 'penguji:remember:Happened', 0, '', {state} FROM outbox_event ORDER BY id"))
        session.commit()
        session.execute(text("ANALYZE outbox_delivery"))
        session.commit()
        asked = []
        engine = session.get_bind().engine
        listen = lambda connection, cursor, statement, parameters, *more: asked.append((statement, parameters))  # noqa: E731
        event.listen(engine, "before_cursor_execute", listen)
        outbox._claim()
        event.remove(engine, "before_cursor_execute", listen)
        statement, parameters = asked[0]
        plan = "\n".join(session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE) {statement}", parameters).scalars())
    assert "ix_outbox_delivery_state_due_at" in plan
    assert not re.search("Sort|Rows Removed", plan)


class Unsayable(Exception):
    def __str__(self):
        raise ValueError("nothing to say")


@pytest.mark.parametrize(
    ("error", "said"), [(OSError("berkas \udcff\0"), "OSError: berkas ?"), (Unsayable(), "Unsayable: Unsayable")], ids=["signs", "none"]
)
@pytest.mark.parametrize("database", ["", "postgresql"])
def test_an_error_that_no_database_keeps_holds_up_nobody(make_app, database, error, said, monkeypatch):
    monkeypatch.setattr(logging.getLogger("elearn.outbox"), "disabled", True)  # test reports, too, keep no such words

    def fail(session, event):
        raise error

    plugin = Plugin(name="penguji", title="P", events=(Happened,), subscribers={Happened: (fail, remember)})
    app = make_app(plugin, database=database, strict=False)
    tell(app, 1)
    assert app.extensions["elearn"].outbox.deliver_due() == 1
    assert told(app) == 1
    with app.extensions["elearn"].outbox.open_session() as session:
        assert session.scalars(select(Delivery.error).where(Delivery.state == "waiting")).all() == [said]


def test_a_plugin_that_left_keeps_its_events_waiting(app, make_app):
    tell(app, 1)
    outbox = app.extensions["elearn"].outbox
    subscribers = outbox.registry.subscribers
    kept = dict(subscribers)
    subscribers.clear()
    outbox.deliver_due()
    assert told(app) == 0
    subscribers.update(kept)
    with outbox.open_session() as session:
        delivery = session.scalars(select(Delivery)).one()
        delivery.due_at = delivery.due_at.replace(year=2020)
        session.commit()
    assert outbox.deliver_due() == 1
    assert told(app) == 1


def test_what_was_given_up_can_be_given_a_new_start(app):
    tell(app, 1)
    outbox = app.extensions["elearn"].outbox
    with outbox.open_session() as session:
        delivery = session.scalars(select(Delivery)).one()
        delivery.state, delivery.tries = "failed", 12
        session.commit()
    assert outbox.deliver_due() == 0
    assert outbox.redeliver_failed() == 1
    assert outbox.deliver_due() == 1


SLOW = """
import sys, time
from elearn import Event, Plugin
from elearn.app import create_app
from elearn.services import audit

class Happened(Event):
    pass

def slowly(session, event):
    audit.note(session, "test.happened", actor=None, subject="x")
    session.flush()
    print("inside", flush=True)
    time.sleep(60)

def remember(session, event):
    pass

slowly.__qualname__ = "remember"
app = create_app(sys.argv[1], settings={"secure_cookies": False}, plugins=[Plugin(name="penguji", title="P", events=(Happened,), subscribers={Happened: (slowly,)})])
app.extensions["elearn"].outbox.deliver_due()
"""


def test_kill_9_in_the_middle_of_a_delivery_loses_nothing_and_doubles_nothing(make_app):
    app = make_app(PLUGIN, strict=False)
    tell(app, 1)
    child = subprocess.Popen([sys.executable, "-c", SLOW, app.config["ELEARN_DATA"]], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "inside\n"
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    outbox = app.extensions["elearn"].outbox
    assert outbox.deliver_due() == 0, "its lease still holds"
    with outbox.open_session() as session:
        session.scalars(select(Delivery)).one().held_until = clock.now().replace(year=2020)
        session.commit()
    assert outbox.deliver_due() == 1
    assert told(app) == 1


def test_the_thread_delivers_what_is_recorded_and_stops_when_told(app):
    outbox = app.extensions["elearn"].outbox
    outbox.start()
    outbox.start()
    tell(app, 3)
    outbox.wake(wait=5)
    deadline = time.monotonic() + 10
    while told(app) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert told(app) == 3
    outbox.stop()
    assert not outbox.running


def test_who_stops_leaves_what_is_due_to_the_next_at_once(app):
    outbox = app.extensions["elearn"].outbox
    tell(app, 1)
    outbox.stop()
    assert outbox.deliver_due() == 0
    with outbox.open_session() as session:
        delivery = session.scalars(select(Delivery)).one()
    assert (delivery.tries, delivery.held_until) == (0, None)


@pytest.fixture
def worker(make_app):
    """(``elearn worker`` on a site of its own, that site)."""
    app = make_app(*discover(without=()))
    command = [sys.executable, "-m", "elearn.cli", "worker", "--data", app.config["ELEARN_DATA"]]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "elearn worker: ready\n"
    yield process, app
    process.kill()
    process.communicate()


def test_a_worker_outlasts_a_database_that_is_busy(worker):
    process, app = worker
    file = Path(app.config["ELEARN_DATA"]) / "elearn.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "it tries again" in process.stderr.readline()
    assert process.poll() is None
    with app.extensions["elearn"].outbox.open_session() as session:
        record(session, CompletionHeld(enrolment_id=0))
        session.commit()
    assert eventually(lambda: waiting(app) == 0)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0


def test_a_worker_that_is_told_to_stop_does_not_first_do_all_that_waits(worker):
    process, app = worker
    with app.extensions["elearn"].outbox.open_session() as session:
        for _ in range(900):
            record(session, CompletionHeld(enrolment_id=0))
        session.commit()
    assert eventually(lambda: waiting(app) < 900)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert waiting(app) > 0


def waiting(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        return len(session.scalars(select(Delivery.id).where(Delivery.state == "waiting")).all())


def eventually(true):
    deadline = time.monotonic() + 30
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


def test_an_event_survives_fields_that_come_and_go():
    payload = {"enrolment_id": 1, "person_id": 2, "course_id": 3, "version_id": 4, "slug": "x", "hours": 3, "gone": True}
    assert CourseCompleted.load(payload).score is None
