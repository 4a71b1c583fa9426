"""Gaps in a text: [[30]], [[KPK|UPG]], and gaps to choose in: [[(x) KPK | ( ) BPK]]."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from elearn_quizzes.lines import code_after
from elearn_quizzes.texts import alternatives

_TOKEN = re.compile(r"`+|\[\[([^\[\]\n]{1,500})\]\]")
_CHOICE = re.compile(r"\(\s*([xX]?)\s*\)\s*(.*)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class GapOption:
    """One of the choices in a gap."""

    id: str
    text: str
    right: bool


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A gap and where it stands in the text. It has either ``wordings`` to write or ``options`` to choose from."""

    start: int
    end: int
    wordings: tuple[str, ...] = ()
    options: tuple[GapOption, ...] = ()


def find_gaps(text: str) -> tuple[Gap, ...]:
    """All gaps of a text in their order; what stands in code is none. Reads the text once, whatever it holds."""
    found: list[Gap] = []
    offset, code = 0, ""
    paragraph_start = 0
    for line in text.splitlines(keepends=True):
        before, code = code, code_after(line.rstrip("\n"), code)
        if before or code or not line.strip():
            found += _in_paragraph(text, paragraph_start, offset)
            paragraph_start = offset + len(line)
        offset += len(line)
    return tuple(found + _in_paragraph(text, paragraph_start, offset))


def _in_paragraph(text: str, start: int, end: int) -> list[Gap]:
    """The gaps between two places, minding code between backticks: a run of backticks closes at the next run of its length."""
    if start >= end:
        return []
    tokens = list(_TOKEN.finditer(text, start, end))
    runs = Counter(len(token[0]) for token in tokens if token[0][0] == "`")
    found: list[Gap] = []
    opened = 0
    for token in tokens:
        if token[0][0] != "`":
            if not opened:
                found.append(_gap(token.start(), token.end(), token[1]))
            continue
        length = len(token[0])
        runs[length] -= 1
        if opened == length:
            opened = 0
        elif not opened and runs[length]:
            opened = length
    return found


def _gap(start: int, end: int, content: str) -> Gap:
    wordings = alternatives(content)
    choices = [_CHOICE.fullmatch(wording) for wording in wordings]
    if len(choices) < 2 or not all(choices):
        return Gap(start=start, end=end, wordings=wordings)
    options = tuple(
        GapOption(id=chr(ord("a") + number), text=choice[2].strip(), right=bool(choice[1]))
        for number, choice in enumerate(choices[:26])
        if choice
    )
    return Gap(start=start, end=end, options=options)
