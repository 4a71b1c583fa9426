"""Mail reaches a real SMTP server; where there is none, the event waits and is told later."""

import email
import smtplib
import socket
import threading

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from elearn.models.learning import Delivery
from elearn.services import mail, people, reset
from elearn.services.mail import mailer_from


class Sink:
    """Keeps what it is sent; ``meanwhile`` runs before the sender has its answer; ``refused`` is nobody it knows."""

    def __init__(self):
        self.messages, self.arrived, self.meanwhile, self.refused = [], threading.Event(), lambda: None, ""

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address == self.refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.meanwhile()
        self.messages.append(email.message_from_bytes(envelope.content))
        self.arrived.set()
        return "250 OK"


@pytest.fixture
def server():
    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        sink.port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    yield sink
    controller.stop()


def test_a_mail_arrives_as_it_was_written(server):
    mailer_from(f"smtp://127.0.0.1:{server.port}", "belajar@kota.go.id").send(
        to="sari@contoh.go.id", subject="Kata sandi — baru", body="Yth. Sari,\n\nTautan: http://x/é\n"
    )
    (message,) = server.messages
    assert message["From"] == "belajar@kota.go.id"
    assert message["To"] == "sari@contoh.go.id"
    assert "Yth. Sari," in message.get_payload(decode=True).decode()


def test_a_subject_cannot_smuggle_in_a_header(server):
    with pytest.raises(ValueError, match="linefeed"):
        mailer_from(f"smtp://127.0.0.1:{server.port}", "a@b.id").send(to="c@d.id", subject="x\r\nBcc: semua@kota.go.id", body="y")
    assert server.messages == []


def test_without_a_server_the_mail_waits_and_comes_later(make_app, server):
    app = make_app(mail="smtp://127.0.0.1:1", mail_from="belajar@kota.go.id", strict=False)
    outbox = app.extensions["elearn"].outbox
    with outbox.open_session() as session:
        people.add_person(session, name="Sari", email="sari@contoh.go.id", password="sandi-panjang-sekali")
        reset.ask(session, "sari@contoh.go.id")
        session.commit()
    outbox.deliver_due()
    with outbox.open_session() as session:
        delivery = session.scalars(select(Delivery)).one()
        assert delivery.state == "waiting"
        assert "refused" in delivery.error
        delivery.due_at = delivery.due_at.replace(year=2020)
        session.commit()
    site = app.extensions["elearn"].site
    object.__setattr__(site, "mailer", mailer_from(f"smtp://127.0.0.1:{server.port}", "belajar@kota.go.id"))
    outbox.deliver_due()
    assert server.arrived.wait(5)
    assert "/sandi/" in server.messages[0].get_payload(decode=True).decode()


def test_a_server_that_says_nothing_is_left_alone_for_a_while(monkeypatch):
    """Of many mails only the first waits for it."""
    monkeypatch.setattr(mail, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(0.2)
        mailer = mailer_from(f"smtp://127.0.0.1:{silent.getsockname()[1]}", "a@b.id")
        for reason in ("timed out", "a moment ago", "a moment ago"):
            with pytest.raises(OSError, match=reason):
                mailer.send(to="c@d.id", subject="x", body="y")
        silent.accept()[0].close()
        with pytest.raises(TimeoutError):
            silent.accept()
        monkeypatch.setattr(mail, "PAUSE", 0)
        mailer._away_until = 0
        for _ in range(2):
            with pytest.raises(OSError, match="timed out"):
                mailer.send(to="c@d.id", subject="x", body="y")


def test_who_is_not_known_to_the_server_stops_nobody_elses_mail(server):
    mailer = mailer_from(f"smtp://127.0.0.1:{server.port}", "a@b.id")
    server.refused = "hilang@d.id"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        mailer.send(to="hilang@d.id", subject="x", body="y")
    mailer.send(to="c@d.id", subject="x", body="y")
    assert len(server.messages) == 1


def test_while_a_mail_server_takes_its_time_others_write(make_app, server):
    """On SQLite only one transaction may write: one that waited for a mail server would hold up everybody's answers."""
    app = make_app(mail=f"smtp://127.0.0.1:{server.port}", mail_from="belajar@kota.go.id")
    outbox = app.extensions["elearn"].outbox
    with outbox.open_session() as session:
        people.add_person(session, name="Sari", email="sari@contoh.go.id")
        reset.ask(session, "sari@contoh.go.id")
        session.commit()

    def write():
        with outbox.open_session() as session:
            people.add_person(session, name="Budi", email="budi@contoh.go.id")
            assert session.scalars(select(Delivery.state)).one() == "waiting"
            session.commit()

    server.meanwhile = write
    assert outbox.deliver_due() == 1
    with outbox.open_session() as session:
        assert session.scalars(select(Delivery.state)).one() == "done"
        assert people.find_by_login(session, "budi@contoh.go.id")
    assert len(server.messages) == 1
