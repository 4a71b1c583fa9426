"""From evidence to a level, by one stated rule. Pure.

The latest official assessment decides. What was learned after it (a completed course that teaches a level, a quiz's share for a
competency) lifts it by at most ``raise_most`` level, to no more than the level taught, and makes it an estimate. Without any
assessment, what was learned gives an estimate of at most ``unassessed_most``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .standards import tables


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A piece of evidence as the rule sees it; see ``models.Evidence``."""

    id: int
    code: str
    level: int
    kind: str
    shown_on: date
    share: float | None = None
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Level:
    """A person's level in a competency, whether it is an estimate, and the evidence it rests on (latest first)."""

    code: str
    level: int
    estimated: bool
    rests_on: tuple[Shown, ...]


def counts(shown: Shown) -> bool:
    """Whether evidence from learning is good enough: a share under the mark is not."""
    return shown.kind == "assessment" or shown.share is None or shown.share >= float(tables()["evidence"]["quiz_share"])


def level_of(code: str, evidence: Iterable[Shown]) -> Level | None:
    """The level that the evidence for one competency makes; None where there is none that counts."""
    rule = tables()["evidence"]
    mine = sorted((each for each in evidence if each.code == code and counts(each)), key=lambda each: (each.shown_on, each.id))
    assessed = [each for each in mine if each.kind == "assessment"]
    base = assessed[-1] if assessed else None
    later = [each for each in mine if each.kind != "assessment" and (base is None or each.shown_on >= base.shown_on)]
    taught = max((each.level for each in later), default=0)
    if base is None:
        if not taught:
            return None
        level = min(taught, int(rule["unassessed_most"]))
        return Level(code=code, level=level, estimated=True, rests_on=tuple(reversed(later)))
    if taught <= base.level:
        return Level(code=code, level=base.level, estimated=False, rests_on=(base,))
    level = min(taught, base.level + int(rule["raise_most"]))
    lifting = tuple(each for each in reversed(later) if each.level > base.level)
    return Level(code=code, level=level, estimated=True, rests_on=(*lifting, base))


def levels_of(evidence: Iterable[Shown]) -> dict[str, Level]:
    """The level of every competency that the evidence names."""
    known = list(evidence)
    found = {code: level_of(code, known) for code in {each.code for each in known}}
    return {code: level for code, level in found.items() if level is not None}
