"""What the contract gives to plugins for authors: checking, keeping, offering, tidying, keys, events with a time."""

import io
import textwrap
import zipfile
from datetime import timedelta

import pytest
from markupsafe import Markup
from PIL import Image

import elearn
from elearn.models.learning import Delivery
from tests.contract import sampel

HEAD = "judul: Etika\nringkasan: x\njp: 1\n"


def draw(view):
    return Markup("<p>dengan kunci</p>") if view.keys else Markup("<p>tanpa kunci</p>")


def parse(source):
    return elearn.Parsed(data={"text": source.body.strip()})


def neat(body):
    return body.replace("catatan :", "Catatan:")


BLOCK = elearn.Block(kind="kotak", parse=parse, render=draw, fences=("kotak",), headings=("Kotak",), tidy=neat)


@pytest.fixture
def app(make_app, tmp_path):
    return make_app(sampel.make(tmp_path, blocks=(BLOCK,)))


@pytest.fixture
def session(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        yield session


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "kursus" / "etika"
    folder.mkdir(parents=True)
    (folder / "course.yml").write_text(HEAD)
    (folder / "01-satu.md").write_text("# Satu\n\n::: kotak\nisi\n:::\n")
    (folder / "02-dua.md").write_text("# Dua\n\nIsi.\n")
    return folder


def test_a_course_is_checked_kept_and_offered(session, folder):
    checked = elearn.check_course(session, folder)
    assert (checked.errors, checked.rendered) == ([], ("satu", "dua"))
    assert elearn.check_course(session, folder).rendered == ()
    digest = elearn.keep_version(session, checked)
    assert elearn.course_id_of(session, "etika") is None, "nobody sees what is only kept"
    first = elearn.offer_version(session, digest, by=None)
    assert (first.number, first.new, first.learners) == (1, True, 0)
    assert elearn.offer_version(session, digest, by=None).new is False
    elearn.withdraw_course(session, "etika", by=None)
    assert [version.on_offer for version in elearn.versions_of(session, "etika")] == [False]
    elearn.offer_again(session, "etika", 1, by=None)
    assert [version.on_offer for version in elearn.versions_of(session, "etika")] == [True]
    with pytest.raises(elearn.Refused):
        elearn.offer_again(session, "etika", 7, by=None)


def test_one_file_is_read_alone(session, folder):
    (folder / "02-dua.md").write_text("![](x.png)\n")
    quick = elearn.check_course(session, folder, only="01-satu.md")
    assert [lesson.id for lesson in quick.course.lessons()] == ["satu"]
    assert quick.errors == []


def test_a_course_with_errors_is_not_kept(session, folder, app):
    (folder / "02-dua.md").write_text("![](x.png)\n")
    with pytest.raises(elearn.ContentError):
        elearn.keep_version(session, elearn.check_course(session, folder))
    assert not list(app.extensions["elearn"].site.store.folder.rglob("course.json"))


def test_a_block_is_asked_for_its_keys_only_where_the_view_says_so(app, session, folder):
    course = elearn.check_course(session, folder).course
    for keys, words in ((False, "tanpa kunci"), (True, "dengan kunci")):
        with app.test_request_context():
            view = elearn.LessonView(
                course=course, lesson=course.lesson("satu"), standing=None, viewer=elearn.viewer(), session=elearn.reading(), keys=keys
            )
            assert words in "".join(elearn.draw_lesson(view))


def test_a_plugin_tidies_its_own_blocks(session):
    text = "Teks   \n\n## Kotak satu\ncatatan : x\n"
    done, fixed = elearn.tidy_text(session, text)
    assert done == "Teks\n\n## Kotak satu\nCatatan: x\n"
    assert [problem.severity for problem in fixed] == ["fixed", "fixed"]
    assert elearn.tidy_text(session, done) == (done, [])


def test_tidying_leaves_code_and_line_breaks_alone(session):
    text = textwrap.dedent("""\
        Baris satu  
        baris dua

        ```
        ##bukan judul
        • bukan butir


        akhir
        ```
        """)  # noqa: W291  two spaces are a line break
    assert elearn.tidy_text(session, text) == (text, [])


def test_an_event_can_be_told_later(app, session):
    later = elearn.now() + timedelta(hours=1)
    elearn.record(session, sampel.SampelNoted(person_id=1, text="x"), not_before=later)
    session.flush()
    due = [row.due_at for row in session.query(Delivery)]
    assert all(abs(at - later) < timedelta(seconds=1) for at in due)
    session.commit()
    assert app.extensions["elearn"].outbox.deliver_due() == 0


def spin():
    while True:
        pass


def test_a_strangers_work_is_bounded():
    with pytest.raises(elearn.ContentError, match="lebih dari 1 detik"):
        elearn.bounded(spin, cpu_seconds=1)
    with pytest.raises(elearn.ContentError, match="100 MB memori"):
        elearn.bounded(bytes, 400_000_000, memory_bytes=100_000_000)
    assert elearn.bounded(sorted, [2, 1]) == [1, 2]


def test_packs_pictures_and_starters_are_within_reach(folder, tmp_path):
    elearn.pack_course(folder, tmp_path / "a.zip")
    (tmp_path / "b").mkdir()
    again = elearn.unpack_course(tmp_path / "a.zip", tmp_path / "b")
    assert elearn.course_changes(folder, again) == []
    assert zipfile.ZipFile(tmp_path / "a.zip").namelist()[-1] == "etika/course.yml"
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "PNG")
    assert elearn.prepare_picture(out.getvalue()).width == 10
    with pytest.raises(elearn.BadImage):
        elearn.prepare_picture(b"bukan gambar")
    assert "judul: Etika" in elearn.starter_files("kosong", title="Etika")["course.yml"]
