"""Long work: each item exactly once, whatever is killed in between; refusals and failures reported, others not held up."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from sqlalchemy import select, update

from elearn import JobKind, Plugin, Refused, clock, jobs
from elearn.models.jobs import JobItem
from elearn.models.learning import Delivery
from elearn.models.people import AuditEntry
from elearn.services import audit

BROKEN = {"rusak"}


def work(part):
    audit.note(part.session, "test.worked", actor=part.by, subject=part.value, detail=part.given.get("kata", ""))
    if part.value == "tolak":
        raise Refused("no", "Tidak boleh.")
    if part.value in BROKEN:
        raise ValueError("rusak")
    return f"hasil {part.value}"


PLUGIN = Plugin(name="penguji", title="Penguji", jobs=(JobKind(name="penguji.kerja", work=work),))


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, make_app):
    return make_app(PLUGIN, database="postgresql" if request.param == "postgresql" else "", strict=False)


def start(app, values, by=None):
    with app.extensions["elearn"].outbox.open_session() as session:
        job_id = jobs.start_job(
            session, "penguji.kerja", title="Kerja", items=[(one, f"Label {one}") for one in values], by=by, given={"kata": "k"}
        )
        session.commit()
    return job_id


def progress(app, job_id):
    with app.extensions["elearn"].outbox.open_session() as session:
        return jobs.job_progress(session, job_id)


def worked(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        return sorted(session.scalars(select(AuditEntry.subject).where(AuditEntry.act == "test.worked")))


def test_every_item_is_done_once_and_the_others_are_told(app):
    job_id = start(app, ["a", "tolak", "rusak", "b"])
    app.extensions["elearn"].outbox.deliver_due()
    seen = progress(app, job_id)
    assert (seen.total, seen.done, seen.refused, seen.failed, seen.left, seen.share) == (4, 2, 1, 1, 0, 1.0)
    assert seen.ended_at is not None
    assert worked(app) == ["a", "b"], "what was refused or broke left nothing behind"
    with app.extensions["elearn"].outbox.open_session() as session:
        assert [(one.value, one.said) for one in jobs.items_of(session, job_id)] == [
            ("tolak", "Tidak boleh."),
            ("rusak", "ValueError: rusak"),
        ]


def test_many_turns_and_many_workers_do_each_item_once(app, monkeypatch):
    monkeypatch.setattr(jobs, "TURN_SECONDS", 0.0)
    job_id = start(app, [f"{n:03}" for n in range(40)])
    workers = [threading.Thread(target=app.extensions["elearn"].outbox.deliver_due) for _ in range(4)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    while app.extensions["elearn"].outbox.deliver_due():
        pass
    assert worked(app) == [f"{n:03}" for n in range(40)]
    assert progress(app, job_id).ended_at is not None


def test_what_failed_can_be_tried_again_and_what_was_done_is_not(app):
    job_id = start(app, ["a", "rusak", "tolak"])
    app.extensions["elearn"].outbox.deliver_due()
    BROKEN.clear()
    try:
        with app.extensions["elearn"].outbox.open_session() as session:
            assert jobs.retry_job(session, job_id) == 1
            session.commit()
        app.extensions["elearn"].outbox.deliver_due()
    finally:
        BROKEN.add("rusak")
    assert worked(app) == ["a", "rusak"]
    assert progress(app, job_id).done == 2


def test_nothing_to_do_is_said(app):
    with pytest.raises(Refused, match="Tidak ada"):
        start(app, [])


SLOW = """
import sys, time
from elearn import JobKind, Plugin, jobs
from elearn.app import create_app
from elearn.services import audit

jobs.TURN_SECONDS = 0.0
seen = 0

def work(part):
    global seen
    audit.note(part.session, "test.worked", actor=None, subject=part.value)
    part.session.flush()
    seen += 1
    if seen == 4:
        print("inside", flush=True)
        time.sleep(60)

app = create_app(sys.argv[1], settings={"secure_cookies": False}, plugins=[Plugin(name="penguji", title="P", jobs=(JobKind(name="penguji.kerja", work=work),))])
app.extensions["elearn"].outbox.deliver_due()
"""


def test_kill_9_in_the_middle_goes_on_where_it_stopped(make_app):
    app = make_app(PLUGIN, strict=False)
    job_id = start(app, [str(n) for n in range(8)])
    child = subprocess.Popen([sys.executable, "-c", SLOW, app.config["ELEARN_DATA"]], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "inside\n"
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    assert progress(app, job_id).done == 3
    with app.extensions["elearn"].outbox.open_session() as session:
        session.execute(update(Delivery).values(held_until=clock.now().replace(year=2020)))
        session.commit()
    app.extensions["elearn"].outbox.deliver_due()
    assert worked(app) == [str(n) for n in range(8)]
    with app.extensions["elearn"].outbox.open_session() as session:
        assert set(session.scalars(select(JobItem.state))) == {"done"}


def test_a_job_is_its_owners_page_and_asks_again_while_it_runs(make_app, sign_in):
    app = make_app(PLUGIN, strict=False)
    owner, other, boss = sign_in(app), sign_in(app, name="Togar"), sign_in(app, role="administrator")
    job_id = start(app, ["a", "tolak", "rusak"], by=owner.person_id)
    page = owner.get(f"/pekerjaan/{job_id}").text
    assert 'http-equiv="refresh"' in page
    app.extensions["elearn"].outbox.deliver_due()
    page = owner.get(f"/pekerjaan/{job_id}").text
    assert 'http-equiv="refresh"' not in page
    assert "Tidak boleh." in page
    assert "Label rusak" in page
    assert "hasil a" in owner.get(f"/pekerjaan/{job_id}.csv").text
    assert other.get(f"/pekerjaan/{job_id}").status_code == 404
    assert other.post(f"/pekerjaan/{job_id}/ulang").status_code == 404
    assert "Kerja" in boss.get("/pekerjaan").text
    assert "Kerja" not in other.get("/pekerjaan").text
    assert owner.post(f"/pekerjaan/{job_id}/ulang").status_code == 302
