"""Between the grade and the paper: several workers at once, each killed at any moment, and every person ends with one certificate."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from elearn import now
from elearn.models.learning import Delivery
from tests.plugins.certificates.proofs import data_of, make_keys
from tests.plugins.conftest import COURSE

PEOPLE, WORKERS, KILLS, PATIENCE = 12, 3, 6, 90.0


def worker(app):
    """A worker of the site, as a process of its own."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    env = os.environ | {"ELEARN_DATA": str(data_of(app)), "ELEARN_DATABASE": url, "ELEARN_BASE_URL": "http://localhost"}
    return subprocess.Popen([sys.executable, "-m", "elearn.cli", "worker"], env=env, start_new_session=True)


def kill(process):
    os.killpg(process.pid, signal.SIGKILL)  # its signing process too
    process.wait()


def test_workers_killed_at_any_moment_leave_one_certificate_each_and_no_gap(any_app, write_course, complete, of):
    make_keys(any_app)
    write_course(any_app, COURSE)
    standings = [complete(any_app, deliver=False, name=f"Peserta {n}", nip=f"1990011520140210{n:02}") for n in range(1, PEOPLE + 1)]
    workers = [worker(any_app) for _ in range(WORKERS)]
    try:
        for count in range(KILLS):
            wait_for(any_app, of, count + 1)  # somebody has begun, so the next is under way
            time.sleep(0.05 * count)
            kill(workers[count % WORKERS])
            free_leases(any_app)
            workers[count % WORKERS] = worker(any_app)
        wait_for(any_app, of, PEOPLE)
    finally:
        for one in workers:
            kill(one)
    rows = of(any_app)
    assert sorted(certificate.enrolment_id for certificate, _ in rows) == sorted(one.enrolment_id for one in standings)
    assert sorted(certificate.serial for certificate, _ in rows) == list(range(1, PEOPLE + 1))
    assert all(certificate.sha256 == hashlib.sha256(pdf).hexdigest() for certificate, pdf in rows)


def free_leases(app):
    """What a dead worker held is due at once: no test waits two minutes for a lease to run out."""
    due = {"held_until": None, "due_at": now() - timedelta(minutes=1)}
    for patience in (True, True, True, False):  # the workers that live keep SQLite's one write lock busy
        try:
            with app.extensions["elearn"].outbox.open_session() as session:
                session.execute(update(Delivery).where(Delivery.state == "waiting").values(**due))
                session.commit()
            return
        except OperationalError:
            if not patience:
                raise


def wait_for(app, of, count):
    """Until so many are issued."""
    deadline = time.monotonic() + PATIENCE
    while len(of(app)) < count:
        assert time.monotonic() < deadline, waiting(app)
        time.sleep(0.1)


def waiting(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        return session.execute(
            select(Delivery.subscriber, Delivery.state, func.count(), func.max(Delivery.error)).group_by(
                Delivery.subscriber, Delivery.state
            )
        ).all()
