"""The demo's people come once, whatever whoever tries it out does with the site."""

import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import func, select

from elearn.commands.demo import PEOPLE, fill, seed_settings
from elearn.errors import SettingError
from elearn.models.people import Person
from elearn.services import people
from elearn.settings import Settings


def test_a_demo_with_people_of_ones_own_starts_again(make_app):
    app = make_app()
    with app.extensions["elearn"].outbox.open_session() as session:
        for one in PEOPLE:
            people.add_person(session, name=one.name, nip=one.nip)
        people.add_person(session, name="Wayan Uji", nip="199001012015011009")
        session.commit()
    fill(app)
    with app.extensions["elearn"].outbox.open_session() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == len(PEOPLE) + 1


def test_a_demo_that_was_interrupted_is_made_anew(tmp_path):
    folder = tmp_path / "demo"
    with demo(folder) as process:
        wait_until(lambda: counts(folder).get("enrolment", 0) > 1, process)
        process.kill()
        process.wait(timeout=30)
    enrolments = sum(len(one.taken) for one in PEOPLE)
    assert counts(folder)["enrolment"] < enrolments, "it was caught in the midst"
    whole = counts(serve(folder))
    assert whole["person"] == len(PEOPLE)
    assert whole["enrolment"] == enrolments
    assert whole["certificates_certificate"] > 5
    assert whole["studio_draft"] == 2
    assert counts(serve(folder)) == whole, "a whole one is kept"


@contextmanager
def demo(folder):
    """The command in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "elearn.cli", "demo", "--json", "--port", str(port), "--data", folder]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def serve(folder):
    """Start the demo, and end it once it answers."""
    with demo(folder) as process:
        assert '"url"' in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    return folder


def counts(folder):
    """How many rows there are in the tables that learning fills; nothing where there is no database yet."""
    tables = ("person", "enrolment", "certificates_certificate", "studio_draft")
    try:
        with closing(sqlite3.connect(f"file:{folder}/elearn.db?mode=ro", uri=True)) as database:
            return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    except sqlite3.OperationalError:
        return {}


def wait_until(true, process):
    deadline = time.monotonic() + 120
    while not true():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_no_demo_is_made_on_a_site_that_has_people(make_app):
    app = make_app()
    with app.extensions["elearn"].outbox.open_session() as session:
        people.add_person(session, name="Rahmat Hidayat", email="rahmat@kota.go.id")
        session.commit()
    with pytest.raises(SettingError, match="people of its own"):
        fill(app)
    with app.extensions["elearn"].outbox.open_session() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1


def test_the_demos_settings_are_the_sites_own_and_stay_as_they_were_changed(tmp_path):
    seed_settings(tmp_path, "http://127.0.0.1:8000")
    assert Settings(tmp_path, plugins={})["organisation"] == "Badan Pengembangan SDM Kota Contoh"
    (tmp_path / "site.toml").write_text('organisation = "BPSDM Uji"\n', "utf-8")
    seed_settings(tmp_path, "http://127.0.0.1:8001")
    assert Settings(tmp_path, plugins={})["organisation"] == "BPSDM Uji"


def test_no_demos_settings_come_to_a_site_that_has_none(tmp_path):
    """Such as one that is set up by its environment alone."""
    (tmp_path / "secret.key").write_text("x" * 40, "ascii")
    seed_settings(tmp_path, "http://127.0.0.1:8000")
    assert not (tmp_path / "site.toml").exists()
