"""Short answers in words: how an author writes what is right, and when a learner's words are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal, TypedDict

from elearn_quizzes.patterns import pattern_matches, written_pattern

_IGNORED = frozenset(".,;:!?'\"`´’‘“”„«»()[]{}<>-‐‑–—_…/\\|")
_PATTERN_END = re.compile(r"(?<!\\)/\w*\s*(?=\||$)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)(?:\{[^}]*\})?")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"(?<!\\)(?:\*+|~~|`+|(?<!\w)_+|_+(?!\w))")


class Accepted(TypedDict):
    """One wording that is right. ``how``: "text" (case and punctuation ignored), "exact", or "pattern" (with ``flags``)."""

    how: Literal["text", "exact", "pattern"]
    value: str
    flags: str


def alternatives(text: str) -> tuple[str, ...]:
    """The wordings between the bars of "KPK | "KPK RI" | /UPG( instansi)?/i", as written; bars in quotes and patterns do not count."""
    found: list[str] = []
    at = 0
    while at <= len(text):
        start = at + len(text[at:]) - len(text[at:].lstrip())
        end = _end_of_alternative(text, start)
        raw = text[start:end].strip()
        if raw:
            found.append(raw)
        at = end + 1
    return tuple(found)


def _end_of_alternative(text: str, start: int) -> int:
    """The index of the bar behind the wording at ``start``, or the end of the text."""
    if text[start : start + 1] == '"':
        close = re.compile(r'"\s*(?=\||$)').search(text, start + 1)
        if close:
            return close.end()
    if text[start : start + 1] == "/":
        close = _PATTERN_END.search(text, start + 1)
        if close:
            return close.end()
    at = start
    while at < len(text) and text[at] != "|":
        at += 2 if text[at] == "\\" else 1
    return min(at, len(text))


def accepted(raw: str) -> Accepted:
    """How an author's wording is compared. A wording that holds nothing but punctuation is compared exactly."""
    pattern = written_pattern(raw)
    if pattern:
        return {"how": "pattern", "value": pattern[0], "flags": pattern[1]}
    if len(raw) >= 2 and raw[0] == raw[-1] == '"':
        return {"how": "exact", "value": _spaced(raw[1:-1]), "flags": ""}
    value = _spaced(raw.replace("\\|", "|"))
    return {"how": "text" if normal(value) else "exact", "value": value, "flags": ""}


def same(wanted: Sequence[Accepted], answer: str) -> bool:
    """Whether an answer is one of the wordings."""
    return any(_is(one, answer) for one in wanted)


def _is(wanted: Accepted, answer: str) -> bool:
    if wanted["how"] == "pattern":
        return pattern_matches(wanted["value"], wanted["flags"], answer=_spaced(answer))
    if wanted["how"] == "exact":
        return _spaced(answer) == wanted["value"]
    return normal(answer) == normal(wanted["value"])


def normal(text: str) -> str:
    """A text for comparing: one case, one Unicode form, punctuation and runs of space as one space. Signs such as + % # $ stay."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(" " if character in _IGNORED else character for character in folded).split())


def _spaced(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def plain(markdown: str) -> str:
    """Markdown as plain words on one line: link texts, alternative texts, no marks of emphasis. For labels, not for HTML."""
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", markdown))
    return " ".join(_MARKS.sub("", text).split())


def words(html: str) -> str:
    """The text of a short HTML, for messages and lists to choose from."""
    inside, kept = False, []
    for character in html:
        if character in "<>":
            inside = character == "<"
            if not inside:
                kept.append(" ")
        elif not inside:
            kept.append(character)
    text = plain("".join(kept))
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return " ".join(text.split())


def in_a_row(texts: Iterable[str]) -> str:
    """Several texts on one line: a sentence among them gives up its full stop, but for the last one."""
    *first, last = [*texts] or [""]
    return "; ".join([*(text.removesuffix(".") for text in first), last])


def shortened(text: str, longest: int) -> str:
    """A text cut at a word so that it has at most ``longest`` characters, the ellipsis counted."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
