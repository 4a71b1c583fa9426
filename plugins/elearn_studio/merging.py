"""Three texts made one: what two people changed in the same lesson, line by line, with marks where they changed the same lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff

OURS, MIDDLE, THEIRS = "<<<<<<< TULISAN ANDA", "=======", ">>>>>>> YANG SUDAH TERSIMPAN"
FROM_ORIGIN = ">>>>>>> DARI MODUL ASAL"


@dataclass(frozen=True)
class Merged:
    """``text`` holds both sides' changes; ``conflicts`` counts the places where marks stand for somebody to decide."""

    text: str
    conflicts: int


def merge(base: str, mine: str, theirs: str, *, last: str = THEIRS) -> Merged:
    """Merge two descendants of ``base``. Where only one side changed, its change is taken; ``last`` is the mark below the other side."""
    if mine == theirs or theirs == base:
        return Merged(mine, 0)
    if mine == base:
        return Merged(theirs, 0)
    texts = [text.split("\n") for text in (base, mine, theirs)]
    lines: list[str] = []
    conflicts = 0
    for same, chunks in _chunks(*texts):
        old, ours, others = chunks
        if same or ours == others or others == old:
            lines += ours
        elif ours == old:
            lines += others
        else:
            conflicts += 1
            lines += [OURS, *ours, MIDDLE, *others, last]
    return Merged("\n".join(lines), conflicts)


def _chunks(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[tuple[bool, tuple[list[str], list[str], list[str]]]]:
    """The texts cut at the lines that all three share: (True, shared) and (False, what stands between) in turn."""
    at = [0, 0, 0]
    for start, mine_start, theirs_start, length in _shared(base, mine, theirs):
        yield False, (base[at[0] : start], mine[at[1] : mine_start], theirs[at[2] : theirs_start])
        yield True, (base[start : start + length], mine[mine_start : mine_start + length], theirs[theirs_start : theirs_start + length])
        at = [start + length, mine_start + length, theirs_start + length]
    yield False, (base[at[0] :], mine[at[1] :], theirs[at[2] :])


def _shared(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Runs of lines that stand in all three texts: where in each, and how many."""
    ours = SequenceMatcher(None, base, mine, autojunk=False).get_matching_blocks()
    others = SequenceMatcher(None, base, theirs, autojunk=False).get_matching_blocks()
    one = two = 0
    while one < len(ours) and two < len(others):
        first, second = ours[one], others[two]
        start, end = max(first.a, second.a), min(first.a + first.size, second.a + second.size)
        if end > start:
            yield start, first.b + start - first.a, second.b + start - second.a, end - start
        if first.a + first.size <= second.a + second.size:
            one += 1
        else:
            two += 1


def marks(text: str) -> list[int]:
    """The lines (from 1) at which something is left to decide."""
    return [number for number, line in enumerate(text.splitlines(), start=1) if line == OURS]


def has_marks(text: str) -> bool:
    """Whether a mark of a merge is still in the text."""
    return any(line in (OURS, THEIRS, FROM_ORIGIN) for line in text.splitlines())


def line_changes(old: str, new: str) -> list[tuple[str, str]]:
    """A diff to show: (" ", "-", "+" or "@", line), with three lines around each change."""
    found = list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=3))[2:]
    return [(line[:1] or " ", "" if line.startswith("@@") else line[1:]) for line in found]
