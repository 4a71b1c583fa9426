"""What must be done before a quiz, and the course around it, is finished."""

from __future__ import annotations

from elearn import Completing, Lesson, Refused
from elearn_quizzes.attempts import KIND, attempts_in, counted_score, reaches
from elearn_quizzes.grades.states import HANDED_IN
from elearn_quizzes.models import Attempt
from elearn_quizzes.numbers import number_text
from elearn_quizzes.published import Published, quiz_of


def gate(completing: Completing) -> Refused | None:
    """ "Not yet" while a quiz that counts is not handed in, or its pass mark not reached."""
    if completing.lesson is not None:
        lessons = [completing.lesson] if completing.lesson.kind == KIND else []
    else:
        lessons = [lesson for lesson in completing.course.lessons() if lesson.kind == KIND and lesson.required]
    if not lessons:
        return None
    attempts = attempts_in(completing.session, completing.standing.enrolment_id)
    for lesson in lessons:
        quiz = _quiz(completing, lesson)
        if quiz is not None and not quiz.settings.practice:
            refused = _missing(lesson, quiz, [attempt for attempt in attempts if attempt.lesson_id == lesson.id])
            if refused:
                return refused
    return None


def _quiz(completing: Completing, lesson: Lesson) -> Published | None:
    return next((quiz_of(placed) for placed in completing.block(lesson.id) if placed.kind == KIND and placed.data), None)


def _missing(lesson: Lesson, quiz: Published, attempts: list[Attempt]) -> Refused | None:
    score = counted_score(quiz.settings, attempts)
    if score is None and any(attempt.state in HANDED_IN for attempt in attempts):
        return Refused("quiz_waits", "Jawaban kuis “{quiz}” sedang dinilai.", quiz=lesson.title)
    if score is None:
        return Refused("quiz_open", "Kerjakan dan kirim dahulu kuis “{quiz}”.", quiz=lesson.title)
    if not reaches(quiz.settings, score):
        mark = number_text(round((quiz.settings.pass_mark or 0) * 100, 1))
        return Refused("quiz_failed", "Nilai kuis “{quiz}” belum mencapai batas lulus {mark}.", quiz=lesson.title, mark=mark)
    return None
