"""Somebody who has completed a course, and the certificate of it."""

import pytest
from elearn_certificates.models import Certificate, CertificateFile

from elearn.progress import finish_lesson

COURSE = {"01-satu.md": "# Satu\nTeks.", "02-dua.md": "# Dua\nTeks."}


@pytest.fixture
def complete(enrolled):
    """``complete(app)`` finishes both lessons and lets the events be told; answers the standing."""

    def run(app, *, deliver=True, **who):
        standing = enrolled(app, **who)
        state = app.extensions["elearn"]
        with state.outbox.open_session() as session:
            for lesson in ("satu", "dua"):
                standing = finish_lesson(session, standing, lesson)
            session.commit()
        if deliver:
            state.outbox.deliver_due()
        return standing

    return run


@pytest.fixture
def of():
    """``of(app)``: all certificates of the site with their files, by id."""

    def read(app):
        with app.extensions["elearn"].outbox.open_session() as session:
            rows = session.query(Certificate, CertificateFile).join(CertificateFile, CertificateFile.certificate_id == Certificate.id)
            return [(row[0], row[1].pdf) for row in rows.order_by(Certificate.id)]

    return read
