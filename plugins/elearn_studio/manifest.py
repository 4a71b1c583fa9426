"""course.yml behind a form: the lines of one key are exchanged, all else stays as somebody wrote it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from elearn import Refused
from elearn_studio import drafts

TOP = re.compile(r"^([A-Za-z_]+)[ \t]*:")
NAMES = {
    "judul": ("judul", "title"),
    "ringkasan": ("ringkasan", "summary"),
    "jp": ("jp", "hours"),
    "tingkat": ("tingkat", "level"),
    "urutan": ("urutan", "order"),
    "lulus": ("lulus", "pass"),
    "tujuan": ("tujuan", "objectives"),
    "organisasi": ("organisasi", "organisation"),
    "lisensi": ("lisensi", "licence", "license"),
}
GROUPS = {  # lists of small mappings, a line each in the form, their values between semicolons
    "penulis": (("penulis", "authors"), (("nama", "name"), ("organisasi", "organisation"), ("orcid",))),
    "kompetensi": (("kompetensi", "competencies"), (("kode", "code"), ("level", "tingkat"))),
    "dasar": (("dasar", "legal_basis"), (("peraturan", "regulation"), ("per", "as_of"), ("sumber", "source"), ("keterangan", "note"))),
    "prasyarat": (("prasyarat", "prerequisites"), ()),
}
WORDS = {"basic": "dasar", "intermediate": "menengah", "advanced": "lanjut", "free": "bebas", "sequential": "berurut"}


def read(text: str) -> dict[str, str] | None:
    """The form's values, lists with a line for each item; None where the text is not the plain YAML that a form could show. A group that
    holds more than a line can show is left out: it is written in the text."""
    if re.search(r"(?m)(?:^|[\s\[,:-])[&*!][A-Za-z!]", text) or len(text) > 60_000:
        return None
    import yaml  # no page of a learner reads any

    try:
        found = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  BaseLoader makes nothing but text, lists and mappings
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    values = {name: _shown(next((found[key] for key in keys if key in found), "")) for name, keys in NAMES.items()}
    for name, (keys, parts) in GROUPS.items():
        shown = _group(next((found[key] for key in keys if key in found), ""), parts)
        if shown is not None:
            values[name] = shown
    return values


def _group(value: Any, parts: tuple[tuple[str, ...], ...]) -> str | None:
    """The items a line each; None where one holds more than the line can show."""
    lines = []
    for item in value if isinstance(value, list) else [value] if value else []:
        given = item if isinstance(item, dict) else {parts[0][0] if parts else "": item}
        cells = [next((given[key] for key in keys if key in given), "") for keys in parts or (("",),)]
        known = {key for keys in parts or (("",),) for key in keys}
        if set(given) - known or not all(isinstance(cell, str) and ";" not in cell for cell in cells):
            return None
        while cells and not cells[-1]:
            cells.pop()
        lines.append("; ".join(cells))
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(str(item) for item in value if isinstance(item, str))
    text = str(value) if isinstance(value, str) else ""
    return WORDS.get(text, text)


def write(text: str, values: Mapping[str, str]) -> str:
    """The text with these values in it; what did not change stays to the letter. Raises ``Refused`` where there is no title."""
    if not values.get("judul", "").strip():
        raise Refused("no_title", "Tulis judulnya dahulu.")
    before = read(text) or {}
    for name, value in values.items():
        value = value.replace("\r", "").strip()
        if name in before and value != before[name].strip():
            text = _exchanged(text, GROUPS[name][0] if name in GROUPS else NAMES[name], _lines(name, value))
    return drafts.clean_text(text)


def _lines(name: str, value: str) -> list[str]:
    if name in GROUPS:
        return _group_lines(name, [line.strip() for line in value.split("\n") if line.strip()])
    if name == "tujuan":
        items = [" ".join(line.split()).removeprefix("- ") for line in value.split("\n") if line.strip()]
        return [f"{name}:", *(f"  - {scalar(item)}" for item in items)] if items else []
    return [f"{name}: {scalar(' '.join(value.split()))}"] if value else []


def _group_lines(name: str, items: list[str]) -> list[str]:
    parts = GROUPS[name][1]
    if not items:
        return []
    if not parts:
        return [f"{name}:", *(f"  - {scalar(item.removeprefix('- '))}" for item in items)]
    lines = [f"{name}:"]
    for item in items:
        cells = [" ".join(cell.split()) for cell in item.removeprefix("- ").split(";")][: len(parts)]
        filled = [f"{keys[0]}: {scalar(cell)}" for keys, cell in zip(parts, cells, strict=False) if cell]
        lines += [f"{'  - ' if not number else '    '}{line}" for number, line in enumerate(filled)]
    return lines


def _exchanged(text: str, keys: tuple[str, ...], new: list[str]) -> str:
    """The text with the lines of the first of ``keys`` replaced; at its end where none of them is there."""
    lines = text.rstrip("\n").split("\n")
    starts = [number for number, line in enumerate(lines) if TOP.match(line)]
    for number, start in enumerate(starts):
        match = TOP.match(lines[start])
        if match and match[1].casefold() in keys:
            end = starts[number + 1] if number + 1 < len(starts) else len(lines)
            while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
                end -= 1
            return "\n".join([*lines[:start], *new, *lines[end:]]) + "\n"
    return "\n".join([*lines, *new]) + "\n"


def scalar(text: str) -> str:
    """The text as YAML holds it on one line: in quotes only where it needs them."""
    plain = text[:1].isalnum() and not any(sign in text for sign in (": ", " #", '"')) and not text.endswith(":")
    return text if plain else json.dumps(text, ensure_ascii=False)
