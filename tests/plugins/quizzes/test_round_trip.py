"""What is written in the canonical form reads back as the same question, and reading is linear."""

import re
import time
from pathlib import Path

import pytest
from elearn_quizzes.parts import parts_of
from elearn_quizzes.questions import Quiz
from elearn_quizzes.rewriting_file import problems_of, rewritten
from elearn_quizzes.syntax import read_quiz
from elearn_quizzes.writing import write_quiz
from hypothesis import given, settings
from hypothesis import strategies as st

FORMS = Path(__file__).with_name("forms.md").read_text("utf-8")
COURSES = sorted((Path(__file__).parents[3] / "courses").rglob("*.md"))

WORDS = st.text(st.sampled_from("abc KPK 30,5.:;-_*`$%\"'/|>()[]#{}=éñ✓"), min_size=1, max_size=24).map(
    lambda text: " ".join(text.split()) or "x"
)
LINES = st.one_of(
    WORDS,
    WORDS.map("- {}".format),
    WORDS.map("  {}".format),
    WORDS.map("> {}".format),
    st.sampled_from(
        ["", "", "```", "1. satu", "| a | b |", "$$", "***", "Teks biasa.", "- a => b", "* butir", "[[x|y]] ya", "![alt](a.png)"]
    ),
)
BODY = st.lists(LINES, max_size=5).map("\n".join)
FEEDBACK = st.one_of(st.just(""), WORDS.map("\n  > {}".format))
BOXES = st.sampled_from(
    ["- (x) ", "- ( ) ", "- [x] ", "- [ ] ", "- (5) ", "- (0,5) ", "- [50%] ", "- [-50%] ", "• [✓] ", "-(x) ", "A. ", "☑ "]
)
OPTIONS = st.lists(st.tuples(BOXES, WORDS, FEEDBACK).map("".join), min_size=1, max_size=5).map("\n".join)
PAIRS = st.lists(st.tuples(WORDS, WORDS).map(" => ".join), min_size=1, max_size=4).map(
    lambda rows: "Pasangkan:\n" + "\n".join(f"- {row}" for row in rows)
)
STEPS = st.lists(WORDS, min_size=1, max_size=5).map(lambda rows: "Urutkan:\n" + "\n".join(f"{at}. {row}" for at, row in enumerate(rows, 1)))
RUBRIC = st.lists(WORDS, min_size=1, max_size=3).map(
    lambda rows: "Tipe: esai\nRubrik:\n" + "\n".join(f"- ({at}) {row}" for at, row in enumerate(rows, 1))
)
ANSWERS = st.one_of(
    WORDS.map("Jawaban: {}".format),
    st.sampled_from(["Jawaban: Benar", "Jawaban: 1.250 ± 5%", "Jawaban: 30 hari", 'Jawaban: "1945" | /a+/i', "Tipe: isian\nJawaban: 30", "Jawaban: B"]),
)  # fmt: skip
KEYS = st.lists(
    st.sampled_from(
        [
            "Poin: 2,5", "Poin: 1.250", "Kompetensi: INT-1, INT-2", "Tag: a, b", "Dasar: PerKPK 1/2026 ps. 2; UU 5/2014", "Tingkat: sulit", "Petunjuk: Lihat\nlagi.", "Acak: tidak",
            "Penilaian: semua", "Satuan: hari", "Kata: 10-20", "Kata: maks 99", "Biaya petunjuk: 0,5", "Biaya petunjuk: 20%", "Tipe: survei",
            "Parameter: a = 2..9; b = 1 | 5", "Parameter: c = 0,5..2 langkah 0,25", "Jika-benar: Bagus.", "Tipe: unggah", "<!-- id: x-1 -->",
        ]
    ),
    max_size=4,
    unique=True,
).map("\n".join)  # fmt: skip
TAILS = st.one_of(st.just(""), BODY.map("Pembahasan: Sebab.\n{}".format))
THINGS = st.one_of(OPTIONS, PAIRS, STEPS, RUBRIC, ANSWERS, st.just("Isi [[30]] dan [[(x) a | ( ) b]]."))
QUESTION = st.tuples(st.one_of(st.just("## Soal"), WORDS.map("## Soal 1: {}".format)), BODY, THINGS, KEYS, TAILS).map("\n\n".join)
GROUP = st.sampled_from(
    ["", "# Kelompok: Dasar\nAmbil: 1\n", "# Kelompok: Hukum\n\nTeks bersama.\n", "# Kelompok: Tag\nAmbil: 1 tag a\nAmbil: 1\n"]
)
FILE = st.lists(st.tuples(GROUP, QUESTION).map("\n".join), min_size=1, max_size=3).map("\n\n".join)


def same_again(text: str) -> None:
    quiz, problems = read_quiz(text)
    if any(problem.severity == "error" for problem in problems):
        return
    written = write_quiz(quiz, whole=False)
    again, _ = read_quiz(written)
    assert Quiz(groups=again.groups) == Quiz(groups=quiz.groups), written


@settings(max_examples=600, deadline=None)
@given(FILE)
def test_what_is_read_and_written_reads_the_same(text):
    same_again(text)


@pytest.mark.parametrize("path", COURSES, ids=lambda path: path.stem)
def test_every_question_of_the_bundled_courses_reads_the_same(path):
    same_again(parts_of(path.read_text("utf-8")).body)


def test_every_form_reads_the_same_with_its_settings():
    parts = parts_of(FORMS)
    quiz, problems = read_quiz(parts.body, line=parts.line, meta=parts.meta)
    assert problems == ()
    assert {question.kind for question in quiz.questions()} >= {"single", "match", "order", "cloze", "essay", "upload", "survey", "number"}
    written = parts_of(write_quiz(quiz))
    again, problems = read_quiz(written.body, meta=written.meta)
    assert problems == ()
    assert again == quiz


@settings(max_examples=300, deadline=None)
@given(FILE)
def test_tidying_changes_no_question_and_does_so_once(text):
    after, _ = rewritten(text)
    before_quiz, problems = read_quiz(text)
    after_quiz, _ = read_quiz(after)
    if not any(problem.severity == "error" for problem in problems):
        strip = lambda quiz: [(one.kind, one.stem, one.options, one.answers, one.points) for one in quiz.questions()]  # noqa: E731
        assert strip(after_quiz) == strip(before_quiz)
    assert rewritten(after) == (after, 0)


def test_a_page_from_word_becomes_the_canonical_form():
    word = (
        "# Pelajaran\n\nTeks pelajaran.\n\n## Soal 1. Siapa menerima laporan?\nA. Bupati\nB. KPK\nC. Camat\nJawaban: B\n"
        "Pembahasan: Pasal 12C.\n\n## Soal 2: Mana yang wajib?\n• [✓] Voucher\n• [ ] Plakat\n-[x] Parsel\nPoin: 2\n\n# Penutup\n\nSelesai.\n"
    )
    after, changed = rewritten(word)
    assert changed == 2
    assert after == (
        "# Pelajaran\n\nTeks pelajaran.\n\n## Soal 1: Siapa menerima laporan?\n\n- ( ) Bupati\n- (x) KPK\n- ( ) Camat\n\n"
        "Pembahasan: Pasal 12C.\n\n## Soal 2: Mana yang wajib?\n\n- [x] Voucher\n- [ ] Plakat\n- [x] Parsel\n\nPoin: 2\n\n# Penutup\n\nSelesai.\n"
    )
    assert not [one for one in problems_of(after, file="a.md") if one.severity == "error"]


def test_what_has_errors_stays_as_it_was_typed():
    text = "---\njenis: kuis\n---\n## Soal 1: A?\n-(x) a\n- [ ] b\n"
    assert rewritten(text) == (text, 0)


def test_every_example_of_the_guide_can_be_used():
    guide = (Path(__file__).parents[3] / "docs" / "menulis-pelatihan.md").read_text("utf-8")
    examples = [text for text in re.findall(r"```markdown\n(.*?)```", guide, re.DOTALL) if "## Soal" in text]
    assert len(examples) >= 2
    kinds = set()
    for text in examples:
        text = re.sub(r"Ambil: 2\n", "", text) if text.startswith("---") else f"---\njenis: kuis\n---\n{text}"
        assert [str(one) for one in problems_of(text, file="contoh.md")] == []
        kinds |= {question.kind for question in read_quiz(parts_of(text).body)[0].questions()}
    assert kinds >= {"single", "match", "order", "cloze", "essay", "upload", "survey", "number"}


def mixed(count):
    forms = (
        "- (x) ya {n}\n- ( ) tidak {n}\n  > Umpan {n}", "Jawaban: KPK {n} | /kpk/i", "Jawaban: {n} ± 5%", "Pasangkan:\n- a{n} => b\n- c => d",
        "Urutkan:\n1. a{n}\n2. b\n3. c", "Tipe: esai\nRubrik:\n- (5) Dasar {n}", "A. satu\nB. dua {n}\nJawaban: B", "Isi [[{n}]] dan [[(x) a | ( ) b]].",
    )  # fmt: skip
    return "\n\n".join(
        f"## Soal {n}: Pertanyaan {n}?\n\n{forms[n % len(forms)].format(n=n)}\n\nPembahasan: Sebab {n}.\n" for n in range(count)
    )


def seconds(text):
    begun = time.process_time()
    quiz, _ = read_quiz(text)
    return time.process_time() - begun, sum(1 for _ in quiz.questions())


def test_two_thousand_questions_of_all_forms_take_less_than_three_seconds():
    took, count = min(seconds(mixed(2_000)) for _ in range(3))
    assert count == 2_000
    assert took < 3.0, f"{took:.2f} s"
    quarter, _ = min(seconds(mixed(500)) for _ in range(3))
    assert took < quarter * 4 * 2.5 + 0.2, f"not linear: {quarter:.2f} s for 500, {took:.2f} s for 2,000"
