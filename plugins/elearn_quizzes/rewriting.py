"""Writes the questions of a block as the guide shows them: the tolerant reading of ``tidy``, put back into the author's text."""

from __future__ import annotations

import re

from elearn_quizzes.lines import HEADING, Line, code_after
from elearn_quizzes.syntax import read_quiz
from elearn_quizzes.tidy import tidy

QUESTION = re.compile(r"^ {0,3}#{1,6}[ \t]+(?:Soal|Question)\b", re.IGNORECASE)


def tidy_body(body: str) -> str:
    """The block with every question in the syntax's own form and with an id; what stands outside questions is left alone."""
    done: list[str] = []
    question: list[Line] | None = None
    code = ""

    def close() -> None:
        if question is not None:
            done.extend(line.text for line in tidy(question)[0])

    for number, text in enumerate(body.split("\n"), 1):
        inside = bool(code)
        code = code_after(text, code)
        if not inside and HEADING.match(text):
            close()
            question = [] if QUESTION.match(text) else None
            done.append(text)
        elif question is not None:
            question.append(Line(number, text))
        else:
            done.append(text)
    close()
    return _with_ids("\n".join(done))


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
