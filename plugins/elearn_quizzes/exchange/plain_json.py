"""Questions as JSON, whole and without loss: what is at its default is left out.

``{"elearn": 1, "settings": {…}, "groups": [{"name", "intro", "draw", "rules", "questions": [{"id", "kind", "title", …}]}]}``, the names and units of ``questions.Question``.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from elearn import said
from elearn_quizzes.exchange.bundle import BadFile, Bundle, Remark
from elearn_quizzes.questions import Quiz

VERSION = 1


def write_json(bundle: Bundle) -> tuple[bytes, list[Remark]]:
    """The quiz as JSON; pictures stand beside it as files."""
    body = {"elearn": VERSION, **_plain(bundle.quiz)}
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode(), []


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        kept = ((one, getattr(value, one.name)) for one in fields(value) if one.compare or one.name == "id_derived")
        return {one.name: _plain(content) for one, content in kept if content != _default(one)}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _default(one: Field[Any]) -> Any:
    return one.default_factory() if one.default_factory is not MISSING else one.default


def read_json(text: str) -> Bundle:
    """The quiz that a file holds. Raises ``BadFile``, naming the place, for what is none."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFile(said("Berkas ini bukan JSON yang sah.")) from error
    if not isinstance(body, dict) or body.pop("elearn", None) != VERSION:
        raise BadFile(said("Berkas JSON ini bukan soal elearn (tidak ada “elearn”: 1)."))
    return Bundle(quiz=_read(Quiz, body, "kuis"))


def _read(kind: Any, value: Any, place: str) -> Any:
    """A value of the type ``kind``; whatever does not fit is refused by its place."""
    origin, inner = get_origin(kind), get_args(kind)
    if is_dataclass(kind) and isinstance(value, dict):
        hints = get_type_hints(kind)
        unknown = set(value) - {one.name for one in fields(kind)}
        if not unknown:
            try:
                return kind(**{name: _read(hints[name], one, f"{place}.{name}") for name, one in value.items()})  # type: ignore[operator]
            except TypeError as error:
                raise BadFile(said("Berkas JSON ini kurang lengkap di {place}.", place=place)) from error
    elif origin is tuple and isinstance(value, list):
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_read(inner[0], one, f"{place}[{at}]") for at, one in enumerate(value))
        if len(inner) == len(value):
            return tuple(_read(one_kind, one, place) for one_kind, one in zip(inner, value, strict=True))
    elif origin is Literal and value in inner:
        return value
    elif origin is Union or (origin is not None and type(None) in inner):
        if value is None:
            return None
        return _read(next(one for one in inner if one is not type(None)), value, place)
    elif (kind is bool and isinstance(value, bool)) or (kind in (int, str) and type(value) is kind):
        return value
    elif kind is float and isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15:
        return float(value)
    raise BadFile(said("Berkas JSON ini memuat nilai yang tidak dikenal di {place}.", place=place))
