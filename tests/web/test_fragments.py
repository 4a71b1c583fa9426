"""What is the same for everybody is drawn once, and every reader's form still bears their own token."""

import re

import pytest
from flask import Flask, render_template_string

from elearn.web import fragments


@pytest.fixture
def drawn(app: Flask, sign_in):
    """``drawn(client)`` is the piece as that reader gets it; ``drawn.times`` how often it was drawn."""

    def piece():
        piece.times += 1
        return render_template_string('<input name="csrf_token" value="{{ csrf_token() }}">{{ _("Kelola") }}')

    piece.times = 0
    app.add_url_rule("/potongan", "potongan", lambda: fragments.same_for_all("uji", piece))
    app.view_functions["potongan"].access = "public"
    piece.ask = lambda client: client.get("/potongan").text
    return piece


@pytest.fixture
def app(make_app):
    made = make_app()
    made.config["WTF_CSRF_ENABLED"] = True
    return made


def token(html):
    return re.search(r'value="([^"]+)"', html)[1]


def test_each_reader_gets_their_own_token_in_the_same_piece(app, drawn, sign_in):
    one, two = sign_in(app, name="Satu"), sign_in(app, name="Dua")
    first, second = drawn.ask(one), drawn.ask(two)
    assert drawn.times == 1
    assert token(first) != token(second)
    assert first.replace(token(first), "") == second.replace(token(second), "")
    assert fragments.HOLE not in second


def test_each_language_has_its_own(app, drawn):
    one, two = app.test_client(), app.test_client()
    with two.session_transaction() as cookie:
        cookie["bahasa"] = "en"
    assert "Kelola" in drawn.ask(one)
    assert "Manage" in drawn.ask(two)
    assert "Kelola" in drawn.ask(one)
    assert drawn.times == 2


def test_the_least_used_pieces_are_forgotten():
    kept = fragments.Fragments()
    for number in range(fragments.MOST + 5):
        kept.keep(number, "x")
        kept.get(0)
    assert kept.get(0) == "x"
    assert kept.get(1) is None
