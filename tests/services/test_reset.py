"""A forgotten password: a mailed link that opens once."""

import re

import pytest

from elearn import clock
from elearn.errors import Refused
from elearn.models.learning import OutboxEvent
from elearn.models.people import PasswordReset
from elearn.services import reset, sign_in
from elearn.services.passwords import hash_password
from elearn.services.site import site_of


@pytest.fixture
def mails(app, monkeypatch):
    """What the site's own mailer would have sent."""
    sent = []
    mailer = app.extensions["elearn"].site.mailer
    monkeypatch.setattr(mailer, "send", lambda **mail: sent.append(mail))
    return sent


def ask(app, session, login="sari@contoh.go.id"):
    reset.ask(session, login)
    session.commit()
    app.extensions["elearn"].outbox.deliver_due()


def link_in(mail):
    return re.search(r"/sandi/(\S+)", mail["body"])[1]


def test_the_link_sets_a_new_password_once_and_ends_all_sign_ins(app, session, sari, mails):
    sign_in.start(session, sari, agent="", days=1)
    ask(app, session)
    token = link_in(mails[0])
    assert mails[0]["to"] == "sari@contoh.go.id"
    assert site_of(session).settings["base_url"] in mails[0]["body"]
    reset.check(session, token)
    reset.use(session, token, "sandi yang baru")
    session.commit()
    assert sign_in.check_credentials(session, "sari@contoh.go.id", "sandi yang baru")
    assert not sign_in.check_credentials(session, "sari@contoh.go.id", "sandi panjang")
    assert sign_in.devices(session, sari.id) == []
    with pytest.raises(Refused, match="sudah dipakai"):
        reset.use(session, token, "sandi ketiga kali")


def test_a_used_link_closes_the_others_that_were_asked_for(app, session, sari, mails):
    ask(app, session)
    ask(app, session)
    reset.use(session, link_in(mails[0]), "sandi yang baru")
    with pytest.raises(Refused):
        reset.check(session, link_in(mails[1]))


def test_a_new_password_or_address_closes_every_link(app, session, sari, mails):
    ask(app, session)
    ask(app, session)
    sari.password_hash = hash_password("sandi lain sekali")
    session.commit()
    with pytest.raises(Refused):
        reset.check(session, link_in(mails[0]))
    ask(app, session)
    reset.check(session, link_in(mails[2]))
    sari.email = "baru@contoh.go.id"
    session.commit()
    with pytest.raises(Refused):
        reset.check(session, link_in(mails[2]))


def test_an_unknown_login_is_written_down_like_a_known_one(app, session, sari):
    """One commit with an event in it either way: the time it takes tells nothing."""
    for login in ("sari@contoh.go.id", "nobody@contoh.go.id"):
        reset.ask(session, login)
    session.commit()
    assert [event.kind for event in session.query(OutboxEvent)] == ["PasswordResetAsked"] * 2


def test_a_link_dies_after_an_hour(app, session, sari, mails):
    ask(app, session)
    row = session.query(PasswordReset).one()
    row.expires_at = clock.now().replace(year=2020)
    session.commit()
    with pytest.raises(Refused):
        reset.check(session, link_in(mails[0]))


@pytest.mark.parametrize("token", ["", "x", "eyJhIjoxfQ.abc", "1.2.3"])
def test_a_made_up_link_opens_nothing(session, token):
    with pytest.raises(Refused):
        reset.check(session, token)


def test_an_unknown_login_gets_no_mail_and_no_error(app, session, sari, mails):
    ask(app, session, "nobody@contoh.go.id")
    assert mails == []


def test_no_table_holds_a_token(app, session, sari, mails):
    ask(app, session)
    token = link_in(mails[0])
    for table in session.get_bind().dialect.get_table_names(session.connection()):
        rows = session.connection().exec_driver_sql(f'SELECT * FROM "{table}"').all()
        assert token not in str(rows)
