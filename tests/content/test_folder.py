"""A course's folder as authors name things in it: nothing is lost without a word, and what is written of a module is shown as text."""

import pytest

from elearn.content.folder import Kinds
from elearn.content.reading import read_course


@pytest.fixture
def course(tmp_path):
    """Writes files into a course's folder, and reads it."""

    def write(files):
        folder = tmp_path / "arsip-dinamis"
        for name, text in {"course.yml": "judul: Arsip\nringkasan: Menata.\n", **files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return read_course(folder, Kinds())

    return write


@pytest.mark.parametrize(
    "lost",
    [
        "01-dasar/02-surat.md.txt",
        "01-dasar/02-surat.MD",
        "01-dasar/02-surat.docx",
        "Modul 2/01-surat.md",
        "01-dasar/a/01-surat.md",
        "surat.md",
    ],
)
def test_a_text_that_becomes_no_lesson_is_told(course, lost):
    reading = course({"01-dasar/01-arsip.md": "# Arsip\n\nIsi.\n", lost: "# Surat\n\nIsi.\n"})
    assert [(one.code, one.file, one.severity) for one in reading.problems] == [("C42", lost, "warning")]


def test_what_is_meant_for_others_is_no_lesson(course):
    reading = course(
        {"01-arsip.md": "# Arsip\n\nIsi.\n", "README.md": "x", "media/lisensi.csv": "x", ".git/01-x.md": "x", "_coret/01-x.md": "x"}
    )
    assert reading.problems == ()


def test_a_module_is_written_as_a_lesson_is(course):
    text = "---\njudul: Dasar arsip\n---\n\nModul ini **singkat**:\n\n- [tata naskah](01-arsip.md)\n1. simpan\n"
    [module] = course({"01-dasar/01-arsip.md": "# Arsip\n\nIsi.\n", "01-dasar/_bagian.md": text}).course.sections
    assert (module.title, module.summary) == ("Dasar arsip", "Modul ini singkat: tata naskah simpan")


def test_a_modules_long_summary_is_not_cut_in_silence(course):
    reading = course({"01-dasar/01-arsip.md": "# Arsip\n\nIsi.\n", "01-dasar/_bagian.md": "# Dasar\n\n" + "kata " * 200})
    assert [(one.code, one.file) for one in reading.problems] == [("C43", "01-dasar/_bagian.md")]


def test_modules_of_one_name_are_two(course):
    reading = course({"01-modul/01-a.md": "# A\n", "02-modul/01-b.md": "# B\n", "03-akhir/01-c.md": "# C\n"})
    assert [section.id for section in reading.course.sections] == ["01-modul", "02-modul", "akhir"]
