"""What was drawn before is not drawn again, and what changed is: in the lesson, in what it links to, in the code that draws."""

import shutil

import pytest
from PIL import Image

from elearn.content.cache import Cache
from elearn.content.folder import Kinds
from elearn.content.reading import read_course
from elearn.content.store import digest_of

LESSON = "---\njudul: {title}\n---\n\nIsi {title}. {more}\n"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "etika"
    (folder / "media").mkdir(parents=True)
    (folder / "course.yml").write_text("judul: Etika\nringkasan: x\njp: 1\n")
    Image.new("RGB", (900, 30), "red").save(folder / "media" / "a.png")
    (folder / "01-satu.md").write_text(LESSON.format(title="Satu", more="[dua](02-dua.md) ![Merah](media/a.png)"))
    (folder / "02-dua.md").write_text(LESSON.format(title="Dua", more=""))
    (folder / "03-tiga.md").write_text(LESSON.format(title="Tiga", more="{{ kode }}"))
    return folder


@pytest.fixture
def read(folder, tmp_path):
    def again(fingerprint="a"):
        return read_course(folder, Kinds(), Cache(tmp_path / "cache", fingerprint))

    again()
    return again


def test_nothing_changed_and_nothing_is_drawn(folder, read):
    fresh, kept = read_course(folder, Kinds()), read()
    assert kept.rendered == ()
    assert fresh.rendered == ("satu", "dua", "tiga")
    assert digest_of(kept.course) == digest_of(fresh.course)
    assert (kept.media, kept.problems) == (fresh.media, fresh.problems)
    assert [problem.code for problem in kept.problems] == ["W20"], "a kept lesson keeps its warnings"


def test_a_changed_lesson_is_drawn_alone(folder, read):
    (folder / "02-dua.md").write_text(LESSON.format(title="Dua", more="Baru."))
    assert read().rendered == ("dua",)


def test_a_lesson_is_drawn_again_where_its_link_leads_elsewhere(folder, read):
    (folder / "02-dua.md").write_text("---\nid: lain\n---\n\nIsi.\n")
    found = read()
    assert found.rendered == ("satu", "lain")
    assert "/belajar/etika/lain" in str(found.course.lesson("satu").parts)


def test_a_lesson_is_drawn_again_where_its_picture_changed(folder, read):
    Image.new("RGB", (900, 30), "blue").save(folder / "media" / "a.png")
    assert read().rendered == ("satu",)


def test_a_lesson_with_a_fault_is_never_kept(folder, read):
    (folder / "02-dua.md").unlink()
    assert [problem.code for problem in read().errors] == ["M03"]
    assert [problem.code for problem in read().errors] == ["M03"]


def test_new_code_draws_anew(read):
    assert read("b").rendered == ("satu", "dua", "tiga")


def test_a_spoilt_cache_costs_time_only(folder, read, tmp_path):
    whole = digest_of(read().course)
    for path in (tmp_path / "cache").rglob("*.*"):
        path.write_bytes(path.read_bytes()[:20])
    found = read()
    assert digest_of(found.course) == whole
    assert set(found.rendered) == {"satu", "dua", "tiga"}
    shutil.rmtree(tmp_path / "cache")
    assert digest_of(read().course) == whole


def test_the_cache_is_pruned_to_its_size_once_a_day(read, tmp_path):
    cache = Cache(tmp_path / "cache", "a")
    assert cache.prune(most=0) > 0
    assert not list((tmp_path / "cache").glob("*/*/*.json"))
    read()
    assert cache.prune(most=0) == 0, "not twice a day"
