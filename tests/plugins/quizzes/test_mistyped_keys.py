"""Keys that an author mistyped: a question to choose in is never quietly asked as one to write an answer to."""

import pytest
from elearn_quizzes.rewriting_file import problems_of, rewritten
from elearn_quizzes.syntax import read_quiz

LETTERED = "A. 7 hari\nB. 30 hari\nC. 60 hari\n"


def codes(text: str) -> list[str]:
    return [problem.code for problem in problems_of(text, file="kuis.md")]


@pytest.mark.parametrize("key", ["D", "30 hari kerja", "30", "“B”", "AC", "pilihan B"])
def test_a_key_that_names_no_option_is_told(key):
    found = problems_of(f"## Soal 1: Berapa lama?\n{LETTERED}Jawaban: {key}\n", file="kuis.md")
    assert [(problem.code, problem.line) for problem in found] == [("S27", 5)]


@pytest.mark.parametrize(
    "options",
    ["(a) 7 hari\n(b) 30 hari\n", "A.7 hari\nB.30 hari\n", "A. 7 hari   B. 30 hari\n", "* 7 hari\n* 30 hari\n", "1. 7 hari\n2. 30 hari\n"],
)
def test_options_that_cannot_be_read_as_such_are_told_at_their_key(options):
    assert "S27" in codes(f"## Soal 1: Berapa lama?\n\n{options}\nJawaban: B\n")


def test_a_letter_alone_is_doubted():
    assert codes("## Soal 1: Plakat wajib dilaporkan.\nJawaban: B\n") == ["W28"]


@pytest.mark.parametrize("answer", ["A. Yani", "KPK | UPG", "30 hari", "dan"])
def test_an_answer_in_words_is_none_of_these(answer):
    assert codes(f"## Soal 1: Siapa, atau berapa?\n\n- satu\n- dua\n\nJawaban: {answer}\n") == []


def test_who_means_it_says_so_and_tidying_keeps_it():
    text = f"## Soal 1: Huruf apa yang benar?\n\n{LETTERED}\nTipe: isian\nJawaban: B2\n"
    assert codes(text) == []
    tidied, _ = rewritten(text)
    assert "Tipe: isian" in tidied
    assert codes(tidied) == []


@pytest.mark.parametrize("written", ["Rp1.250.000,-", "Rp 1.250.000,–", "1.250.000,-", "Rp. 1.250.000"])
def test_an_amount_is_a_number_however_it_ends(written):
    quiz, problems = read_quiz(f"## Soal 1: Berapa?\nJawaban: {written}\n")
    [question] = quiz.questions()
    assert (question.kind, problems) == ("number", ())
