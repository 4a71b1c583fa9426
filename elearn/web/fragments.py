"""Pieces of pages that are the same for everybody who reads the page in a language: drawn once, and given out again with each reader's own
form token. A piece must depend on nothing but its key."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from flask import current_app
from markupsafe import Markup

from elearn.web.language import interface_language
from elearn.web.security import form_token

MOST = 2_000
HOLE = "\0token\0"


class Fragments:
    """The pieces of one application, the least used of them forgotten."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> str | None:
        """The piece, with a mark where the token goes."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def keep(self, key: Hashable, html: str) -> None:
        """Remember it."""
        with self._lock:
            self._known[key] = html
            while len(self._known) > MOST:
                self._known.popitem(last=False)


def same_for_all(key: Hashable, draw: Callable[[], str]) -> Markup:
    """What ``draw`` draws, drawn once for each ``key`` and language. Form tokens in it are each reader's own."""
    fragments: Fragments = current_app.extensions.setdefault("elearn.fragments", Fragments())
    place = (interface_language(), key)
    token = form_token()
    kept = fragments.get(place)
    if kept is None:
        kept = str(draw()).replace(token, HOLE)
        fragments.keep(place, kept)
    return Markup(kept.replace(HOLE, token))
