"""Which form a question has, told from what stands in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from elearn_quizzes.faults import Problem, fault
from elearn_quizzes.keywords import truth
from elearn_quizzes.lists import begins_list
from elearn_quizzes.numbers import read_range
from elearn_quizzes.questions import Kind
from elearn_quizzes.texts import shortened
from elearn_quizzes.tidy import letters_named
from elearn_quizzes.variants import sample

_LINES = [re.compile(rf"^[ \t]*(?:\W[ \t]+)?(?:\*\*|__)?[(\[]?{letter}\\?[.)\]]", re.MULTILINE) for letter in ("[Aa]", "[Bb]")]
_WITHIN = [re.compile(rf"(?<!\S)[(\[]?{letter}[.)\]]") for letter in ("[Aa]", "[Bb]")]
_INITIAL = re.compile(r"[A-Ja-j]\.\s*\w{2}")  # "A. Yani" is a name
_QUOTES = "\"'“”‘’„"


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


def key_to_nothing(text: str, answers: Sequence[str]) -> Problem | None:
    """What is wrong where a question to write an answer to was meant as one to choose in: its text holds lines "A. …", "B. …", or its
    answer is a letter. It would be asked all the same, and nobody would find what counts as right. At line 0."""
    said = [answer.strip(_QUOTES) for answer in answers]
    letters = all(letters_named(answer) and not _INITIAL.search(answer) for answer in said)
    listed = any(begins_list(line) for line in text.split("\n")) or _in_turn(_WITHIN, text)
    if _in_turn(_LINES, text) or (letters and listed):
        return fault(
            "S27",
            "Kunci “{answer}” tidak menunjuk pilihan mana pun.",
            "Tulis setiap pilihan pada barisnya (A. …, B. …) dan huruf yang ada pada “Jawaban:”; bila memang isian, tambahkan “Tipe: isian”.",
            line=0,
            answer=shortened(" | ".join(said), 40),
        )
    if letters:
        return fault(
            "W28",
            "Jawabannya hanya huruf “{answer}”, padahal soal ini tidak punya pilihan.",
            "Tulis “Benar” atau “Salah”, atau pilihannya; bila memang isian, tambahkan “Tipe: isian”.",
            line=0,
            answer=shortened(" | ".join(said), 40),
        )
    return None


def _in_turn(patterns: Sequence[re.Pattern[str]], text: str) -> bool:
    """Whether the patterns are found one behind the other."""
    at = 0
    for pattern in patterns:
        match = pattern.search(text, at)
        if match is None:
            return False
        at = match.end()
    return True
