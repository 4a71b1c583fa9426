"""Which form a question has, told from what stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from elearn_quizzes.faults import Problem, fault
from elearn_quizzes.keywords import truth
from elearn_quizzes.numbers import read_range
from elearn_quizzes.questions import Kind
from elearn_quizzes.variants import sample


def shown_kind(answers: Sequence[str], *, has_gaps: bool) -> Kind | None:
    """The form of a question without options, pairs or steps; None where nothing tells it."""
    if has_gaps:
        return "cloze"
    if not answers:
        return None
    if len(answers) == 1 and truth(answers[0]) is not None:
        return "true_false"
    return "number" if all(read_range(sample(answer)) for answer in answers) else "short"


def mixed_forms(given: Mapping[str, Any], kind: Kind, *, line: int) -> list[Problem]:
    """What is wrong where a question holds things of two forms, of which one would be lost. ``given``: "options", "match", "order",
    "rubric", each with what was read of it."""
    if sum(bool(given[name]) for name in ("options", "match", "order")) > 1:
        return [
            fault("S03", "Satu soal memakai dua bentuk sekaligus: pilihan, pasangan, atau urutan.", "Bagi menjadi dua soal.", line=line)
        ]
    if given["rubric"] and kind not in ("essay", "upload"):
        return [fault("S12", "“Rubrik:” hanya untuk esai dan unggah.", "Hapus rubriknya, atau tulis “Tipe: esai”.", line=line)]
    return []
