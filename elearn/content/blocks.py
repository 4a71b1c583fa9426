"""Takes the pieces that plugins own out of a lesson's Markdown, and leaves a token where each stood.

A run of headings whose first word a plugin owns ("## Soal 1", "# Kelompok: …") is one block. It ends at the next other heading
of the same or a higher level, or at a line of three dashes. A fence is ``::: kind key=value`` to ``:::``.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from elearn.errors import Problem

HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(\w+)")
ANY_HEADING = re.compile(r"^ {0,3}(#{1,6})([ \t]|$)")
NEAR_HEADING = re.compile(r"^ {0,3}#{1,6}\s*(?:\*\*|__)?([^\W\d_]+)\s*(\d*)")
RULE = re.compile(r"^---[ \t]*$")
CODE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
OPEN = re.compile(r"^:::[ \t]*([A-Za-z][\w-]*)[ \t]*(.*)$")
CLOSE = re.compile(r"^:::[ \t]*$")


@dataclass(frozen=True)
class Owned:
    """Which first words of headings and which fences belong to which kind of block (keys in lower case)."""

    headings: Mapping[str, str] = field(default_factory=dict)
    fences: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """A block as it stood: ``line`` (from 1, within the text) is where ``body`` begins."""

    kind: str
    body: str
    line: int
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Split:
    """The prose with a token for each block, line for line as long as the text; the blocks; the faults."""

    prose: str
    blocks: tuple[Found, ...]
    problems: tuple[Problem, ...]


def split(text: str, owned: Owned, *, token: Callable[[int], str], whole: str | None = None) -> Split:
    """Take the blocks out of ``text``. ``token(n)`` is left where block n stood; ``whole`` is the kind that owns the file from its
    first heading on."""
    reader = _Reader(text.split("\n"), owned, token, whole)
    reader.read()
    return Split("\n".join(reader.prose), tuple(reader.blocks), tuple(reader.problems))


class _Reader:
    def __init__(self, lines: list[str], owned: Owned, token: Callable[[int], str], whole: str | None) -> None:
        self.lines, self.owned, self.token, self.whole = lines, owned, token, whole
        self.prose: list[str] = []
        self.blocks: list[Found] = []
        self.problems: list[Problem] = []

    def read(self) -> None:
        at, code = 0, ""
        while at < len(self.lines):
            line = self.lines[at]
            code = code_after(line, code)
            if not code and (kind := self._owner(line)):
                at = self._take_run(at, kind)
                continue
            if not code and (match := OPEN.match(line)) and match[1].casefold() in self.owned.fences:
                at = self._take_fence(at, match)
                continue
            if not code and (near := NEAR_HEADING.match(line)) and near[1].casefold() in self.owned.headings:
                self._wrong(
                    "B03",
                    "Judul “{line}” terbaca sebagai judul biasa.",
                    "Tulis “{better}”, dengan spasi di antaranya.",
                    at,
                    line=line.strip()[:60],
                    better=f"## {near[1]} {near[2]}".rstrip(),
                )
            self.prose.append(line)
            at += 1
        if self.whole and not self.blocks:
            self._take_all()

    def _take_all(self) -> None:
        """A file that is of a plugin's kind, and holds none of its headings, is its block from the first line to the last."""
        self.prose = []
        self._place(Found(str(self.whole), "\n".join(self.lines), 1), len(self.lines))

    def _owner(self, line: str) -> str | None:
        match = HEADING.match(line)
        return self.owned.headings.get(match[2].casefold()) if match else None

    def _take_run(self, start: int, kind: str) -> int:
        """The run of headings from line index ``start``; answers the index behind it."""
        level = len(_level(self.lines[start]))
        end, code = start + 1, ""
        whole = self.whole == kind
        while end < len(self.lines):
            line = self.lines[end]
            code = code_after(line, code)
            if not code and not whole:
                if RULE.match(line) and not self.lines[end - 1].strip():
                    break
                if ANY_HEADING.match(line) and self._owner(line) != kind and len(_level(line)) <= level:
                    break
            end += 1
        body = self.lines[start:end]
        ends_with_rule = end < len(self.lines) and RULE.match(self.lines[end]) is not None
        self._place(Found(kind, "\n".join(body), start + 1), len(body) + (1 if ends_with_rule else 0))
        return end + (1 if ends_with_rule else 0)

    def _take_fence(self, start: int, match: re.Match[str]) -> int:
        kind = self.owned.fences[match[1].casefold()]
        end, code = start + 1, ""
        while end < len(self.lines):
            code = code_after(self.lines[end], code)
            if not code and CLOSE.match(self.lines[end]):
                break
            end += 1
        if end == len(self.lines):
            self._wrong("B01", "Blok “::: {kind}” tidak ditutup.", "Tulis “:::” pada baris sendiri di akhir blok.", start, kind=match[1])
        try:
            words = shlex.split(match[2])
        except ValueError:
            words = []
            self._wrong("B02", "Tanda kutip pada “::: {kind}” tidak berpasangan.", "", start, kind=match[1])
        options = {key: value for key, _, value in (word.partition("=") for word in words)}
        body = self.lines[start + 1 : end]
        self._place(Found(kind, "\n".join(body), start + 2, options), min(end + 1, len(self.lines)) - start)
        return end + 1

    def _place(self, block: Found, length: int) -> None:
        """Put the token where the block stood, in as many lines, so that the lines behind keep their numbers."""
        self.blocks.append(block)
        token = self.token(len(self.blocks) - 1)
        filler = ["", token, *[""] * (length - 2)] if length >= 3 else [token, ""]
        if self.prose and self.prose[-1].strip() and length < 3:
            self.prose.append("")
        self.prose += filler[: max(length, 2)]

    def _wrong(self, code: str, message: str, remedy: str, index: int, **values: str) -> None:
        self.problems.append(Problem(code=code, message=message, remedy=remedy, line=index + 1, column=1, values=values))


def _level(line: str) -> str:
    match = ANY_HEADING.match(line)
    return match[1] if match else "######"


def code_after(line: str, code: str) -> str:
    """The fence that is open behind ``line``, given the one open before it ("" for none)."""
    match = CODE.match(line)
    if not match:
        return code
    if not code:
        return match[1]
    closes = match[1][0] == code[0] and len(match[1]) >= len(code) and line.strip() == match[1]
    return "" if closes else code
