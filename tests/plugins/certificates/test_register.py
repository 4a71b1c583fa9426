"""The register's pages and the public page in each state."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from elearn_certificates import life
from elearn_certificates.issuing import issue_statement
from elearn_certificates.models import Certificate
from sqlalchemy import update

from elearn import Person, now
from elearn.cli import main
from elearn.progress import finish_lesson
from tests.plugins.certificates.proofs import make_keys
from tests.plugins.conftest import COURSE


@pytest.fixture
def certificate(app, write_course, complete, of):
    write_course(app, COURSE)
    complete(app)
    return of(app)[0][0]


def change(app, certificate, **values):
    with app.extensions["elearn"].outbox.open_session() as session:
        session.execute(update(Certificate).where(Certificate.id == certificate.id).values(**values))
        session.commit()


def test_the_register_is_searched_and_filtered(app, certificate, sign_in):
    boss = sign_in(app, role="administrator")
    for asked in (
        "cari=wahyuni",
        "cari=199407212019",
        f"cari={certificate.number.lower()}",
        "keadaan=valid",
        "pelatihan=etika",
        f"tahun={certificate.year}",
    ):
        assert "Sari Wahyuni" in boss.get(f"/v/kelola?{asked}").text, asked
    for asked in (
        "cari=togar",
        "cari=%25",
        "keadaan=expired",
        "keadaan=revoked",
        "pelatihan=lain",
        "tahun=1999",
        "cari=togar&tahun=%C2%B2",
    ):
        assert "Sari Wahyuni" not in boss.get(f"/v/kelola?{asked}").text, asked
    assert sign_in(app).get("/v/kelola").status_code == 403


def test_the_public_page_needs_no_script_and_says_how_to_check_without_us(app, certificate, write_course, enrolled):
    make_keys(app)
    page = app.test_client().get(f"/v/{certificate.check_code}").text
    assert "<script" not in page
    assert "<script" not in app.test_client().get("/v").text
    assert app.test_client().get("/v/").status_code == 200, "a slash too many is no other address"
    assert "/v/luring.html" not in page, "it was issued before there was a key"
    standing = enrolled(app, name="Dame Sitorus", nip="198705102011012004")
    with app.extensions["elearn"].outbox.open_session() as session:
        finish_lesson(session, standing, "satu")
        statement = issue_statement(session, standing.enrolment_id)
        session.commit()
        page = app.test_client().get(f"/v/{statement.check_code}").text
    assert "Surat keterangan ini sah" in page
    for address in ("/v/luring.html", "/v/kunci.json", "/v/status/0.json"):
        assert address in page
        assert app.test_client().get(address).status_code == 200


def test_an_expired_certificate_says_so_on_its_public_page(app, certificate, sign_in):
    change(app, certificate, expires_on=now().date() - timedelta(days=2))
    page = app.test_client().get(f"/v/{certificate.check_code}").text
    assert "sudah kedaluwarsa" in page
    assert "Sari W." in page
    assert "Sari Wahyuni" in sign_in(app, role="administrator").get("/v/kelola?keadaan=expired&tahun=²").text


def test_a_replaced_certificate_leads_to_its_successor_and_back(app, certificate, sign_in, of):
    boss = sign_in(app, role="administrator")
    data = {"person_name": "Sari Wahyuni, S.E., M.M.", "alasan": "Gelar kurang."}
    answer = boss.post(f"/v/kelola/{certificate.id}/ganti", data=data, follow_redirects=True)
    assert "Sertifikat pengganti terbit" in answer.text
    new = of(app)[1][0]
    stranger = app.test_client()
    old_page, new_page = stranger.get(f"/v/{certificate.check_code}").text, stranger.get(f"/v/{new.check_code}").text
    assert "sudah diganti" in old_page
    assert "Gelar kurang." in old_page
    assert f"/v/{new.check_code}" in old_page
    assert "Sertifikat ini sah" in new_page
    assert f"/v/{certificate.check_code}" in new_page
    by_number = stranger.get(f"/v/{certificate.number}").text
    assert new.check_code not in by_number
    assert "Gelar kurang." not in by_number
    assert "penggantinya" in boss.get(f"/v/kelola/{certificate.id}").text
    assert sign_in(app).post(f"/v/kelola/{certificate.id}/ganti", data=data).status_code == 403


@pytest.mark.parametrize(
    ("policy", "shown", "hidden"), [("masked", "Sari W.", "Wahyuni"), ("full", "Sari Wahyuni, S.E.", "•••W"), ("none", "Etika", "Sari")]
)
def test_the_site_decides_how_much_of_a_name_strangers_see(make_app, write_course, complete, of, policy, shown, hidden):
    from elearn.registry import discover

    app = make_app(*discover(without=()), certificates__public_name=policy)
    write_course(app, COURSE)
    complete(app)
    page = app.test_client().get(f"/v/{of(app)[0][0].check_code}").text
    assert shown in page
    assert hidden not in page


def completed(app, sign_in):
    """A learner who finished the course by its pages, and has its certificate."""
    holder = sign_in(app, name="Sari")
    holder.post("/pelatihan/etika/daftar")
    finish_lessons(app, holder)
    return holder


def finish_lessons(app, holder):
    for lesson in ("satu", "dua"):
        holder.post(f"/belajar/etika/{lesson}/selesai")
    app.extensions["elearn"].outbox.deliver_due()


def test_the_holder_renews_in_the_window_and_nobody_else(app, write_course, sign_in, of):
    write_course(app, COURSE)
    holder = completed(app, sign_in)
    certificate = of(app)[0][0]
    address = f"/v/saya/{certificate.id}/perpanjang"
    assert "Perpanjang" not in holder.get("/v/saya").text
    assert holder.post(address).status_code == 409
    change(app, certificate, expires_on=now().date() + timedelta(days=20))
    assert "Perpanjang" in holder.get("/v/saya").text
    assert sign_in(app, name="Togar").post(address).status_code == 404
    assert holder.post(address).headers["Location"].endswith("/pelatihan/etika")
    begun = holder.get("/v/saya").text
    assert address not in begun
    assert "Sedang diperpanjang" in begun
    assert holder.get("/v/saya.zip").data.startswith(b"PK")
    finish_lessons(app, holder)
    renewed = of(app)[1][0]
    with app.extensions["elearn"].outbox.open_session() as session:
        stands_in = life.replace(session, certificate.id, by=1, reason="Salah ketik.", changes={"person_name": "Sari Wahyuni"})
        session.commit()
    change(app, renewed, expires_on=now().date() + timedelta(days=20))
    page = holder.get("/v/saya").text
    assert f"/v/saya/{renewed.id}/perpanjang" in page
    assert f"/v/saya/{stands_in.id}/perpanjang" not in page


def test_a_faulty_design_takes_nobodys_page_of_certificates(app, write_course, sign_in, of):
    write_course(app, COURSE)
    holder = completed(app, sign_in)
    certificate = of(app)[0][0]
    change(app, certificate, expires_on=now().date() + timedelta(days=20))
    place = app.extensions["elearn"].site.store.folder.parent / "sertifikat" / "kota"
    place.mkdir(parents=True)
    (place / "design.toml").write_text("salah = 1", "utf-8")
    page = holder.get("/v/saya")
    assert page.status_code == 200
    assert certificate.number in page.text
    assert "Perpanjang" not in page.text
    boss = sign_in(app, role="administrator")
    answer = boss.post(f"/v/kelola/{certificate.id}/ganti", data={"person_name": "Sari W.", "alasan": "Salah ketik."})
    assert answer.status_code == 409
    assert "elearn check" in answer.text
    assert [one.state for one, _ in of(app)] == ["valid"]


def test_a_class_is_counted_and_its_job_shown(app, certificate, sign_in):
    boss = sign_in(app, role="administrator")
    assert "0 orang belum memilikinya" in boss.get("/v/kelola/kelas?pelatihan=etika").text
    back = boss.post("/v/kelola/kelas", data={"pelatihan": "etika", "peserta": "bukan@siapa.id"})
    assert back.status_code == 422
    assert "di antara NIP atau surel itu" in back.text
    assert "bukan@siapa.id</textarea>" in back.text, "what was typed stands there again"
    assert boss.post("/v/kelola/kelas", data={"pelatihan": "tidak-ada"}).status_code == 404
    learner = sign_in(app, name="Belum Lulus")
    learner.post("/pelatihan/etika/daftar")
    learner.post("/belajar/etika/satu/selesai")
    form = boss.get("/v/kelola/kelas?pelatihan=etika").text
    assert 'value="statement" checked' in form, "the paper that somebody lacks"
    with app.extensions["elearn"].outbox.open_session() as session:
        email = session.get_one(Person, learner.person_id).email
    sent = {"pelatihan": "etika", "jenis": "statement", "peserta": f"{email}\nsalah@ketik.id"}
    answer = boss.post("/v/kelola/kelas", data=sent)
    assert "1 NIP atau surel dilewati" in boss.get(answer.headers["Location"]).text
    app.extensions["elearn"].outbox.deliver_due()
    page = boss.get(answer.headers["Location"]).text
    assert "Surat keterangan: Etika" in page
    assert "100%" in page


def test_the_register_costs_a_fixed_number_of_statements(app, certificate, sign_in, complete, count_statements):
    boss = sign_in(app, role="administrator")
    boss.get("/v/kelola")
    with count_statements(app) as few:
        boss.get("/v/kelola")
    for n in range(6, 10):
        complete(app, name=f"Peserta {n}", nip=f"19900115201402100{n}")
    with count_statements(app) as many:
        boss.get("/v/kelola")
    assert len(many) == len(few) <= 8


def test_the_command_line_lists_shows_and_exports(app, certificate, of, tmp_path):
    run, data = CliRunner().invoke, ["--data", app.config["ELEARN_DATA"]]
    listed = run(main, ["certificates", "list", *data])
    assert certificate.number in listed.output, listed.output
    assert run(main, ["certificates", "list", "--state", "revoked", *data]).output == ""
    shown = run(main, ["certificates", "show", certificate.number.lower(), *data])
    assert json.loads(shown.output)["facts"]["person_name"] == "Sari Wahyuni, S.E."
    target = tmp_path / "s.pdf"
    assert run(main, ["certificates", "export", certificate.check_code, "-o", str(target), *data]).exit_code == 0
    assert target.read_bytes() == of(app)[0][1]
    assert run(main, ["certificates", "show", "tidak ada", *data]).exit_code == 1


def test_the_command_line_knows_what_has_expired(app, certificate):
    change(app, certificate, expires_on=now().date() - timedelta(days=2))
    run, data = CliRunner().invoke, ["--data", app.config["ELEARN_DATA"]]
    assert "expired" in run(main, ["certificates", "list", "--state", "expired", "--course", "etika", *data]).output
    assert run(main, ["certificates", "list", "--state", "valid", *data]).output == ""
    assert run(main, ["certificates", "list", "--course", "lain", *data]).output == ""
    assert json.loads(run(main, ["certificates", "show", certificate.number, *data]).output)["standing"] == "expired"
    checked = run(main, ["certificates", "verify", certificate.check_code, *data])
    assert (checked.exit_code, checked.output.splitlines()[0]) == (1, "TIDAK SAH: Masa berlakunya habis.")


def test_revoking_twice_is_refused(app, certificate):
    from elearn import Refused

    with app.extensions["elearn"].outbox.open_session() as session:
        life.revoke(session, certificate.id, by=1, reason="Keliru.")
        with pytest.raises(Refused):
            life.revoke(session, certificate.id, by=1, reason="Keliru.")
