"""A learner's answer: read from a form or a script's message, bounded, and said again in words.

An answer is JSON: the id of a choice (single), a list of them (multiple), "benar" or "salah" (true_false), a text (short, number).
None stands for no answer.
"""

from __future__ import annotations

from typing import Any

from elearn_quizzes.published import Item
from elearn_quizzes.texts import plain, shortened

LONGEST = 200
TRUE, FALSE = "benar", "salah"
Answer = Any


def clean(item: Item, value: Any) -> Answer:
    """The answer that ``value`` (a str, or a list of str) is to the item; None where it is none: unknown choices are no answer."""
    given = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
    if item.kind == "multiple":
        known = [choice.id for choice in item.choices if choice.id in given]
        return known or None
    first = given[0] if given else ""
    if item.kind == "single":
        return first if any(choice.id == first for choice in item.choices) else None
    if item.kind == "true_false":
        return first if first in (TRUE, FALSE) else None
    return " ".join(first.replace("\x00", "").split())[:LONGEST] or None


def spoken(item: Item, answer: Answer) -> str:
    """The answer in words; "" for none."""
    if answer is None:
        return ""
    if item.kind in ("single", "multiple"):
        chosen = answer if isinstance(answer, list) else [answer]
        return "; ".join(shortened(_words(choice.html), 160) for choice in item.choices if choice.id in chosen)
    return str(answer)


def right_answer(item: Item) -> str:
    """The right answer in words."""
    if item.kind in ("single", "multiple"):
        best = max((choice.share for choice in item.choices), default=0.0)
        right = [choice for choice in item.choices if (choice.share == best if item.kind == "single" else choice.share > 0)]
        return "; ".join(_words(choice.html) for choice in right)
    if item.kind == "true_false":
        return TRUE if item.truth else FALSE
    shown = [answer.strip('"') for answer in item.answers if not answer.startswith("/")] or list(item.answers)
    return " / ".join(f"{answer} {item.unit}".strip() if item.unit and item.unit not in answer else answer for answer in shown)


def _words(html: str) -> str:
    """The text of a short HTML, for messages."""
    inside, kept = False, []
    for character in html:
        if character in "<>":
            inside = character == "<"
            if not inside:
                kept.append(" ")
        elif not inside:
            kept.append(character)
    text = plain("".join(kept))
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return " ".join(text.split())
