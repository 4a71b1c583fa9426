"""Quotes by CommonMark's rules, and callouts as GitHub writes them: a quote whose first line is [!NOTE]."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension

from elearn.content.lists import ANY_MARKER, RULE, STARTS_BLOCK

QUOTED = re.compile(r"^[ ]{0,3}>[ ]?(.*)$")
MARK = re.compile(r"^\[!([A-Za-z][A-Za-z ]{1,30})\][ ]*(.*)$")
KINDS = {
    "NOTE": ("note", "Catatan"),
    "CATATAN": ("note", "Catatan"),
    "TIP": ("tip", "Tips"),
    "TIPS": ("tip", "Tips"),
    "IMPORTANT": ("important", "Penting"),
    "PENTING": ("important", "Penting"),
    "WARNING": ("warning", "Peringatan"),
    "PERINGATAN": ("warning", "Peringatan"),
    "CAUTION": ("caution", "Awas"),
    "AWAS": ("caution", "Awas"),
    "CONTOH": ("example", "Contoh"),
    "EXAMPLE": ("example", "Contoh"),
    "DASAR HUKUM": ("law", "Dasar hukum"),
}


class _Quotes(BlockProcessor):
    def test(self, parent: Element, block: str) -> bool:
        return any(QUOTED.match(line) for line in block.split("\n"))

    def run(self, parent: Element, blocks: list[str]) -> None:
        lines = blocks.pop(0).split("\n")
        start = next(index for index, line in enumerate(lines) if QUOTED.match(line))
        if any(line.strip() for line in lines[:start]):
            self.parser.parseBlocks(parent, ["\n".join(lines[:start])])
        inside: list[str] = []
        end = start
        while end < len(lines) and (match := self._goes_on(lines[end], inside)):
            inside.append(match[1] if isinstance(match, re.Match) else lines[end].lstrip())
            end += 1
        if lines[end:]:
            blocks.insert(0, "\n".join(lines[end:]))
        self._build(parent, inside)

    @staticmethod
    def _goes_on(line: str, inside: list[str]) -> re.Match[str] | bool | None:
        match = QUOTED.match(line)
        if match:
            return match
        lazy = bool(inside) and bool(inside[-1].strip()) and bool(line.strip())
        return lazy and not (STARTS_BLOCK.match(line) or RULE.match(line) or ANY_MARKER.match(line))

    def _build(self, parent: Element, inside: list[str]) -> None:
        mark = MARK.match(inside[0].strip()) if inside else None
        known = KINDS.get(mark[1].strip().upper()) if mark else None
        if mark and known:
            box = SubElement(parent, "div", {"class": f"note {known[0]}" if known[0] != "note" else "note"})
            title = SubElement(box, "p", {"class": "title"})
            title.text = mark[2] or known[1]
            inside = inside[1:]
        else:
            box = SubElement(parent, "blockquote")
        self.parser.state.set("blockquote")
        self.parser.parseChunk(box, "\n".join(inside))
        self.parser.state.reset()


class Callouts(Extension):
    """Replaces Python-Markdown's own quotes."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Behind lists, before rules and headings."""
        md.parser.blockprocessors.deregister("quote", strict=False)
        md.parser.blockprocessors.register(_Quotes(md.parser), "callouts", 87)
