"""Which wordings of a question and of a quiz are the same: publishing a course again does not make a question another one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from elearn_quizzes.published import Item, Published


def item_version(item: Item) -> str:
    """16 hexadecimal digits that change with anything in the question: its words, its key, its points."""
    text = json.dumps(asdict(item), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def form_version(quiz: Published) -> str:
    """The same for a quiz: all its questions, and how many are drawn."""
    parts = [[pool.draw, [item_version(item) for item in pool.items]] for pool in quiz.pools]
    return hashlib.sha256(json.dumps([quiz.settings.draw, parts]).encode()).hexdigest()[:16]
