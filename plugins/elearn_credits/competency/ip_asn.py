"""Indeks Profesionalitas ASN: the competency dimension from the ledger, the others as they were imported, each figure with its reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..counting import Line
from ..rules import Basis
from .framework import DATA
from .models import ProfessionalFigure

DIMENSIONS = ("qualification", "competency", "performance", "discipline")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of the competency dimension: the points given, the most there are, and the entries it rests on."""

    title: str
    points: float
    most: float
    jp: Decimal
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
    basis: Basis
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
        return "" if total is None else str(next(band["title"] for band in method()["bands"] if total >= band["least"]))


@lru_cache(maxsize=1)
def method() -> Mapping[str, Any]:
    """The bundled method."""
    return tomllib.loads((DATA / "ip-asn.toml").read_text("utf-8"))


def index(session: Session, person_id: int, *, year: int, ladder: str, lines: Iterable[Line]) -> Index:
    """The index of a person for a year. ``lines``: the counted lines of all their entries up to that year."""
    data = method()
    items = tuple(_item(item, ladder, year, list(lines)) for item in data["items"] if ladder in item)
    rows = session.scalars(select(ProfessionalFigure).where(ProfessionalFigure.person_id == person_id, ProfessionalFigure.year == year))
    imported = {row.dimension: row for row in rows}
    return Index(
        year=year,
        method=str(data["title"]),
        basis=Basis(**data["basis"]),
        items=items,
        dimensions=tuple(_dimension(code, data["dimensions"][code], imported.get(code), items) for code in DIMENSIONS),
    )


def _item(item: Mapping[str, Any], ladder: str, year: int, lines: list[Line]) -> Item:
    mine = [line for line in lines if line.entry.form in item["forms"] and line.counted > 0 and line.entry.ended_on.year <= year]
    if item.get("this_year"):
        mine = [line for line in mine if line.entry.ended_on.year == year]
    jp = sum((line.counted for line in mine), Decimal(0))
    reached = bool(mine) and jp >= Decimal(item.get("least_jp", 0))
    most = float(item[ladder])
    return Item(title=item["title"], points=most if reached else 0.0, most=most, jp=jp, titles=tuple(line.entry.title for line in mine[:5]))


def _dimension(code: str, data: Mapping[str, Any], row: ProfessionalFigure | None, items: tuple[Item, ...]) -> Dimension:
    most = float(data["most"])
    if code == "competency":
        return Dimension(code=code, title=data["title"], most=most, points=min(most, sum(item.points for item in items)))
    if row is None:
        return Dimension(code=code, title=data["title"], most=most, points=None)
    return Dimension(code=code, title=data["title"], most=most, points=row.points, said=row.value, source=row.source)
