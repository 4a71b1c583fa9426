"""Somebody who asks to be erased: what may go goes from the core and every plugin, what others rely on stays."""

import pytest
from sqlalchemy import select

from elearn import start_job
from elearn.app import create_app
from elearn.models.jobs import JobItem
from elearn.models.people import Grant, Person, SignIn
from elearn.services import sign_in
from elearn.web.database import db
from tests.commands.test_one_line import folder, ready, run

__all__ = ["folder"]


@pytest.fixture
def kept(folder):
    """``kept()``: the person's row, how many roles and devices there are."""
    ready(folder)

    def read():
        app = create_app(folder)
        with app.extensions["elearn"].outbox.open_session() as session:
            person = session.query(Person).one()
            session.expunge(person)
            found = person, session.query(Grant).count(), session.query(SignIn).count()
        with app.app_context():
            db.engine.dispose()
        return found

    return read


def add(folder, *login):
    run("person", "add", "--name", "Sari Wahyuni", *login, "--role", "author", "--password", "panjang-sekali-ya", "--data", folder)
    app = create_app(folder)
    with app.extensions["elearn"].outbox.open_session() as session:
        sign_in.start(session, session.query(Person).one(), agent="Peramban", days=30)
        session.commit()
    with app.app_context():
        db.engine.dispose()


def test_a_record_of_service_keeps_name_and_nip(folder, kept):
    add(folder, "--nip", "199407212019032005", "--email", "sari@kota.go.id")
    before, roles, devices = kept()
    assert (before.email, roles, devices) == ("sari@kota.go.id", 1, 1)
    said = run("person", "erase", "19940721 201903 2 005", "--yes", "--data", folder)
    assert said.exit_code == 0
    assert "Terhapus" in said.stdout
    person, roles, devices = kept()
    assert (person.name, person.nip) == ("Sari Wahyuni", "199407212019032005")
    assert (person.email, person.password_hash, person.active, roles, devices) == (None, None, False, 0, 0)


def test_who_has_no_nip_keeps_no_name(folder, kept):
    add(folder, "--email", "sari@kota.go.id")
    app = create_app(folder)
    with app.extensions["elearn"].outbox.open_session() as session:
        start_job(session, "core.recheck", title="Kelas", items=[("1", "Sari Wahyuni"), ("2", "Togar")], by=None)
        session.commit()
    run("person", "erase", "sari@kota.go.id", "--yes", "--data", folder)
    with app.extensions["elearn"].outbox.open_session() as session:
        assert session.scalars(select(JobItem.label).order_by(JobItem.id)).all() == ["Data dihapus", "Togar"]
    with app.app_context():
        db.engine.dispose()
    person, _roles, _devices = kept()
    assert person.name == "Data dihapus"
    assert "sari" not in person.email
    assert run("person", "erase", "sari@kota.go.id", "--yes", "--data", folder).exit_code == 1


def test_without_a_yes_nothing_is_erased(folder, kept):
    add(folder, "--email", "sari@kota.go.id")
    assert run("person", "erase", "sari@kota.go.id", "--data", folder).exit_code != 0
    assert kept()[0].active
