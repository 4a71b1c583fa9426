"""Fixtures for whoever tests a plugin: installed with elearn, found by pytest itself.

``make_app(*plugins, **settings)`` gives an application on a fresh SQLite database (or on the PostgreSQL server that
ELEARN_TEST_POSTGRESQL names, where ``database="postgresql"`` is asked for), with exactly those plugins. The migrations run once for
each set of plugins; further databases of that set are copies of what they made.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Hashable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from elearn import schema
from elearn.app import create_app
from elearn.plugin import Plugin
from elearn.services import people
from elearn.services import sign_in as service
from elearn.web.database import db, normal_url, prepare_engine
from elearn.web.security import limiter

POSTGRESQL = "ELEARN_TEST_POSTGRESQL"
MakeApp = Callable[..., Flask]


def postgresql_url() -> str:
    """The server to test on, or "" where there is none."""
    return os.environ.get(POSTGRESQL, "")


def upgrade(app: Flask) -> None:
    """Bring the application's database up to date."""
    with app.app_context():
        schema.upgrade(db.engine, app.extensions["elearn"].registry)


class Databases:
    """Databases of a test session. The migrations of a set of plugins run once; further databases of that set are copies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._models: dict[Hashable, str] = {}

    def new_url(self, kind: str = "sqlite") -> str:
        """An address where nothing is yet, of "sqlite" or "postgresql"; skips the test where no such server is named."""
        name = f"elearn_{secrets.token_hex(6)}"
        if kind == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        if not postgresql_url():
            pytest.skip(f"{POSTGRESQL} names no server: make test starts one where Debian's postgresql is installed")
        return sqlalchemy.make_url(normal_url(postgresql_url())).set(database=name).render_as_string(hide_password=False)

    def create(self, url: str) -> str:
        """An empty database at ``url``; answers the address."""
        if not _is_file(url):
            _on_server(f'CREATE DATABASE "{_name(url)}"')
        return url

    def copy(self, source: str, url: str) -> str:
        """A copy at ``url`` of what is at ``source``, to which nobody may be connected; answers the address."""
        if _is_file(url):
            shutil.copyfile(_name(source), _name(url))
        else:
            _on_server(f'CREATE DATABASE "{_name(url)}" TEMPLATE "{_name(source)}"')
        return url

    def drop(self, url: str) -> None:
        """Throw the database at ``url`` away."""
        if _is_file(url):
            Path(_name(url)).unlink(missing_ok=True)
        else:
            _on_server(f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)')

    def fill(self, app: Flask, plugins: Iterable[Plugin]) -> None:
        """Give ``app`` its database, with the schema of its plugins."""
        url = app.config["SQLALCHEMY_DATABASE_URI"]
        folders = [Path(plugin.migrations) for plugin in plugins if plugin.migrations is not None]
        steps = frozenset(path.read_bytes() for folder in folders for path in folder.glob("*.py"))
        kind = "sqlite" if _is_file(url) else "postgresql"
        if (kind, steps) in self._models:
            self.copy(self._models[kind, steps], url)
            return
        self.create(url)
        upgrade(app)
        with app.app_context():
            db.engine.dispose()  # the last connection of SQLite's brings the journal into the file
        self._models[kind, steps] = self.copy(url, self.new_url(kind))

    def close(self) -> None:
        """Throw away what copies were made of."""
        for url in self._models.values():
            self.drop(url)


def _is_file(url: str) -> bool:
    return sqlalchemy.make_url(url).get_backend_name() == "sqlite"


def _name(url: str) -> str:
    return sqlalchemy.make_url(url).database or ""


def _on_server(statement: str) -> None:
    """Run it on the PostgreSQL server, outside any transaction."""
    engine = sqlalchemy.create_engine(normal_url(postgresql_url()), isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)


@pytest.fixture(scope="session")
def elearn_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The databases of this session."""
    databases = Databases(tmp_path_factory.mktemp("elearn-databases"))
    yield databases
    databases.close()


@pytest.fixture
def make_app(tmp_path: Path, elearn_databases: Databases) -> Iterator[MakeApp]:
    """Make applications that are thrown away after the test."""
    made: list[Flask] = []
    urls: list[str] = []

    def make(*plugins: Plugin, database: str = "", limits: bool | str = False, strict: bool = True, **settings: Any) -> Flask:
        folder = tmp_path / f"site-{len(made)}"
        folder.mkdir()
        (folder / "secret.key").write_text("test-" + "x" * 40, "ascii")
        if database == "postgresql":
            settings["database"] = elearn_databases.new_url("postgresql")
            urls.append(settings["database"])
        if isinstance(limits, str):
            settings["limits"] = limits
        settings = {"secure_cookies": False, "base_url": "http://localhost"} | {
            name.replace("__", "."): value for name, value in settings.items()
        }
        app = create_app(folder, settings=settings, plugins=plugins, testing=True, check_schema=False)
        app.config["WTF_CSRF_ENABLED"] = False
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(elearn_databases.folder))
        app.extensions["elearn"].registry.strict = strict
        limiter.enabled = bool(limits)
        elearn_databases.fill(app, plugins)
        made.append(app)
        return app

    yield make
    left = 0
    for app in made:
        app.extensions["elearn"].outbox.stop()
        with app.app_context():
            db.session.remove()
            left += db.engine.pool.checkedout()  # type: ignore[attr-defined]
            db.engine.dispose()
    for url in urls:
        elearn_databases.drop(url)
    assert not left, f"{left} connections to the database were never given back: close each session"


@pytest.fixture
def sign_in() -> Callable[..., FlaskClient]:
    """``sign_in(app, name="Sari", role="learner")`` adds a person and answers a client signed in as them (``client.person_id``)."""

    def enter(app: Flask, *, name: str = "Sari Wahyuni", role: str = "learner", scope: str = "site", scope_id: int = 0) -> FlaskClient:
        site = app.extensions["elearn"]
        with site.outbox.open_session() as session:
            person = people.add_person(session, name=name, email=f"{secrets.token_hex(6)}@contoh.go.id")
            if role != "learner":
                people.grant(session, person.id, role, scope=scope, scope_id=scope_id)
            token = service.start(session, person, agent="test", days=1)
            session.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        client.person_id = person.id  # type: ignore[attr-defined]
        return client

    return enter


__all__ = ["Databases", "MakeApp", "make_app", "postgresql_url", "prepare_engine", "sign_in", "upgrade"]
