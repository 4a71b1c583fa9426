"""What a learner is told of an answer: its mark, row by row where it has rows, and the right answer where that may be shown."""

from __future__ import annotations

import re
from typing import Any

from elearn import Course
from elearn_quizzes import answers
from elearn_quizzes.grading import Mark, right_parts
from elearn_quizzes.published import Item
from elearn_quizzes.sittings import Sitting
from elearn_quizzes.texts import words

MOST_LESSONS = 5
_LESSON = re.compile(r'href="(/belajar/[a-z0-9-]+/([a-z0-9-]+)(?:#[^"]*)?)"')


def outcome(item: Item, mark: Mark, *, reveal: bool) -> dict[str, Any]:
    """``mark``, ``spoken`` (the answer in words), ``long`` (an essay's text), ``reveal``; with it ``right_answer`` and ``parts``:
    for each row or gap its ``label``, what was ``given``, the ``right`` one, and whether it ``fits``."""
    return {
        "mark": mark,
        "spoken": answers.spoken(item, mark.answer),
        "long": mark.answer if item.kind in ("essay", "survey") and isinstance(mark.answer, str) and not item.choices else "",
        "reveal": reveal,
        "right_answer": answers.right_answer(item) if reveal else "",
        "parts": _parts(item, mark) if reveal else [],
    }


def read_again(one: Sitting, course: Course) -> list[tuple[str, str]]:
    """What to read before another attempt: address and title of the lessons that the explanations of questions not answered rightly link
    to, in the order of the questions. The link alone gives no answer away."""
    found: dict[str, str] = {}
    for item in one.items:
        mark = one.marks.get(item.id)
        if mark is None or mark.right or mark.waits:
            continue
        texts = (item.explanation, item.if_wrong, item.hint, *(choice.feedback for choice in item.choices))
        for address, lesson_id in _LESSON.findall(" ".join(texts)):
            lesson = course.lesson(lesson_id)
            if lesson is not None:
                found.setdefault(address, lesson.title)
    return list(found.items())[:MOST_LESSONS]


def _parts(item: Item, mark: Mark) -> list[dict[str, Any]]:
    if item.kind == "match":
        names = {choice.id: words(choice.html) for choice in item.choices}
        given = mark.answer or {}
        return [
            {"label": words(row.html), "given": names.get(given.get(row.id, ""), ""), "right": names[row.key], "fits": fits}
            for row, fits in zip(item.rows, right_parts(item, mark.answer), strict=True)
        ]
    if item.kind == "order":
        given = mark.answer or {}
        return [
            {"label": words(row.html), "given": str(given.get(row.id, "")), "right": row.key, "fits": str(given.get(row.id)) == row.key}
            for row in sorted(item.rows, key=lambda row: int(row.key))
        ]
    if item.kind == "cloze":
        texts = mark.answer or [""] * len(item.gaps)
        return [
            {"label": f"[{at + 1}]", "given": answers.gap_words(item, at, texts[at]), "right": answers.gap_key(item, at), "fits": fits}
            for at, fits in enumerate(right_parts(item, mark.answer))
        ]
    return []
