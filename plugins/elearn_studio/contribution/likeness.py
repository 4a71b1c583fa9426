"""How much of a text stands already in another course: shingles of words, counted. Pure.

A shingle is ``LENGTH`` words in a row, in small letters, markup left out. The share of a text's shingles that another holds too says how
much of it was taken over; what is quoted (lines that begin with >) and code is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LENGTH = 8
NOTABLE = 0.15
WORD = re.compile(r"\w+")
FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """A file, the course it resembles, and the share (0 to 1) of its shingles that stand there."""

    path: str
    other: str
    share: float


def shingles(text: str) -> frozenset[int]:
    """The hashes of a text's shingles."""
    text = text.partition("\n---\n")[2] if text.startswith("---\n") else text
    body = "\n".join(line for line in FENCE.sub("", text).splitlines() if not line.lstrip().startswith(">"))
    words = WORD.findall(body.casefold())
    return frozenset(hash(tuple(words[at : at + LENGTH])) for at in range(len(words) - LENGTH + 1))


def likenesses(texts: Mapping[str, str], others: Iterable[tuple[str, Mapping[str, str]]]) -> list[Likeness]:
    """The files of ``texts`` of which a notable share stands in one of the ``others`` (title, texts by path), the likest first."""
    mine = {path: shingles(text) for path, text in texts.items() if path.endswith(".md")}
    mine = {path: found for path, found in mine.items() if len(found) >= 20}
    found = []
    for title, other in others:
        theirs = frozenset().union(*(shingles(text) for path, text in other.items() if path.endswith(".md")))
        for path, own in mine.items():
            share = len(own & theirs) / len(own)
            if share >= NOTABLE:
                found.append(Likeness(path=path, other=title, share=share))
    return sorted(found, key=lambda each: (-each.share, each.path))
