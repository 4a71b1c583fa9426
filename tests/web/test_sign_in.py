"""Signing in with a NIP or an e-mail address, out again here or everywhere, and a new password by mail."""

import re
import time

import pytest

from elearn.services import people, reset
from elearn.services import sign_in as service

NIP, PASSWORD = "199407212019032005", "sandi-panjang-sekali"


@pytest.fixture
def app(make_app):
    app = make_app()
    with app.extensions["elearn"].outbox.open_session() as session:
        people.add_person(session, name="Sari Wahyuni", nip=NIP, email="sari@contoh.go.id", password=PASSWORD)
        session.commit()
    return app


def enter(app, login=NIP, password=PASSWORD):
    client = app.test_client()
    return client, client.post("/masuk", data={"login": login, "password": password})


@pytest.mark.parametrize(
    "login", [NIP, "19940721 201903 2 005", "19940721.201903.2.005", " 199407212019032005 ", "sari@contoh.go.id", "Sari@Contoh.go.id"]
)
def test_a_login_is_forgiven_its_spaces_dots_and_capitals(app, login):
    client, answer = enter(app, login)
    assert answer.status_code == 302
    assert "Sari Wahyuni" in client.get("/akun").text


@pytest.mark.parametrize(
    ("login", "password"),
    [
        (NIP, "salah sekali"),
        ("orang@lain.id", PASSWORD),
        ("199001012015011001", PASSWORD),
        ("", ""),
        (NIP, ""),
        ("19941321 201903 2 005", PASSWORD),
    ],
)
def test_a_wrong_sign_in_keeps_what_was_typed_and_says_what_to_do(app, login, password):
    client, answer = enter(app, login, password)
    assert answer.status_code == 422
    if login:
        assert f'value="{login}"' in answer.text
    assert PASSWORD not in answer.text
    assert client.get("/akun").status_code == 302


def test_an_unknown_login_and_a_wrong_password_get_the_same_words(app):
    def page(login, password):
        return re.sub(r'value="[^"]*"', "", enter(app, login, password)[1].text)

    assert page("199001012015011001", PASSWORD) == page(NIP, "salah sekali")


def test_signing_out_everywhere_ends_every_device(app):
    here, there = enter(app)[0], enter(app)[0]
    here.post("/keluar", data={"semua": "1"})
    assert there.get("/akun").status_code == 302
    assert here.get("/akun").status_code == 302


def test_signing_out_here_leaves_the_other_device(app):
    here, there = enter(app)[0], enter(app)[0]
    answer = here.post("/keluar")
    assert "cache" in answer.headers["Clear-Site-Data"]
    assert here.get("/akun").status_code == 302
    assert there.get("/akun").status_code == 200


def test_an_old_cookie_is_worth_nothing_after_signing_out(app):
    client, _answer = enter(app)
    old = client.get_cookie("elearn").value
    client.post("/keluar")
    client.set_cookie("elearn", old)
    assert client.get("/akun").status_code == 302


def test_another_device_can_be_signed_out(app):
    here, there = enter(app)[0], enter(app)[0]
    numbers = re.findall(r"/akun/perangkat/(\d+)/keluarkan", here.get("/akun").text)
    for number in numbers:
        here.post(f"/akun/perangkat/{number}/keluarkan")
    assert there.get("/akun").status_code == 302


def test_a_new_password_comes_by_a_mailed_link_that_works_once(app, capsys):
    there = enter(app)[0]
    client = app.test_client()
    known = client.post("/sandi", data={"login": NIP})
    unknown = client.post("/sandi", data={"login": "orang@lain.id"})
    assert known.text == unknown.text
    app.extensions["elearn"].outbox.deliver_due()
    said = capsys.readouterr()
    (link,) = set(re.findall(r"http://localhost(/sandi/\S+)", said.out + said.err))
    assert client.get(link).status_code == 200
    assert client.post(link, data={"password": "baru-dan-panjang", "password2": "lain-dan-panjang"}).status_code == 422
    assert client.post(link, data={"password": "baru-dan-panjang", "password2": "baru-dan-panjang"}).status_code == 200
    assert client.post(link, data={"password": "lagi-dan-panjang", "password2": "lagi-dan-panjang"}).status_code == 410
    assert there.get("/akun").status_code == 302, "a new password signs every device out"
    assert enter(app, password="baru-dan-panjang")[1].status_code == 302


def test_the_password_is_changed_by_who_knows_it_and_others_are_signed_out(app):
    there, here = enter(app)[0], enter(app)[0]
    with app.extensions["elearn"].outbox.open_session() as session:
        for _ in range(60):  # more than the page lists
            service.start(session, people.find_by_login(session, NIP), agent="", days=1)
        session.commit()
    wrong = here.post("/akun/sandi", data={"lama": "salah", "password": "baru-dan-panjang", "password2": "baru-dan-panjang"})
    assert wrong.status_code == 422
    assert 'id="lama-err"' in wrong.text
    twice = here.post("/akun/sandi", data={"lama": PASSWORD, "password": "baru-dan-panjang", "password2": "lain-dan-panjang"})
    assert twice.status_code == 422
    assert 'id="password-err"' in twice.text
    assert 'id="lama-err"' not in twice.text
    assert (
        here.post("/akun/sandi", data={"lama": PASSWORD, "password": "baru-dan-panjang", "password2": "baru-dan-panjang"}).status_code
        == 302
    )
    assert here.get("/akun").status_code == 200
    assert there.get("/akun").status_code == 302


def test_an_office_that_shares_an_address_comes_in_together(make_app):
    app = make_app(limits=True)
    with app.extensions["elearn"].outbox.open_session() as session:
        staff = [people.add_person(session, name="Sari Wahyuni", email=f"{n}@contoh.go.id") for n in range(40)]
        links = reset.invite(session, staff)
        session.commit()
    for n, link in enumerate(links):
        assert app.test_client().post("/sandi", data={"login": f"{n}@contoh.go.id"}).status_code == 200
        assert app.test_client().get(link).status_code == 200
        assert app.test_client().post(link, data={"password": PASSWORD, "password2": "salah ketik"}).status_code == 422
        assert app.test_client().post(link, data={"password": PASSWORD, "password2": PASSWORD}).status_code == 200
        assert enter(app, f"{n}@contoh.go.id")[1].status_code == 302
    wrong = [enter(app, f"{n}@contoh.go.id", "salah sekali")[1].status_code for n in range(31)]
    assert wrong == [422] * 30 + [429]
    assert [app.test_client().get(f"{links[0]}{n}").status_code for n in range(31)] == [410] * 30 + [429]


def test_the_cookie_is_sent_with_the_sign_in_alone_and_lives_as_long(app):
    client, answer = enter(app)
    days = (client.get_cookie("elearn").expires.timestamp() - time.time()) / 86_400
    assert answer.status_code == 302
    assert 13.9 < days <= app.extensions["elearn"].site.settings["session_days"] == 14
    client.get("/akun")  # the first form makes its token
    for address in ("/akun", "/", "/pelatihan"):
        page = client.get(address)
        assert page.status_code == 200
        assert "Set-Cookie" not in page.headers
