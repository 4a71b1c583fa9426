"""What trainers write: how it is read, and what they are told about what cannot be used."""

import pytest
from elearn_quizzes import parse
from elearn_quizzes.syntax import read_quiz

from elearn import BlockSource


def read(text, **meta):
    def markdown(text, *, line=0, inline=False, file=""):
        return text if inline else f"<p>{text}</p>"

    return parse(BlockSource(kind="quiz", id="q", body=text, file="q.md", line=1, meta=meta, whole_file=bool(meta), markdown=markdown))


def codes(text, **meta):
    return [problem.code for problem in read(text, **meta).problems if problem.severity != "fixed"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("## Soal 1: A?\n- (x) ya\n- ( ) tidak", "single"),
        ("## Soal\nA?\n- [x] ya\n- [ ] tidak", "multiple"),
        ("## Question 1. A?\nAnswer: True", "true_false"),
        ("## Soal: A?\nJawaban: KPK | UPG", "short"),
        ("## Soal: A?\nJawaban: 1.250 ± 5%", "number"),
        ('## Soal: A?\nJawaban: "1945"', "short"),
        ("## Soal 3 - A?\nA. satu\nB. dua\nJawaban: B", "single"),
        ("## Soal: A?\n**Jawaban:** Salah", "true_false"),
    ],
)
def test_the_form_shows_in_what_is_written(text, kind):
    found = read(text)
    assert [item["kind"] for pool in found.data["pools"] for item in pool["items"]] == [kind]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("## Soal: A?", "S01"),
        ("## Soal: A?\n- (x) ya\n- tidak", "S02"),
        ("## Soal: A?\n- (x) ya\n- [ ] tidak", "S03"),
        ("## Soal: A?\n- (x) ya", "S05"),
        ("## Soal: A?\n- ( ) ya\n- ( ) tidak", "S06"),
        ("## Soal: A?\n- (x) ya\n- (x) tidak", "S07"),
        ("## Soal: A?\n- (x) ya\n- ( ) tidak\n\nPoin: banyak", "S10"),
        ("## Soal: A?\nJawaban: /(a+)+/", "S13"),
        ("## Soal: A?\nJawaban: /[a/", "S13"),
        ("## Soal: A?\n<!-- id: x -->\nJawaban: ya ini\n\n## Soal: B?\n<!-- id: x -->\nJawaban: itu", "S15"),
        ("# Kelompok: G\nAmbil: 3\n\n## Soal: A?\nJawaban: Benar", "S21"),
        ("## Soal: A?\n- [x] ya\n- [x] tidak", "W08"),
        ("## Soal: A?\n- (x) ya\n- ( ) ya", "W09"),
        ("## Soal: Unggah.\nTipe: unggah", "S26"),
        ("## Soal: A?\n- a => b", "S23"),
        ("## Soal: A?\nUrutkan:\n1. a\n2. a", "S23"),
        ("## Soal\nIni [[(x) a | (x) b]].", "S24"),
        ("## Soal\nIni [[ | ]].", "S24"),
        ("## Soal\nIni [[/(a+)+/]].", "S13"),
        ("## Soal: Berapa {{a}}?\nParameter: a = 1..\nJawaban: 3", "S25"),
        ("## Soal: Berapa {{a}}?\nParameter: a = 0..3\nJawaban: {{1/a}}", "S25"),
        ("## Soal: Berapa?\nJawaban: {{a}}", "S25"),
        ("## Soal: A?\nJawaban: Benar\nBiaya petunjuk: 20%", "W26"),
        ("# Kelompok: G\nAmbil: 1 tag b\n\n## Soal: A?\nTag: a\nJawaban: Benar", "S21"),
        ("# Kelompok: G\nAmbil: banyak\n\n## Soal: A?\nTag: a\nJawaban: Benar", "S10"),
        ("## Soal: A?\nTipe: survei\n- (x) ya\n- ( ) tidak", "W25"),
        ("## Soal: A?\nTipe: esai\nPoin: 3\nRubrik:\n- (5) Dasar", "W24"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line(text, code):
    found = [problem for problem in read(text).problems if problem.code == code]
    assert found, codes(text)
    assert all(problem.line >= 1 and problem.text() and problem.file == "q.md" for problem in found)
    if code[0] == "S":
        assert read(text).data is None


def test_settings_come_from_the_head():
    data = read("## Soal: A?\nJawaban: Benar", lulus="70%", percobaan="2", waktu="20 menit", tes="akhir", acak="soal, pilihan").data
    settings = data["settings"]
    assert (settings["pass_mark"], settings["attempts"], settings["seconds"], settings["test"]) == (0.7, 2, 1200, "post")
    assert settings["shuffle_questions"]
    assert settings["shuffle_options"]
    assert codes("## Soal: A?\nJawaban: Benar", lulus="tujuh puluh") == ["S30"]


def test_two_thousand_questions_are_read_in_one_pass():
    text = "\n\n".join(f"## Soal {n}: Pertanyaan {n}?\n- (x) ya {n}\n- ( ) tidak {n}\n\nPembahasan: Sebab {n}." for n in range(2_000))
    quiz, problems = read_quiz(text)
    assert sum(1 for _ in quiz.questions()) == 2_000
    assert problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "## Soal",
        "## Soal\n- (",
        "## Soal\nJawaban:",
        "- (x) a",
        "# Kelompok",
        "```\n## Soal\n",
        "## Soal: " + "[" * 3_000,
        "## Soal\n" + "> " * 3_000,
    ],
)
def test_nothing_that_is_typed_breaks_the_reader(text):
    read(text)
