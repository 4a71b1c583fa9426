"""Headings that nearly begin a question: readers must never see its options and key as plain text, nor a quiz lose it in silence."""

import pytest

from elearn.packs import check_pack
from elearn.registry import Registry, discover

OPTIONS = "\n\n- ( ) 7 hari\n- (x) 30 hari\n"


def told(folder, lesson: str) -> list[tuple[str, int]]:
    folder = folder / "batas-lapor"
    folder.mkdir()
    (folder / "course.yml").write_text("judul: Batas lapor\nringkasan: Kapan melapor.\n", "utf-8")
    (folder / "01-batas.md").write_text(lesson, "utf-8")
    return [(one.code, one.line) for one in check_pack(folder, Registry(discover())).problems if one.severity == "error"]


@pytest.mark.parametrize("heading", ["##Soal 1: Berapa?", "## Soal1. Berapa?", "## **Soal 1: Berapa?**", "##\u00a0Soal 1"])
def test_a_heading_that_nearly_begins_a_question_is_told_in_a_lesson(tmp_path, heading):
    assert told(tmp_path, f"# Batas\n\nTeks.\n\n{heading}{OPTIONS}") == [("B03", 5), ("S28", 1)]


@pytest.mark.parametrize(
    "text",
    [
        f"**Soal 1.** Berapa lama?{OPTIONS}",
        f"### Pertanyaan 1{OPTIONS}",
        f"1. Berapa lama?\n   {OPTIONS.strip()}\n".replace("\n- (x)", "\n   - (x)"),
        "Soal 1: Berapa lama?\nA. 7 hari\nB. 30 hari\nJawaban: B\n",
    ],
)
def test_options_in_a_lessons_own_text_are_told(tmp_path, text):
    assert told(tmp_path, f"# Batas\n\n{text}") == [("S28", 1)]


@pytest.mark.parametrize(
    ("lost", "code"), [("##Soal 2: Siapa?", "S18"), ("## Soal2. Siapa?", "S18"), ("## **Soal 2**", "S18"), ("## Nomor 2", "S28")]
)
def test_a_quiz_tells_the_question_it_would_lose(tmp_path, lost, code):
    quiz = f"---\njudul: Kuis\njenis: kuis\n---\n\n## Soal 1: Berapa?{OPTIONS}\n{lost}{OPTIONS}"
    found = told(tmp_path, quiz)
    assert [one for one, _ in found] == [code]
    assert found[0][1] in (11, 13)


def test_a_lesson_may_speak_of_questions(tmp_path):
    code = "```\n##Soal 1\n- (x) ya\nA. satu\nB. dua\nJawaban: B\n```"
    text = f"# Soalnya mudah\n\n## Bank soal\n\n- (contoh) satu\n- ( lihat ) dua\n\n{code}\n\nJawaban: lihat di bawah.\n"
    assert told(tmp_path, text) == []
