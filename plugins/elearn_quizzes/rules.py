"""Rules of a draw: so many questions of a tag, a competency or a level ("Ambil: 2 tag gratifikasi"), none asked twice."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

By = Literal["", "tags", "competencies", "level"]
WORDS: dict[str, By] = {"tag": "tags", "kompetensi": "competencies", "tingkat": "level", "competency": "competencies", "level": "level"}
CANONICAL = {"tags": "tag", "competencies": "kompetensi", "level": "tingkat"}
_RULE = re.compile(rf"(\d{{1,4}})(?:\s+(?:soal\s+)?(?:dari\s+|dengan\s+)?({'|'.join(WORDS)})\s*:?\s+(.+))?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``count`` questions whose ``by`` is or holds ``value``; any at all where ``by`` is ""."""

    count: int
    by: By = ""
    value: str = ""

    def fits(self, question: Any) -> bool:
        """Whether a question (anything with tags, competencies and level) may be taken for this rule."""
        if not self.by:
            return True
        held = (question.level,) if self.by == "level" else getattr(question, self.by)
        return self.value.casefold() in {one.casefold() for one in held}

    def written(self) -> str:
        """The rule as an author writes it."""
        return f"{self.count} {CANONICAL[self.by]} {self.value}" if self.by else str(self.count)


def read_rule(text: str) -> Rule:
    """ "2" or "2 tag gratifikasi". Raises ``ValueError`` for anything else."""
    match = _RULE.fullmatch(" ".join(text.split()))
    if match is None or int(match[1]) < 1:
        raise ValueError(text)
    by = WORDS[match[2].casefold()] if match[2] else ""
    return Rule(count=int(match[1]), by=by, value=(match[3] or "").strip())


def chosen(rules: Sequence[Rule], questions: Sequence[Any], chance: random.Random) -> list[int] | None:
    """The indices of questions that satisfy all rules, in the order of the file; None where no choice does.

    Each place goes to a random question that fits; where a rule finds only taken ones, an earlier place gives way to another that fits
    it (augmenting paths), so that rules that overlap never fail while they could be met.
    """
    slots = [rule for rule in rules for _ in range(rule.count)]
    fitting = []
    for rule in slots:
        fits = [at for at, question in enumerate(questions) if rule.fits(question)]
        chance.shuffle(fits)
        fitting.append(fits)
    taken: dict[int, int] = {}
    for slot in range(len(slots)):
        if not _place(slot, fitting, taken):
            return None
    return sorted(taken)


def _place(slot: int, fitting: list[list[int]], taken: dict[int, int]) -> bool:
    """Give ``slot`` a question, moving earlier ones where that must be (breadth first, so without recursion)."""
    came_from: dict[int, int] = {}  # question -> the slot that reached it
    queue = [slot]
    for one in queue:
        for question in fitting[one]:
            if question in came_from:
                continue
            came_from[question] = one
            if question not in taken:
                _move(question, slot, came_from, taken)
                return True
            queue.append(taken[question])
    return False


def _move(question: int, slot: int, came_from: dict[int, int], taken: dict[int, int]) -> None:
    held = {place: at for at, place in taken.items()}
    while True:
        place = came_from[question]
        before = held.get(place)
        taken[question] = place
        if place == slot or before is None:
            return
        question = before
