"""Sending mail: to an SMTP server, or onto the console of a trial."""

from __future__ import annotations

import smtplib
import ssl
import sys
import time
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

from elearn.errors import SettingError

PATIENCE, PAUSE = 20, 60  # seconds: how long a server may take to answer, and how long it is left alone after it did not


class Mailer(Protocol):
    """Sends one message, or raises OSError; the outbox then tries again later."""

    def send(self, *, to: str, subject: str, body: str) -> None: ...


def _message(sender: str, to: str, subject: str, body: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message.set_content(body)
    return message


class ConsoleMailer:
    """Prints mails on standard error: for a trial on one's own machine."""

    def __init__(self, sender: str) -> None:
        self.sender = sender

    def send(self, *, to: str, subject: str, body: str) -> None:
        # as its reader would see it: in transport a long link may be broken over lines
        print(f"From: {self.sender}\nTo: {to}\nSubject: {subject}\n\n{body}\n", file=sys.stderr, flush=True)


class SmtpMailer:
    """Sends by SMTP; ``smtps`` is TLS from the start, ``smtp`` turns to TLS where the server offers it.

    A server that could not be reached is left alone for a minute: else each of many mails would wait for it, and with them all that the
    outbox has to tell."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self.secure, self.host = parts.scheme == "smtps", parts.hostname or "localhost"
        self.port = parts.port or (465 if self.secure else 25)
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.sender = sender
        self._away_until = 0.0

    def send(self, *, to: str, subject: str, body: str) -> None:
        if time.monotonic() < self._away_until:
            raise ConnectionError(f"{self.host}:{self.port} could not be reached a moment ago; it is tried again within a minute")
        try:
            self._send(_message(self.sender, to, subject, body))
        except OSError as error:
            if not isinstance(error, smtplib.SMTPException) or isinstance(error, smtplib.SMTPServerDisconnected):
                self._away_until = time.monotonic() + PAUSE  # any other answered, though not as one would like
            raise

    def _send(self, message: EmailMessage) -> None:
        context = ssl.create_default_context()
        if self.secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=PATIENCE)
        with server:
            if not self.secure and server.has_extn("starttls"):
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)


def mailer_from(url: str, sender: str) -> Mailer:
    """The mailer that a setting names: "console:" or "smtp[s]://user:password@host:port"."""
    try:
        scheme = urlsplit(url).scheme
        if scheme == "console":
            return ConsoleMailer(sender)
        if scheme in ("smtp", "smtps"):
            return SmtpMailer(url, sender)
        reason = "use console: or smtp://host:port"
    except ValueError as error:  # a port that is none, a bracket too few
        reason = str(error)
    raise SettingError(f"mail = {url!r}: {reason}")
