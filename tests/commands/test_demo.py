"""The demo's people come once, whatever whoever tries it out does with the site."""

from sqlalchemy import func, select

from elearn.commands.demo import PEOPLE, fill
from elearn.models.people import Person
from elearn.services import people


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
