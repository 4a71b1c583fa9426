"""The competency dictionary: the bundled one as data, with what the site added."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import SettingError

from ..rules import Basis
from .models import CompetencyRow

DATA = Path(__file__).parent / "data"
GROUPS = ("managerial", "sociocultural", "technical")
LEVELS = 5


@dataclass(frozen=True, kw_only=True)
class Competency:
    """A competency: ``levels`` say what each level from 1 to 5 means; ``own`` where the site put it in."""

    code: str
    name: str
    group: str
    levels: tuple[str, ...]
    source: str
    own: bool = False


@lru_cache(maxsize=1)
def bundled() -> Mapping[str, Competency]:
    """The dictionary that comes with elearn, by code."""
    path = DATA / "framework.toml"
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        bases = {name: Basis(**values) for name, values in data["bases"].items()}
        found = [
            Competency(
                code=each["code"], name=each["name"], group=each["group"], levels=tuple(each["levels"]), source=bases[each["basis"]].law
            )
            for each in data["competencies"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise SettingError(f"{path.name}: {error}") from error
    if any(each.group not in GROUPS or len(each.levels) != LEVELS for each in found):
        raise SettingError(f"{path.name}: every competency needs a known group and five levels")
    return {each.code: each for each in found}


def framework(session: Session) -> dict[str, Competency]:
    """All competencies of the site by code: managerial first, then socio-cultural, then technical, each by name. One statement."""
    known = dict(bundled())
    for row in session.scalars(select(CompetencyRow)):
        known[row.code] = Competency(
            code=row.code, name=row.name, group=row.group, levels=tuple(str(level) for level in row.levels), source=row.source, own=True
        )
    order = sorted(known.values(), key=lambda each: (GROUPS.index(each.group), each.own, _place(each.code), each.name))
    return {each.code: each for each in order}


def _place(code: str) -> int:
    codes = list(bundled())
    return codes.index(code) if code in codes else len(codes)
