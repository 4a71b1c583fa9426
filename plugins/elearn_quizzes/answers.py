"""A learner's answer: read from a form or a script's message, bounded, and said again in words.

An answer is JSON; None stands for no answer.

* single, survey     the id of a choice            * true_false      "benar" or "salah"
* multiple, survey   a list of ids                 * short, number   a text
* match              {row: choice}                 * essay, survey   a text with its lines
* order              {step: place from 1}          * upload          {"file", "name", "size", "type", "digest"}, made by the server alone
* cloze              a list, a text or an id for each gap, "" for none
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from elearn import gettext as _
from elearn_quizzes.published import Item
from elearn_quizzes.texts import in_a_row, shortened, words

LONGEST = 200
LONGEST_ESSAY = 20_000
LONGEST_VIEW = 2_000
TRUE, FALSE = "benar", "salah"
FILE_KEYS = frozenset({"file", "name", "size", "type", "digest"})
Answer = Any


def clean(item: Item, value: Any) -> Answer:
    """The answer that ``value`` (a str, a list of str, or an answer as kept) is to the item; None where it is none: what is unknown is
    no answer."""
    if isinstance(value, dict):
        if item.kind == "upload":
            whole = value.keys() == FILE_KEYS and isinstance(value["file"], int) and isinstance(value["size"], int)
            return value if whole else None
        value = [f"{name}:{one}" for name, one in value.items()]
    given = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
    return _READ.get(item.kind, _line)(item, given)


def _one(item: Item, given: list[str]) -> Answer:
    first = given[0] if given else ""
    return first if any(choice.id == first for choice in item.choices) else None


def _several(item: Item, given: list[str]) -> Answer:
    return [choice.id for choice in item.choices if choice.id in given] or None


def _truth(_item: Item, given: list[str]) -> Answer:
    return given[0] if given and given[0] in (TRUE, FALSE) else None


def _line(_item: Item, given: list[str]) -> Answer:
    return _text(given[0] if given else "") or None


def _text(given: str) -> str:
    return " ".join(given.replace("\x00", "").split())[:LONGEST]


def _lines(text: str, longest: int) -> Answer:
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()[:longest].strip() or None


def _essay(_item: Item, given: list[str]) -> Answer:
    return _lines(given[0] if given else "", LONGEST_ESSAY)


def _survey(item: Item, given: list[str]) -> Answer:
    if not item.choices:
        return _lines(given[0] if given else "", LONGEST_VIEW)
    return _several(item, given) if item.many else _one(item, given)


def _pairs(given: list[str], names: set[str], values: set[str]) -> dict[str, str]:
    split = (one.partition(":") for one in given)
    return {name: value for name, _, value in split if name in names and value in values}


def _match(item: Item, given: list[str]) -> Answer:
    return _pairs(given, {row.id for row in item.rows}, {choice.id for choice in item.choices}) or None


def _order(item: Item, given: list[str]) -> Answer:
    places = {str(place) for place in range(1, len(item.rows) + 1)}
    return {name: int(place) for name, place in _pairs(given, {row.id for row in item.rows}, places).items()} or None


def _cloze(item: Item, given: list[str]) -> Answer:
    found = []
    for at, gap in enumerate(item.gaps):
        one = _text(given[at]) if at < len(given) else ""
        found.append(one if not gap.choices or any(choice.id == one for choice in gap.choices) else "")
    return found if any(found) else None


def _nothing(_item: Item, _given: list[str]) -> Answer:
    return None


_READ: Mapping[str, Callable[[Item, list[str]], Answer]] = {
    "single": _one, "multiple": _several, "true_false": _truth, "match": _match, "order": _order, "cloze": _cloze, "essay": _essay,
    "survey": _survey, "upload": _nothing,
}  # fmt: skip


def spoken(item: Item, answer: Answer) -> str:
    """The answer in words, on one line; "" for none."""
    if answer is None:
        return ""
    if item.kind == "match":
        names = {choice.id: words(choice.html) for choice in item.choices}
        return in_a_row(f"{words(row.html)} → {names[answer[row.id]]}" for row in item.rows if answer.get(row.id) in names)
    if item.kind == "order":
        ordered = sorted((row for row in item.rows if row.id in answer), key=lambda row: answer[row.id])
        return in_a_row(f"{answer[row.id]}. {words(row.html)}" for row in ordered)
    if item.kind == "cloze":
        return in_a_row(f"[{at}] {gap_words(item, at - 1, one)}" for at, one in enumerate(answer, 1) if one)
    if item.kind == "upload":
        return f"{answer['name']} ({max(1, round(answer['size'] / 1000))} kB)"
    if item.kind == "true_false":
        return truth_words(answer)
    if item.choices:
        chosen = answer if isinstance(answer, list) else [answer]
        return in_a_row(shortened(words(choice.html), 160) for choice in item.choices if choice.id in chosen)
    return shortened(" ".join(str(answer).split()), 300)


def truth_words(answer: Answer) -> str:
    """Right or wrong, in the reader's language."""
    return _("Benar") if answer == TRUE else _("Salah")


def gap_words(item: Item, at: int, given: str) -> str:
    """What was given in a gap, in words."""
    return next((words(choice.html) for choice in item.gaps[at].choices if choice.id == given), given)


def right_answer(item: Item) -> str:
    """The right answer in words; "" where there is none."""
    if item.kind in ("single", "multiple"):
        best = max((choice.share for choice in item.choices), default=0.0)
        right = [choice for choice in item.choices if (choice.share == best if item.kind == "single" else choice.share > 0)]
        return in_a_row(words(choice.html) for choice in right)
    if item.kind == "true_false":
        return truth_words(TRUE if item.truth else FALSE)
    if item.kind == "match":
        names = {choice.id: words(choice.html) for choice in item.choices}
        return in_a_row(f"{words(row.html)} → {names[row.key]}" for row in item.rows)
    if item.kind == "order":
        return in_a_row(f"{row.key}. {words(row.html)}" for row in sorted(item.rows, key=lambda row: int(row.key)))
    if item.kind == "cloze":
        return in_a_row(f"[{at}] {gap_key(item, at - 1)}" for at in range(1, len(item.gaps) + 1))
    return _wordings(item.answers, item.unit)


def gap_key(item: Item, at: int) -> str:
    """What belongs in a gap, in words."""
    gap = item.gaps[at]
    return " / ".join(words(choice.html) for choice in gap.choices if choice.right) or _wordings(gap.answers, "")


def _wordings(answers: tuple[str, ...], unit: str) -> str:
    shown = [answer.strip('"') for answer in answers if not answer.startswith("/")] or list(answers)
    return " / ".join(f"{answer} {unit}".strip() if unit and unit not in answer else answer for answer in shown)
