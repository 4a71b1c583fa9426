"""Fixtures for whoever tests a plugin: installed with elearn, found by pytest itself.

``make_app(*plugins, **settings)`` gives an application on a fresh SQLite database (or on the PostgreSQL server that
ELEARN_TEST_POSTGRESQL names, where ``database="postgresql"`` is asked for), with exactly those plugins.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from flask import Flask
from flask.testing import FlaskClient

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


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[MakeApp]:
    """Make applications that are thrown away after the test."""
    made: list[Flask] = []
    cleanup: list[Callable[[], None]] = []

    def make(*plugins: Plugin, database: str = "", limits: bool = False, strict: bool = True, **settings: Any) -> Flask:
        folder = tmp_path / f"site-{len(made)}"
        folder.mkdir()
        (folder / "secret.key").write_text("test-" + "x" * 40, "ascii")
        if database == "postgresql":
            settings["database"] = _new_postgresql_database(cleanup)
        settings = {"secure_cookies": False, "base_url": "http://localhost"} | {
            name.replace("__", "."): value for name, value in settings.items()
        }
        app = create_app(folder, settings=settings, plugins=plugins, testing=True, check_schema=False)
        app.config["WTF_CSRF_ENABLED"] = False
        app.extensions["elearn"].registry.strict = strict
        limiter.enabled = limits
        upgrade(app)
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["elearn"].outbox.stop()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    for undo in cleanup:
        undo()


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


def _new_postgresql_database(cleanup: list[Callable[[], None]]) -> str:
    server = postgresql_url()
    if not server:
        pytest.skip(f"{POSTGRESQL} names no server: make test starts one where Debian's postgresql is installed")
    url = sqlalchemy.make_url(normal_url(server))
    name = f"elearn_{secrets.token_hex(6)}"
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')

    def drop() -> None:
        with engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        engine.dispose()

    cleanup.append(drop)
    return url.set(database=name).render_as_string(hide_password=False)


__all__ = ["MakeApp", "make_app", "postgresql_url", "prepare_engine", "sign_in", "upgrade"]
