"""What the commands share: the site's data folder, a session, a certificate by what somebody typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from elearn import SettingError, create_app
from elearn_certificates import finding
from elearn_certificates.models import Certificate

data_option = click.option("--data", type=click.Path(file_okay=False), default=None, help="The site's data folder (or ELEARN_DATA).")


@contextmanager
def session_of(data: str | None) -> Iterator[Session]:
    """A session on the site in ``data``; what the block wrote is committed at its end."""
    with create_app(data).extensions["elearn"].outbox.open_session() as session:
        yield session
        session.commit()


def certificate_of(session: Session, text: str) -> Certificate:
    """The certificate of a number or check code, however it is spelt. ``SettingError`` where there is none."""
    certificate = finding.by_code(session, text) or finding.by_number(session, text)
    if certificate is None:
        raise SettingError(f"There is no certificate {text!r}")
    return certificate
