"""Somebody who has completed a course, and the certificate of it."""

import pytest
from elearn_certificates.models import Certificate, CertificateFile
from elearn_certificates.signing.signer import signer_for

from elearn import reading
from tests.plugins.certificates.proofs import make_keys
from tests.plugins.conftest import COURSE


@pytest.fixture
def of():
    """``of(app)``: all certificates of the site with their files, by id."""

    def read(app):
        with app.app_context():
            rows = reading().query(Certificate, CertificateFile).join(CertificateFile, CertificateFile.certificate_id == Certificate.id)
            return [(row[0], row[1].pdf) for row in rows.order_by(Certificate.id)]

    return read


@pytest.fixture
def signed(app, write_course, complete, of):
    """A site with keys, and one certificate signed by them: (certificate, PDF)."""
    make_keys(app)
    write_course(app, COURSE)
    complete(app)
    return of(app)[0]


@pytest.fixture(autouse=True)
def end_signers():
    """No signing process outlives its test."""
    yield
    signer_for.cache_clear()
