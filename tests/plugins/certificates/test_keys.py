"""Keys: made, rotated, retired, revoked; private halves that nobody but the signing process reads."""

import base64
import json
import logging
import os
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from elearn_certificates import proving, verifying
from elearn_certificates.signing import service
from elearn_certificates.signing.encoding import base58, from_base58, from_multikey
from elearn_certificates.signing.keys import KeyRing, record_of
from elearn_certificates.signing.signer import Signer, SigningError

from elearn import now
from tests.plugins.certificates.proofs import cli, data_of, make_keys, needs, proof, run
from tests.plugins.conftest import COURSE


@pytest.fixture
def ring(tmp_path):
    return KeyRing(tmp_path / "keys")


def test_the_private_half_is_its_owners_alone_and_in_no_record(ring):
    record = ring.add("document")
    path = ring.folder / f"{record.id}.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(ring.folder.stat().st_mode) == 0o700
    secret = b"".join(path.read_bytes().splitlines()[1:-1])
    assert secret[20:60] not in (ring.folder / f"{record.id}.json").read_bytes()
    path.chmod(0o640)
    with pytest.raises(SigningError, match="chmod 600"):
        Signer(ring.folder).sign(record.id, b"x")


def test_signing_happens_in_another_process_and_no_secret_reaches_this_one(ring, caplog, monkeypatch):
    record = ring.add("document")
    signer = Signer(ring.folder)
    monkeypatch.setenv("ELEARN_SECRET_KEY", "x" * 40)
    with caplog.at_level(logging.DEBUG):
        signature = signer.sign(record.id, b"isi")
    record.key.verify(signature, b"isi", ec.ECDSA(hashes.SHA256()))
    assert signer._child.pid != os.getpid()
    secret = (ring.folder / f"{record.id}.key").read_text("utf-8").splitlines()[1]
    assert secret not in repr(signer) + repr(vars(signer)) + repr(service.Keys(ring.folder)) + caplog.text
    assert b"ELEARN_SECRET_KEY" not in Path(f"/proc/{signer._child.pid}/environ").read_bytes()


def test_a_killed_signing_process_is_started_again(ring):
    record, signer = ring.add("credential"), Signer(ring.folder)
    signer.sign(record.id, b"a")
    signer._child.kill()
    signer._child.wait()
    with pytest.raises(SigningError):
        signer.sign(record.id, b"b")
    record.key.verify(signer.sign(record.id, b"c"), b"c")


@pytest.mark.parametrize("name", ["../x", "00000000", "", "ABCDEF01", 7])
def test_the_signing_process_survives_what_it_is_asked(ring, name):
    record, signer = ring.add("credential"), Signer(ring.folder)
    with pytest.raises(SigningError):
        signer.sign(name, b"x")
    record.key.verify(signer.sign(record.id, b"y"), b"y")


def test_a_socket_serves_a_signer_of_another_user(ring, tmp_path):
    record, path = ring.add("credential"), tmp_path / "s.sock"
    process = subprocess.Popen([sys.executable, "-I", service.__file__, str(ring.folder), str(path)])
    try:
        wait_for(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        signer = Signer(tmp_path / "nothing-here", str(path))
        record.key.verify(signer.sign(record.id, b"x"), b"x")
        with pytest.raises(SigningError):
            signer.sign("00000000", b"x")
    finally:
        process.kill()
        process.wait()


def test_retired_and_revoked_keys_do_not_sign(ring):
    for state in ("retired", "revoked"):
        record = ring.add("credential")
        ring.end(record.id, state=state)
        with pytest.raises(SigningError, match=state):
            Signer(ring.folder).sign(record.id, b"x")


def test_rotation_breaks_nothing_and_a_lost_key_proves_nothing_more(app, signed):
    certificate, pdf = signed
    old = {record.use: record.id for record in proving.ring_of(app.extensions["elearn"].site).all()}
    credential = proof(app, certificate.id, "json")
    assert cli(app, "key", "new").exit_code == 0
    listed = cli(app, "key", "list").output
    assert listed.count("active") == 2
    assert listed.count("retired") == 2
    records = proving.ring_of(app.extensions["elearn"].site).all()
    for content in (pdf, json.dumps(credential).encode()):
        assert verifying.check(content, records, at=now()).valid
    assert proof(app, certificate.id, "json")["proof"][0]["verificationMethod"] != credential["proof"][0]["verificationMethod"]
    for key in old.values():
        assert cli(app, "key", "revoke", key, "--reason", "Laptop hilang").exit_code == 0
    records = proving.ring_of(app.extensions["elearn"].site).all()
    for content in (pdf, json.dumps(credential).encode()):
        verdict = verifying.check(content, records, at=now())
        assert not verdict.valid
        assert "dicabut" in verdict.reason
    path = data_of(app) / "s.pdf"
    path.write_bytes(pdf)
    assert cli(app, "verify", path).exit_code == 0  # the register still knows it
    assert cli(app, "key", "revoke", old["document"], "--reason", "lagi").exit_code == 1
    assert cli(app, "key", "retire", "ffffffff").exit_code == 1


def test_a_key_whose_making_was_broken_off_signs_nothing_and_stands_in_no_ones_way(app, write_course, complete, of):
    whole = make_keys(app)["document"]
    ring = KeyRing(data_of(app) / "keys")
    half = ring.add("document").id  # killed before its certificate was written
    ring.write(replace(ring.get(half), made_at="2099-01-01T00:00:00Z"))
    assert ring.active("document").id == whole
    write_course(app, COURSE)
    complete(app)
    ((certificate, pdf),) = of(app)
    assert certificate.facts["claim"]
    assert verifying.check(pdf, ring.all(), at=now()).valid
    make_keys(app)
    assert {record.id: record.state for record in ring.all() if record.id in (whole, half)} == {whole: "retired", half: "retired"}


def test_the_check_of_the_site_asks_for_keys(app):
    from elearn_certificates import check_keys

    with app.extensions["elearn"].outbox.open_session() as session:
        assert [problem.code for problem in check_keys(session)] == ["CERT3"]
        make_keys(app)
        assert list(check_keys(session)) == []


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    """A software token; the options that name it. One for all tests, for the vendor's library reads its configuration once a process."""
    needs("softhsm2-util")
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm.conf").write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm.conf"))
        patch.setenv("ELEARN_CERTIFICATES_PIN", "246810")
        run("softhsm2-util", "--init-token", "--free", "--label", "bpsdm", "--pin", "246810", "--so-pin", "13579")
        yield "--use", "document", "--module", "/usr/lib/softhsm/libsofthsm2.so", "--token", "bpsdm"


def test_a_pkcs11_token_signs_and_keeps_its_key(app, write_course, complete, of, tmp_path, token):
    made = cli(app, "key", "new", *token)
    assert made.exit_code == 0, made.output
    assert not list((data_of(app) / "keys").glob("*.key"))
    assert "246810" not in "".join(path.read_text() for path in (data_of(app) / "keys").glob("*.json"))
    write_course(app, COURSE)
    complete(app)
    path = tmp_path / "s.pdf"
    path.write_bytes(of(app)[0][1])
    assert "Signature is Valid." in run("pdfsig", path).stdout


def test_keys_in_a_token_are_rotated_and_none_comes_back(app, write_course, complete, of, token):
    write_course(app, COURSE)
    for place, label in enumerate(("satu", "dua"), start=1):
        assert cli(app, "key", "new", *token, "--label", label).exit_code == 0
        complete(app, name=f"Peserta {place}", nip=f"19900115201402100{place}")  # the signing process goes on, with both keys
    records = proving.ring_of(app.extensions["elearn"].site).all()
    assert sorted(record.state for record in records) == ["active", "retired"]
    assert all(verifying.check(pdf, records, at=now()).valid for _, pdf in of(app))
    for label in ("satu", "dua"):
        again = cli(app, "key", "new", *token, "--label", label)
        assert again.exit_code == 1
        assert "sudah tercatat" in again.output
    assert sorted(record.state for record in proving.ring_of(app.extensions["elearn"].site).all()) == ["active", "retired"]


def test_many_ask_a_token_at_once(app, tmp_path, token, at_once):
    assert cli(app, "key", "new", *token).exit_code == 0
    ring = proving.ring_of(app.extensions["elearn"].site)
    (record,) = ring.all()
    path = tmp_path / "s.sock"
    process = subprocess.Popen([sys.executable, "-I", service.__file__, str(ring.folder), str(path)])
    try:
        wait_for(path)

        def ask():
            signer = Signer(tmp_path / "nothing-here", str(path))
            for place in range(5):
                record.key.verify(signer.sign(record.id, b"%d" % place), b"%d" % place, ec.ECDSA(hashes.SHA256()))

        assert at_once(16, ask) == [None] * 16
    finally:
        process.kill()
        process.wait()


def wait_for(path):
    deadline = time.monotonic() + 20
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.05)


def test_text_forms_of_keys_and_bytes_go_there_and_back(ring):
    for use in ("document", "credential"):
        record = ring.add(use)
        assert record_of(from_multikey(record.public), use).id == record.id
    for data in (b"", b"\0\0a", bytes(range(40))):
        assert from_base58(base58(data)) == data
    assert base58(b"Hello World!") == "2NEpo7TZRRrLZSi2U"  # the vector of draft-msporny-base58
    for text in ("", "z", "zabc", "u" + base64.urlsafe_b64encode(b"x" * 34).decode()):
        with pytest.raises(ValueError):
            from_multikey(text)
