"""The cookie of a session is believed by its signature; a corrected clock signs nobody out, a spoiled or an old one does."""

import time

from itsdangerous import TimestampSigner


def at(monkeypatch, seconds):
    moment = time.time() + seconds
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: int(moment))


def test_a_cookie_from_the_future_holds(app, sign_in, monkeypatch):
    client = sign_in(app)
    at(monkeypatch, -86_400)
    assert client.get("/akun").status_code == 200


def test_an_old_cookie_does_not(app, sign_in, monkeypatch):
    client = sign_in(app)
    at(monkeypatch, app.permanent_session_lifetime.total_seconds() + 60)
    assert client.get("/akun").status_code == 302


def test_a_spoiled_cookie_does_not(app, sign_in):
    client = sign_in(app)
    name = app.config["SESSION_COOKIE_NAME"]
    value = client.get_cookie(name).value
    client.set_cookie(name, value[:-2] + ("AA" if value[-2:] != "AA" else "BB"))
    assert client.get("/akun").status_code == 302
