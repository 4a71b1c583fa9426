"""Sentences about an exchange, kept so that they can be said in the reader's language: Indonesian until somebody translates them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from elearn import Problem

BOTH = "{what} {cure}"


class Said(str):
    """An Indonesian sentence that remembers its ``template`` (a message id with ``{places}``) and the ``values`` that fill them; values may
    be sentences or lists of them."""

    __slots__ = ("template", "values")
    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, **values: Any) -> Said:
        one = super().__new__(cls, _fill(template, values, str))
        one.template, one.values = template, values
        return one

    def text(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of ``translate``."""
        return _fill(translate(self.template), self.values, translate)


def said(template: str, **values: Any) -> Said:
    """A sentence that can be translated whole."""
    return Said(template, **values)


def of_problem(problem: Problem) -> Said:
    """What is wrong with a question, and what to do about it."""
    what = Said(problem.message, **problem.values)
    return Said(BOTH, what=what, cure=Said(problem.remedy, **problem.values)) if problem.remedy else what


def in_words(text: str, translate: Callable[[str], str]) -> str:
    """Any text, translated where it can be."""
    return text.text(translate) if isinstance(text, Said) else text


def _fill(template: str, values: dict[str, Any], translate: Callable[[str], str]) -> str:
    return template.format_map({name: _word(value, translate) for name, value in values.items()}) if values else template


def _word(value: Any, translate: Callable[[str], str]) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_word(one, translate) for one in value)
    return in_words(value, translate) if isinstance(value, str) else str(value)
