"""The codes of the personnel system as data: which of our forms goes there as which kind, and what every row says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from elearn import SettingError, Site

from ..rules import Basis

BUNDLED = Path(__file__).parent / "data" / "siasn.toml"
_BASIS = ("law", "certainty", "source", "as_of")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of training there: ``id`` is jenisDiklatId, ``letter`` jenisKursusSertipikat."""

    id: str
    title: str
    letter: str

    def __post_init__(self) -> None:
        if not self.id or not self.title or len(self.letter) != 1:
            raise ValueError("a kind needs id, title and a letter")


@dataclass(frozen=True, kw_only=True)
class Sent:
    """How one of our forms goes there, and how sure that is ("secondary", "own")."""

    kind: Kind
    certainty: str


@dataclass(frozen=True, kw_only=True)
class Codes:
    """All of it. ``forms`` by our code; a form that is not among them is not sent. ``counted``: whether the hours are those after the
    caps; ``least`` the fewest that make a row."""

    title: str
    basis: Basis
    hours_basis: Basis
    counted: bool
    least: int
    forms: Mapping[str, Sent]
    fixed: Mapping[str, str] = field(default_factory=dict)


def codes_of(site: Site) -> Codes:
    """The site's codes: the bundled ones, or the file that ``credits.personnel_codes`` names, beside the store."""
    name = str(site.settings["credits.personnel_codes"])
    path = Path(name) if Path(name).is_absolute() else site.settings.data / name
    return read_codes(path if name else BUNDLED)


def read_codes(path: Path) -> Codes:
    """The codes written in a TOML file; ``SettingError`` names the file and what is wrong with it."""
    try:
        return _read(path, path.stat().st_mtime_ns)
    except KeyError as error:
        raise SettingError(f"{path.name}: {error} is missing or unknown") from error
    except (OSError, UnicodeDecodeError, TypeError, ValueError) as error:
        raise SettingError(f"{path.name}: {error}") from error


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Codes:
    return _codes(tomllib.loads(path.read_text("utf-8")))


def _codes(data: Mapping[str, Any]) -> Codes:
    kinds = {values["id"]: Kind(**values) for values in data["kinds"]}
    hours = data["hours"]
    if hours["of"] not in ("counted", "claimed"):
        raise ValueError('hours.of must be "counted" or "claimed"')
    return Codes(
        title=data["title"],
        basis=Basis(**data["basis"]),
        hours_basis=Basis(**{name: hours[name] for name in _BASIS}),
        counted=hours["of"] == "counted",
        least=int(hours["least"]),
        forms={values["code"]: Sent(kind=kinds[values["kind"]], certainty=values["certainty"]) for values in data["forms"]},
        fixed={name: str(value) for name, value in data.get("fixed", {}).items()},
    )
