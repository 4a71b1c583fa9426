"""Sentences that are kept as they stand and said in the reader's language where they are read."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Translate = Callable[[str], str]


class Said(str):
    """An Indonesian sentence that remembers its ``template`` (a message id with ``{places}``) and the ``values`` that fill them; values may
    be sentences or lists of them. In the database it is the plain sentence, which ``_(…)`` still translates where nothing was filled."""

    __slots__ = ("template", "values")
    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, **values: Any) -> Said:
        one = super().__new__(cls, _fill(template, values, str))
        one.template, one.values = template, values
        return one

    def text(self, translate: Translate) -> str:
        """The sentence in the language of ``translate``."""
        return _fill(translate(self.template), self.values, translate)


def said(template: str, **values: Any) -> Said:
    """A sentence that can be translated whole."""
    return Said(template, **values)


def in_words(text: str, translate: Translate) -> str:
    """Any text, translated where it can be."""
    return text.text(translate) if isinstance(text, Said) else text


def _fill(template: str, values: dict[str, Any], translate: Translate) -> str:
    return template.format_map({name: _word(value, translate) for name, value in values.items()}) if values else template


def _word(value: Any, translate: Translate) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_word(one, translate) for one in value)
    return in_words(value, translate) if isinstance(value, str) else str(value)


def language_option(translations: Path) -> Callable[[Any], Any]:
    """A command's ``--language``, which hands it ``_``: what turns an Indonesian text into that language, by these catalogues."""

    def speech(_context: click.Context, _option: click.Parameter, language: str) -> Translate:
        return str if language == "id" else gettext.translation("messages", translations, languages=[language], fallback=True).gettext

    return click.option(
        "--language",
        "_",
        type=click.Choice(["id", "en"]),
        default="id",
        envvar="ELEARN_LANGUAGE",
        show_default=True,
        callback=speech,
        help="id or en.",
    )
