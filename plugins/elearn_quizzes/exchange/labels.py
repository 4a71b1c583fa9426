"""What a question is about, as the tags that other systems know: "kompetensi:INT-2", "tingkat:sedang", "dasar:UU 20/2023", "gratifikasi"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from elearn_quizzes.questions import Question

COMPETENCY, LEVEL, LAW = "kompetensi:", "tingkat:", "dasar:"


def tags_of(question: Question) -> list[str]:
    """All labels of a question as tags."""
    laws = [f"{LAW}{one}" for one in question.legal_basis]
    level = [f"{LEVEL}{question.level}"] if question.level else []
    return [*question.tags, *(f"{COMPETENCY}{one}" for one in question.competencies), *level, *laws]


def with_tags(question: Question, tags: Iterable[str]) -> Question:
    """The question with the labels that the tags name."""
    plain: list[str] = []
    competencies: list[str] = []
    laws: list[str] = []
    level = ""
    for tag in tags:
        text = " ".join(tag.split())
        if text.startswith(COMPETENCY):
            competencies.append(text.removeprefix(COMPETENCY).strip())
        elif text.startswith(LEVEL):
            level = text.removeprefix(LEVEL).strip()
        elif text.startswith(LAW):
            laws.append(text.removeprefix(LAW).strip())
        elif text:
            plain.append(text.replace(",", " "))
    return replace(
        question,
        tags=tuple(dict.fromkeys(plain)),
        competencies=tuple(dict.fromkeys(competencies)),
        legal_basis=tuple(dict.fromkeys(laws)),
        level=level,
    )
