"""What a quiz shows within a lesson: the page before the start of a quiz that counts, or questions to check oneself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template
from markupsafe import Markup
from sqlalchemy import bindparam, func, select

from elearn import BlockView, Moment, same_for_all
from elearn_quizzes import answers, grading
from elearn_quizzes.asked import asked_here
from elearn_quizzes.attempts import Sitting, attempts_in, counted_score, reaches
from elearn_quizzes.author_view import render_keys
from elearn_quizzes.grades.states import HANDED_IN
from elearn_quizzes.models import SelfCheck
from elearn_quizzes.published import Item, Published, quiz_of
from elearn_quizzes.starting import refusal
from elearn_quizzes.told import outcome

_CHECKS = select(SelfCheck.item_id, SelfCheck.answer).where(
    SelfCheck.enrolment_id == bindparam("enrolment"), SelfCheck.lesson_id == bindparam("lesson")
)


def render_block(view: BlockView) -> Markup:
    """The block for whoever looks."""
    if view.keys:
        return render_keys(view)
    quiz = quiz_of(view.placed)
    return Markup(_start_page(view, quiz) if quiz.whole else _self_checks(view, quiz))


def _start_page(view: BlockView, quiz: Published) -> str:
    if view.standing is None:
        return render_template("quizzes/start.html", view=view, quiz=quiz, attempts=[], opened=None, refused=None, score=None, passed=False)
    attempts = attempts_in(view.session, view.standing.enrolment_id, view.lesson.id)
    opened = next((attempt for attempt in attempts if attempt.state == "open"), None)
    now = view.session.execute(select(func.now(type_=Moment()))).scalar_one()
    sitting = Sitting(attempt=opened, quiz=quiz, now=now) if opened else None
    score = counted_score(quiz.settings, attempts)
    refused = None
    if opened is None:
        refused = refusal(view.session, quiz.settings, attempts, enrolment_id=view.standing.enrolment_id, lesson_id=view.lesson.id, now=now)
    return render_template(
        "quizzes/start.html",
        view=view,
        quiz=quiz,
        attempts=[attempt for attempt in attempts if attempt.state in HANDED_IN],
        opened=sitting,
        refused=refused,
        score=score,
        passed=reaches(quiz.settings, score),
    )


def _self_checks(view: BlockView, quiz: Published) -> str:
    known: dict[str, Any] = {}
    if view.standing is not None:
        rows = view.session.execute(_CHECKS, {"enrolment": view.standing.enrolment_id, "lesson": view.lesson.id})
        known = {row[0]: row[1] for row in rows}

    def draw() -> str:
        pieces = [_self_check(view, item, known) for item in quiz.items()]
        return render_template("quizzes/checks.html", quiz=quiz, pieces=pieces)

    if view.standing is None or not quiz.alike or any(item.id in known for item in quiz.items()):
        return draw()
    return same_for_all(("quizzes.checks", view.standing.digest, view.lesson.id, view.placed.id), draw)


def _self_check(view: BlockView, item: Item, known: Mapping[str, Any]) -> Markup:
    """One question. Until somebody answers it, it is the same for all who read this version, unless it is shuffled or its numbers differ."""
    asked = asked_here(item, view.viewer.id)

    def draw() -> str:
        told = checked(asked, known[item.id]) if item.id in known else None
        return render_template("quizzes/check.html", view=view, item=asked, outcome=told, block_id=view.placed.id, asked=False)

    if view.standing is None or item.id in known or asked != item:
        return Markup(draw())
    return same_for_all(("quizzes.check", view.standing.digest, view.lesson.id, view.placed.id, item.id), draw)


def checked(item: Item, answer: Any) -> dict[str, Any]:
    """What a learner is told of their answer: its mark, the right answer, the reasons."""
    mark = grading.grade(item, answers.clean(item, answer))
    return outcome(item, mark, reveal=True)
