"""Accounts, sign-ins and roles."""

import pytest

from elearn.errors import Refused
from elearn.models.people import SignIn
from elearn.services import people, sign_in
from elearn.services.viewer import load_viewer

ROLES_OF = {"core.publish": frozenset({"administrator", "author"}), "credits.unit": frozenset({"unit_head"}), "own": frozenset({"learner"})}


@pytest.mark.parametrize("login", ["199407212019032005", "19940721 201903 2 005", "sari@contoh.go.id", "SARI@contoh.go.id "])
def test_nip_and_email_open_the_same_account(session, sari, login):
    assert sign_in.check_credentials(session, login, "sandi panjang").id == sari.id


@pytest.mark.parametrize(
    ("login", "password"), [("199407212019032005", "salah sekali"), ("nobody@contoh.go.id", "sandi panjang"), ("", "")]
)
def test_wrong_credentials_open_nothing(session, sari, login, password):
    assert sign_in.check_credentials(session, login, password) is None


def test_an_inactive_person_cannot_sign_in(session, sari):
    sari.active = False
    session.commit()
    assert sign_in.check_credentials(session, "sari@contoh.go.id", "sandi panjang") is None


def test_a_taken_number_is_refused_and_the_session_goes_on(session, sari):
    with pytest.raises(Refused, match="sudah dipakai"):
        people.add_person(session, name="Orang Lain", nip="199407212019032005")
    assert people.add_person(session, name="Orang Lain", email="lain@contoh.go.id").id


@pytest.mark.parametrize("name", ["", "A", "x" * 161, "Sari\u202eWahyuni", "Sari\x00"])
def test_names_that_deceive_are_refused(session, name):
    with pytest.raises(Refused):
        people.add_person(session, name=name, email="a@contoh.go.id")


def test_a_token_is_kept_as_its_hash_only(session, sari):
    token = sign_in.start(session, sari, agent="Ponsel", days=1)
    session.commit()
    assert token not in {row.token_hash for row in session.query(SignIn)}


def test_sign_out_ends_one_device_and_sign_out_everywhere_ends_all(session, sari):
    tokens = [sign_in.start(session, sari, agent=f"perangkat {n}", days=1) for n in range(3)]
    session.commit()

    def holds(token):
        return load_viewer(session, sign_in.hash_token(token), roles_of=ROLES_OF).person is not None

    assert [holds(token) for token in tokens] == [True, True, True]
    sign_in.end(session, sari.id, load_viewer(session, sign_in.hash_token(tokens[0]), roles_of=ROLES_OF).sign_in_id)
    assert [holds(token) for token in tokens] == [False, True, True]
    sign_in.end_all(session, sari.id)
    assert [holds(token) for token in tokens] == [False, False, False]


def test_nobody_ends_the_sign_in_of_somebody_else(session, sari):
    token = sign_in.start(session, sari, agent="", days=1)
    session.commit()
    row = load_viewer(session, sign_in.hash_token(token), roles_of=ROLES_OF).sign_in_id
    sign_in.end(session, sari.id + 1, row)
    assert load_viewer(session, sign_in.hash_token(token), roles_of=ROLES_OF).person is not None


def test_an_expired_sign_in_opens_nothing(session, sari):
    token = sign_in.start(session, sari, agent="", days=-1)
    session.commit()
    assert load_viewer(session, sign_in.hash_token(token), roles_of=ROLES_OF).person is None


def test_a_role_holds_within_its_scope_only(session, sari):
    city = people.add_unit(session, "Kota")
    office = people.add_unit(session, "Dinas", parent=city)
    counter = people.add_unit(session, "Loket", parent=office)
    elsewhere = people.add_unit(session, "Badan", parent=city)
    people.grant(session, sari.id, "unit_head", scope="unit", scope_id=office.id)
    people.grant(session, sari.id, "author", scope="course", scope_id=7)
    people.grant(session, sari.id, "author", scope="course", scope_id=7)
    token = sign_in.start(session, sari, agent="", days=1)
    session.commit()
    viewer = load_viewer(session, sign_in.hash_token(token), roles_of=ROLES_OF)
    assert viewer.roles == {"learner", "unit_head", "author"}
    assert viewer.can("own")
    assert viewer.can("core.publish")
    assert viewer.can("core.publish", course=7)
    assert not viewer.can("core.publish", course=8)
    assert viewer.can("credits.unit", unit_path=counter.path)
    assert not viewer.can("credits.unit", unit_path=elsewhere.path)
    assert not viewer.can("credits.unit", unit_path=city.path)
    assert not viewer.can("nothing.known")


def test_a_viewer_costs_one_statement(app, session, sari, count_statements):
    people.grant(session, sari.id, "administrator")
    token = sign_in.start(session, sari, agent="", days=1)
    session.commit()
    with count_statements(app) as seen, app.extensions["elearn"].outbox.open_session() as fresh:
        assert load_viewer(fresh, sign_in.hash_token(token), roles_of=ROLES_OF).person
    assert len(seen) == 1
