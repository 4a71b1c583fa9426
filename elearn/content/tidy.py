"""Puts a lesson's text into the form the guide shows: what Word and chat programs leave in it goes, what it says stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from elearn.content import blocks, heads, manifest
from elearn.errors import Problem

INVISIBLE = str.maketrans({"\u200b": None, "\ufeff": None, "\u00ad": None, "\u2060": None, "\u00a0": " ", "\u202f": " ", "\u2028": "\n"})
BULLET = re.compile(r"^( {0,6})[•·▪●○◦‣∙\uf0b7\uf0a7][ \t]*(?=\S)")
CLOSE_HEADING = re.compile(r"^(#{1,6})(?=[^#\s!])(?!\d+\b)")
BOLD_HEADING = re.compile(r"^(#{1,6}[ \t]+)(?:\*\*|__)(.+?)(?:\*\*|__)[ \t]*$")
ANY_HEADING = re.compile(r"^#{1,6}[ \t]+\S")
EMPTY_BOLD = re.compile(r"(?<!\*)\*\*[ \t]*\*\*(?!\*)")
TABLE = re.compile(r"^\|.*\|[ \t]*$")
KIND = re.compile(r"^(?:jenis|kind):[ \t]*(\S+)", re.MULTILINE)
Tidiers = Mapping[str, Callable[[str], str]]


def tidy(text: str, *, owned: blocks.Owned, tidiers: Tidiers, lesson_kinds: Mapping[str, str]) -> tuple[str, list[Problem]]:
    """The text put right, and what was done, a ``Problem`` of severity "fixed" each, at the line where it was done first.

    ``tidiers`` are the plugins' own, by kind of block. Code between fences is left as it is; tidying twice is tidying once.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    whole_head = heads.mended(text)
    done_to_head = whole_head != text
    text = whole_head
    yaml_text, body, first = manifest.split_front_matter(text)
    head = text[: len(text) - len(body)] if yaml_text or first > 1 else ""
    kind = KIND.search(yaml_text)
    whole = lesson_kinds.get(kind[1].casefold()) if kind else None
    work = _Work(first)
    if done_to_head:
        work.report("R07", "Kepala pelajaran dirapikan.", [1 - first])
    lines = work.characters(body.split("\n"))
    lines = work.structure(lines)
    lines = work.space(lines)
    done = "\n".join(lines).strip("\n") + "\n"
    done = work.plugins(done, owned, tidiers, whole)
    done = "\n".join(_Work(first).space(done.split("\n"))).strip("\n") + "\n"
    return head.translate(INVISIBLE) + ("\n" if head and not done.startswith("\n") and body.startswith("\n") else "") + done, work.problems


class _Work:
    def __init__(self, first: int) -> None:
        self.first = first
        self.problems: list[Problem] = []

    def report(self, code: str, message: str, places: list[int]) -> None:
        if places:
            self.problems.append(
                Problem(code=code, message=message, line=self.first + places[0], column=1, severity="fixed", values={"count": len(places)})
            )

    def characters(self, lines: list[str]) -> list[str]:
        """Invisible characters, and spaces behind a line; two of them before more text are a line break and stay."""
        done, invisible, trailing = [], [], []
        for number, line in enumerate(lines):
            seen = line.translate(INVISIBLE)
            if seen != line:
                invisible.append(number)
            bare = seen.rstrip()
            follows = lines[number + 1].strip() if number + 1 < len(lines) else ""
            kept = bare + "  " if bare and follows and seen.endswith("  ") else bare
            if kept != seen:
                trailing.append(number)
            done.append(kept)
        self.report("R01", "Huruf tak terlihat dari Word dihapus di {count} baris.", invisible)
        self.report("R02", "Spasi di akhir {count} baris dihapus.", trailing)
        return done

    def structure(self, lines: list[str]) -> list[str]:
        """Bullets and headings as Markdown writes them."""
        done, bullets, headings = [], [], []
        code = ""
        for number, line in enumerate(lines):
            code = blocks.code_after(line, code)
            if code or blocks.CODE.match(line):
                done.append(line)
                continue
            better = BULLET.sub(r"\1- ", line)
            if better != line:
                bullets.append(number)
            titled = BOLD_HEADING.sub(r"\1\2", CLOSE_HEADING.sub(r"\1 ", better))
            titled = EMPTY_BOLD.sub("", titled)
            if titled != better:
                headings.append(number)
            done.append(titled)
        self.report("R03", "{count} butir daftar ditulis dengan “- ”.", bullets)
        self.report("R04", "{count} judul atau huruf tebal dirapikan.", headings)
        return done

    def space(self, lines: list[str]) -> list[str]:
        """One blank line before headings and tables, never two in a row."""
        done: list[str] = []
        places = []
        code = ""
        for number, line in enumerate(lines):
            inside = bool(code)
            code = blocks.code_after(line, code)
            before = done[-1] if done else ""
            if not inside:
                if not line.strip() and done and not before.strip():
                    places.append(number)
                    continue
                begins = ANY_HEADING.match(line) or (TABLE.match(line) and not TABLE.match(before))
                if begins and before.strip() and not before.startswith((">", "|")):
                    done.append("")
                    places.append(number)
            done.append(line)
        self.report("R05", "Baris kosong dirapikan di {count} tempat.", places)
        return done

    def plugins(self, text: str, owned: blocks.Owned, tidiers: Tidiers, whole: str | None) -> str:
        """Hand each plugin its blocks."""
        if not tidiers:
            return text
        split = blocks.split(text, owned, token=lambda number: "", whole=whole)
        for found in split.blocks:
            if found.kind not in tidiers or found.body not in text:
                continue
            better = tidiers[found.kind](found.body)
            if better != found.body:
                before = text.partition(found.body)[0]
                self.report("R06", "Penulisan soal dirapikan.", [before.count("\n")])
                text = text.replace(found.body, better, 1)
        return text
