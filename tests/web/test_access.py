"""Who may open what: every route of the core and the bundled plugins against every role and a stranger."""

from pathlib import Path

import pytest
from flask import url_for

from elearn.services.viewer import ROLES
from elearn.web.access import access_for

WRITTEN = Path(__file__).with_name("access.txt")


def routes(app):
    """(method, address pattern, who) of every route, as the application has them."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        access = access_for(app, rule.endpoint)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield method, rule.rule, f"{access.permission or access.level}{' everywhere' if access.everywhere else ''}"


def open_it(client, app, method, pattern):
    rule = next(rule for rule in app.url_map.iter_rules() if rule.rule == pattern and method in rule.methods)
    values = {name: 987654321 if "Integer" in type(converter).__name__ else "tidak-ada" for name, converter in rule._converters.items()}
    with app.test_request_context():
        address = url_for(rule.endpoint, **values)
    return client.open(address, method=method, headers={"Accept": "text/html"})


def test_who_may_open_which_route_is_written_down(app):
    """A new route, or one that changed hands, shows in this list, where a reviewer sees it."""
    found = "".join(f"{method:<6} {pattern:<60} {who}\n" for method, pattern, who in routes(app))
    assert found == WRITTEN.read_text("utf-8"), f"if the change is meant: write this to {WRITTEN.name}\n{found}"


@pytest.mark.parametrize("role", ["stranger", *ROLES])
def test_every_route_keeps_what_it_declares(app, sign_in, role):
    client = app.test_client() if role == "stranger" else sign_in(app, role=role)
    client.raise_server_exceptions = False
    holders = app.extensions["elearn"].registry.roles_of
    for method, pattern, who in routes(app):
        if (method, pattern) == ("POST", "/keluar"):
            continue  # it would sign out the one who asks
        answer = open_it(client, app, method, pattern)
        asked_to_sign_in = answer.status_code == 401 or (answer.status_code == 302 and "/masuk?lanjut=" in answer.headers["Location"])
        if who in ("public", "proof"):
            assert not asked_to_sign_in, pattern
            assert answer.status_code != 403 or who == "proof", pattern
        elif role == "stranger":
            assert asked_to_sign_in, f"{method} {pattern} opened for a stranger: {answer.status_code}"
        elif who == "signed_in":
            assert not asked_to_sign_in, pattern
        elif {role, "learner"} & holders[who.partition(" ")[0]]:
            assert not asked_to_sign_in, pattern
            assert b"Halaman ini bukan untuk peran Anda" not in answer.data, f"{role} {pattern}"
        else:
            assert answer.status_code == 403, f"{method} {pattern} opened for {role}: {answer.status_code}"
        assert answer.status_code < 500, f"{method} {pattern}: {answer.status_code}"


def test_every_changing_request_wants_a_token(app, sign_in):
    app.config["WTF_CSRF_ENABLED"] = True
    client = sign_in(app, role="administrator")
    for method, pattern, who in routes(app):
        if method == "GET" or who == "proof":
            continue
        answer = open_it(client, app, method, pattern)
        assert answer.status_code == 400, f"{method} {pattern} went on without a token: {answer.status_code}"
        assert "Formulir ini sudah lama terbuka" in answer.text


@pytest.mark.parametrize("token", ["kept", "gone with the session"])
def test_a_form_whose_session_ended_says_so_and_leads_back(app, sari, token):
    app.config["WTF_CSRF_ENABLED"] = token != "kept"
    sari.delete_cookie("elearn")
    answer = sari.post("/belajar/etika/pelajaran-1/selesai", headers={"Referer": "http://localhost/belajar/etika/pelajaran-1?a=b"})
    assert answer.status_code == 401
    assert "salin tulisan yang panjang, lalu masuk lagi" in answer.text
    assert "/masuk?lanjut=/belajar/etika/pelajaran-1?a%3Db" in answer.text
    strange = sari.post("/belajar/etika/pelajaran-1/selesai", headers={"Referer": "https://lain.example/belajar"})
    assert 'href="/masuk"' in strange.text


def test_no_route_changes_anything_by_get(app, sari, count_statements):
    pages = [
        "/",
        "/pelatihan",
        "/pelatihan/etika",
        "/belajar/etika",
        "/belajar/etika/pelajaran-1",
        "/akun",
        "/bantuan",
        "/transkrip",
        "/akun/data.json",
    ]
    with count_statements(app) as seen:
        for page in pages:
            assert sari.get(page).status_code in (200, 302), page
    changing = [statement for statement in seen if not statement.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert changing == []
