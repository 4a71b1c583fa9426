"""Two people write one course: nobody overwrites anybody, every state is kept, and any of them comes back."""

import html
from datetime import timedelta

import pytest
from elearn_studio import merging, saving
from elearn_studio.models import Change, Draft, File, Presence
from sqlalchemy import select, update

from elearn import bounded
from elearn.clock import now

LESSON = "01-pembuka/01-mengapa-ini-penting.md"
HEAD = "---\njudul: Satu\n---\n\n"


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, make_app):
    from elearn.registry import discover

    return make_app(*discover(without=()), database=request.param if request.param == "postgresql" else "")


@pytest.fixture
def slug(app, author, another):
    slug = author.new()
    with app.extensions["elearn"].outbox.open_session() as session:
        from elearn.models.people import Person

        mail = session.scalar(select(Person.email).where(Person.id == another.person_id))
    author.post(f"/tulis/{slug}/penulis", siapa=mail)
    author.save(slug, LESSON, HEAD + "satu\n\ndua\n\ntiga\n")
    return slug


def test_both_changes_are_kept_where_they_do_not_touch(author, another, slug):
    seen = author.revision(slug, LESSON)
    another.save(slug, LESSON, HEAD + "satu\n\ndua\n\nTIGA\n", seen)
    page = author.post(f"/tulis/{slug}/naskah/{LESSON}", 409, text=HEAD + "SATU\n\ndua\n\ntiga\n", revision=seen, lakukan="simpan")
    assert "Bayu Prakoso menyimpan naskah ini" in page
    assert "Kedua perubahan sudah digabung" in page
    assert HEAD + "SATU\n\ndua\n\nTIGA\n</textarea>" in page
    assert author.text(slug, LESSON) == HEAD + "satu\n\ndua\n\nTIGA\n", "a conflict must write nothing"


def test_marks_stand_where_both_changed_the_same_line(author, another, slug):
    seen = author.revision(slug, LESSON)
    another.save(slug, LESSON, HEAD + "satu\n\nDUA\n\ntiga\n", seen)
    page = author.post(f"/tulis/{slug}/naskah/{LESSON}", 409, text=HEAD + "satu\n\ndua ya\n\ntiga\n", revision=seen, lakukan="simpan")
    assert "Ada 1 tempat yang Anda berdua ubah" in page
    marked = HEAD + f"satu\n\n{merging.OURS}\ndua ya\n{merging.MIDDLE}\nDUA\n{merging.THEIRS}\n\ntiga\n"
    refused = author.post(f"/tulis/{slug}/naskah/{LESSON}", 409, text=marked, revision=seen + 1, lakukan="simpan")
    assert "Masih ada tanda" in refused
    author.save(slug, LESSON, HEAD + "satu\n\ndua ya DUA\n\ntiga\n", seen + 1)
    assert author.text(slug, LESSON) == HEAD + "satu\n\ndua ya DUA\n\ntiga\n"


def test_who_opened_a_state_that_was_thinned_out_since_still_gets_a_merge(app, author, another, slug):
    def automatic(text):
        author.post(f"/tulis/{slug}/naskah/{LESSON}", 200, json=True, text=text, revision=author.revision(slug, LESSON), lakukan="otomatis")

    for number in range(3):
        automatic(HEAD + f"satu {number}\n\ndua\n\ntiga\n")
    seen = author.revision(slug, LESSON) - 1
    with app.extensions["elearn"].outbox.open_session() as session:
        session.execute(update(Change).where(Change.act == "auto").values(at=now() - timedelta(hours=2)))
        session.commit()
    automatic(HEAD + "satu 9\n\ndua\n\ntiga\n")
    page = another.post(f"/tulis/{slug}/naskah/{LESSON}", 409, text=HEAD + "satu 1\n\ndua\n\nTIGA\n", revision=seen, lakukan="simpan")
    assert f"{merging.OURS}\nsatu 1\n{merging.MIDDLE}\nsatu 9\n{merging.THEIRS}\n\ndua\n\nTIGA\n" in html.unescape(page)


def test_an_autosave_that_comes_too_late_is_told_and_writes_nothing(author, another, slug):
    seen = author.revision(slug, LESSON)
    another.save(slug, LESSON, HEAD + "lain\n", seen)
    said = author.post(f"/tulis/{slug}/naskah/{LESSON}", 409, json=True, text=HEAD + "saya\n", revision=seen, lakukan="otomatis")
    assert said["code"] == "conflict"
    assert "Bayu Prakoso" in said["error"]
    assert author.text(slug, LESSON) == HEAD + "lain\n"


def test_of_many_who_save_the_same_revision_at_once_one_wins(app, author, slug, at_once):
    seen = author.revision(slug, LESSON)
    state = app.extensions["elearn"]
    numbers = iter(range(100))

    def save():
        with state.outbox.open_session() as session:
            file = session.scalars(select(File).where(File.path == LESSON)).one()
            draft = session.get_one(saving.Draft, file.draft_id)
            saving.save(session, draft, file, HEAD + f"dari {next(numbers)}\n", revision=seen, by=author.person_id)
            session.commit()

    results = at_once(8, save)
    assert sum(result is None for result in results) == 1, results
    assert sum(isinstance(result, saving.Conflict) for result in results) == 7, results


def test_who_has_the_text_open_is_told(author, another, slug):
    another.post(f"/tulis/{slug}/hadir/{LESSON}", 200, json=True)
    assert "Bayu Prakoso juga membuka naskah ini." in author.page(f"/tulis/{slug}/naskah/{LESSON}")
    assert author.post(f"/tulis/{slug}/hadir/{LESSON}", 200, json=True)["others"] == "Bayu Prakoso juga membuka naskah ini."


def test_that_the_text_changed_meanwhile_is_told_before_one_saves(author, another, slug):
    seen = author.revision(slug, LESSON)
    another.save(slug, LESSON, HEAD + "lain\n", seen)
    said = author.post(f"/tulis/{slug}/hadir/{LESSON}", 200, json=True, revision=seen)["others"]
    assert "Bayu Prakoso menyimpan naskah ini" in said
    assert "menyimpan" not in another.post(f"/tulis/{slug}/hadir/{LESSON}", 200, json=True, revision=seen + 1)["others"]


def test_who_left_long_ago_is_not_told(app, author, another, slug):
    another.post(f"/tulis/{slug}/hadir/{LESSON}", 200, json=True)
    with app.extensions["elearn"].outbox.open_session() as session:
        session.execute(update(Presence).values(seen_at=now() - timedelta(minutes=5)))
        session.commit()
    assert "juga membuka" not in author.page(f"/tulis/{slug}/naskah/{LESSON}").replace("data-others hidden", "")


def test_every_state_is_shown_and_comes_back(author, slug):
    author.save(slug, LESSON, HEAD + "baru\n")
    old = author.revision(slug, LESSON) - 1
    page = author.page(f"/tulis/{slug}/riwayat/{LESSON}?lihat={old}")
    assert "Ini keadaan pertama" not in page
    assert "Yang diubah waktu itu" in page
    assert "- dua" in page
    assert "+ baru" in page
    newest = author.page(f"/tulis/{slug}/riwayat/{LESSON}?lihat={old + 1}")
    assert "- dua" in newest, "the newest state shows what it changed, not that it is like itself"
    assert "+ baru" in newest
    assert "Yang berubah sesudahnya" not in newest
    assert "Ini keadaan pertama" in author.page(f"/tulis/{slug}/riwayat/{LESSON}?lihat=1")
    author.post(f"/tulis/{slug}/riwayat/{LESSON}", revisi=old)
    assert author.text(slug, LESSON) == HEAD + "satu\n\ndua\n\ntiga\n"
    assert "dikembalikan" in author.page(f"/tulis/{slug}/riwayat/{LESSON}")


def test_of_old_autosaves_the_last_of_each_hour_is_kept(app, author, slug):
    for number in range(6):
        author.post(
            f"/tulis/{slug}/naskah/{LESSON}",
            200,
            json=True,
            text=HEAD + f"{number}\n",
            revision=author.revision(slug, LESSON),
            lakukan="otomatis",
        )
    with app.extensions["elearn"].outbox.open_session() as session:
        rows = session.scalars(select(Change.id).where(Change.act == "auto").order_by(Change.id)).all()
        hour = (now() - timedelta(hours=5)).replace(minute=10)
        session.execute(update(Change).where(Change.id.in_(rows[:3])).values(at=hour))
        session.execute(update(Change).where(Change.id.in_(rows[3:5])).values(at=hour + timedelta(hours=1)))
        session.commit()
    author.post(
        f"/tulis/{slug}/naskah/{LESSON}", 200, json=True, text=HEAD + "akhir\n", revision=author.revision(slug, LESSON), lakukan="otomatis"
    )
    with app.extensions["elearn"].outbox.open_session() as session:
        kept = session.scalars(select(Change.id).where(Change.act == "auto").order_by(Change.id)).all()
        saves = session.scalars(select(Change.id).where(Change.act == "save")).all()
    assert [one for one in kept if one in rows] == [rows[2], rows[4], rows[5]]
    assert saves


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        ("a\nb\nc", "a\nb\nc", "a\nb\nc"),
        ("A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("a\nb\nc\nd", "x\na\nb\nc", "x\na\nb\nc\nd"),
        ("a\nc", "a\nb\nC", None),
        ("", "a\nb\nc", ""),
    ],
)
def test_a_merge_takes_what_one_side_changed(mine, theirs, merged):
    found = merging.merge("a\nb\nc", mine, theirs)
    if merged is None:
        assert found.conflicts == 1
        assert merging.has_marks(found.text)
    else:
        assert (found.text, found.conflicts) == (merged, 0)


def test_a_long_lesson_is_merged_within_two_seconds_of_the_processor():
    lines = [line for number in range(7_000) for line in (f"Kalimat nomor {number} tentang layanan publik.", "")]
    mine, theirs = list(lines), list(lines)
    mine[10], mine[9_000], theirs[400], theirs[13_000] = "SATU", "DUA", "TIGA", "EMPAT"
    both = list(mine)
    both[400], both[13_000] = "TIGA", "EMPAT"
    found = bounded(merging.merge, "\n".join(lines), "\n".join(mine), "\n".join(theirs), cpu_seconds=2)
    assert (found.text, found.conflicts) == ("\n".join(both), 0)


def test_lines_that_are_all_alike_are_merged_or_left_to_be_decided_within_two_seconds_of_the_processor():
    lines = ["satu", "dua"] * 40_000
    mine = ["lain" if number % 50 == 0 else line for number, line in enumerate(lines)]
    theirs = ["baru" if number % 50 == 25 else line for number, line in enumerate(lines)]
    found = bounded(merging.merge, "\n".join(lines), "\n".join(mine), "\n".join(theirs), cpu_seconds=2)
    assert merging.has_marks(found.text)


def test_the_texts_of_two_are_made_one_where_nobody_waits_to_save(app, author, another, slug):
    seen = author.revision(slug, LESSON)
    another.save(slug, LESSON, HEAD + "satu\n\nDUA\n\ntiga\n", seen)
    with app.extensions["elearn"].outbox.open_session() as session:
        file = session.scalars(select(File).where(File.path == LESSON)).one()
        draft = session.get_one(Draft, file.draft_id)
        with pytest.raises(saving.Conflict) as caught:
            saving.save(session, draft, file, HEAD + "SATU\n\ndua\n\ntiga\n", revision=seen, by=author.person_id)
    assert "merged" not in vars(caught.value)
    assert caught.value.merged.text == HEAD + "SATU\n\nDUA\n\ntiga\n"
