"""The public check and the holder's pages."""

import io

import pytest
from elearn_certificates import views

from elearn import bounded
from elearn.web.database import db
from tests.plugins.conftest import COURSE


@pytest.fixture
def holder(app, write_course, sign_in):
    write_course(app, COURSE)
    client = sign_in(app, name="Sari Wahyuni, S.E.")
    client.post("/pelatihan/etika/daftar")
    for lesson in ("satu", "dua"):
        client.post(f"/belajar/etika/{lesson}/selesai")
    app.extensions["elearn"].outbox.deliver_due()
    return client


@pytest.fixture
def certificate(app, holder, of):
    return of(app)[0]


def test_a_stranger_sees_the_verdict_and_no_more_than_needed(app, certificate):
    one, _ = certificate
    answer = app.test_client().get(f"/v/{one.check_code}")
    assert answer.status_code == 200
    assert "Sertifikat ini sah" in answer.text
    assert "Sari W." in answer.text
    assert "Wahyuni" not in answer.text
    assert "Etika" in answer.text
    assert answer.headers["X-Robots-Tag"].startswith("noindex")


def test_the_number_alone_tells_only_that_it_is_valid(app, certificate):
    one, _ = certificate
    page = app.test_client().get(f"/v/{one.number.lower()}").text
    assert "Sertifikat ini sah" in page
    assert "Sari" not in page
    assert "Etika" not in page


@pytest.mark.parametrize("spelling", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")])
def test_a_code_is_found_however_it_is_typed(app, certificate, spelling):
    answer = app.test_client().get("/v", query_string={"nomor": spelling(certificate[0].check_code)}, follow_redirects=True)
    assert "Sari W." in answer.text


@pytest.mark.parametrize("key", ["000099/E/2026", "x", "%00", "<script>alert(1)</script>", "a" * 3_000, "../../etc/passwd", "' OR 1=1 --"])
def test_what_is_not_there_is_said_calmly(app, certificate, key):
    answer = app.test_client().get("/v/" + key)
    assert answer.status_code in (404, 308)
    assert "<script>alert" not in answer.text


def test_the_file_is_checked_to_the_byte(app, certificate):
    def upload(data):
        return app.test_client().post("/v/berkas", data={"berkas": (io.BytesIO(data), "s.pdf")}, content_type="multipart/form-data").text

    assert "sama persis" in upload(certificate[1])
    assert "tidak kami kenal" in upload(certificate[1] + b"\n")
    assert "Pilih berkas PDF dahulu" in upload(b"")


def test_no_connection_waits_for_a_strangers_file_to_be_read(app, certificate, monkeypatch):
    held = []

    def spied(*arguments, **bounds):
        held.append(db.engine.pool.checkedout())
        return bounded(*arguments, **bounds)

    monkeypatch.setattr(views, "bounded", spied)
    answer = app.test_client().post("/v/berkas", data={"berkas": (io.BytesIO(certificate[1] + b"\n"), "s.pdf")})
    assert "tidak kami kenal" in answer.text
    assert held == [0]


def test_the_holder_of_a_revoked_one_reads_why_and_is_offered_no_link_to_share(app, holder, certificate, sign_in):
    one, _ = certificate
    assert "Untuk dibagikan" in holder.get("/v/saya").text
    sign_in(app, name="Bos", role="administrator").post(f"/v/{one.id}/cabut", data={"alasan": "Nama tertukar dengan peserta lain"})
    page = holder.get("/v/saya").text
    assert "Alasan: Nama tertukar dengan peserta lain" in page
    assert "Untuk dibagikan" not in page
    assert "/bukti." not in page


def test_the_holder_has_it_and_nobody_else(app, holder, certificate, sign_in):
    one, pdf = certificate
    assert "Etika" in holder.get("/v/saya").text
    answer = holder.get(f"/v/saya/{one.id}.pdf")
    assert answer.data == pdf
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert sign_in(app, name="Togar").get(f"/v/saya/{one.id}.pdf").status_code == 404
    assert sign_in(app, role="administrator").get(f"/v/saya/{one.id}.pdf").status_code == 404
    assert "Belum ada sertifikat" in sign_in(app, name="Togar").get("/v/saya").text


def test_the_certificate_shows_where_the_course_is_completed(holder):
    for page in ("/belajar/etika/tamat", "/pelatihan/etika"):
        assert "Unduh PDF" in holder.get(page).text


def test_revoking_needs_the_right_and_a_reason_and_shows(app, holder, certificate, sign_in):
    one, _ = certificate
    assert holder.post(f"/v/{one.id}/cabut", data={"alasan": "x"}).status_code == 403
    boss = sign_in(app, role="administrator")
    assert boss.post(f"/v/{one.id}/cabut", data={"alasan": " "}).status_code == 409
    assert boss.post(f"/v/{one.id}/cabut", data={"alasan": "Diterbitkan keliru."}).status_code == 302
    page = app.test_client().get(f"/v/{one.check_code}").text
    assert "Sertifikat ini dicabut" in page
    assert "Diterbitkan keliru." in page


def test_guessing_is_slowed_down(make_app, write_course):
    from elearn.registry import discover

    app = make_app(*discover(without=()), limits=True)
    client = app.test_client()
    answers = [client.get(f"/v/00000{n}/E/2026").status_code for n in range(70)]
    assert answers[0] == 404
    assert answers[-1] == 429
