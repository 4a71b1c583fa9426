"""The predicate that a score earns, by the office's own table: no regulation that was seen fixes one for e-learning."""

from __future__ import annotations

import re

LINE = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s+(\S.{0,58})")


def read_predicates(text: str) -> tuple[tuple[float, str], ...]:
    """The table in "90 Sangat Memuaskan; 80 Memuaskan": (least score of 100, predicate), the highest first; empty for "".

    ``ValueError`` names the part that cannot be read, a score over 100, or one that stands twice.
    """
    table: dict[float, str] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        found = LINE.fullmatch(part)
        least = float(found[1].replace(",", ".")) if found else 101.0
        if found is None or least > 100 or least in table:
            raise ValueError(f"Predikat {part!r} tidak terbaca. Tulis nilai terendah dan predikatnya, misalnya 90 Sangat Memuaskan.")
        table[least] = found[2]
    return tuple(sorted(table.items(), reverse=True))


def predicate_of(text: str, score: float | None) -> str:
    """The predicate of ``score`` (0 to 100) by that table; "" below its lowest, and where there is no score or no table."""
    if score is None:
        return ""
    return next((predicate for least, predicate in read_predicates(text) if score >= least), "")
