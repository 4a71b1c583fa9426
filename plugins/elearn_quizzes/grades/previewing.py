"""A quiz as a learner sees it, for its trainer: drawn, answered and marked, and nothing of it kept."""

from __future__ import annotations

import secrets

from flask import request
from markupsafe import Markup

from elearn import needs, reading, render, viewer
from elearn_quizzes import drawing, grading
from elearn_quizzes.answers import clean
from elearn_quizzes.asked import as_drawn
from elearn_quizzes.grades import trainer
from elearn_quizzes.told import outcome


def _named(control: Markup, at: int) -> Markup:
    """A question's control with its fields named for its place on the form."""
    return Markup(str(control).replace('name="answer"', f'name="{at}-answer"'))


@needs(trainer.PERMISSION)
def preview(slug: str, lesson_id: str) -> str:
    """All questions of one draw on one page; handed in, their marks and keys. Another look draws anew."""
    one = trainer.held(reading(), viewer(), slug, lesson_id)
    seed = request.form.get("undian", 0, type=int) or secrets.randbits(40)
    drawn = drawing.draw(one.quiz, seed)
    items = [as_drawn(item, each) for each in drawn if (item := one.quiz.item(each["item"])) is not None]
    answers, outcomes, score = {}, {}, None
    if request.method == "POST":
        # each question's fields bear its place, so that all of them fit on one form
        answers = {item.id: clean(item, request.form.getlist(f"{at}-answer")) for at, item in enumerate(items)}
        marks = [grading.grade(item, answers[item.id]) for item in items]
        outcomes = {item.id: outcome(item, mark, reveal=True) for item, mark in zip(items, marks, strict=True)}
        score = grading.score(marks)
    return render(
        "quizzes/trainer_preview.html", held=one, items=items, named=_named, answers=answers, outcomes=outcomes, score=score, seed=seed
    )
