"""Which questions an attempt asks, and in which order: drawn once from a seed, and kept with the attempt as drawn."""

from __future__ import annotations

import random
from typing import Any

from elearn_quizzes.published import Item, Published

Drawn = list[dict[str, Any]]


def draw(quiz: Published, seed: int) -> Drawn:
    """``[{"item": id, "order": [ids of choices]}, …]``. The same seed and quiz give the same draw."""
    chance = random.Random(seed)  # noqa: S311  fairness, not secrecy: the seed itself comes from a secret source
    if any(pool.draw for pool in quiz.pools):
        items = [item for pool in quiz.pools for item in _some(list(pool.items), pool.draw, chance)]
    else:
        items = _some(list(quiz.items()), quiz.settings.draw, chance)
    if quiz.settings.shuffle_questions:
        chance.shuffle(items)
    return [{"item": item.id, "order": _order(item, chance)} for item in items]


def _some(items: list[Item], count: int | None, chance: random.Random) -> list[Item]:
    """``count`` of the items, in the order of the file; all of them for None."""
    if count is None or count >= len(items):
        return items
    return [items[index] for index in sorted(chance.sample(range(len(items)), count))]


def _order(item: Item, chance: random.Random) -> list[str]:
    ids = [choice.id for choice in item.choices]
    if item.shuffle:
        chance.shuffle(ids)
    return ids
