"""What a reviewer sees of a change: the lesson as it reads, with what came and went; the answers in their own box; the course's promises.

Compared is what readers see, not Markdown: the HTML of both is taken apart into paragraphs, these are laid beside each other, and within a
changed paragraph the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape

from markupsafe import Markup, escape

BLOCK_ENDS = re.compile(
    r"</(?:p|li|h[1-6]|tr|dt|dd|figcaption|blockquote|pre|legend|label|summary|div|section)>|<br\s*/?>|<hr\s*/?>"
    r"|<(?:p|div|ul|ol|dl|table|blockquote|pre|h[1-6]|figure|section)\b[^>]*>",
    re.IGNORECASE,
)
PICTURE = re.compile(r'<img\b[^>]*?\balt="([^"]*)"[^>]*>', re.IGNORECASE)
TAG = re.compile(r"<[^>]+>")
SILENT = re.compile(r"<(script|style|template)\b.*?</\1>|<input[^>]*>", re.IGNORECASE | re.DOTALL)
LETTER = re.compile(r"[\W_]+")
CELL = re.compile(r"</t[dh]>\s*(?=<t[dh])", re.IGNORECASE)
MOST_LINES = 4_000


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """``kind`` is "same", "added", "removed" or "changed"; ``html`` bears ins and del where words changed. ``line`` is where it stands in
    the new text (0: nowhere)."""

    kind: str
    html: Markup
    line: int = 0


def paragraphs_of(parts: Iterable[str]) -> list[str]:
    """The text of a drawn lesson, a line a paragraph; a picture is its word in brackets."""
    html = SILENT.sub("", "\n".join(str(part) for part in parts))
    html = PICTURE.sub(lambda match: f"[{match[1]}]", html)
    html = CELL.sub(" | ", html)
    html = html.replace("</span>", "</span> ").replace("</small>", "</small> ")  # pieces that stand beside each other
    lines = (unescape(TAG.sub("", piece)) for piece in BLOCK_ENDS.sub("\0", html).split("\0"))
    return [line for line in (" ".join(line.split()) for line in lines) if line][:MOST_LINES]


def lines_of(paragraphs: list[str], source: str) -> list[int]:
    """The line of the Markdown at which each paragraph begins, found by its first letters; 0 where it is not found."""
    lines = [LETTER.sub("", line).casefold() for line in source.split("\n")]
    found, at = [], 0
    for paragraph in paragraphs:
        begins = LETTER.sub("", paragraph).casefold()[:24]
        place = next((number for number in range(at, len(lines)) if begins and begins in lines[number]), None)
        found.append(place + 1 if place is not None else 0)
        at = place if place is not None else at
    return found


def compare(old: list[str], new: list[str], *, lines: list[int] | None = None, around: int = 1) -> list[Paragraph]:
    """The paragraphs with their changes; of what stayed, only ``around`` on each side of a change. ``lines`` are those of ``new``."""
    places = lines or [0] * len(new)
    found: list[Paragraph] = []
    for act, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = old[old_from:old_to], new[new_from:new_to]
        if act == "equal":
            found += [Paragraph(kind="same", html=escape(line), line=place) for line, place in zip(gone, places[new_from:], strict=False)]
            continue
        pairs = min(len(gone), len(come))
        found += [Paragraph(kind="changed", html=_words(gone[at], come[at]), line=places[new_from + at]) for at in range(pairs)]
        found += [Paragraph(kind="removed", html=Markup("<del>{}</del>").format(line)) for line in gone[pairs:]]
        found += [
            Paragraph(kind="added", html=Markup("<ins>{}</ins>").format(line), line=place)
            for line, place in zip(come[pairs:], places[new_from + pairs :], strict=False)
        ]
    near = [any(each.kind != "same" for each in found[max(0, at - around) : at + around + 1]) for at in range(len(found))]
    return [each for each, close in zip(found, near, strict=True) if close]


def _words(old: str, new: str) -> Markup:
    before, after = old.split(" "), new.split(" ")
    out = []
    for act, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if act == "equal":
            out.append(escape(" ".join(before[old_from:old_to])))
            continue
        if old_to > old_from:
            out.append(Markup("<del>{}</del>").format(" ".join(before[old_from:old_to])))
        if new_to > new_from:
            out.append(Markup("<ins>{}</ins>").format(" ".join(after[new_from:new_to])))
    return Markup(" ").join(out)
