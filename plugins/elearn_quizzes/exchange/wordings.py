"""Accepted answers between the syntax of questions and other systems."""

from __future__ import annotations

import re

from elearn_quizzes.numbers import number_text
from elearn_quizzes.texts import accepted

_PATTERN = re.compile(r"[\\^$.|?*+()\[\]{}]")


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


def starred(raw: str) -> tuple[str, bool] | None:
    """An author's wording as Moodle has it, and whether case counts; None for a pattern that says more than "anything" in some places."""
    read = accepted(raw)
    if read["how"] != "pattern":
        return read["value"].replace("*", "\\*"), read["how"] == "exact"
    parts = read["value"].split(".*")
    plain = [re.sub(r"\\([^\w\s])", r"\1", part) for part in parts]
    if any(_PATTERN.search(re.sub(r"\\[^\w\s]", "", part)) for part in parts) or read["flags"] not in ("", "i"):
        return None
    return "*".join(part.replace("*", "\\*") for part in plain), read["flags"] == ""


def plain_number(value: float) -> str:
    """A number as programs write it: 1250000.5"""
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def number_answer(value: float, tolerance: float) -> str:
    """A right number as an author writes it."""
    return f"{number_text(value)} ± {number_text(tolerance)}" if tolerance else number_text(value)


def range_answer(low: float, high: float) -> str:
    """A range of right numbers as an author writes it."""
    return f"{number_text(low)}..{number_text(high)}"
