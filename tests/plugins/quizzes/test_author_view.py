"""What authors get beside learners: the keys on demand, and their questions put into the form the guide shows."""

from dataclasses import replace
from pathlib import Path

import pytest
from elearn_quizzes.rewriting import tidy_body
from elearn_quizzes.syntax import read_quiz

from elearn.plugin import LessonView
from elearn.web.current import viewer
from elearn.web.database import reading
from elearn.web.drawn import draw_lesson
from tests.plugins.quizzes.conftest import KEYS

COURSES = Path(__file__).parents[3] / "courses"
LESSONS = sorted(path for path in COURSES.rglob("*.md") if "\n## Soal" in path.read_text("utf-8"))
LINES = {"line", "explanation_line", "feedback_line", "intro_line"}


def as_read(text):
    """The questions of a text, without the places where they stood."""
    quiz, _ = read_quiz(text)
    found = []
    for question in quiz.questions():
        same = {name: 0 for name in LINES if hasattr(question, name)} | {"id_derived": False}
        options = tuple(replace(option, line=0, feedback_line=0) for option in question.options)
        found.append(replace(question, **same, options=options))
    return found


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.name)
def test_tidied_questions_read_the_same(path):
    text = path.read_text("utf-8")
    body = text[text.index("\n## Soal") + 1 :]
    tidied = tidy_body(body)
    assert as_read(tidied) == as_read(body)
    assert tidy_body(tidied) == tidied


def test_questions_from_word_get_boxes_and_an_id_that_stays():
    tidied = tidy_body("## Soal 1: Mana?\n\nA. Ini\nB. Itu\nJawaban: B\n")
    (question,) = read_quiz(tidied)[0].questions()
    assert [(option.text, option.right) for option in question.options] == [("Ini", False), ("Itu", True)]
    reworded = tidied.replace("Mana?", "Yang mana?")
    assert [one.id for one in read_quiz(reworded)[0].questions()] == [question.id]


def test_a_question_with_a_fault_is_left_as_it_is():
    text = "## Soal 1: Mana?\n\n- (x) Ini\n- [ ] Itu\n"
    assert tidy_body(text) == text


def test_keys_are_drawn_for_who_asks_for_them_and_for_nobody_else(app, write_course):
    from tests.plugins.quizzes.conftest import FILES

    course = write_course(app, FILES)
    with app.test_request_context():
        pages = {}
        for keys in (False, True):
            view = LessonView(
                course=course, lesson=course.lesson("tes-akhir"), standing=None, viewer=viewer(), session=reading(), keys=keys
            )
            pages[keys] = "".join(draw_lesson(view))
    assert [key for key in KEYS if key in pages[False]] == []
    assert [key for key in KEYS if key not in pages[True]] == []
