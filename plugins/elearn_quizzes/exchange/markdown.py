"""Questions as Markdown files, with the pictures that stand beside them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from elearn import Said, said
from elearn_quizzes.exchange.bundle import BadFile, Bundle, Remark, label
from elearn_quizzes.exchange.said import of_problem
from elearn_quizzes.parts import is_quiz, parts_of
from elearn_quizzes.syntax import read_quiz
from elearn_quizzes.writing import write_quiz


def read_markdown(text: str) -> Bundle:
    """The questions of a file; one with an error is left out and named. Raises ``BadFile`` for a broken head."""
    try:
        parts = parts_of(text)
    except ValueError as error:
        raise BadFile(said("Kepala berkas bukan YAML yang sah. Periksa baris di antara kedua “---”.")) from error
    quiz, problems = read_quiz(parts.body, line=parts.line, meta=parts.meta if is_quiz(parts.meta) else None)
    questions = list(quiz.questions())
    lines = [question.line for question in questions]
    faulty: dict[int, str] = {}
    remarks: list[Remark] = []
    for problem in problems:
        at = bisect_right(lines, problem.line) - 1
        if problem.severity == "error" and at >= 0:
            faulty.setdefault(at, said("baris {line}: {problem}", line=problem.line, problem=of_problem(problem)))
        elif problem.severity == "error" or problem.code == "W21":
            remarks.append(Remark(item=said("baris {line}", line=problem.line), reason=Said(problem.message, **problem.values)))
    remarks += [Remark(item=label(questions[at]), reason=reason, whole=True) for at, reason in faulty.items()]
    left_out = {lines[at] for at in faulty}
    groups = (replace(group, questions=tuple(one for one in group.questions if one.line not in left_out)) for group in quiz.groups)
    return Bundle(quiz=replace(quiz, groups=tuple(groups)), remarks=remarks)


def write_markdown(bundle: Bundle) -> tuple[bytes, list[Remark]]:
    """The quiz in the canonical form."""
    return write_quiz(bundle.quiz).encode(), []
