"""Lines that know their place in the file, and the few Markdown rules that reading line by line needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

CODE = re.compile(r"^ {0,3}(`{3,}(?=[^`]*$)|~{3,})")
HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+|$)")
RULE = re.compile(r"^---[ \t]*$")
BREAK = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
ITEM = re.compile(r"^( {0,3})([-*+]|\d{1,9}[.)])(?:( +)(.*)|$)")
QUOTE = re.compile(r"^ {0,3}>")


class Line(NamedTuple):
    """One line of the file and its number, counted from 1."""

    number: int
    text: str


def code_after(text: str, code: str) -> str:
    """The code fence that is open behind a line, given the one open before it ("" for none)."""
    match = CODE.match(text)
    if not match:
        return code
    if not code:
        return match[1]
    closes = match[1][0] == code[0] and len(match[1]) >= len(code) and text.strip() == match[1]
    return "" if closes else code


def indent(text: str) -> int:
    """How many spaces a line begins with."""
    return len(text) - len(text.lstrip(" "))


def dedented(text: str, width: int) -> str:
    """A line without at most ``width`` of its leading spaces."""
    return text[min(width, indent(text)) :]


def expand_leading_tabs(text: str) -> str:
    """Tabs in front of a line as spaces, four to a stop; tabs within the text stay."""
    rest = text.lstrip(" \t")
    lead = text[: len(text) - len(rest)]
    return lead.expandtabs(4) + rest if "\t" in lead else text


def joined(texts: Iterable[str]) -> str:
    """Lines as one text: no blank lines at either end, never two in a row outside code, and no line that would end a question.

    A line of three dashes behind a blank one is written as three stars, which Markdown draws alike.
    """
    kept: list[str] = []
    code = ""
    for text in texts:
        blank_before = not kept or not kept[-1].strip()
        if not code and not text.strip():
            if not blank_before:
                kept.append("")
            continue
        if not code and blank_before and RULE.match(text):
            text = "***"
        code = code_after(text, code)
        kept.append(text)
    if code:
        kept.append(code)  # a fence left open ends with the text, as Markdown has it
    return "\n".join(kept).strip("\n").rstrip()


def outside_code(lines: Sequence[Line]) -> list[bool]:
    """For each line whether it stands outside fenced code; the fences themselves stand inside."""
    code, answers = "", []
    for line in lines:
        after = code_after(line.text, code)
        answers.append(not code and not after)
        code = after
    return answers
