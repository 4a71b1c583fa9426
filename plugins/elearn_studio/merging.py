"""Three texts made one: what two people changed in the same lesson, line by line, with marks where they changed the same lines."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff

OURS, MIDDLE, THEIRS = "<<<<<<< TULISAN ANDA", "=======", ">>>>>>> YANG SUDAH TERSIMPAN"
FROM_ORIGIN = ">>>>>>> DARI MODUL ASAL"
MOST_COMPARED = 60_000
Run = tuple[int, int, int]


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
    ours, others = list(_alike(base, mine)), list(_alike(base, theirs))
    one = two = 0
    while one < len(ours) and two < len(others):
        (first, first_there, first_size), (second, second_there, second_size) = ours[one], others[two]
        start, end = max(first, second), min(first + first_size, second + second_size)
        if end > start:
            yield start, first_there + start - first, second_there + start - second, end - start
        if first + first_size <= second + second_size:
            one += 1
        else:
            two += 1


def _alike(old: list[str], new: list[str]) -> Iterator[Run]:
    """Runs of equal lines in order: (where in ``old``, where in ``new``, how many).

    Lines that stand once in both hold the texts together; only what lies between them is compared line by line, for that takes the square of
    its length and more: in a long lesson, whose every second line is empty, a minute. What is too long for it and has no such line counts as
    changed.
    """
    at = there = 0
    for place, other in [*_held(old, new), (len(old), len(new))]:
        if place < at:
            continue  # within a run already
        end, other_end = place, other
        while end > at and other_end > there and old[end - 1] == new[other_end - 1]:
            end, other_end = end - 1, other_end - 1
        if 0 < (end - at) * (other_end - there) <= MOST_COMPARED:
            for block in SequenceMatcher(None, old[at:end], new[there:other_end], autojunk=False).get_matching_blocks():
                if block.size:
                    yield at + block.a, there + block.b, block.size
        at, there = place, other
        while at < len(old) and there < len(new) and old[at] == new[there]:
            at, there = at + 1, there + 1
        if at > end:
            yield end, other_end, at - end


def _held(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Where the beginnings stand, and the lines that each text has once: the longest row of them that is in the same order in both."""
    counts, others = Counter(old), Counter(new)
    places = {line: number for number, line in enumerate(new)}
    pairs = [(at, places[line]) for at, line in enumerate(old) if counts[line] == 1 == others[line]]
    ends: list[int] = []  # the place in ``new`` at which the best row of that length ends, and which pair that is
    which: list[int] = []
    before: list[int] = []
    for number, (_at, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(which[length - 1] if length else -1)
        ends[length : length + 1], which[length : length + 1] = [place], [number]
    row = []
    number = which[-1] if which else -1
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return [(0, 0), *reversed(row)]


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
