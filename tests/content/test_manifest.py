"""What course.yml says of authors."""

import pytest

from elearn.content.manifest import read_course_file

COURSE = "judul: A\nringkasan: B\npenulis:\n  - nama: Josiah\n    orcid: {}\n"


@pytest.mark.parametrize(
    "written",
    ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097", "0000000218250097", "0000-0002-9079-593X", "0000-0002-9079-593x"],
)
def test_an_orcid_is_known_however_it_is_written(written):
    course, problems = read_course_file(COURSE.format(written), slug="a", file="course.yml")
    assert problems == []
    assert course.authors[0].orcid in ("0000-0002-1825-0097", "0000-0002-9079-593X")


@pytest.mark.parametrize(
    "written", ["0000-0002-1825-0098", "0000-0002-1825", "saya", "0000-0002-9079-5930", "http://jahat.id/0000-0002-1825-0097"]
)
def test_a_wrong_orcid_is_told_with_its_line(written):
    course, problems = read_course_file(COURSE.format(written), slug="a", file="course.yml")
    assert [(problem.code, problem.line) for problem in problems] == [("C14", 5)]
    assert course.authors[0].orcid == ""


def test_an_author_without_one_is_fine():
    course, problems = read_course_file("judul: A\nringkasan: B\npenulis:\n  - nama: Josiah\n", slug="a", file="course.yml")
    assert (course.authors[0].orcid, problems) == ("", [])


@pytest.mark.parametrize(
    ("written", "share"), [("80%", 0.8), ("80", 0.8), ("0,8", 0.8), ("0.8", 0.8), ("0,8%", 0.008), ("1", 1.0), ("0", 0.0)]
)
def test_a_pass_mark_is_read_as_in_quizzes(written, share):
    course, problems = read_course_file(f"judul: A\nringkasan: B\nlulus: {written}\n", slug="a", file="course.yml")
    assert (round(course.pass_mark, 6), problems) == (share, [])


def test_a_date_in_words_is_told_once():
    text = "judul: A\nringkasan: B\ndasar:\n  - peraturan: UU 43/2009\n    per: 1 November 2026\n"
    assert [(one.code, one.line) for one in read_course_file(text, slug="a", file="course.yml")[1]] == [("C09", 5)]


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        ("judul: Arsip: dasar\nringkasan: B\n", "titik dua", (1, 13)),
        ("---\njudul: A\nringkasan: B\n---\n", "“---” kedua", (4, 1)),
        ("judul: A\n\tringkasan: B\n", "tab", (2, 1)),
        ('judul: A\nringkasan: "B\n', "Tanda kutip tidak ditutup", (3, 1)),
        ("judul: A\nringkasan: @B\n", "diawali tanda", (2, 12)),
        ("judul: A\nringkasan: B\npenulis\n", "tidak memuat titik dua", (4, 1)),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_nothing_else(text, said, place):
    [problem] = read_course_file(text, slug="a", file="course.yml")[1]
    assert (problem.code, problem.line, problem.column) == ("Y03", *place)
    assert said in problem.text()
    assert problem.cure()
