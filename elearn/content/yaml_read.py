"""YAML as authors write it, read with the place of every value; what YAML would quietly change is kept as text or refused.

Scalars stay text ("no" is not false, 1.10 is not 1.1), and types are given by whoever asks. Anchors and aliases, duplicate
keys, tags and anything deeper than six levels are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from elearn.content.values import Json
from elearn.errors import Problem

SAID = {  # part of what the YAML library says -> what it means to an author
    "mapping values are not allowed": "colon",
    "tab character": "tab",
    "found another document": "second",
    "expected <document start>": "document",
    "end of stream": "quote",
    "cannot start any token": "token",
    "find expected key": "aligned",
    "sequence entries are not allowed": "list",
    "find expected '-' indicator": "item",
    "could not find expected ':'": "pair",
}
FAULTS = {
    "colon": "Ada titik dua di dalam teks, atau baris ini menjorok tanpa sebab.",
    "tab": "Baris ini dimulai dengan tab.",
    "second": "Ada garis “---” kedua.",
    "document": "Ada garis “---” kedua, atau teks yang bukan “kunci: nilai”.",
    "quote": "Tanda kutip tidak ditutup.",
    "token": "Nilai ini diawali tanda yang berarti lain di YAML, seperti @, %, atau tab.",
    "aligned": "Baris ini tidak sejajar dengan baris di atasnya.",
    "list": "Tanda “-” di sini bukan awal daftar.",
    "item": "Baris ini tidak sejajar dengan daftar di atasnya.",
    "pair": "Baris ini tidak memuat titik dua.",
}
REMEDIES = {
    "colon": 'Apit teks yang memuat titik dua dengan tanda kutip, misalnya judul: "Arsip: dasar"; sejajarkan barisnya.',
    "tab": "Pakai spasi, bukan tab.",
    "second": "Hapus semua garis “---” di berkas ini.",
    "document": "Hapus semua garis “---” di berkas ini, dan tulis “kunci: nilai” di setiap baris.",
    "quote": "Tutup tanda kutipnya pada baris yang sama.",
    "token": "Apit nilainya dengan tanda kutip.",
    "aligned": "Sejajarkan awal barisnya dengan spasi.",
    "list": "Mulai daftar pada baris baru di bawah kuncinya, atau apit nilainya dengan tanda kutip.",
    "item": "Sejajarkan awal barisnya dengan spasi.",
    "pair": "Tulis “kunci: nilai”, dengan spasi sesudah titik dua.",
}
MAX_SIZE, MAX_DEPTH = 64_000, 6
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Value:
    """One value and where it stands. ``content`` is str, list of Value, or dict of str to Value."""

    content: str | list[Value] | dict[str, Value]
    line: int
    column: int
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    def plain(self) -> Json:
        """The value without its places."""
        if isinstance(self.content, dict):
            return {name: value.plain() for name, value in self.content.items()}
        if isinstance(self.content, list):
            return [value.plain() for value in self.content]
        return self.content


def read(text: str, *, file: str, line: int = 1) -> tuple[Value, list[Problem]]:
    """The mapping that ``text`` holds, and all that is wrong with it; ``line`` is the file's line at which ``text`` starts."""
    empty = Value({}, line, 1)
    if len(text) > MAX_SIZE:
        return empty, [_problem("Y01", "Berkas YAML terlalu besar (lebih dari 64 kB).", "", file, line, 1)]
    problems: list[Problem] = []
    try:
        for event in yaml.parse(text, Loader=Loader):
            anchor = getattr(event, "anchor", None)
            if anchor:
                mark: Any = event.start_mark
                return empty, [
                    _problem(
                        "Y02",
                        "Tanda & atau * (jangkar YAML) tidak dipakai di sini.",
                        "Tulis nilainya langsung, atau apit teks yang memuat tanda itu dengan tanda kutip.",
                        file,
                        line + mark.line,
                        mark.column + 1,
                    )
                ]
        node = yaml.compose(text, Loader=Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = (line + mark.line, mark.column + 1) if mark else (line, 1)
        said = str(getattr(error, "problem", None) or error)
        known = next((meaning for part, meaning in SAID.items() if part in said), "")
        if known:
            return empty, [_problem("Y03", FAULTS[known], REMEDIES[known], file, *place)]
        return empty, [
            _problem(
                "Y03",
                "YAML tidak dapat dibaca: {detail}",
                "Periksa titik dua, spasi di awal baris, dan tanda kutip. Teks yang memuat titik dua diapit tanda kutip.",
                file,
                *place,
                detail=said[:120],
            )
        ]
    if node is None:
        return empty, []
    if not isinstance(node, yaml.MappingNode):
        return empty, [_problem("Y04", "Isinya harus berupa baris “kunci: nilai”.", "", file, line, 1)]
    value = _value(node, file, line, problems, depth=0)
    return value, problems


def _value(node: yaml.Node, file: str, first: int, problems: list[Problem], *, depth: int) -> Value:
    line, column = first + node.start_mark.line, node.start_mark.column + 1
    if depth > MAX_DEPTH:
        problems.append(_problem("Y05", "Susunan YAML terlalu dalam.", "Cukup beberapa tingkat saja.", file, line, column))
        return Value("", line, column)
    if (node.tag and not node.tag.startswith("tag:yaml.org,2002:")) or node.tag.startswith("tag:yaml.org,2002:python"):
        problems.append(_problem("Y06", "Tanda tipe YAML (!…) tidak dipakai di sini.", "Hapus tanda itu.", file, line, column))
        return Value("", line, column)
    if isinstance(node, yaml.ScalarNode):
        missing = node.style is None and node.value in ("", "~", "null")
        return Value("" if missing else node.value, line, column)
    if isinstance(node, yaml.SequenceNode):
        return Value([_value(item, file, first, problems, depth=depth + 1) for item in node.value], line, column)
    entries: dict[str, Value] = {}
    keys: dict[str, tuple[int, int]] = {}
    for key, item in _pairs(node):
        at = (first + key.start_mark.line, key.start_mark.column + 1)
        if not isinstance(key, yaml.ScalarNode):
            problems.append(_problem("Y07", "Kunci harus berupa satu kata.", "", file, *at))
            continue
        name = key.value.strip().casefold()
        if name in entries:
            problems.append(_problem("Y08", "Kunci “{name}” ditulis dua kali.", "Hapus salah satunya.", file, *at, name=key.value))
            continue
        entries[name], keys[name] = _value(item, file, first, problems, depth=depth + 1), at
    return Value(entries, line, column, keys)


def _pairs(node: yaml.Node) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    yield from node.value


def _problem(code: str, message: str, remedy: str, file: str, line: int, column: int, **values: str) -> Problem:
    return Problem(code=code, message=message, remedy=remedy, file=file, line=line, column=column, values=values)
