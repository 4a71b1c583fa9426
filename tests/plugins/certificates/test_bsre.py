"""Certified signatures: the certificate is valid at once, the official signs in batches, the passphrase is kept nowhere."""

import io
import logging
import re
import zipfile
from dataclasses import replace

import pytest
from elearn_certificates.bsre import client, queue
from elearn_certificates.bsre.models import Signature
from elearn_certificates.issuing import number_key
from sqlalchemy import update

from elearn import now
from elearn.registry import discover
from tests.plugins.certificates.bsre_server import NIK, PASSPHRASE, BsreServer
from tests.plugins.certificates.proofs import cli, data_of, make_keys, run
from tests.plugins.conftest import COURSE

PEOPLE = [(f"Peserta {letter}", f"19900115201402100{place}") for place, letter in enumerate("ABCD", start=1)]


@pytest.fixture
def server():
    with BsreServer() as server:
        yield server


@pytest.fixture
def app(make_app, server):
    return make_app(
        *discover(without=()), certificates__bsre_url=server.url, certificates__bsre_user="elearn", certificates__bsre_password="kata-sandi"
    )


@pytest.fixture
def issued(app, write_course, complete, of):
    make_keys(app)
    write_course(app, COURSE)
    for name, nip in PEOPLE[:3]:
        complete(app, name=name, nip=nip)
    return of(app)


def rows(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        return session.query(Signature).order_by(Signature.certificate_id).all()


def post(boss, chosen, **changed):
    return boss.post("/v/tte", data={"pilih": chosen, "nik": NIK, "passphrase": PASSPHRASE} | changed)


def test_valid_at_once_then_signed_in_a_batch_and_the_page_says_which(app, issued, server, sign_in, tmp_path):
    one, pdf = issued[0]
    page = app.test_client().get(f"/v/{one.check_code}").text
    assert "Sertifikat ini sah" in page
    assert "belum TTE" in page
    assert "belum TTE" in sign_in(app, role="administrator").get(f"/v/kelola/{one.id}").text, "who keeps the register sees it too"
    boss = sign_in(app, role="administrator")
    assert boss.get("/v/tte").text.count('name="pilih"') == 3
    answer = post(boss, [certificate.id for certificate, _ in issued[:2]], nik="1271 0121 0794 0005")
    assert "2 sertifikat ditandatangani" in answer.text
    assert answer.text.count('name="pilih"') == 1
    assert [row.state for row in rows(app)] == ["signed", "signed", "waiting"]
    assert "tersertifikasi melalui BSrE" in app.test_client().get(f"/v/{one.check_code}").text
    assert server.seen[0] == ("/api/sign/pdf", {"nik": NIK.encode(), "passphrase": PASSPHRASE.encode(), "tampilan": b"invisible"})
    with app.extensions["elearn"].outbox.open_session() as session:
        signed = queue.signed_file(session, one.id)
    path = tmp_path / "s.pdf"
    path.write_bytes(signed)
    said = run("pdfsig", path).stdout
    assert said.count("Signature is Valid.") == 2
    assert "Pejabat Contoh" in said
    assert signed.startswith(pdf)
    for more in ((), ("--offline",)):
        assert cli(app, "verify", path, *more).exit_code == 0


def test_no_passphrase_and_no_nik_is_kept_or_logged(app, issued, server, sign_in, caplog):
    server.plan = ["ok", "busy", "busy", "busy"]
    with caplog.at_level(logging.DEBUG):
        answer = post(sign_in(app, role="administrator"), [certificate.id for certificate, _ in issued])
    assert answer.headers["Cache-Control"] == "private, no-store"
    page = answer.text.replace(f'name="nik" value="{NIK}"', "", 1)  # in the form of this answer alone
    with app.extensions["elearn"].outbox.open_session() as session:
        dump = "\n".join(session.connection().connection.driver_connection.iterdump())
    kept = (
        dump
        + caplog.text
        + page
        + repr(client.Official(nik=NIK, passphrase=PASSPHRASE))
        + repr(client.Service(url="x", password="kata-sandi"))
    )
    for path in data_of(app).rglob("*"):
        kept += path.read_bytes().decode("latin-1") if path.is_file() else ""
    for secret in (PASSPHRASE, NIK, "kata-sandi"):
        assert secret not in kept


def test_a_wrong_passphrase_is_tried_once_and_stops_the_batch(app, issued, server, sign_in):
    answer = post(sign_in(app, role="administrator"), [certificate.id for certificate, _ in issued], passphrase="salah")
    assert "passphrase atau NIK tidak cocok" in answer.text
    assert len(server.seen) == 1
    assert {row.state for row in rows(app)} == {"waiting"}
    assert all(row.taken_at is None for row in rows(app))


def test_who_mistypes_keeps_nik_and_choice_in_that_answer_alone(app, issued, server, sign_in):
    boss = sign_in(app, role="administrator")
    for answer in (post(boss, [2], passphrase="salah"), post(boss, [2], passphrase=""), post(boss, [2], nik=NIK[:15], passphrase="salah")):
        assert re.findall(r'value="(\d)" checked', answer.text) == ["2"]
        assert f'name="nik" value="{NIK[:15]}' in answer.text
        assert 'salah"' not in answer.text
    assert post(boss, [2]).text.count("checked") == 2
    for page in (boss.get("/v/tte"), post(boss, [1])):
        assert NIK not in page.text


def test_an_english_page_says_in_english_why_nothing_was_signed(app, issued, server, sign_in):
    boss = sign_in(app, role="administrator")
    boss.post("/bahasa", data={"bahasa": "en"})
    server.plan = ["redirect"]
    page = post(boss, [1]).text
    assert "The BSrE service refuses this document. (HTTP 302)" in page
    assert "Layanan" not in page


def test_what_a_dead_process_was_signing_is_said_to_be_in_other_hands(app, issued, server, sign_in):
    with app.extensions["elearn"].outbox.open_session() as session:
        session.execute(update(Signature).where(Signature.certificate_id == 1).values(taken_at=now()))
        session.commit()
    answer = post(sign_in(app, role="administrator"), [1, 2])
    assert "1 sertifikat ditandatangani" in answer.text
    assert "setelah 15 menit" in answer.text
    assert [row.state for row in rows(app)] == ["waiting", "signed", "waiting"]


def test_a_busy_service_is_asked_again_a_slow_one_is_not_and_nothing_is_lost(issued, server, app):
    service = replace(queue.service_of(app.extensions["elearn"].site), pauses=(0.01,), patience=0.5)
    official = client.Official(nik=NIK, passphrase=PASSPHRASE)
    pdf = issued[0][1]
    server.plan = ["busy", "busy", "ok"]
    assert client.sign(service, official, pdf, name="a")[1] == "dok-3"
    server.other = issued[1][1]
    for step, reason, stop in (
        ("slow", client.SLOW, False),
        ("broken", client.BROKEN, False),
        ("other", client.BROKEN, False),
    ):
        server.seen.clear()
        server.plan = [step]
        with pytest.raises(client.BsreError, match=reason) as caught:
            client.sign(service, official, pdf, name="a")
        assert caught.value.stop is stop
        assert len(server.seen) == 1
    server.plan = ["redirect"]
    with pytest.raises(client.BsreError, match="HTTP 302"):
        client.sign(service, official, pdf, name="a")
    server.plan = ["busy"] * 3
    with pytest.raises(client.BsreError, match=client.UNAVAILABLE):
        client.sign(service, official, pdf, name="a")
    with pytest.raises(client.BsreError, match=client.UNAVAILABLE):
        client.sign(replace(service, url="http://127.0.0.1:1"), official, pdf, name="a")
    with pytest.raises(client.BsreError, match=client.REFUSED):
        client.sign(replace(service, password="lain"), official, pdf, name="a")


def test_two_officials_at_once_sign_each_certificate_once(app, issued, server, sign_in, at_once):
    bosses = iter([sign_in(app, role="administrator") for _ in range(2)])
    chosen = [certificate.id for certificate, _ in issued]
    answers = at_once(2, lambda: post(next(bosses), chosen).status_code)
    assert answers == [200, 200]
    assert len(server.seen) == 3
    assert {row.state for row in rows(app)} == {"signed"}


def test_only_who_may_signs_and_what_is_missing_is_said(app, issued, server, sign_in):
    assert sign_in(app).get("/v/tte").status_code == 403
    assert post(sign_in(app), [1]).status_code == 403
    boss = sign_in(app, role="administrator")
    assert post(boss, []).status_code == 302
    assert "NIK harus 16 angka" in post(boss, [1], nik="12").text
    assert "Isi passphrase" in post(boss, [1], passphrase="").text
    assert server.seen == []


def test_a_site_without_the_service_has_no_queue(make_app, write_course, complete, sign_in):
    app = make_app(*discover(without=()))
    write_course(app, COURSE)
    complete(app)
    assert rows(app) == []
    assert sign_in(app, role="administrator").get("/v/tte").status_code == 404


def test_the_holder_gets_the_signed_file_and_its_bytes_are_known(app, write_course, sign_in, of, server):
    write_course(app, COURSE)
    holder = sign_in(app, name="Sari Wahyuni, S.E.")
    holder.post("/pelatihan/etika/daftar")
    for lesson in ("satu", "dua"):
        holder.post(f"/belajar/etika/{lesson}/selesai")
    app.extensions["elearn"].outbox.deliver_due()
    one, pdf = of(app)[0]
    assert holder.get(f"/v/saya/{one.id}.pdf").data == pdf
    post(sign_in(app, role="administrator"), [one.id])
    signed = holder.get(f"/v/saya/{one.id}.pdf").data
    assert client.signatures(signed) == 1
    assert of(app)[0][1] == pdf
    boss = sign_in(app, role="administrator")
    assert boss.get(f"/v/kelola/{one.id}.pdf").data == signed
    for archive in (boss.get("/v/kelola.zip").data, holder.get("/v/saya.zip").data):
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            assert [files.read(name) for name in files.namelist()] == [signed]
    exported = data_of(app) / "keluar.pdf"
    assert cli(app, "export", one.number, "-o", exported).exit_code == 0
    assert exported.read_bytes() == signed
    path = data_of(app) / f"{number_key(one.number)}.pdf"
    path.write_bytes(signed)
    assert cli(app, "verify", path).exit_code == 0
