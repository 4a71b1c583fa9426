"""Requests that nobody sends by accident: forged, replayed, foreign, too large, or leading elsewhere."""

import re
import time
from urllib.parse import urlsplit

import pytest

from elearn.services import people
from elearn.services.passwords import _hasher

LOGIN, PASSWORD = "sari@contoh.go.id", "kalimat-yang-panjang"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def app(make_app):
    made = make_app()
    with made.extensions["elearn"].outbox.open_session() as session:
        people.add_person(session, name="Sari", nip="199407212019032005", email=LOGIN, password=PASSWORD)
        session.commit()
    return made


@pytest.fixture
def guarded(app):
    """The same with tokens wanted, as a real site has it."""
    app.config["WTF_CSRF_ENABLED"] = True
    return app


def token(client, address="/masuk"):
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)[1]


def enter(client, **more):
    return client.post("/masuk", data={"login": LOGIN, "password": PASSWORD, **more})


# -- where a sign-in leads -----------------------------------------------------------------------------------------------

ELSEWHERE = [
    "http://jahat.example", "https://jahat.example/", "HTTPS://jahat.example", "//jahat.example", "///jahat.example", "////jahat.example",
    "/\\jahat.example", "\\\\jahat.example", "\\/jahat.example", "/\\/jahat.example", "\\jahat.example", "//jahat.example\\@localhost",
    "http:jahat.example", "http:/jahat.example", "http:///jahat.example", "https:jahat.example", "http:\\\\jahat.example", "//localhost@jahat.example",
    "http://localhost@jahat.example/", "http://localhost:80@jahat.example", "http://localhost.jahat.example", "//jahat.example/%2e%2e",
    "/%09/jahat.example", "/\t/jahat.example", "\t//jahat.example", " //jahat.example", "\n//jahat.example", "/\n/jahat.example", "/\r/jahat.example",
    "\x00//jahat.example", "/\x00/jahat.example", "\u2028//jahat.example", "\u3000//jahat.example", "\ufeff//jahat.example", "//[::1]/",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "javascript://localhost/%0aalert(1)", "data:text/html,x", "vbscript:x",
    "ftp://jahat.example", "file:///etc/passwd", "//jahat%E3%80%82example", "/ok\r\nLocation: //jahat.example", "jahat.example", "?x", "#x", "", "//",
    "https://", "://jahat.example", ":80", "/../\\jahat.example", "/.//jahat.example\\", "http://jahat.example#@localhost/", "////jahat.example/..",
]  # fmt: skip


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_address_leads_away_from_the_site(app, address):
    client = app.test_client()
    asked = [enter(client, lanjut=address), client.get("/masuk", query_string={"lanjut": address})]
    asked.append(client.post("/bahasa", data={"bahasa": "id", "lanjut": address}))
    for answer in asked:
        assert answer.status_code == 302
        to = answer.headers["Location"]
        # as a browser reads it: a second slash, forward or backward, begins a host; tabs and line ends are not there
        assert re.fullmatch(r"/(?![/\\])[\x21-\x7e]*", to), to
        assert not urlsplit(to).netloc


@pytest.mark.parametrize("address", ["/", "/pelatihan?q=a%20b", "/belajar/etika/satu", "/v/ABC-123", "/pelatihan/etika#isi"])
def test_an_address_of_the_site_is_kept(app, address):
    assert enter(app.test_client(), lanjut=address).headers["Location"] == address


def test_whoever_wanted_a_page_gets_there_by_signing_in(app):
    client = app.test_client()
    asked = client.get("/akun?tersimpan=sandi").headers["Location"]
    onward = re.search(r'name="lanjut" value="([^"]+)"', client.get(asked).text)[1]
    assert enter(client, lanjut=onward).headers["Location"] == "/akun?tersimpan=sandi"


# -- forged ------------------------------------------------------------------------------------------------------------


def test_nobody_is_signed_in_by_somebody_elses_form(guarded):
    client = guarded.test_client()
    assert enter(client).status_code == 400
    stolen = token(guarded.test_client())
    client.get("/masuk")
    assert enter(client, csrf_token=stolen).status_code == 400
    assert enter(client, csrf_token=token(client)).status_code == 302


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data", "application/x-unknown", ""])
def test_no_kind_of_body_goes_round_the_token(guarded, sign_in, kind):
    client = sign_in(guarded)
    body = (
        '{"bahasa": "en", "x": "=y"}'
        if kind != "multipart/form-data"
        else '--a\r\nContent-Disposition: form-data; name="bahasa"\r\n\r\nen\r\n--a--\r\n'
    )
    answer = client.post("/akun/pilihan", data=body, content_type=f"{kind}; boundary=a" if kind == "multipart/form-data" else kind)
    assert answer.status_code == 400
    assert client.get("/akun/data.json").json["person"]["language"] == "id"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
def test_no_other_method_changes_anything(app, sign_in, method):
    client = sign_in(app)
    for address in ("/akun/pilihan", "/akun/sandi", "/keluar"):
        assert client.open(address, method=method, data={"bahasa": "en"}).status_code in (200, 405)
    assert client.get("/akun/data.json").json["person"]["language"] == "id"


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-Original-URL", "X-Rewrite-URL"])
def test_no_header_turns_a_page_into_another(app, sign_in, header):
    client = sign_in(app)
    if "URL" in header:
        answer = client.get("/bantuan", headers={header: "/akun/data.json"})
        assert (answer.status_code, answer.mimetype) == (200, "text/html")
    else:
        assert client.get("/keluar", headers={header: "POST"}).status_code == 405
    assert client.get("/akun").status_code == 200


# -- replayed ----------------------------------------------------------------------------------------------------------


def test_signing_in_gives_a_new_session_and_an_old_cookie_opens_nothing(app):
    client = app.test_client()
    client.post("/bahasa", data={"bahasa": "en"})
    before = client.get_cookie("elearn").value
    enter(client)
    signed_in = client.get_cookie("elearn").value
    assert signed_in != before
    other = app.test_client()
    other.set_cookie("elearn", before)
    assert other.get("/akun").status_code == 302
    other.set_cookie("elearn", signed_in)
    assert other.get("/akun").status_code == 200
    enter(client)
    assert client.get_cookie("elearn").value != signed_in, "each sign-in is another"


def test_a_cookie_from_before_a_new_password_opens_nothing(app):
    here, there = app.test_client(), app.test_client()
    enter(here)
    enter(there)
    old = there.get_cookie("elearn").value
    here.post("/akun/sandi", data={"lama": PASSWORD, "password": "kalimat-yang-lain", "password2": "kalimat-yang-lain"})
    there.set_cookie("elearn", old)
    assert there.get("/akun").status_code == 302


def test_who_may_no_longer_sign_in_is_out_at_once(app):
    client = app.test_client()
    enter(client)
    assert client.get("/akun").status_code == 200
    with app.extensions["elearn"].outbox.open_session() as session:
        people.find_by_login(session, LOGIN).active = False
        session.commit()
    assert client.get("/akun").status_code == 302


# -- foreign hosts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{"Host": "jahat.example"}, {"X-Forwarded-Host": "jahat.example"}, {"Forwarded": "host=jahat.example"}])
def test_a_mailed_link_never_leads_to_another_host(app, capsys, headers):
    answer = app.test_client().post("/sandi", data={"login": LOGIN}, headers=headers)
    assert answer.status_code == (400 if "Host" in headers else 200)
    assert "jahat" not in answer.text
    app.extensions["elearn"].outbox.deliver_due()
    said = "".join(capsys.readouterr())
    assert "jahat" not in said
    assert ("http://localhost/sandi/" in said) == (answer.status_code == 200)


def test_behind_a_proxy_only_the_sites_own_host_is_served(make_app):
    app = make_app(behind_proxy=1, base_url="https://belajar.kota.go.id", secure_cookies=True)
    client = app.test_client()
    known = {"X-Forwarded-Host": "belajar.kota.go.id", "X-Forwarded-Proto": "https"}
    assert client.get("/masuk", headers=known).status_code == 200
    assert client.get("/masuk", headers=known | {"X-Forwarded-Host": "jahat.example"}).status_code == 400


# -- guessing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", [LOGIN, "orang@lain.id", "199407212019032005", "199001012015011001"])
def test_a_login_that_is_not_there_costs_as_much_as_a_wrong_password(app, monkeypatch, login):
    checked = []
    verify = type(_hasher).verify
    monkeypatch.setattr(type(_hasher), "verify", lambda self, kept, given: checked.append(kept) or verify(self, kept, given))
    assert app.test_client().post("/masuk", data={"login": login, "password": "salah sekali"}).status_code == 422
    (kept,) = checked
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_all_ways_to_guess_have_limits(make_app):
    app = make_app(limits=True)
    for address, fields, most in (("/masuk", {"login": "a@b.id", "password": "x"}, 10), ("/sandi", {"login": "a@b.id"}, 4)):
        codes = [app.test_client().post(address, data=fields).status_code for _ in range(most + 1)]
        assert 429 not in codes[:most], address
        assert codes[most] == 429, address
    client = app.test_client()
    assert 429 in [client.get("/sandi/salah").status_code for _ in range(31)]


# -- too large ---------------------------------------------------------------------------------------------------------


def multipart(parts):
    head = '--x\r\nContent-Disposition: form-data; name="f{}"\r\n\r\n1\r\n'
    return "".join(head.format(n) for n in range(parts)) + "--x--\r\n"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (multipart(10_000), "multipart/form-data; boundary=x", 413),
        ("--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" + "\r" * 5_000_000, "multipart/form-data; boundary=x", 413),
        ("--x\r\n" + "A: " + "b" * 3_000_000, "multipart/form-data; boundary=x", 413),
        ("login=" + "a" * 2_000_000 + "@b.id&password=x", FORM, None),
        ("&".join(f"f{n}=1" for n in range(100_000)), FORM, None),
        ("login=" + "%00" * 1_000 + "&password=x", FORM, 422),
        ("login=" + "9" * 100_000 + "&password=x", FORM, 422),
        ("login=a@b.id&password=" + "x" * 500_000, FORM, 422),
    ],
    ids=[
        "10,000 parts",
        "carriage returns",
        "a long head",
        "an address of 2 MB",
        "100,000 fields",
        "zero bytes",
        "a long number",
        "a long password",
    ],
)
def test_what_is_too_large_costs_little(app, body, kind, status):
    began = time.process_time()
    answer = app.test_client().post("/masuk", data=body, content_type=kind)
    assert time.process_time() - began < 1.5
    assert answer.status_code == status if status else answer.status_code in (413, 422)


@pytest.mark.parametrize("query", ["a" * 90, "%" * 90, "\\" * 90, "_" * 90, "🙂" * 90, "a b " * 24])
def test_a_search_for_anything_costs_little(app, make_course, publish_course, query):
    for n in range(30):
        publish_course(app, make_course(f"kursus-{n}", title=f"Pelatihan tentang hal nomor {n} yang agak panjang namanya"))
    client = app.test_client()
    client.get("/pelatihan")
    began = time.process_time()
    assert client.get("/pelatihan", query_string={"q": query}).status_code == 200
    assert time.process_time() - began < 0.5
