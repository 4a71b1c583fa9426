"""The walls around every page: headers, caches, redirects, limits, hosts."""

import pytest

HOSTILE = [
    "https://jahat.example/", "//jahat.example", "/\\jahat.example", "\\\\jahat.example", "/\tjahat", "javascript:alert(1)", "http:jahat",
    "/%5cjahat.example\\", "///jahat.example", "/ok\r\nLocation: https://jahat.example", " //jahat.example", "data:text/html,x", "/a b",
    "//[", "http://[", "//\u2100.example",
]  # fmt: skip


@pytest.mark.parametrize("address", HOSTILE)
def test_signing_in_never_leads_away_from_the_site(app, sign_in, address):
    client = sign_in(app)
    for answer in (
        client.get("/masuk", query_string={"lanjut": address}),
        client.post("/bahasa", data={"bahasa": "id", "lanjut": address}),
    ):
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/"


def test_signing_in_goes_on_where_one_wanted(app, sign_in):
    assert sign_in(app).get("/masuk?lanjut=/pelatihan/etika%3Fa%3D1").headers["Location"] == "/pelatihan/etika?a=1"


def test_every_page_carries_the_walls(app, sari):
    for address in ("/", "/pelatihan", "/belajar/etika/pelajaran-1", "/tidak-ada", "/healthz"):
        headers = sari.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "address", ["/", "/pelatihan", "/pelatihan/etika", "/belajar/etika/pelajaran-1", "/akun", "/transkrip", "/akun/data.json"]
)
def test_a_page_that_knows_its_reader_is_kept_by_no_cache(app, sari, address):
    headers = sari.get(address).headers
    assert headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in headers["Vary"]


def test_static_files_are_kept_for_ever_under_an_address_that_changes_with_them(app):
    page = app.test_client().get("/masuk").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = app.test_client().get(address, buffered=True)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert "immutable" not in app.test_client().get(address.split("?")[0], buffered=True).headers["Cache-Control"]


def test_a_foreign_host_is_refused_but_the_health_check_is_not(app):
    client = app.test_client()
    assert client.get("/masuk", headers={"Host": "jahat.example"}).status_code == 400
    assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200


def test_the_cookie_is_closed_to_scripts_and_other_sites(make_app, sign_in):
    app = make_app(secure_cookies=True)
    client = app.test_client()
    answer = client.post("/bahasa", data={"bahasa": "en"}, base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" in cookie


def test_guessing_a_password_is_slowed(make_app):
    app = make_app(limits=True)
    client = app.test_client()
    codes = [client.post("/masuk", data={"login": "sari@contoh.go.id", "password": f"salah {n}"}).status_code for n in range(12)]
    assert codes[:10] == [422] * 10
    assert codes[10:] == [429, 429]


@pytest.mark.parametrize("shared", [True, False])
def test_limits_are_shared_through_redis_alone(make_app, redis_url, shared):
    first = make_app(limits=redis_url if shared else True)
    body = {"login": "bersama@contoh.go.id", "password": "salah"}
    assert [first.test_client().post("/masuk", data=body).status_code for _ in range(11)] == [422] * 10 + [429]
    second = make_app(limits=redis_url if shared else True)
    assert second.test_client().post("/masuk", data=body).status_code == (429 if shared else 422)


def test_a_request_that_is_too_large_is_refused_with_words(app, sari):
    answer = sari.post("/akun/pilihan", data={"bahasa": "x" * 12_100_000})
    assert answer.status_code == 413
    assert "terlalu besar" in answer.text


def test_nobody_becomes_more_by_sending_more_fields(app, sari):
    sari.post(
        "/akun/pilihan",
        data={"bahasa": "en", "zona": "Asia/Makassar", "role": "administrator", "name": "Lain", "nip": "1", "active": "0", "id": "1"},
    )
    data = sari.get("/akun/data.json").json["person"]
    assert data["name"] == "Sari Wahyuni"
    assert data["language"] == "en"
    assert sari.get("/akun").status_code == 200
