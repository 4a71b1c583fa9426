"""Law that changes, mistakes that learners see, and local versions that follow their module."""

import re

import pytest
from elearn_studio import regulations
from elearn_studio.citations import cites, key_of
from elearn_studio.models import Draft, Release
from elearn_studio.reports import Report
from sqlalchemy import select

from elearn import Person
from tests.plugins.studio.conftest import Author

PATH = "01-pembuka/01-mengapa-ini-penting.md"
LESSON = '---\njudul: Pelaporan\nmenit: 5\ndasar:\n  - "PerKPK 1/2026 ps. 2"\n---\n\n## Tenggat\n\n{text}\n'


@pytest.fixture
def chief(app, sign_in):
    return Author(sign_in(app, name="Rahmat", role="administrator"), app)


@pytest.fixture
def slug(author):
    """A published course with one lesson that rests on a regulation."""
    slug = author.new(title="Gratifikasi", mulai="kosong")
    path = next(one for one in author.paths(slug) if one.endswith(".md") and "_bagian" not in one)
    author.save(slug, path, LESSON.format(text="Sepuluh hari kerja."))
    author.path = path
    assert "Versi 1 diterbitkan" in author.publish(slug)
    return slug


@pytest.fixture
def learner(app, sign_in, slug):
    client = sign_in(app, name="Sari")
    client.post(f"/pelatihan/{slug}/daftar")
    page = client.get(f"/belajar/{slug}", follow_redirects=True)
    client.lesson = page.request.path
    return client


@pytest.mark.parametrize(
    ("citation", "name", "same"),
    [
        ("PerKPK 1/2026 ps. 2", "PerKPK 1/2026", True),
        ("PerKPK No. 1 Tahun 2026", "PerKPK 1/2026", True),
        ("PerKPK 11/2026", "PerKPK 1/2026", False),
        ("PerKPK 1/2026", "PerKPK 1/2026 ps. 2", False),
        ("UU 5/2014", "PerKPK 1/2026", False),
    ],
)
def test_a_citation_is_known_however_it_is_written(citation, name, same):
    assert cites(citation, key_of(name)) is same


def test_a_changed_regulation_is_told_to_authors_and_learners_until_it_is_taken_in(app, author, chief, learner, slug, capsys):
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get(Person, author.person_id).email = "nur@contoh.go.id"
        session.commit()
    assert "berubah sejak" not in learner.get(learner.lesson).text
    chief.post("/tulis/dasar-hukum", nama="PerKPK 1/2026", sejak="2026-11-01", perubahan="Tenggat menjadi tujuh hari.")
    page = learner.get(learner.lesson).text
    assert "PerKPK 1/2026 berubah sejak 1 November 2026" in page
    assert "Tenggat menjadi tujuh hari." in page
    app.extensions["elearn"].outbox.deliver_due()
    said = capsys.readouterr().err
    assert "To: nur@contoh.go.id" in said
    assert "- Pelaporan" in said
    register = author.page("/tulis/dasar-hukum")
    assert "Gratifikasi" in register
    with app.extensions["elearn"].outbox.open_session() as session:
        number = session.scalar(select(regulations.Regulation.id))
    author.save(slug, author.path, LESSON.format(text="Tujuh hari kerja."))
    author.publish(slug)
    author.post(f"/tulis/dasar-hukum/{int(number) + 1}/{slug}", 404)
    author.post(f"/tulis/dasar-hukum/{number}/{slug}")
    assert "disesuaikan sejak versi 2" in author.page("/tulis/dasar-hukum")
    assert "berubah sejak" in learner.get(learner.lesson).text, "who stays on the old version is still told"


def test_a_refresher_is_offered_to_holders_of_the_old_state_only(app, author, chief, learner, slug, sign_in):
    short = author.new(title="Penyegaran", mulai="kosong")
    author.publish(short)
    learner.post(f"{learner.lesson}/selesai")
    chief.post("/tulis/dasar-hukum", nama="PerKPK 1/2026", sejak="2026-11-01", perubahan="Tenggat menjadi tujuh hari.")
    assert "Aturan yang Anda pelajari berubah" not in learner.get("/").text
    with app.extensions["elearn"].outbox.open_session() as session:
        number = session.scalar(select(regulations.Regulation.id))
    chief.post("/tulis/dasar-hukum", peraturan=str(number), penyegaran=short)
    assert "Aturan yang Anda pelajari berubah" in learner.get("/").text
    assert "Aturan yang Anda pelajari berubah" not in sign_in(app, name="Baru").get("/").text
    learner.post(f"/pelatihan/{short}/daftar")
    assert "Aturan yang Anda pelajari berubah" not in learner.get("/").text


def test_a_lesson_rests_on_what_its_questions_cite(author, chief):
    slug = author.new(title="Soal hukum", mulai="kosong")
    path = next(one for one in author.paths(slug) if one.endswith(".md") and "_bagian" not in one)
    question = "## Soal 1: Tenggatnya?\n\nJawaban: 30 hari\nDasar: UU 99/2025 ps. 3\n"
    author.save(slug, path, f"---\njudul: Dengan soal\nmenit: 5\n---\n\nIsi.\n\n{question}")
    author.publish(slug)
    assert "Dengan soal" in chief.page("/tulis/dasar-hukum?lihat=UU+99/2025")


def test_the_reviewer_opens_the_register(app, sign_in, slug):
    assert "Gratifikasi" in Author(sign_in(app, name="Maria", role="reviewer"), app).page("/tulis/dasar-hukum?lihat=PerKPK+1/2026")


def test_authors_look_up_but_only_who_may_marks_a_regulation(author, slug):
    assert "Gratifikasi" in author.page("/tulis/dasar-hukum?lihat=PerKPK+1/2026")
    author.post("/tulis/dasar-hukum", 403, nama="PerKPK 1/2026", sejak="2026-11-01", perubahan="x")


def report(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        return session.scalars(select(Report).order_by(Report.id.desc())).first()


def test_a_learners_report_reaches_its_author_and_the_answer_goes_back(app, author, another, learner, slug):
    address = learner.lesson.replace("/belajar/", "/tulis/lapor/")
    answer = learner.post(address, data={"tempat": "Tenggat", "laporan": "Tenggatnya keliru, seharusnya tujuh hari."})
    assert answer.status_code == 302
    learner.post(address, data={"tempat": "Tenggat", "laporan": "Tenggatnya keliru, seharusnya tujuh hari."})
    row = report(app)
    assert (row.number, row.place) == (1, "Tenggat")
    page = author.page("/tulis/laporan")
    assert page.count("seharusnya tujuh hari") == 1
    assert f'href="/tulis/{slug}/naskah/{author.path}"' in page, "the way to where it is written"
    assert "Gratifikasi · Versi 1 · Tenggat" in page
    assert "seharusnya tujuh hari" not in another.page("/tulis/laporan"), "other authors do not see it"
    another.post(f"/tulis/laporan/{row.id}", 409, jawaban="Bukan milik saya.")
    author.post(f"/tulis/laporan/{row.id}", jawaban="Terima kasih, sudah diperbaiki.")
    assert "Terima kasih, sudah diperbaiki." in learner.get(learner.lesson).text
    assert "seharusnya tujuh hari" not in author.page("/tulis/laporan")
    author.post(f"/tulis/laporan/{row.id}", 409, jawaban="Dua kali.")


def test_reports_have_limits(app, learner, slug, sign_in):
    address = learner.lesson.replace("/belajar/", "/tulis/lapor/")
    assert learner.post(address, data={"laporan": "pendek"}).status_code == 409
    for number in range(5):
        assert learner.post(address, data={"laporan": f"Kekeliruan nomor {number}"}).status_code == 302
    assert learner.post(address, data={"laporan": "Kekeliruan nomor 6"}).status_code == 409
    stranger = sign_in(app, name="Orang lain").post(address, data={"laporan": "Kekeliruan yang panjang"})
    assert stranger.status_code in (403, 409)
    assert learner.post(address + "-tidak-ada", data={"laporan": "Kekeliruan yang panjang"}).status_code == 409


@pytest.fixture
def local(app, author, another, slug):
    """A local version of the published module, with a sentence of its own."""
    assert "Gratifikasi" in another.page("/tulis/impor")
    another.post("/tulis/setempat", modul=slug, judul="Gratifikasi di Kota Contoh")
    path = author.path
    another.save("gratifikasi-di-kota-contoh", path, LESSON.format(text="Sepuluh hari kerja.\n\nDi kota kami: lapor ke Inspektorat."))
    return "gratifikasi-di-kota-contoh"


def newest(app, author, slug, text):
    author.save(slug, author.path, text)
    author.publish(slug)
    with app.extensions["elearn"].outbox.open_session() as session:
        return session.scalar(
            select(Release.id).join(Draft, Draft.id == Release.draft_id).where(Draft.slug == slug).order_by(Release.id.desc()).limit(1)
        )


def test_a_local_version_takes_the_modules_change_in_and_keeps_its_own_part(app, author, another, slug, local):
    assert "keadaan terbaru" in another.page(f"/tulis/{local}/asal")
    changed = LESSON.format(text="Sepuluh hari kerja.").replace("judul: Pelaporan", "judul: Melapor tepat waktu")
    number = newest(app, author, slug, changed)
    page = another.page(f"/tulis/{local}/asal")
    assert "Modul asal punya versi 2" in page
    assert "digabung" in page
    assert "tanpa benturan" in another.post(f"/tulis/{local}/asal", 200, terbitan=str(number))
    text = another.text(local, author.path)
    assert "Melapor tepat waktu" in text
    assert "Inspektorat" in text
    assert "keadaan terbaru" in another.page(f"/tulis/{local}/asal")


def test_what_both_changed_is_marked_to_be_decided_and_cannot_be_published_so(app, author, another, slug, local):
    another.save(local, author.path, LESSON.format(text="Lima hari kerja di kota kami."))
    number = newest(app, author, slug, LESSON.format(text="Tujuh hari kerja."))
    assert "benturan" in another.page(f"/tulis/{local}/asal")
    assert "1 tempat harus Anda putuskan" in another.post(f"/tulis/{local}/asal", 200, terbitan=str(number))
    text = another.text(local, author.path)
    assert "Lima hari kerja" in text
    assert "Tujuh hari kerja" in text
    assert ">>>>>>> DARI MODUL ASAL" in text
    page = another.page(f"/tulis/{local}/terbit")
    change = re.search(r'name="perubahan" value="(\d+)"', page)
    another.post(f"/tulis/{local}/terbit", 409, lakukan="terbit", perubahan=change[1] if change else "")


def test_an_update_that_was_not_shown_is_not_taken(app, author, another, slug, local):
    old = newest(app, author, slug, LESSON.format(text="Tujuh hari."))
    newest(app, author, slug, LESSON.format(text="Enam hari."))
    assert "sudah berubah lagi" in another.post(f"/tulis/{local}/asal", 409, terbitan=str(old))


def test_only_published_modules_are_begun_from(another, author):
    draft = author.new(title="Belum terbit", mulai="kosong")
    another.post("/tulis/setempat", 409, modul=draft, judul="Salinan")
