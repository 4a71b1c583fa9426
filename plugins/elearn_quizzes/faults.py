"""Problems as this plugin reports them: the letter of the code says how grave they are."""

from __future__ import annotations

from typing import Any

from elearn import Problem
from elearn_quizzes.texts import shortened

__all__ = ["Problem", "fault", "stray_option"]


def fault(code: str, message: str, remedy: str = "", *, line: int, **values: Any) -> Problem:
    """A problem at ``line`` of the file. S… stops publishing, W… warns, F… tells what tolerant reading put right."""
    if code[0] == "W":
        return Problem(code=code, message=message, remedy=remedy, line=line, column=1, severity="warning", values=values)
    if code[0] == "F":
        return Problem(code=code, message=message, remedy=remedy, line=line, column=1, severity="fixed", values=values)
    return Problem(code=code, message=message, remedy=remedy, line=line, column=1, values=values)


def stray_option(text: str, *, line: int) -> Problem:
    """The problem of an option that belongs to no question: readers would see it as it is written, with its key."""
    return fault(
        "S28",
        "Pilihan “{text}” berada di luar soal, jadi soalnya hilang dan kuncinya terbaca.",
        "Beri judul di atasnya, misalnya “## Soal 1: …”, dengan spasi sesudah “##” dan “Soal”.",
        line=line,
        text=shortened(text.strip().lstrip("-*+ "), 40),
    )
