"""The demo's people come once, whatever whoever tries it out does with the site."""

from sqlalchemy import func, select

from elearn.commands.demo import PEOPLE, fill, seed_settings
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


def test_the_demos_settings_are_the_sites_own_and_stay_as_they_were_changed(tmp_path):
    seed_settings(tmp_path, "http://127.0.0.1:8000")
    assert Settings(tmp_path, plugins={})["organisation"] == "Badan Pengembangan SDM Kota Contoh"
    (tmp_path / "site.toml").write_text('organisation = "BPSDM Uji"\n', "utf-8")
    seed_settings(tmp_path, "http://127.0.0.1:8001")
    assert Settings(tmp_path, plugins={})["organisation"] == "BPSDM Uji"
