"""Accepted answers between the syntax of questions and other systems."""

from __future__ import annotations

import re

from elearn_quizzes.numbers import number_text
from elearn_quizzes.texts import accepted


def wording(text: str, *, exact: bool = False) -> str:
    """A right answer as an author writes it. A ``*`` stands for anything, as Moodle has it; ``\\*`` for itself."""
    text = " ".join(text.split())
    if re.search(r"(?<!\\)\*", text):
        parts = [re.escape(part.replace("\\*", "*")).replace("/", "\\/").replace("\\ ", " ") for part in re.split(r"(?<!\\)\*", text)]
        return f"/{'.*'.join(parts)}/{'' if exact else 'i'}"
    text = text.replace("\\*", "*")
    if exact or (len(text) > 1 and text[0] == text[-1] and text[0] in '"/'):
        return f'"{text}"'
    return text.replace("|", "\\|")


def plain_wording(raw: str) -> tuple[str, bool] | None:
    """What an author's wording accepts: the text, and whether case counts; None for a pattern, which other systems do not know."""
    read = accepted(raw)
    if read["how"] == "pattern":
        return None
    return read["value"], read["how"] == "exact"


def plain_number(value: float) -> str:
    """A number as programs write it: 1250000.5"""
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def number_answer(value: float, tolerance: float) -> str:
    """A right number as an author writes it."""
    return f"{number_text(value)} ± {number_text(tolerance)}" if tolerance else number_text(value)


def range_answer(low: float, high: float) -> str:
    """A range of right numbers as an author writes it."""
    return f"{number_text(low)}..{number_text(high)}"
