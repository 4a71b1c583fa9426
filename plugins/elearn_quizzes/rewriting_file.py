"""Rewrites the questions of a file to the canonical form and leaves all else as it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from elearn_quizzes.banks import with_banks
from elearn_quizzes.checking import check
from elearn_quizzes.faults import Problem, fault
from elearn_quizzes.lines import Line, outside_code
from elearn_quizzes.parts import is_quiz, parts_of
from elearn_quizzes.questions import Question
from elearn_quizzes.reading import read_question
from elearn_quizzes.syntax import read_quiz, sections, title_and_id
from elearn_quizzes.writing import write_question

_NO_ALT = re.compile(r"!\[\s*\]\(")


def problems_of(text: str, *, file: str, read: Callable[[str], str | None] = lambda path: None) -> list[Problem]:
    """All faults of the questions in a file, by line; ``read``: see ``banks.with_banks``."""
    try:
        parts = parts_of(text)
    except ValueError:
        return [fault("S30", "Kepala berkas bukan YAML yang sah.", "Periksa baris di antara kedua “---”.", line=1).at(file=file)]
    whole = is_quiz(parts.meta)
    quiz, problems = read_quiz(parts.body, line=parts.line, meta=parts.meta if whole else None)
    if not whole:
        problems = tuple(one for one in problems if one.code != "W21")  # in a lesson, text between questions is the lesson
    quiz, of_banks = with_banks(quiz, read)
    problems = (*problems, *of_banks)
    found = [*problems, *check(quiz, line=parts.line, whole=whole)] if whole or quiz.groups else list(problems)
    found += _pictures(parts.body, parts.line)
    return sorted((one.at(file=one.file or file) for one in found), key=lambda one: (one.file != file, one.file, one.line, one.code))


def _pictures(body: str, first: int) -> list[Problem]:
    """Pictures without a text for those who do not see them; publishing refuses them as well, in all of a course."""
    lines = [Line(number, text) for number, text in enumerate(body.split("\n"), first)]
    return [
        fault("W14", "Gambar tanpa teks pengganti.", "Tulis isinya di dalam kurung siku: ![isi gambar](…).", line=line.number)
        for line, outside in zip(lines, outside_code(lines), strict=True)
        if outside and _NO_ALT.search(line.text)
    ]


def rewritten(text: str) -> tuple[str, int]:
    """The text with its questions in the canonical form, and how many of them changed.

    A question with errors stays as it is, and so does one that would not read back as the same. Raises ``ValueError`` for front matter
    that is none.
    """
    parts = parts_of(text)
    body, changed = rewritten_body(parts.body)
    return parts.head + body.rstrip("\n") + "\n", changed


def rewritten_body(body: str) -> tuple[str, int]:
    """The same for a text without front matter; its last line ends as it did."""
    written: list[str] = []
    number = changed = 0
    for section in sections(body, 1, []):
        lines = [*([section.heading] if section.heading else []), *(line.text for line in section.lines)]
        if not lines:
            continue
        raw = "\n".join(lines)
        if section.what == "question":
            number += 1
            canonical = _canonical(section.title, section.lines, section.line, number=number, level=section.level)
            if canonical is not None and canonical != raw.strip("\n"):
                raw, changed = canonical + "\n", changed + 1
        written.append(raw)
    return "\n".join(written), changed


def _canonical(heading: str, lines: list[Line], line: int, *, number: int, level: int) -> str | None:
    question, problems = _read(heading, lines, line)
    if any(problem.severity == "error" for problem in problems):
        return None
    text = write_question(question, number=number, level=level)
    first, *rest = text.split("\n")
    again, _ = _read(first.lstrip("#").strip().partition(":")[2].strip(), [Line(at, one) for at, one in enumerate(rest, line + 1)], line)
    return text if replace(again, id=question.id) == question else None


def _read(heading: str, lines: list[Line], line: int) -> tuple[Question, list[Problem]]:
    title, given_id = title_and_id(heading)
    return read_question(lines, title=title, line=line, given_id=given_id)
