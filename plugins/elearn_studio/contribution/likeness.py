"""How much of a text stands already in another course: shingles of words, counted.

A shingle is ``LENGTH`` words in a row, in small letters, markup left out. The share of a text's shingles that another holds too says how
much of it was taken over; what is quoted and code is not counted. Of all shingles every fourth by its hash is kept, which tells the share
as well and takes a quarter of the room (A. Broder, On the resemblance and containment of documents, 1997).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from elearn import Lesson

LENGTH, KEPT, FEWEST = 8, 4, 10
NOTABLE = 0.15
WORD = re.compile(r"\w+")
QUOTED = re.compile(r"<(blockquote|pre|code)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")
Sketch = frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """A lesson's title, the course it resembles, and the share (0 to 1) of its shingles that stand there."""

    title: str
    other: str
    share: float


def sketch(html: Iterable[str]) -> Sketch:
    """The kept hashes of the shingles of some HTML; the same text has the same on every machine."""
    found = set()
    for part in html:
        words = WORD.findall(unescape(TAG.sub(" ", QUOTED.sub(" ", part))).casefold())
        for at in range(len(words) - LENGTH + 1):
            number = int.from_bytes(hashlib.blake2b(" ".join(words[at : at + LENGTH]).encode(), digest_size=6).digest(), "big")
            if number % KEPT == 0:
                found.add(number)
    return frozenset(found)


def texts_of(lesson: Lesson) -> Iterator[str]:
    """What a reader reads of a lesson, its questions among it, as HTML."""
    yield " ".join(part for part in lesson.parts if isinstance(part, str))
    for block in lesson.blocks:
        yield from _strings(block.data)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def likenesses(mine: Mapping[str, Sketch], others: Iterable[tuple[str, Sketch]]) -> list[Likeness]:
    """The texts (by title) of which a notable share stands in one of the ``others`` (title, sketch), the likest first."""
    long = {title: own for title, own in mine.items() if len(own) >= FEWEST}
    found = []
    for other, theirs in others:
        for title, own in long.items():
            share = len(own & theirs) / len(own)
            if share >= NOTABLE:
                found.append(Likeness(title=title, other=other, share=share))
    return sorted(found, key=lambda each: (-each.share, each.title))


def kept(folder: Path, digest: str, lessons: Iterable[Lesson]) -> Sketch:
    """The sketch of the version ``digest``, read from ``folder`` where it was made before: a version never changes."""
    path = folder / f"{digest}.json"
    try:
        return frozenset(json.loads(path.read_bytes()))
    except (OSError, ValueError):
        pass
    found = sketch(text for lesson in lessons for text in texts_of(lesson))
    folder.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(prefix=".new-", dir=folder)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(sorted(found), file)
    os.replace(scratch, path)
    return found
