"""The PDF's signature, by poppler's and OpenSSL's eyes."""

import hashlib
import io
import re

import pytest
from elearn_certificates import proving, verifying
from elearn_certificates.life import revoke
from elearn_certificates.signing.signer import SigningError, signer_for

from elearn import now
from tests.plugins.certificates.proofs import cli, make_keys, run
from tests.plugins.conftest import COURSE


def parts(pdf):
    """The signature's DER and the bytes it covers, by the PDF's own ByteRange."""
    one, two, three, four = map(int, re.search(rb"/ByteRange\s*\[(\d+) (\d+) (\d+) (\d+)", pdf).groups())
    gap = pdf[one + two : three]
    return bytes.fromhex(gap.strip(b"<>").decode()), pdf[one : one + two] + pdf[three : three + four]


def test_poppler_finds_it_valid_and_named_and_over_the_whole_file(signed, tmp_path):
    path = tmp_path / "s.pdf"
    path.write_bytes(signed[1])
    said = run("pdfsig", path).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "SHA-256" in said
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", path).stdout


def test_openssl_checks_it_by_the_organisations_certificate_alone(app, signed, tmp_path):
    der, covered = parts(signed[1])
    (tmp_path / "s.der").write_bytes(der)
    (tmp_path / "covered").write_bytes(covered)
    record = proving.ring_of(app.extensions["elearn"].site).active("document")
    (tmp_path / "ca.pem").write_text(record.certificate, "utf-8")
    command = ("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "s.der", "-content", tmp_path / "covered")
    trust = ("-CAfile", tmp_path / "ca.pem", "-purpose", "any", "-out", tmp_path / "out")
    assert "successful" in run(*command, *trust).stderr
    (tmp_path / "covered").write_bytes(covered[:-1] + b"!")
    assert run(*command, *trust, check=False).returncode != 0


def test_it_stays_a_pdf_1_7_whose_field_is_read_out(signed, tmp_path):
    path = tmp_path / "s.pdf"
    path.write_bytes(signed[1])
    assert re.search(r"PDF version: +1\.7", run("pdfinfo", path).stdout)
    assert "Form" in run("pdfinfo", "-struct", path).stdout
    assert b"<pdfaid:part>2</pdfaid:part>" in signed[1]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in signed[1]


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_changed_byte_is_found_by_poppler_and_by_the_register(app, signed, tmp_path, place):
    pdf = bytearray(signed[1])
    at = int(len(pdf) * place)
    _, start, end, _ = map(int, re.search(rb"/ByteRange\s*\[(\d+) (\d+) (\d+) (\d+)", pdf).groups())
    at = at if not start <= at < end else start - 10
    pdf[at] ^= 1
    path = tmp_path / "s.pdf"
    path.write_bytes(pdf)
    assert "Signature is Valid." not in run("pdfsig", path, check=False).stdout
    assert cli(app, "verify", path, "--offline").exit_code == 1
    assert cli(app, "verify", path).exit_code == 1


def test_what_no_signature_covers_makes_no_other_paper_of_a_revoked_certificate(app, signed, tmp_path):
    certificate, pdf = signed
    with app.extensions["elearn"].outbox.open_session() as session:
        revoke(session, certificate.id, by=1, reason="Diterbitkan keliru.")
        session.commit()
    end = int(re.search(rb"/ByteRange\s*\[\d+ \d+ (\d+)", pdf)[1])
    assert pdf[end - 2 : end] == b"0>"
    touched = pdf[: end - 2] + b"1" + pdf[end - 1 :]
    path = tmp_path / "s.pdf"
    path.write_bytes(touched)
    assert "Signature is Valid." in run("pdfsig", path).stdout
    assert "tidak kami kenal" in app.test_client().post("/v/berkas", data={"berkas": (io.BytesIO(touched), "s.pdf")}).text
    assert cli(app, "verify", path).exit_code == 1


def test_whatever_stands_where_the_signature_was_the_answer_is_a_verdict(app, signed):
    pdf, records = signed[1], proving.ring_of(app.extensions["elearn"].site).all()
    _, start, _, _ = map(int, re.search(rb"/ByteRange\s*\[(\d+) (\d+) (\d+) (\d+)", pdf).groups())
    length = len(parts(pdf)[0].rstrip(b"\0"))
    for place in range(0, length, length // 60):
        at = start + 1 + 2 * place
        broken = pdf[:at] + bytes(reversed(pdf[at : at + 2])) + pdf[at + 2 :]
        if broken != pdf:
            assert verifying.check_paper(broken, records) is None, place
            assert verifying.check(broken, records, at=now()).reason


def test_the_bytes_are_stored_once_and_hashed_with_the_signature_in_them(app, signed):
    certificate, pdf = signed
    assert certificate.sha256 == hashlib.sha256(pdf).hexdigest()
    assert certificate.facts["claim"]


def test_it_says_that_it_is_not_certified(signed, tmp_path):
    path = tmp_path / "s.pdf"
    path.write_bytes(signed[1])
    assert "tidak tersertifikasi" in " ".join(run("pdftotext", "-layout", path, "-").stdout.split())


def test_a_site_without_keys_issues_unsigned_and_a_signer_that_fails_issues_nothing(app, write_course, complete, of, monkeypatch):
    write_course(app, COURSE)
    complete(app)
    assert "claim" in of(app)[0][0].facts
    assert of(app)[0][0].facts["claim"] == ""
    keys = make_keys(app)
    folder = app.extensions["elearn"].site.settings.data / "keys"
    (folder / f"{keys['document']}.key").rename(folder / "away")
    signer_for.cache_clear()  # the one that runs has the key in its memory
    with pytest.raises(SigningError, match="FileNotFoundError"):
        complete(app, name="Togar", nip="199001152014021001")
    assert len(of(app)) == 1
    (folder / "away").rename(folder / f"{keys['document']}.key")
    complete(app, name="Rina", nip="199001152014021002")
    assert [one.serial for one, _ in of(app)] == [1, 2]
