"""What a changed regulation touches: lessons and questions in every version somebody rests on, and the certificates of holders."""

import re

import pytest
from elearn_studio import regulations
from elearn_studio.citations import cites, key_of
from sqlalchemy import select

from elearn import Person
from elearn.models.people import AuditEntry
from tests.plugins.studio.conftest import Author

LESSON = "---\njudul: Pelaporan\nmenit: 5\n---\n\nTenggatnya.\n\n## Soal 1: Tenggatnya?\n<!-- id: tenggat -->\n\nJawaban: 10 hari\n{law}\n"
LAW = "Dasar: Pasal 2 Peraturan KPK Nomor 1 Tahun 2026"


@pytest.mark.parametrize(
    ("citation", "name"),
    [
        ("Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik", "UU 25/2009"),
        ("UU 25/2009 ps. 36", "Undang-Undang No. 25 Tahun 2009 tentang Pelayanan Publik"),
        ("Pasal 12C ayat (2) UU 20/2001", "UU 20/2001"),
        ("Per. KPK No. 1/2026", "PerKPK 1/2026"),
        ("Peraturan Komisi Pemberantasan Korupsi 1/2026 ps. 2", "Peraturan KPK 1/2026"),
        ("Peraturan Menteri PANRB Nomor 38 Tahun 2017", "PermenPANRB 38/2017"),
        ("PerKPK 1/2026 ps. 2 ayat 1", "Pasal 2 PerKPK 1/2026"),
    ],
)
def test_one_regulation_has_one_key(citation, name):
    assert cites(citation, key_of(name))


@pytest.mark.parametrize(
    ("citation", "name"),
    [
        ("PerKPK 11/2026", "PerKPK 1/2026"),
        ("PP 94/2021", "Perpres 94/2021"),
        ("PerKPK 1/2026 ps. 21", "PerKPK 1/2026 ps. 2"),
        ("UU 25/2009", ""),
        ("PP 25/2009", "UU 25/2009"),
    ],
)
def test_another_regulation_has_another(citation, name):
    assert not cites(citation, key_of(name))


@pytest.fixture
def chief(app, sign_in):
    return Author(sign_in(app, name="Rahmat", role="administrator"), app)


@pytest.fixture
def slug(app, author):
    """A course whose first version rests on a regulation by a question, and whose second does no more."""
    slug = author.new(title="Gratifikasi", mulai="kosong")
    author.path = next(one for one in author.paths(slug) if one.endswith(".md") and "_bagian" not in one)
    author.save(slug, author.path, LESSON.format(law=LAW))
    author.publish(slug)
    return slug


@pytest.fixture
def holder(app, author, slug, sign_in):
    """Who completed the first version and holds its certificate."""
    client = sign_in(app, name="Sari Wahyuni")
    client.post(f"/pelatihan/{slug}/daftar")
    lesson = client.get(f"/belajar/{slug}", follow_redirects=True).request.path
    client.post(f"{lesson}/selesai")
    app.extensions["elearn"].outbox.deliver_due()
    author.save(slug, author.path, LESSON.format(law=""))
    author.publish(slug)
    return client


def changed(app, chief):
    chief.post("/tulis/dasar-hukum", nama="PerKPK 1/2026", sejak="2026-11-01", perubahan="Tenggat menjadi tujuh hari.")
    with app.extensions["elearn"].outbox.open_session() as session:
        return session.scalar(select(regulations.Regulation.id))


def test_questions_are_listed_and_an_older_version_that_somebody_holds(app, chief, slug, holder):
    changed(app, chief)
    page = chief.page("/tulis/dasar-hukum")
    assert "soal: Tenggatnya?" in page
    assert "Versi 1 (tidak lagi ditawarkan) · 0 sedang belajar, 1 sudah tamat" in " ".join(page.split())


def test_the_certificates_touched_are_listed_without_names_and_lead_to_their_public_page(app, chief, slug, holder):
    number = changed(app, chief)
    page = chief.page(f"/tulis/dasar-hukum/{number}/sertifikat")
    assert "1 sertifikat" in page
    assert "Sari" not in page
    address = re.search(r'href="[^"]*(/v/[^"]+)"', page)[1]
    assert "sah" in chief.page(address).lower()
    table = chief.client.get(f"/tulis/dasar-hukum/{number}/sertifikat?bentuk=csv").data.decode("utf-8-sig")
    assert table.splitlines()[1].split(";")[1:3] == ["Gratifikasi", "1"]


def test_holders_of_a_version_that_has_the_change_are_not_touched(app, author, chief, slug, holder, sign_in):
    number = changed(app, chief)
    author.save(slug, author.path, LESSON.format(law=LAW).replace("10 hari", "7 hari"))
    author.publish(slug)
    author.post(f"/tulis/dasar-hukum/{number}/{slug}")
    late = sign_in(app, name="Lalu")
    late.post(f"/pelatihan/{slug}/daftar")
    late.post(f"{late.get(f'/belajar/{slug}', follow_redirects=True).request.path}/selesai")
    app.extensions["elearn"].outbox.deliver_due()
    assert "1 sertifikat" in chief.page(f"/tulis/dasar-hukum/{number}/sertifikat")
    assert "disesuaikan sejak versi 3" in chief.page("/tulis/dasar-hukum")


def test_only_who_marks_regulations_sees_the_certificates(app, author, chief, slug, holder):
    number = changed(app, chief)
    author.page(f"/tulis/dasar-hukum/{number}/sertifikat", 403)


def test_a_refresher_is_offered_to_holders_by_mail_once_and_not_to_who_takes_it(app, author, chief, slug, holder, sign_in, capsys):
    short = author.new(title="Penyegaran", mulai="kosong")
    author.publish(short)
    number = changed(app, chief)
    chief.post("/tulis/dasar-hukum", 409, peraturan=str(number), lakukan="surati")
    chief.post("/tulis/dasar-hukum", peraturan=str(number), penyegaran=short)
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get(Person, holder.person_id).email = "sari@contoh.go.id"
        session.commit()

    def letters():
        capsys.readouterr()
        chief.post("/tulis/dasar-hukum", peraturan=str(number), lakukan="surati")
        app.extensions["elearn"].outbox.deliver_due()
        return capsys.readouterr().err

    said = letters()
    assert "To: sari@contoh.go.id" in said
    assert "Sertifikat Anda tetap berlaku" in said
    assert f"/pelatihan/{short}" in said
    assert "Tidak ada yang perlu dikerjakan" in chief.post("/tulis/dasar-hukum", 409, peraturan=str(number), lakukan="surati")
    author.save(slug, author.path, LESSON.format(law=LAW))
    author.publish(slug)
    takes, late = sign_in(app, name="Ikut"), sign_in(app, name="Lalu")
    for one in (takes, late):
        one.post(f"/pelatihan/{slug}/daftar")
        one.post(f"{one.get(f'/belajar/{slug}', follow_redirects=True).request.path}/selesai")
    takes.post(f"/pelatihan/{short}/daftar")
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get(Person, takes.person_id).email = "ikut@contoh.go.id"
        session.get(Person, late.person_id).email = "lalu@contoh.go.id"
        assert session.scalar(select(AuditEntry.detail).where(AuditEntry.act == "studio.refresher")) == short
        session.commit()
    said = letters()
    assert re.findall(r"To: (\S+)", said) == ["lalu@contoh.go.id"]


def test_who_writes_is_told_in_the_text_that_rests_on_it(app, author, chief, slug):
    assert "berubah sejak" not in author.page(f"/tulis/{slug}/naskah/{author.path}")
    number = changed(app, chief)
    assert "PerKPK 1/2026 berubah sejak 1 November 2026: Tenggat menjadi tujuh hari." in author.page(f"/tulis/{slug}/naskah/{author.path}")
    assert "berubah sejak" in author.page(f"/tulis/{slug}/periksa")
    author.publish(slug)
    author.post(f"/tulis/dasar-hukum/{number}/{slug}")
    assert "berubah sejak" not in author.page(f"/tulis/{slug}/periksa")
