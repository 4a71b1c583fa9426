"""The language in which commands speak to authors: Indonesian, or English from the same catalogues as the pages."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from elearn.plugin import Plugin

LANGUAGES = ("id", "en")
_SPOKEN: ContextVar[Callable[[str], str]] = ContextVar("elearn.spoken", default=str)


def speak(language: str, plugins: Iterable[Plugin]) -> None:
    """From now on, say things in ``language``, with the core's and the plugins' own words."""
    _SPOKEN.set(translator(language, plugins))


def translator(language: str, plugins: Iterable[Plugin]) -> Callable[[str], str]:
    """What turns an Indonesian text into ``language``; a text without translation stays as it is."""
    if language == "id":
        return str
    folders = [Path(__file__).parent.parent / "translations", *(Path(plugin.translations) for plugin in plugins if plugin.translations)]
    words = gettext.NullTranslations()
    for folder in folders:
        words.add_fallback(gettext.translation("messages", folder, languages=[language], fallback=True))
    return words.gettext


def _(text: str, **values: Any) -> str:
    """The text in the chosen language; ``{places}`` are filled."""
    said = translate(text)
    return said.format(**values) if values else said


def translate(text: str) -> str:
    """The text in the chosen language, its places left open."""
    return _SPOKEN.get()(text)
