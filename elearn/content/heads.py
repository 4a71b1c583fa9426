"""The head of a lesson (title, minutes, kind, between two lines "---") where a word processor or a hasty hand has damaged it."""

from __future__ import annotations

import json
import re

WHOLE = re.compile(r"^---[ \t]*$")
FENCE = re.compile(r"^[ \t]*(?:-{2,}|[—–―]+-*)[ \t]*$")
KEY = re.compile(
    r"^[ \t]*(judul|title|id|jenis|kind|menit|minutes|wajib|required|dasar|legal_basis|tes|lulus|percobaan|waktu|ambil|acak|jeda|nilai|dibuka|ditutup)"
    r"[ \t]*:[ \t]*(.*)$",
    re.IGNORECASE,
)
FIRST = re.compile(r"^[ \t]*(?:judul|title|menit|minutes|jenis|kind)[ \t]*:", re.IGNORECASE)
MORE = re.compile(r"^[ \t]+\S|^- ")
TEXTS = {"judul", "title"}
CODE = re.compile(r"^[ \t]*(?:```|~~~)")
HIGHEST = 60  # lines: a head that stands lower is none that something was put before


def is_damaged(text: str) -> bool:
    """Whether the text begins with what was meant as a head and is none: it would be read as prose, and its title and kind be lost."""
    lines = text.lstrip("\n").split("\n")
    if text.startswith("---") and WHOLE.match(lines[0]) and any(WHOLE.match(line) for line in lines[1:200]):
        return False
    damaged = FIRST.match(lines[0]) or (FENCE.match(lines[0]) and len(lines) > 1 and KEY.match(lines[1]))
    return bool(damaged) or _pushed_down(lines) is not None


def mended(text: str) -> str:
    """The text with its head whole: at its beginning, the lines around it, keys at the margin, a title with a colon in quotes. Another
    text as it is."""
    if is_damaged(text):
        lines = text.lstrip("\n").split("\n")
        place = _pushed_down(lines)
        if place is None:
            return _rebuilt(lines)
        return mended("\n".join([*lines[place], "", *lines[: place.start], *lines[place.stop :]]))
    lines = text.split("\n")
    if not WHOLE.match(lines[0]):
        return text
    end = next((number for number, line in enumerate(lines[1:200], 1) if WHOLE.match(line)), 0)
    margin = [_line(line) if number == 1 or not line.startswith((" ", "\t")) else line for number, line in enumerate(lines[1:end], 1)]
    return "\n".join([lines[0], *margin, *lines[end:]]) if end else text


def _pushed_down(lines: list[str]) -> slice | None:
    """Where a whole head stands that something was put before, such as a picture; None where none does. Code shows heads and is none."""
    code = False
    for at, line in enumerate(lines[:HIGHEST]):
        if CODE.match(line):
            code = not code
        if code or not at or not WHOLE.match(line) or not FIRST.match("".join(lines[at + 1 : at + 2])):
            continue
        end = next((number for number in range(at + 2, min(len(lines), at + 200)) if WHOLE.match(lines[number])), 0)
        if end and all(KEY.match(one) or MORE.match(one) for one in lines[at + 1 : end]):
            return slice(at, end + 1)
    return None


def _rebuilt(lines: list[str]) -> str:
    at = 1 if FENCE.match(lines[0]) else 0
    head: list[str] = []
    while at < len(lines) and (KEY.match(lines[at]) or (head and MORE.match(lines[at]) and not FENCE.match(lines[at]))):
        head.append(_line(lines[at]))
        at += 1
    rest = lines[at:]
    while rest and not rest[0].strip() and any(FENCE.match(line) for line in rest[:3]):
        rest.pop(0)
    if rest and FENCE.match(rest[0]):
        rest.pop(0)
    body = "\n".join(rest)
    return "---\n" + "\n".join(head) + "\n---\n" + (body if body.startswith("\n") or not body else f"\n{body}")


def _line(line: str) -> str:
    match = KEY.match(line)
    if match is None:
        return line
    name, value = match[1].lower(), match[2].strip()
    wrong = not line.startswith(f"{name}:")
    if name in TEXTS and value[:1] not in ('"', "'") and (": " in value or " #" in value or value.endswith(":") or not value[:1].isalnum()):
        value, wrong = (json.dumps(value, ensure_ascii=False) if value else ""), wrong or bool(value)
    return f"{name}: {value}".rstrip() if wrong else line
