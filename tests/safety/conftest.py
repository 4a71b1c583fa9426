"""The site that all these tests look at, and what everybody finds in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.browser.conftest import chromium
from tests.conftest import statements
from tests.safety.reader import Answer, crawl
from tests.safety.site import WHO, Rich, build


@pytest.fixture(scope="session")
def rich(tmp_path_factory, elearn_databases) -> Iterator[Rich]:
    """The site. Not to be changed: who wants to, takes a copy."""
    made = build(tmp_path_factory.mktemp("rich") / "site", tmp_path_factory.mktemp("pack"), elearn_databases)
    yield made
    made.close()


@dataclass(frozen=True)
class Crawled:
    """What everybody found: ``pages[who][address]``; and every statement that changed something meanwhile."""

    pages: dict[str, dict[str, Answer]]
    changing: list[str]

    def all(self) -> Iterator[Answer]:
        """Every page that anybody found."""
        for pages in self.pages.values():
            yield from pages.values()


@pytest.fixture(scope="session")
def crawled(rich: Rich) -> Crawled:
    """What everybody can reach by links."""
    app = rich.app()
    with statements(app) as seen:
        pages = {who: crawl(app, rich.client(app, who), who, rich.more.get(who, ())) for who in ("stranger", *WHO)}
    return Crawled(pages, [statement for statement in seen if not statement.lstrip().upper().startswith(("SELECT", "WITH"))])


__all__ = ["chromium", "crawled", "rich"]
