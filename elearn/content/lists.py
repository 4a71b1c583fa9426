"""Lists by CommonMark's rules, as block processors of Python-Markdown.

Python-Markdown wants a blank line before a list and four spaces for what is nested; authors write neither. Here a list may follow a
paragraph at once, an item's content is what is indented to its text, another marker begins another list, and a list is loose
where a blank line parts its items. Tables that follow a paragraph at once are parted from it, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension

MARKER = re.compile(r"^(?P<indent>[ ]{0,3})(?P<mark>[-*+]|\d{1,9}[.)])(?P<space>[ ]+|$)(?P<rest>.*)$")
ANY_MARKER = re.compile(r"^(?P<indent>[ ]*)(?P<mark>[-*+]|\d{1,9}[.)])(?P<space>[ ]+|$)(?P<rest>.*)$")
RULE = re.compile(r"^[ ]{0,3}([-*_])[ ]*(?:\1[ ]*){2,}$")
STARTS_BLOCK = re.compile(r"^[ ]{0,3}(?:#{1,6}(?:[ ]|$)|>)")
DELIMITER_ROW = re.compile(r"^[ ]{0,3}\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)+\|?[ ]*$")
TASK = re.compile(r"^\[([ xX])\][ ]+(?=\S)")


@dataclass
class _Item:
    offset: int
    lines: list[str] = field(default_factory=list)
    loose: bool = False
    nested: int = 0  # the offset of a list inside that is still open; 0 for none

    def take(self, line: str) -> None:
        self.lines.append(line)
        match = MARKER.match(line) if not RULE.match(line) else None
        indent = len(line) - len(line.lstrip(" "))
        if match:
            self.nested = _offset(match)
        elif line.strip() and indent < self.nested and len(self.lines) > 1 and not self.lines[-2].strip():
            self.nested = 0


def _offset(match: re.Match[str]) -> int:
    """Where an item's content begins: behind the marker and one to four spaces."""
    spaces = len(match["space"])
    width = len(match["indent"]) + len(match["mark"])
    return width + (spaces if 1 <= spaces <= 4 and match["rest"] else 1)


def _kind(mark: str) -> str:
    return mark if mark in "-*+" else mark[-1]


def starts_list(line: str, *, after_text: bool) -> re.Match[str] | None:
    """The marker that begins a list at this line. A paragraph is only parted by an item with content, an ordered one with 1."""
    match = MARKER.match(line)
    if match is None or RULE.match(line):
        return None
    if after_text and (not match["rest"].strip() or (match["mark"][-1] in ".)" and match["mark"][:-1] != "1")):
        return None
    return match


class _Lists(BlockProcessor):
    """A list, wherever in a block it begins."""

    def test(self, parent: Element, block: str) -> bool:
        return self._start(block.split("\n")) is not None

    @staticmethod
    def _start(lines: list[str]) -> int | None:
        text = False
        for index, line in enumerate(lines):
            if not line.strip():
                text = False
                continue
            if starts_list(line, after_text=text):
                return index
            if STARTS_BLOCK.match(line) and line.lstrip().startswith(">"):
                return None  # a quote takes what follows
            text = not STARTS_BLOCK.match(line) and not (line.startswith("    ") and not text)
        return None

    def run(self, parent: Element, blocks: list[str]) -> None:
        block = blocks.pop(0)
        lines = block.split("\n")
        start = self._start(lines)
        assert start is not None
        if any(line.strip() for line in lines[:start]):
            self.parser.parseBlocks(parent, ["\n".join(lines[:start])])
        items, rest, loose = self._collect(lines[start:], blocks)
        if rest:
            blocks.insert(0, "\n".join(rest))
        self._build(parent, lines[start], items, loose)

    def _collect(self, lines: list[str], blocks: list[str]) -> tuple[list[_Item], list[str], bool]:
        """The items of the list that begins with ``lines`` and goes on in ``blocks``; what is left of the block it ends in."""
        first = MARKER.match(lines[0])
        assert first is not None
        items: list[_Item] = []
        kind, loose, blank = _kind(first["mark"]), False, False
        while True:
            for index, line in enumerate(lines):
                if not line.strip():
                    blank = True
                    continue
                item = items[-1] if items else None
                indent = len(line) - len(line.lstrip(" "))
                if item is not None and indent >= item.offset:
                    inner = line[item.offset :]
                    if blank:
                        if item.lines == [""]:
                            return items, lines[index:], loose
                        item.loose |= not (item.nested and (len(inner) - len(inner.lstrip(" ")) >= item.nested or MARKER.match(inner)))
                        item.lines.append("")
                    item.take(inner)
                elif (match := MARKER.match(line)) and not RULE.match(line) and _kind(match["mark"]) == kind:
                    loose |= blank and bool(items)
                    offset = _offset(match)
                    items.append(_Item(offset))
                    content = line[offset:] if match["rest"] else ""
                    items[-1].take(content)
                elif item is not None and not blank and self._is_lazy(item, line):
                    item.take(line.lstrip(" "))
                else:
                    return items, lines[index:], loose
                blank = False
            if not blocks or not self._goes_on(blocks[0], items[-1], kind):
                return items, [], loose
            lines, blank = blocks.pop(0).split("\n"), True

    @staticmethod
    def _goes_on(block: str, item: _Item, kind: str) -> bool:
        line = next((line for line in block.split("\n") if line.strip()), "")
        match = MARKER.match(line)
        return (
            len(line) - len(line.lstrip(" ")) >= item.offset
            or bool(match and not RULE.match(line) and _kind(match["mark"]) == kind)
            or not line
        )

    @staticmethod
    def _is_lazy(item: _Item, line: str) -> bool:
        """Whether a line at the margin goes on with the paragraph that the item ended in."""
        last = item.lines[-1]
        return (
            bool(last.strip())
            and not STARTS_BLOCK.match(line)
            and not RULE.match(line)
            and not ANY_MARKER.match(line)
            and "\ue002" not in last + line
        )

    def _build(self, parent: Element, first: str, items: list[_Item], loose: bool) -> None:
        match = MARKER.match(first)
        assert match is not None
        ordered = match["mark"][-1] in ".)"
        element = SubElement(parent, "ol" if ordered else "ul")
        if ordered and int(match["mark"][:-1]) != 1:
            element.set("start", str(int(match["mark"][:-1])))
        loose = loose or any(item.loose for item in items)
        for item in items:
            li = SubElement(element, "li")
            while item.lines and not item.lines[-1].strip():
                item.lines.pop()
            text = "\n".join(item.lines)
            task = TASK.match(text)
            self.parser.parseBlocks(li, (text[task.end() :] if task else text).split("\n\n"))
            if not loose:
                _tighten(li)
            if task:
                _check_box(li, done=task[1] in "xX")


def _tighten(li: Element) -> None:
    """A tight item's text stands in the item itself, without a paragraph."""
    before: Element | None = None
    for child in list(li):
        if child.tag == "p":
            text = child.text or ""
            if before is None:
                li.text = ((li.text or "") + "\n" + text).strip("\n") if li.text else text
            else:
                before.tail = ((before.tail or "") + "\n" + text).strip("\n")
            li.remove(child)
        else:
            before = child


def _check_box(li: Element, *, done: bool) -> None:
    box = Element("input", {"type": "checkbox", "disabled": "disabled"} | ({"checked": "checked"} if done else {}))
    li.set("class", "task")
    holder = li[0] if len(li) and li[0].tag == "p" and not (li.text or "").strip() else li
    box.tail = " " + (holder.text or "").lstrip()
    holder.text = ""
    holder.insert(0, box)


class _PartTables(BlockProcessor):
    """Parts a table from the paragraph it follows at once."""

    def test(self, parent: Element, block: str) -> bool:
        return self._at(block) is not None

    @staticmethod
    def _at(block: str) -> int | None:
        lines = block.split("\n")
        for index in range(2, len(lines)):
            if (
                DELIMITER_ROW.match(lines[index])
                and "|" in lines[index - 1]
                and not any("|" in line for line in lines[index - 2 : index - 1])
            ):
                return index - 1
        return None

    def run(self, parent: Element, blocks: list[str]) -> None:
        lines = blocks.pop(0).split("\n")
        at = self._at("\n".join(lines))
        blocks[:0] = ["\n".join(lines[:at]), "\n".join(lines[at:])]


class Lists(Extension):
    """Replaces Python-Markdown's own lists."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors; footnotes and definitions keep the indent processor they bring themselves."""
        for name in ("indent", "olist", "ulist"):
            md.parser.blockprocessors.deregister(name, strict=False)
        md.parser.blockprocessors.register(_Lists(md.parser), "lists", 88)
        md.parser.blockprocessors.register(_PartTables(md.parser), "part-tables", 89)
