"""Patterns that authors write (/…/i), matched in time linear to the answer whatever the pattern.

RE2 is used, not a backtracking engine with a time limit: it cannot be made slow, so that an answer is never marked wrong because the
machine was busy, and the same answer gets the same mark on every machine. It knows no backreferences and no look-around.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

LONGEST_PATTERN = 200
LONGEST_ANSWER = 200
MEMORY = 1 << 20
_WRITTEN = re.compile(r"/(.*)/(\w*)", re.DOTALL)
_REASONS = (
    ("missing ]", "kurung siku “[” tidak ditutup"),
    ("missing )", "kurung “(” tidak ditutup"),
    ("unexpected )", "kurung “)” tanpa “(”"),
    ("no argument for repetition", "tanda ulang (*, +, ?) tanpa huruf di depannya"),
    ("invalid repetition size", "pengulangan {…} terlalu besar"),
    ("bad repetition", "tanda ulang ganda, seperti **"),
    ("invalid escape", "garis miring terbalik diikuti huruf yang tidak dikenal; rujukan balik seperti \\1 tidak didukung"),
    ("invalid perl operator", "bentuk (?…) ini tidak didukung"),
    ("invalid character class range", "rentang di dalam [ ] terbalik"),
    ("trailing \\", "garis miring terbalik di akhir"),
    ("pattern too large", "pola terlalu besar"),
)


def written_pattern(raw: str) -> tuple[str, str] | None:
    """The pattern and the flags of "/…/i"; None where ``raw`` is not written so."""
    match = _WRITTEN.fullmatch(raw)
    return (match[1], match[2]) if match else None


def pattern_fault(raw: str) -> str:
    """Why "/…/i" may not be used, as half an Indonesian sentence; "" where nothing is wrong."""
    written = written_pattern(raw)
    if written is None or not written[0]:
        return "pola kosong"
    pattern, flags = written
    if flags not in ("", "i"):
        return f"tanda “{flags}” sesudah pola tidak dikenal; hanya “i”"
    if len(pattern) > LONGEST_PATTERN:
        return f"pola lebih panjang dari {LONGEST_PATTERN} huruf"
    if has_nested_repetition(pattern):
        return "pengulangan di dalam pengulangan, seperti (a+)+"
    try:
        _compiled(pattern, flags)
    except re2.error as error:
        detail = _detail(error)
        return next((reason for start, reason in _REASONS if start in detail), f"“{detail}”")
    return ""


def pattern_matches(pattern: str, flags: str, *, answer: str) -> bool:
    """Whether the pattern matches the whole answer, of which at most 200 characters are looked at. A pattern that cannot be read
    matches nothing: it was refused at publishing."""
    if len(answer) > LONGEST_ANSWER:
        return False
    try:
        return _compiled(pattern, flags).fullmatch(answer) is not None
    except re2.error:
        return False


def has_nested_repetition(pattern: str) -> bool:
    """Whether a group that repeats without bound holds something that repeats without bound.

    RE2 would cope, but the systems that questions are exported to would not, and nobody needs it to describe an answer.
    """
    holds = [False]
    closed = False
    at = 0
    while at < len(pattern):
        character = pattern[at]
        unbounded = character in "*+" or bool(re.match(r"\{\d*,\}", pattern[at : at + 12]))
        if unbounded and closed:
            return True
        if unbounded:
            holds[-1] = True
        closed = False
        if character == "\\":
            at += 1
        elif character == "[":
            at = _class_end(pattern, at)
        elif character == "(":
            holds.append(False)
        elif character == ")" and len(holds) > 1:
            closed = holds.pop()
            holds[-1] = holds[-1] or closed
        at += 1
    return False


def _class_end(pattern: str, at: int) -> int:
    """The index of the ] that closes the class at ``at``, or the last index where none does."""
    at += 1
    if pattern[at : at + 1] == "^":
        at += 1
    if pattern[at : at + 1] == "]":
        at += 1
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return min(at, len(pattern) - 1)


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    options.case_sensitive = "i" not in flags
    return re2.compile(pattern, options)


def _detail(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
