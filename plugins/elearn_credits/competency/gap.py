"""The gap between what a post asks and what a person has shown, and the job-person match (JPM). Pure.

gap = level shown - level asked; below zero needs learning. JPM % = sum of shown / sum of asked x 100, each competency counting at most
what is asked where the data say ``capped``. Competencies without any evidence count as not shown; the page says how many these are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .framework import Competency
from .levels import Level
from .standards import Standard, tables


@dataclass(frozen=True, kw_only=True)
class GapLine:
    """One competency: the level asked and the level shown (None: nothing known)."""

    competency: Competency
    asked: int
    shown: Level | None

    @property
    def gap(self) -> int:
        """Levels missing; 0 where none is."""
        return max(0, self.asked - (self.shown.level if self.shown else 0))


@dataclass(frozen=True, kw_only=True)
class Match:
    """All competencies a post asks, the widest gap first, with the match in percent and its category."""

    standard: Standard
    lines: tuple[GapLine, ...]

    @property
    def unknown(self) -> int:
        """Competencies about which nothing is known."""
        return sum(line.shown is None for line in self.lines)

    @property
    def percent(self) -> float | None:
        """JPM in percent; None where nothing at all is known."""
        asked = sum(line.asked for line in self.lines)
        if not asked or self.unknown == len(self.lines):
            return None
        capped = bool(tables()["jpm"]["capped"])
        shown = sum((min(line.shown.level, line.asked) if capped else line.shown.level) for line in self.lines if line.shown)
        return 100 * shown / asked

    def category(self, purpose: str = "mapping") -> str:
        """The category of the percentage for a ``purpose``: "mapping" (pemetaan) or "selection" (pengisian jabatan)."""
        return "" if self.percent is None else category(self.percent, purpose)


def category(percent: float, purpose: str) -> str:
    """The title of the band that ``percent`` lies in."""
    return str(next(band["title"] for band in tables()["jpm"][purpose] if percent >= band["least"]))


def match(standard: Standard, levels: Mapping[str, Level], framework: Mapping[str, Competency]) -> Match:
    """Lay a person's levels beside a standard."""
    lines = [
        GapLine(competency=framework[code], asked=asked, shown=levels.get(code))
        for code, asked in standard.levels.items()
        if code in framework
    ]
    places = list(framework)
    lines.sort(key=lambda line: (-line.gap, places.index(line.competency.code)))
    return Match(standard=standard, lines=tuple(lines))
