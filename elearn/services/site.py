"""What belongs to one site and not to one request: its settings, the store of versions, its mail, its secret."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.orm import Session

from elearn.content.store import Store
from elearn.services.mail import Mailer

if TYPE_CHECKING:
    from elearn.content.values import Course

INFO = "elearn.site"


class SettingValues(Protocol):
    """Settings by full name, and the site's data folder: a plugin's own files lie in a folder of it."""

    data: Path

    def __getitem__(self, name: str) -> Any: ...

    def known(self) -> Mapping[str, Any]:
        """Every setting by its full name, with its ``default`` and ``help``."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """One site. ``url_for_path`` makes a public address out of a path ("/v/…"), also where no request is under way; ``memory`` holds
    what this process may remember for a while, under names that begin with the plugin's."""

    settings: SettingValues
    store: Store
    mailer: Mailer
    secret_key: str = field(repr=False)
    url_for_path: Callable[[str], str]
    memory: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def cache(self) -> Path:
        """Where drawn lessons are kept, so that they need not be drawn again. May be lost at any time."""
        return self.store.folder.parent / "cache"

    @property
    def organiser(self) -> str:
        """Who runs the site, as papers, records and signatures name them."""
        return str(self.settings["organisation"] or self.settings["name"])

    def course(self, digest: str) -> Course:
        """The outline of a published version."""
        return self.store.course(digest)


def site_of(session: Session) -> Site:
    """The site a session belongs to."""
    site: Site = session.info[INFO]
    return site
