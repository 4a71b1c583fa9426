"""The personnel system as sending sees it: four questions, and two ways in which one may come to nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class PersonnelService(Protocol):
    """A service that keeps people's history of training. Every call raises ``RowRefused`` or ``ServiceAway``."""

    def person(self, nip: str) -> str:
        """The id by which the service knows the person of that NIP."""

    def find(self, nip: str, row: Mapping[str, Any]) -> str:
        """The id of the row that says the same and is there already; "" where there is none."""

    def save(self, row: Mapping[str, Any]) -> str:
        """Put the row there (``id`` None) or in the place of the one with that ``id``; answers its id."""

    def delete(self, remote_id: str) -> None:
        """Take the row away; one that is not there is nothing new."""


class RowRefused(Exception):
    """The service looked at this row and said no; the text is why, in its own words."""


class ServiceAway(Exception):
    """The service could not be asked. ``maybe`` says that the row may have arrived all the same; ``stop`` that the next would fare no
    better (no connection, wrong keys)."""

    def __init__(self, reason: str, *, maybe: bool = False, stop: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.maybe, self.stop = reason, maybe, stop
