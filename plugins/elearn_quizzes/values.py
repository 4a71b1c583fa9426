"""Reads what stands behind the keywords of a question; each reader raises ``ValueError`` for what it cannot read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from elearn_quizzes.keywords import ALL_OR_NOTHING, NO, TYPES, YES
from elearn_quizzes.numbers import number
from elearn_quizzes.variants import read_parameters

_WORDS = re.compile(
    r"(?:(\d{1,5})\s*(?:-|–|\.\.|sampai)\s*(\d{1,5})?|(?:-|–|maks(?:imal)?\.?|paling banyak|≤)?\s*(\d{1,5}))(?:\s*(?:kata|words))?"
)


def read_points(text: str) -> float:
    """Points: a number above 0, at most 1,000."""
    found = number(text)
    if found is None or not 0 < found <= 1000:
        raise ValueError
    return found


def read_names(text: str) -> tuple[str, ...]:
    """Names between commas, each once."""
    return tuple(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))


def read_citations(text: str) -> tuple[str, ...]:
    """Regulations between semicolons, each once: a citation may hold commas."""
    return tuple(dict.fromkeys(" ".join(part.split())[:200] for part in text.split(";") if part.strip()))


def read_words(text: str) -> tuple[int, int]:
    """How long an essay is to be: "100-250" (fewest, most), "100-" (no upper bound), "250" or "maks 250" (no lower bound)."""
    match = _WORDS.fullmatch(text.strip().casefold())
    if not match:
        raise ValueError
    if match[3]:
        return 0, int(match[3])
    fewest, most = int(match[1]), int(match[2] or 0)
    if most and most < fewest:
        raise ValueError
    return fewest, most


def read_shuffle(text: str) -> bool:
    """Whether the options of this question are shuffled."""
    word = text.strip().casefold()
    if word not in YES | NO:
        raise ValueError
    return word in YES


def read_cost(text: str) -> tuple[float, bool]:
    """What a hint costs: "0,5" points (False), or "20%" of what was earned (True)."""
    text = text.strip()
    found = number(text.removesuffix("%").removesuffix("poin").strip())
    if found is None or not 0 < found <= (100 if text.endswith("%") else 1000):
        raise ValueError
    return found, text.endswith("%")


def _chosen(choices: dict[str, Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        word = " ".join(text.split()).casefold()
        if word not in choices:
            raise ValueError
        return choices[word]

    return read


def _line(text: str) -> str:
    return " ".join(text.split())[:120]


# Keyword -> field of ``Question``, where the two are not named alike. "type" is no field: it decides ``kind``.
FIELDS = {"grading": "all_or_nothing"}
READ: dict[str, Callable[[str], Any]] = {
    "points": read_points,
    "competencies": read_names,
    "tags": read_names,
    "legal_basis": read_citations,
    "type": _chosen(TYPES),
    "grading": _chosen(ALL_OR_NOTHING),
    "shuffle": read_shuffle,
    "unit": _line,
    "words": read_words,
    "level": _line,
    "hint_cost": read_cost,
    "parameters": read_parameters,
}

FAULTS: dict[str, tuple[str, str, str]] = {
    "points": ("S10", "Poin bukan angka di atas 0: “{value}”.", "Tulis misalnya “Poin: 2” atau “Poin: 0,5”."),
    "type": ("S12", "Tipe “{value}” tidak dikenal.", "Tulis esai, unggah, survei, isian, atau angka."),
    "grading": ("S12", "Penilaian “{value}” tidak dikenal.", "Tulis “Penilaian: semua” atau “Penilaian: sebagian”."),
    "shuffle": ("S12", "Acak “{value}” tidak dikenal.", "Tulis “Acak: ya” atau “Acak: tidak”."),
    "hint_cost": ("S10", "Biaya petunjuk tidak dapat dibaca: “{value}”.", "Tulis misalnya “Biaya petunjuk: 20%” atau “0,5”."),
    "parameters": (
        "S25",
        "Parameter tidak dapat dibaca: “{value}”.",
        "Tulis misalnya “Parameter: a = 2..9; b = 0,5..2 langkah 0,5; c = 4 | 8”.",
    ),
    "words": ("S10", "Banyaknya kata tidak dapat dibaca: “{value}”.", "Tulis misalnya “Kata: 100-250” atau “Kata: 250”."),
}
