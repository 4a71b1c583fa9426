"""Indeks Profesionalitas ASN: the competency dimension from the ledger, the others as they were imported, each figure with its reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import Person, SettingError, Site, site_of

from ..counting import Line
from ..ledger import kind_of
from ..rules import Basis
from .framework import DATA
from .models import ProfessionalFigure
from .standards import ladder, post_key

BUNDLED = DATA / "ip-asn.toml"
DIMENSIONS = ("qualification", "competency", "performance", "discipline")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of the competency dimension: the points given, the most there are, the JP it rests on and those it ``needs`` (0: any),
    whether only this year's count, and the entries. ``exempt``: the post counts as if it had them."""

    title: str
    points: float
    most: float
    jp: Decimal
    needs: Decimal
    this_year: bool
    exempt: bool
    titles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """``points`` is None where nothing was imported; ``said`` is what was ("S2", "Baik"), ``source`` from where."""

    code: str
    title: str
    points: float | None
    most: float
    said: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Index:
    """A year's index: ``total`` and ``band`` are there only when all four dimensions are."""

    year: int
    method: str
    valid_from: date
    basis: Basis
    scored: bool
    bands: tuple[tuple[float, str], ...]
    items: tuple[Item, ...]
    dimensions: tuple[Dimension, ...]

    @property
    def total(self) -> float | None:
        """The sum of the four, 0 to 100."""
        points = [dimension.points for dimension in self.dimensions]
        return None if None in points else sum(each for each in points if each is not None)

    @property
    def band(self) -> str:
        """The category of the total."""
        total = self.total
        return "" if total is None else next(title for least, title in self.bands if total >= least)


Method = Mapping[str, Any]


def method_of(site: Site, year: int) -> Method:
    """The method for a year: of the bundled ones and the site's own the latest that was in force by its end; else the earliest."""
    folder = site.settings.data / str(site.settings["credits.index"])
    own = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    known = sorted((read_method(path) for path in (BUNDLED, *own)), key=lambda method: method["valid_from"])
    return next((method for method in reversed(known) if method["valid_from"] <= date(year, 12, 31)), known[0])


def read_method(path: Path) -> Method:
    """The method written in a TOML file; ``SettingError`` names the file and what is wrong with it."""
    try:
        return _method(path, path.stat().st_mtime_ns)
    except KeyError as error:
        raise SettingError(f"{path.name}: {error} is missing or unknown") from error
    except (OSError, UnicodeDecodeError, TypeError, ValueError, IndexError) as error:
        raise SettingError(f"{path.name}: {error}") from error


@lru_cache(maxsize=16)
def _method(path: Path, _changed: int) -> Method:
    data = tomllib.loads(path.read_text("utf-8"))
    Basis(**data["basis"])
    whole = isinstance(data["valid_from"], date) and data["title"] and data["bands"][-1]["least"] == 0
    if not whole or not all(code in data["dimensions"] for code in DIMENSIONS) or not all(item["forms"] for item in data["items"]):
        raise ValueError("a method needs title, valid_from, its four dimensions, items with forms, and bands down to 0")
    return data


def index(session: Session, person: Person, *, year: int, lines: Iterable[Line]) -> Index:
    """The index of a person for a year. ``lines``: the counted lines of all their entries up to that year."""
    data = method_of(site_of(session), year)
    kept, mine = list(lines), ladder(person.post)
    items = tuple(_item(item, mine, person.post, year, kept) for item in data["items"] if mine in item)
    rows = session.scalars(select(ProfessionalFigure).where(ProfessionalFigure.person_id == person.id, ProfessionalFigure.year == year))
    imported = {row.dimension: row for row in rows}
    return Index(
        year=year,
        method=str(data["title"]),
        valid_from=data["valid_from"],
        basis=Basis(**data["basis"]),
        scored=kind_of(person) not in data.get("not_scored", []),
        bands=tuple((float(band["least"]), str(band["title"])) for band in data["bands"]),
        items=items,
        dimensions=tuple(_dimension(code, data["dimensions"][code], imported.get(code), items) for code in DIMENSIONS),
    )


def _item(item: Mapping[str, Any], ladder: str, post: str, year: int, lines: list[Line]) -> Item:
    this_year, needs = bool(item.get("this_year")), Decimal(str(item.get("least_jp", 0)))
    mine = [line for line in lines if line.entry.form in item["forms"] and line.counted > 0 and line.entry.ended_on.year <= year]
    if this_year:
        mine = [line for line in mine if line.entry.ended_on.year == year]
    jp = sum((line.counted for line in mine), Decimal(0))
    exempt = any(word in item.get("exempt", []) for word in post_key(post).split())
    most = float(item[ladder])
    return Item(
        title=item["title"],
        points=most if exempt or (mine and jp >= needs) else 0.0,
        most=most,
        jp=jp,
        needs=needs,
        this_year=this_year,
        exempt=exempt,
        titles=tuple(line.entry.title for line in mine[:5]),
    )


def _dimension(code: str, data: Mapping[str, Any], row: ProfessionalFigure | None, items: tuple[Item, ...]) -> Dimension:
    most = float(data["most"])
    if code == "competency":
        return Dimension(code=code, title=data["title"], most=most, points=min(most, sum(item.points for item in items)))
    if row is None:
        return Dimension(code=code, title=data["title"], most=most, points=None)
    return Dimension(code=code, title=data["title"], most=most, points=row.points, said=row.value, source=row.source)
