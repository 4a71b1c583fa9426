"""Which questions an attempt asks, and in which order: drawn once from a seed, and kept with the attempt as drawn."""

from __future__ import annotations

import random
from typing import Any

from elearn_quizzes.published import Item, Pool, Published
from elearn_quizzes.rules import chosen
from elearn_quizzes.variants import drawn_values

Drawn = list[dict[str, Any]]


def draw(quiz: Published, seed: int) -> Drawn:
    """What is asked, a mapping for each question in order; the same seed and quiz give the same draw.

    "item": its id; "order": the ids of its choices; where it has them, "rows": the ids of its rows, "gaps": the ids of choices by gap,
    "values": the numbers of its parameters. ``asked.as_drawn`` makes the question of it again.
    """
    chance = random.Random(seed)  # noqa: S311  fairness, not secrecy: the seed itself comes from a secret source
    if any(pool.draw for pool in quiz.pools):
        items = [item for pool in quiz.pools for item in _of_pool(pool, chance)]
    else:
        items = _some(list(quiz.items()), quiz.settings.draw, chance)
    if quiz.settings.shuffle_questions:
        chance.shuffle(items)
    return [draw_one(item, chance) for item in items]


def draw_one(item: Item, chance: random.Random) -> dict[str, Any]:
    """How one question is asked."""
    always = item.kind == "match"
    found: dict[str, Any] = {"item": item.id, "order": _shuffled([one.id for one in item.choices], chance, really=item.shuffle or always)}
    if item.rows:
        found["rows"] = (
            _steps(item, chance) if item.kind == "order" else _shuffled([one.id for one in item.rows], chance, really=item.shuffle)
        )
    if item.gaps:
        found["gaps"] = {
            gap.id: _shuffled([one.id for one in gap.choices], chance, really=item.shuffle) for gap in item.gaps if gap.choices
        }
    if item.parameters:
        found["values"] = drawn_values(item.parameters, chance)
    return found


def _of_pool(pool: Pool, chance: random.Random) -> list[Item]:
    if not pool.rules:
        return _some(list(pool.items), pool.draw, chance)
    return [pool.items[at] for at in chosen(pool.rules, pool.items, chance) or ()]


def _some(items: list[Item], count: int | None, chance: random.Random) -> list[Item]:
    """``count`` of the items, in the order of the file; all of them for None."""
    if count is None or count >= len(items):
        return items
    return [items[index] for index in sorted(chance.sample(range(len(items)), count))]


def _shuffled(ids: list[str], chance: random.Random, *, really: bool) -> list[str]:
    if really:
        chance.shuffle(ids)
    return ids


def _steps(item: Item, chance: random.Random) -> list[str]:
    """The steps in an order that is not the right one: what stands right from the start asks nothing."""
    right = [row.id for row in sorted(item.rows, key=lambda row: int(row.key))]
    ids = _shuffled(sorted(right), chance, really=True)
    return ids if ids != right or len(ids) < 2 else [*ids[1:], ids[0]]
