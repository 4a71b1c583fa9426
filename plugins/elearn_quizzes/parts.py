"""A Markdown file with front matter: its head as written and as read, its body with the line at which it begins."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_HEAD = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
LARGEST_HEAD = 20_000


class Parts(NamedTuple):
    """A file's front matter as written and as read, and its body with the line at which it begins."""

    head: str
    meta: dict[str, Any]
    body: str
    line: int


def parts_of(text: str) -> Parts:
    """The parts of a file. Raises ``ValueError`` where the front matter is no YAML mapping."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    match = _HEAD.match(text)
    if match is None:
        return Parts("", {}, text, 1)
    import yaml  # no page of a learner reads any

    try:
        # every value stays the text it is written as, as publishing reads it: YAML would make a date of a day, and 90 of 1:30
        meta = yaml.load(match[1], Loader=yaml.BaseLoader) if len(match[1]) <= LARGEST_HEAD else None  # noqa: S506  builds texts alone
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if meta is not None and not isinstance(meta, dict):
        raise ValueError("front matter")
    return Parts(match[0], {str(key).lower(): value for key, value in (meta or {}).items()}, text[match.end() :], match[0].count("\n") + 1)


def is_quiz(meta: dict[str, Any]) -> bool:
    """Whether front matter says that the whole file is a quiz."""
    return str(meta.get("jenis", meta.get("kind", ""))).casefold() in ("kuis", "quiz")
