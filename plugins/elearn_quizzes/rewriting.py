"""Writes the questions of a block as the guide shows them, each with its id, for those who write in the browser."""

from __future__ import annotations

from elearn_quizzes.rewriting_file import rewritten_body
from elearn_quizzes.syntax import read_quiz


def tidy_body(body: str) -> str:
    """The block with every question in the canonical form and with an id; what stands outside questions is left alone."""
    return _with_ids(rewritten_body(body)[0])


def _with_ids(body: str) -> str:
    """The block with the id of every question written below its heading, so that its statistics survive another wording."""
    quiz, problems = read_quiz(body, line=1)
    if any(problem.severity == "error" for problem in problems):
        return body
    lines = body.split("\n")
    for question in sorted(quiz.questions(), key=lambda question: -question.line):
        if question.id_derived:
            lines.insert(question.line, f"<!-- id: {question.id} -->")
    return "\n".join(lines)
