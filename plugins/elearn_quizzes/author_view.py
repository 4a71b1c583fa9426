"""A block's questions with their answers beside them, for its author and for reviewers; never for a learner."""

from __future__ import annotations

from flask import render_template
from markupsafe import Markup

from elearn import BlockView
from elearn_quizzes import answers
from elearn_quizzes.asked import asked_here
from elearn_quizzes.published import quiz_of


def render_keys(view: BlockView) -> Markup:
    """All questions of the block, in the order of the file, with key, feedback and explanation."""
    quiz = quiz_of(view.placed)
    asked = [(pool, [asked_here(item, view.viewer.id) for item in pool.items]) for pool in quiz.pools]
    rows = [(pool, [(item, answers.right_answer(item)) for item in items]) for pool, items in asked]
    return Markup(render_template("quizzes/keys.html", quiz=quiz, rows=rows))
