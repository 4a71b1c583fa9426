"""Lists read item by item, as authors indent them, and the box an item may begin with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from elearn_quizzes.keywords import keyword
from elearn_quizzes.lines import BREAK, CODE, HEADING, ITEM, QUOTE, Line, code_after, dedented, indent

BOX = re.compile(r"^([(\[])\s*([xX]|[-+−]?\d+(?:[.,]\d+)?\s*%?|)\s*([)\]])(?:\s+|$)")
ARROW = re.compile(r"\s*(?:=>|→|⇒)\s*")


class Box(NamedTuple):
    """What stands in the bracket before an option: its shape, "x", "" or a number, and how long it is."""

    opening: str
    closing: str
    mark: str
    length: int


@dataclass(frozen=True)
class Item:
    """One item: the line it begins at and its lines without marker and indentation."""

    number: int
    ordered: bool
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """All its lines as one text."""
        return "\n".join(self.lines).strip()

    @property
    def box(self) -> Box | None:
        """The bracket it begins with; None where it has none. A link ("[x](…)") is no box."""
        match = BOX.match(self.lines[0])
        return Box(match[1], match[3], re.sub(r"\s", "", match[2]).lower(), match.end()) if match else None


def begins_list(text: str) -> bool:
    """Whether a line begins a list."""
    return ITEM.match(text) is not None and not BREAK.match(text)


def take_list(lines: Sequence[Line], start: int) -> tuple[list[Item], int]:
    """The items of the list at index ``start``, and the index of the first line behind it.

    An item goes on with lines indented by two spaces or more, and with lines glued to it that begin nothing else.
    """
    first = ITEM.match(lines[start].text)
    base, ordered = (len(first[1]), first[2][0].isdigit()) if first else (0, False)
    items: list[Item] = []
    gathered: list[str] = []
    number = lines[start].number
    width, code, blanks = 2, "", 0
    at = start
    while at < len(lines):
        text = lines[at].text
        match = ITEM.match(text)
        begins = match is not None and not code and indent(text) <= base + 1 and not BREAK.match(text)
        if begins and match is not None:
            if match[2][0].isdigit() != ordered:
                break
            if gathered:
                items.append(Item(number, ordered, tuple(gathered)))
            spaces = len(match[3] or " ")
            width = len(match[1]) + len(match[2]) + (spaces if spaces <= 4 else 1)
            gathered, number, blanks = [match[4] or ""], lines[at].number, 0
            code = _code_behind_box(gathered[0])
        elif not code and not text.strip():
            blanks += 1
        elif code or indent(text) >= 2:
            line = dedented(text, width)
            gathered += [""] * blanks + [line]
            code, blanks = code_after(line, code), 0
        elif blanks or _begins_something(text):
            break
        else:
            gathered.append(text.strip())
        at += 1
    items.append(Item(number, ordered, tuple(gathered)))
    return items, at - blanks


def _code_behind_box(text: str) -> str:
    """The fence that an item's first line opens, behind its box if it has one."""
    box = BOX.match(text)
    return code_after(text[box.end() :] if box else text, "")


def _begins_something(text: str) -> bool:
    """Whether an unindented line ends a list even where no blank line stands between."""
    return bool(HEADING.match(text) or CODE.match(text) or QUOTE.match(text) or BREAK.match(text) or ITEM.match(text) or keyword(text))


def split_feedback(lines: Sequence[str]) -> tuple[str, str, int]:
    """An item's text, the quotes below it as one, and how many lines below the item's first they begin (0 where there are none)."""
    code = ""
    kept: list[str] = []
    quote: list[str] = []
    begins = 0
    for offset, text in enumerate(lines):
        if not code and offset > 0 and text.startswith(">"):
            begins = begins or offset
            quote.append(re.sub(r"^> ?", "", text))
            continue
        code = code_after(text, code)
        kept.append(text)
    return "\n".join(kept).strip(), "\n".join(quote).strip(), begins
