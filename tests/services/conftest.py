"""A session over a fresh site, on SQLite and on PostgreSQL."""

import pytest

from elearn.services import people


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, make_app):
    return make_app(database=request.param if request.param == "postgresql" else "")


@pytest.fixture
def session(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        yield session


@pytest.fixture
def sari(session):
    person = people.add_person(session, name="Sari Wahyuni", nip="199407212019032005", email="Sari@Contoh.go.id", password="sandi panjang")
    session.commit()
    return person
