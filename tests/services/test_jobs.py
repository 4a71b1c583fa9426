"""Long work: each item exactly once, whatever is killed in between; refusals and failures reported, others not held up."""

import logging
import os
import signal
import subprocess
import sys
import threading

import pytest
from sqlalchemy import select, update

from elearn import JobKind, JobStopped, Plugin, Refused, clock, jobs
from elearn.events import JobDue
from elearn.models.jobs import JobItem
from elearn.models.learning import Delivery
from elearn.models.people import AuditEntry
from elearn.services import audit
from elearn.services.facts import record

BROKEN = {"rusak"}


def work(part):
    audit.note(part.session, "test.worked", actor=part.by, subject=part.value, detail=part.given.get("kata", ""))
    if part.value == "tolak":
        raise Refused("no", "Tidak boleh.")
    if part.value == "peran":
        raise Refused("role", "Pilih perannya.")
    if part.value in BROKEN:
        raise ValueError("rusak")
    if part.value == "aneh":
        raise OSError("berkas \udcff\0")
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


def test_an_error_that_no_database_keeps_is_the_items_alone(app, monkeypatch):
    monkeypatch.setattr(logging.getLogger("elearn.jobs"), "disabled", True)  # test reports, too, keep no such words
    job_id = start(app, ["aneh", "b"])
    app.extensions["elearn"].outbox.deliver_due()
    assert worked(app) == ["b"]
    with app.extensions["elearn"].outbox.open_session() as session:
        assert [(one.value, one.said) for one in jobs.items_of(session, job_id)] == [("aneh", "OSError: berkas ?")]


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


class Service:
    """A service outside, as a job sees it: what it was asked, and whether anybody held the database meanwhile."""

    def __init__(self):
        self.asked, self.during, self.gone = [], None, set()


SERVICE = Service()


def prepare(part):
    if part.value == "tolak":
        raise Refused("no", "Belum lengkap.")
    audit.note(part.session, "test.prepared", actor=None, subject=part.value)
    return {"soal": part.value}


def ask(call):
    SERVICE.asked.append(call.asked["soal"])
    if SERVICE.during:
        SERVICE.during(call)
    if call.asked["soal"] in SERVICE.gone:
        raise JobStopped("Layanan tidak dapat dihubungi.")
    if call.asked["soal"] == "rusak":
        raise ValueError("aneh")
    return call.asked["soal"].upper()


def keep(part):
    audit.note(part.session, "test.worked", actor=part.by, subject=f"{part.value} {part.answer}")
    if part.value == "sandi":
        raise JobStopped("Kata sandi layanan salah.")
    return part.answer


CALLER = Plugin(name="penguji", title="Penguji", jobs=(JobKind(name="penguji.kerja", work=keep, prepare=prepare, ask=ask),))


@pytest.fixture(params=["sqlite", "postgresql"])
def calling(request, make_app):
    SERVICE.__init__()
    return make_app(CALLER, database="postgresql" if request.param == "postgresql" else "", strict=False)


def test_an_item_that_asks_outside_is_prepared_asked_once_and_its_answer_kept(calling):
    job_id = start(calling, ["a", "tolak", "rusak", "b"])
    calling.extensions["elearn"].outbox.deliver_due()
    assert SERVICE.asked == ["a", "rusak", "b"]
    assert worked(calling) == ["a A", "b B"]
    seen = progress(calling, job_id)
    assert (seen.done, seen.refused, seen.failed, seen.left) == (2, 1, 1, 0)
    assert seen.ended_at is not None


def test_nobody_waits_for_the_database_while_a_service_is_asked(calling):
    def others_write(call):
        with calling.extensions["elearn"].outbox.open_session() as session:
            prepared = session.scalars(select(AuditEntry.subject).where(AuditEntry.act == "test.prepared")).all()
            assert call.asked["soal"] in prepared, "what is about to be asked is kept before it is"
            audit.note(session, "test.other", actor=None)
            session.commit()

    SERVICE.during = others_write
    job_id = start(calling, ["a", "b"])
    calling.extensions["elearn"].outbox.deliver_due()
    assert progress(calling, job_id).done == 2


def test_a_service_that_is_away_stops_the_rest_which_can_be_tried_again(calling):
    SERVICE.gone = {"b"}
    job_id = start(calling, ["a", "b", "c", "d"])
    calling.extensions["elearn"].outbox.deliver_due()
    assert SERVICE.asked == ["a", "b"]
    seen = progress(calling, job_id)
    assert (seen.done, seen.failed, seen.left) == (1, 3, 0)
    with calling.extensions["elearn"].outbox.open_session() as session:
        assert {item.said for item in jobs.items_of(session, job_id)} == {"Layanan tidak dapat dihubungi."}
        SERVICE.gone = set()
        assert jobs.retry_job(session, job_id) == 3
        session.commit()
    calling.extensions["elearn"].outbox.deliver_due()
    assert worked(calling) == ["a A", "b B", "c C", "d D"]


def test_what_was_kept_before_the_rest_was_stopped_stays(calling):
    job_id = start(calling, ["a", "sandi", "c"])
    calling.extensions["elearn"].outbox.deliver_due()
    assert worked(calling) == ["a A", "sandi SANDI"]
    assert (progress(calling, job_id).done, progress(calling, job_id).failed) == (1, 2)
    assert progress(calling, job_id).ended_at is not None


def test_many_workers_ask_about_each_item_once(calling, monkeypatch):
    monkeypatch.setattr(jobs, "TURN_SECONDS", 0.0)
    job_id = start(calling, [f"{n:03}" for n in range(30)])
    with calling.extensions["elearn"].outbox.open_session() as session:
        for _ in range(3):
            record(session, JobDue(job_id=job_id))
        session.commit()
    workers = [threading.Thread(target=calling.extensions["elearn"].outbox.deliver_due) for _ in range(4)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    while calling.extensions["elearn"].outbox.deliver_due():
        pass
    assert sorted(SERVICE.asked) == [f"{n:03}" for n in range(30)]
    with calling.extensions["elearn"].outbox.open_session() as session:
        session.execute(update(Delivery).values(due_at=clock.now().replace(year=2020)))
        session.commit()
    calling.extensions["elearn"].outbox.deliver_due()
    assert progress(calling, job_id).ended_at is not None


def test_an_item_that_was_being_asked_when_the_process_died_is_prepared_again_after_the_call_cannot_last(calling):
    start(calling, ["a"])

    def dies(call):
        raise KeyboardInterrupt

    SERVICE.during = dies
    with pytest.raises(KeyboardInterrupt):
        calling.extensions["elearn"].outbox.deliver_due()
    SERVICE.during = None
    with calling.extensions["elearn"].outbox.open_session() as session:
        session.execute(update(Delivery).values(held_until=clock.now().replace(year=2020)))
        session.commit()
    calling.extensions["elearn"].outbox.deliver_due()
    assert SERVICE.asked == ["a"], "the call may still be under way"
    with calling.extensions["elearn"].outbox.open_session() as session:
        session.execute(update(JobItem).values(taken_at=clock.now().replace(year=2020)))
        session.execute(update(Delivery).values(due_at=clock.now().replace(year=2020)))  # its time has come
        session.commit()
    calling.extensions["elearn"].outbox.deliver_due()
    assert SERVICE.asked == ["a", "a"]
    assert worked(calling) == ["a A"]


def test_a_kind_that_asks_says_what_it_prepares():
    with pytest.raises(ValueError, match="both prepare and ask"):
        Plugin(name="penguji", title="P", jobs=(JobKind(name="penguji.kerja", work=keep, ask=ask),))


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


def test_what_became_of_an_item_is_said_in_the_readers_language(make_app, sign_in):
    app = make_app(PLUGIN, strict=False)
    owner = sign_in(app)
    job_id = start(app, ["a", "peran"], by=owner.person_id)
    app.extensions["elearn"].outbox.deliver_due()
    assert "Pilih perannya." in owner.get(f"/pekerjaan/{job_id}").text
    owner.post("/bahasa", data={"bahasa": "en"})
    for address in (f"/pekerjaan/{job_id}", f"/pekerjaan/{job_id}.csv"):
        assert "Choose the role." in owner.get(address).text
    assert "hasil a" in owner.get(f"/pekerjaan/{job_id}.csv").text


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
