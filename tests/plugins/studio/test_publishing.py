"""Published through a check, now or later; back to an earlier version; learners moved, with a report of what changes for whom."""

from datetime import timedelta

import pytest
from elearn_studio.contribution.models import Submission
from elearn_studio.models import Draft, Release
from sqlalchemy import select, update

from elearn.clock import now
from elearn.commands.check import check_site
from elearn.models.learning import CourseRow, CourseVersion, Delivery, Enrolment
from elearn.models.people import AuditEntry, Person
from elearn.services import learning, people

LESSON = "01-pembuka/01-mengapa-ini-penting.md"
PLAIN = "---\njudul: {title}\nmenit: 15\n---\n\nIsi {text}.\n"


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, make_app):
    from elearn.registry import discover

    return make_app(*discover(without=()), database=request.param if request.param == "postgresql" else "")


@pytest.fixture
def slug(author):
    """A published course of three lessons that anybody can finish."""
    slug = author.new(mulai="kosong")
    for number in (2, 3):
        author.post(f"/tulis/{slug}", ubah="pelajaran-baru", modul="01-pembuka", judul=f"Pelajaran {number}")
    assert "Versi 1 diterbitkan" in author.publish(slug)
    return slug


@pytest.fixture
def learner(app):
    """``learner(slug, done=2)`` enrols somebody who finished the first lessons; answers the enrolment's id."""

    def enrol(slug, *, done=0, name="Sari"):
        from elearn.progress import finish_lesson

        state = app.extensions["elearn"]
        with state.outbox.open_session() as session:
            person = people.add_person(session, name=name, email=f"{name.lower()}@contoh.go.id")
            standing = learning.enrol(session, person.id, slug, outline=state.site.course)
            lessons = list(state.site.course(standing.digest).lessons())
            for lesson in lessons[:done]:
                standing = finish_lesson(session, standing, lesson.id)
            session.commit()
            return standing.enrolment_id

    return enrol


def one(app, statement):
    with app.extensions["elearn"].outbox.open_session() as session:
        return session.scalar(statement)


def test_publishing_again_draws_only_the_lesson_that_changed(app, author, slug, learner):
    learner(slug)
    cache = app.extensions["elearn"].site.cache / "lessons"
    before = set(cache.rglob("*.json"))
    assert len(before) == 3
    author.save(slug, "01-pembuka/02-pelajaran-2.md", PLAIN.format(title="Pelajaran 2", text="baru"))
    page = author.page(f"/tulis/{slug}/terbit")
    assert "1 peserta sedang belajar; nilai lama tidak berubah." in page
    assert "1 berkas berubah sejak terbitan terakhir." in page
    assert "Versi 2 diterbitkan" in author.publish(slug)
    assert len(set(cache.rglob("*.json")) - before) == 1


def test_what_was_changed_after_the_page_was_shown_is_not_published(app, author, slug):
    page = author.page(f"/tulis/{slug}/terbit")
    shown = page.partition('name="perubahan" value="')[2].partition('"')[0]
    author.save(slug, "01-pembuka/02-pelajaran-2.md", PLAIN.format(title="Pelajaran 2", text="lain"))
    assert "Naskah berubah" in author.post(f"/tulis/{slug}/terbit", 409, lakukan="terbit", perubahan=shown)
    assert one(app, select(CourseVersion.number).order_by(CourseVersion.number.desc())) == 1


def test_a_version_that_is_published_never_changes(app, author, slug):
    store = app.extensions["elearn"].site.store.folder / "versions"
    before = {path: (path.read_bytes(), path.stat().st_ino) for path in store.rglob("*.json")}
    author.save(slug, "01-pembuka/02-pelajaran-2.md", PLAIN.format(title="Pelajaran 2", text="baru"))
    author.publish(slug)
    assert {path: (path.read_bytes(), path.stat().st_ino) for path in before} == before
    assert not list(store.rglob(".new-*"))


def test_a_schedule_publishes_what_was_scheduled_when_its_time_has_come(app, author, slug):
    outbox = app.extensions["elearn"].outbox
    author.save(slug, "01-pembuka/02-pelajaran-2.md", PLAIN.format(title="Pelajaran 2", text="TERJADWAL"))
    author.post(f"/tulis/{slug}/terbit", lakukan="jadwal", kapan="2099-01-02T08:00")
    assert "Terjadwal terbit 2 Januari 2099" in author.page(f"/tulis/{slug}/terbit")
    author.save(slug, "01-pembuka/02-pelajaran-2.md", PLAIN.format(title="Pelajaran 2", text="SESUDAHNYA"))
    outbox.deliver_due()
    assert one(app, select(CourseVersion.number).order_by(CourseVersion.number.desc())) == 1
    with outbox.open_session() as session:
        session.execute(update(Draft).values(due_at=now() - timedelta(seconds=1)))
        session.execute(update(Delivery).where(Delivery.state == "waiting").values(due_at=now() - timedelta(seconds=1)))
        session.commit()
    outbox.deliver_due()
    with outbox.open_session() as session:
        version = session.scalars(select(CourseVersion).order_by(CourseVersion.number.desc())).first()
        assert version.number == 2
        lesson = app.extensions["elearn"].site.store.lesson(version.digest, "pelajaran-2")
        assert "TERJADWAL" in str(lesson.parts)
        assert session.scalar(select(Draft.due_at)) is None
        assert session.scalar(select(Release.number).order_by(Release.id.desc())) == 2


def test_a_schedule_that_was_called_off_publishes_nothing(app, author, slug):
    outbox = app.extensions["elearn"].outbox
    author.save(slug, "01-pembuka/02-pelajaran-2.md", PLAIN.format(title="Pelajaran 2", text="baru"))
    author.post(f"/tulis/{slug}/terbit", lakukan="jadwal", kapan="2099-01-02T08:00")
    author.post(f"/tulis/{slug}/terbit", lakukan="batal")
    with outbox.open_session() as session:
        session.execute(update(Delivery).where(Delivery.state == "waiting").values(due_at=now() - timedelta(seconds=1)))
        session.commit()
    outbox.deliver_due()
    assert one(app, select(CourseVersion.number).order_by(CourseVersion.number.desc())) == 1


def test_a_schedule_that_nobody_keeps_is_told_to_the_operator(app, author, slug):
    author.save(slug, "01-pembuka/02-pelajaran-2.md", PLAIN.format(title="Pelajaran 2", text="baru"))
    author.post(f"/tulis/{slug}/terbit", lakukan="jadwal", kapan="2099-01-02T08:00")
    assert not [line for line in check_site(app) if slug in line]
    with app.extensions["elearn"].outbox.open_session() as session:
        session.execute(update(Draft).values(due_at=now() - timedelta(hours=1)))
        session.commit()
    assert [line for line in check_site(app) if slug in line]


def test_a_time_that_has_passed_is_refused_and_stays(author, slug):
    page = author.post(f"/tulis/{slug}/terbit", 409, lakukan="jadwal", kapan="2001-01-02T08:00")
    assert "masa depan" in page
    assert 'value="2001-01-02T08:00"' in page, "what was typed stays"
    assert "Tulis tanggal dan jam" in author.post(f"/tulis/{slug}/terbit", 409, lakukan="jadwal", kapan="besok")


def test_back_to_an_earlier_version_and_off_the_catalogue(app, author, slug, learner):
    author.save(slug, "01-pembuka/02-pelajaran-2.md", PLAIN.format(title="Pelajaran 2", text="baru"))
    author.publish(slug)
    author.post(f"/tulis/{slug}/versi", lakukan="tawarkan", nomor=1)
    assert "Versi 1 sekarang ditawarkan di katalog." in author.page(f"/tulis/{slug}/versi")
    enrolment = learner(slug)
    assert (
        one(app, select(CourseVersion.number).join(Enrolment, Enrolment.version_id == CourseVersion.id).where(Enrolment.id == enrolment))
        == 1
    )
    author.post(f"/tulis/{slug}/versi", lakukan="tarik")
    assert "Pelatihan ini tidak ada lagi di katalog." in author.page(f"/tulis/{slug}/versi")
    assert one(app, select(CourseRow.version_id).where(CourseRow.slug == slug)) is None
    assert slug not in author.page("/pelatihan")
    with pytest.raises(learning.Refused):
        learner(slug, name="Togar")


def test_learners_are_moved_with_a_report_of_what_changes_for_whom(app, author, slug, learner):
    half, nearly = learner(slug, done=1, name="Sari"), learner(slug, done=2, name="Togar")
    finished = learner(slug, done=3, name="Laila")
    third = author.page(f"/tulis/{slug}").rpartition('id="p-')[2].partition('"')[0]
    author.save(slug, "01-pembuka/02-pelajaran-2.md", PLAIN.format(title="Pelajaran 2", text="baru"))
    author.post(f"/tulis/{slug}", ubah="hapus", pelajaran=third)
    assert "Versi 2 diterbitkan" in author.publish(slug)
    page = author.page(f"/tulis/{slug}/versi?ke=2")
    assert "Pelajaran yang tidak ada lagi: Pelajaran 3" in page
    assert "Isi berubah: Pelajaran 2" in page
    assert "33% → 50%" in page
    assert "66% → 100%" in page
    assert "Laila" not in page
    answer = author.client.post(f"/tulis/{slug}/versi", data={"lakukan": "pindah", "nomor": 2})
    page = author.page(answer.headers["Location"])
    assert "2 peserta dipindahkan." in page
    assert "1 di antaranya sudah menyelesaikan semua pelajaran wajib." in page
    assert "Kelulusannya sedang diperiksa" in page
    app.extensions["elearn"].outbox.deliver_due()
    assert "Kelulusannya sudah diperiksa" in author.page(answer.headers["Location"])
    states = {}
    with app.extensions["elearn"].outbox.open_session() as session:
        for row in session.scalars(select(Enrolment)):
            states[row.id] = (session.get(CourseVersion, row.version_id).number, row.state)
    assert states == {half: (2, "active"), nearly: (2, "completed"), finished: (1, "completed")}
    job = page.partition("/pekerjaan/")[2].partition('"')[0]
    assert "Togar,selesai,Tamat." in author.page(f"/pekerjaan/{job}.csv").replace(";", ",")
    other = f"/tulis/{slug}/versi?pindah=2&pekerjaan=" + "9" * 40
    assert "2 peserta dipindahkan." in author.page(other)


def test_who_may_write_but_not_publish_is_told_so(app, sign_in):
    from tests.plugins.studio.conftest import Author

    contributor = Author(sign_in(app, role="contributor"), app)
    slug = contributor.new("Modul kampus")
    assert "terbit setelah ditinjau" in contributor.page(f"/tulis/{slug}/terbit")
    assert contributor.client.post(f"/tulis/{slug}/terbit", data={"lakukan": "terbit"}).status_code == 403


def test_nobody_publishes_over_the_course_of_another(app, author, another, make_course, publish_course):
    slug = another.new("Etika")
    publish_course(app, make_course("etika"))
    page = another.page(f"/tulis/{slug}/terbit")
    assert "Terbitkan sekarang" not in page
    assert "sudah dipakai" in another.post(f"/tulis/{slug}/terbit", 409, lakukan="terbit")
    assert another.client.post(f"/tulis/{slug}/versi", data={"lakukan": "tarik"}).status_code == 409
    assert one(app, select(CourseRow.version_id).where(CourseRow.slug == "etika")) is not None


def test_a_deleted_lesson_comes_back_with_its_history(author, slug):
    second = author.page(f"/tulis/{slug}").split('id="p-')[2].partition('"')[0]
    before = author.text(slug, "01-pembuka/02-pelajaran-2.md")
    author.post(f"/tulis/{slug}", ubah="hapus", pelajaran=second)
    assert "01-pembuka/02-pelajaran-3.md" in author.paths(slug)
    page = author.page(f"/tulis/{slug}/riwayat")
    assert "<b>Pelajaran 2</b><small>dihapus" in page, "what is gone is called by words, not by its file"
    assert "Pelajaran 2</summary>" in author.page(f"/tulis/{slug}/terbit")
    change = page.partition('name="kembalikan" value="')[2].partition('"')[0]
    author.post(f"/tulis/{slug}/riwayat", kembalikan=change)
    assert author.text(slug, "01-pembuka/02-pelajaran-2.md") == before
    history = author.page(f"/tulis/{slug}/riwayat/01-pembuka/02-pelajaran-2.md")
    assert history.count("dibuat") == 1
    assert "dikembalikan" in history
    assert "tidak sedang terhapus" in author.post(f"/tulis/{slug}/riwayat", 409, kembalikan=change)


def test_a_draft_goes_back_to_what_was_published(author, slug):
    published = {path: author.text(slug, path) for path in author.paths(slug)}
    second = author.page(f"/tulis/{slug}").split('id="p-')[2].partition('"')[0]
    author.post(f"/tulis/{slug}", ubah="hapus", pelajaran=second)
    author.post(f"/tulis/{slug}", ubah="modul-baru", judul="Lain sama sekali")
    author.save(slug, "01-pembuka/01-pelajaran-pertama.md", PLAIN.format(title="Satu", text="rusak"))
    assert "Kembalikan naskah ke versi ini" in author.page(f"/tulis/{slug}/versi")
    author.post(f"/tulis/{slug}/riwayat", versi=1)
    assert "Naskah kembali seperti versi 1." in author.page(f"/tulis/{slug}")
    assert {path: author.text(slug, path) for path in author.paths(slug)} == published
    assert "Tidak ada yang berubah sejak terbitan terakhir." in author.page(f"/tulis/{slug}/terbit")
    assert "tidak tersimpan" in author.post(f"/tulis/{slug}/riwayat", 409, versi=7)


def test_only_what_the_page_asks_is_done(app, author, slug):
    author.save(slug, "01-pembuka/02-pelajaran-2.md", PLAIN.format(title="Pelajaran 2", text="baru"))
    for act in ({}, {"lakukan": ""}, {"lakukan": "jadwalkan", "kapan": "2099-01-02T08:00"}):
        assert "Pilih dahulu apa yang akan dilakukan." in author.post(f"/tulis/{slug}/terbit", 409, **act)
        assert "Pilih dahulu apa yang akan dilakukan." in author.post(f"/tulis/{slug}/versi", 409, nomor=1, **act)
        assert "Pilih dahulu apa yang akan dilakukan." in author.post(f"/tulis/{slug}/pengajuan", 409, asal="Sendiri.", **act)
    assert one(app, select(CourseVersion.number).order_by(CourseVersion.number.desc())) == 1
    assert one(app, select(Submission.id)) is None


def test_the_time_to_publish_is_asked_for_in_the_readers_zone(app, author, slug):
    assert '<span class="muted">(WIB)</span>' in author.page(f"/tulis/{slug}/terbit")
    with app.extensions["elearn"].outbox.open_session() as session:
        session.execute(update(Person).where(Person.id == author.person_id).values(timezone="Asia/Jayapura"))
        session.commit()
    assert '<span class="muted">(WIT)</span>' in author.page(f"/tulis/{slug}/terbit")
    author.post(f"/tulis/{slug}/terbit", lakukan="jadwal", kapan="2099-01-02T08:00")
    assert one(app, select(Draft.due_at)).isoformat() == "2099-01-01T23:00:00+00:00"


def test_who_calls_off_what_is_published_already_is_told(app, author, slug):
    assert "sudah terbit" in author.post(f"/tulis/{slug}/terbit", 409, lakukan="batal")
    assert one(app, select(AuditEntry.id).where(AuditEntry.act == "studio.cancel")) is None


def test_all_who_are_moved_are_counted_also_those_that_the_list_leaves_out(app, author, slug):
    state = app.extensions["elearn"]
    with state.outbox.open_session() as session:
        for number in range(502):
            person = people.add_person(session, name=f"Peserta {number}", email=f"p{number}@contoh.go.id")
            learning.enrol(session, person.id, slug, outline=state.site.course)
        session.commit()
    author.save(slug, "01-pembuka/02-pelajaran-2.md", PLAIN.format(title="Pelajaran 2", text="baru"))
    author.publish(slug)
    page = author.page(f"/tulis/{slug}/versi?ke=2")
    assert "Pindahkan 502 peserta</button>" in page
    assert "Daftar ini memuat 500 dari 502 peserta yang dipindahkan." in page
    answer = author.client.post(f"/tulis/{slug}/versi", data={"lakukan": "pindah", "nomor": 2})
    assert "502 peserta dipindahkan." in author.page(answer.headers["Location"])
