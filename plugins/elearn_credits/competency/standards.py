"""What a post asks of a competency: the site's own standard for that post, else the usual pattern, which the page calls so."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..rules import Basis
from .framework import DATA, bundled
from .models import PostStandard

_BASIS = ("law", "certainty", "source", "as_of")


@dataclass(frozen=True, kw_only=True)
class Standard:
    """The levels a post asks, by competency code; ``own`` where the site set it, else ``basis`` says what the pattern rests on."""

    post: str
    levels: dict[str, int]
    own: bool
    basis: Basis


@lru_cache(maxsize=1)
def tables() -> dict[str, Any]:
    """The data of ``standards.toml``."""
    return tomllib.loads((DATA / "standards.toml").read_text("utf-8"))


def basis_of(part: str) -> Basis:
    """What a part of the data rests on: "basis" (standards), "evidence" or "jpm"."""
    return Basis(**{name: tables()[part][name] for name in _BASIS})


def post_key(post: str) -> str:
    """A post's name as the table has it: small letters, single spaces."""
    return " ".join(post.casefold().split())[:160]


def _pattern(post: str) -> dict[str, Any]:
    key = post_key(post)
    for pattern in tables()["patterns"]:
        if any(part in key for part in pattern["match"]):
            found: dict[str, Any] = pattern
            return found
    otherwise: dict[str, Any] = tables()["otherwise"]
    return otherwise


def ladder(post: str) -> str:
    """ "structural", "functional" or "executive" (pelaksana)."""
    return str(_pattern(post)["ladder"])


def standards(session: Session, posts: set[str]) -> dict[str, Standard]:
    """The standard of each post. One statement."""
    keys = {post_key(post) for post in posts}
    own: dict[str, dict[str, int]] = {}
    for row in session.scalars(select(PostStandard).where(PostStandard.post.in_(keys))):
        own.setdefault(row.post, {})[row.code] = row.level
    return {post: _standard(post, own.get(post_key(post), {})) for post in posts}


def _standard(post: str, own: dict[str, int]) -> Standard:
    basis = basis_of("basis")
    if own:
        return Standard(post=post, levels=own, own=True, basis=basis)
    level = int(_pattern(post)["level"])
    usual = {code: level for code, each in bundled().items() if each.group != "technical"}
    return Standard(post=post, levels=usual, own=False, basis=basis)


def posts_with_standard(session: Session) -> list[str]:
    """The posts for which the site has a standard of its own."""
    return list(session.scalars(select(PostStandard.post).distinct().order_by(PostStandard.post).limit(500)))
