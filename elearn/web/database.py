"""The database of one application: the engine set up so that nothing acknowledged is lost, and who may write when.

SQLite: WAL with synchronous=FULL (with NORMAL a power cut loses answers that were acknowledged), foreign keys on, and
transactions that elearn begins itself: a reader's is deferred, a writer's takes the write lock at once, for a lock wanted
half-way through fails without waiting.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from elearn.errors import SettingError
from elearn.guard import FAILED, READS
from elearn.models.base import Base

log = logging.getLogger("elearn.database")
WRITE = "elearn_write"
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def engine_options(url: str) -> dict[str, Any]:
    """The options for the engine behind ``url``. Raises ``SettingError`` for one that is neither SQLite nor PostgreSQL, or has no
    driver here, and for an SQLite file that is not named whole: it would lie in a folder that no backup knows."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise SettingError(f"database = {url!r} is not a database URL") from error
    kind = parsed.drivername
    if kind == "sqlite":
        if not Path(parsed.database or "").is_absolute():
            raise SettingError(f"database = {url!r}: name the file with its whole path, such as sqlite:////srv/elearn/elearn.db")
        return {"connect_args": {"timeout": 5.0, "check_same_thread": False}}
    if kind == "postgresql+psycopg":
        try:
            import_module("psycopg")
        except ImportError as error:
            raise SettingError(f"database: PostgreSQL needs its driver ({error}). Run: pip install 'elearn[postgresql]'") from error
        # pgbouncer in transaction mode cannot keep prepared statements
        return {
            "pool_pre_ping": True,
            "pool_size": 8,
            "max_overflow": 4,
            "pool_timeout": 5,
            "connect_args": {"prepare_threshold": None, "connect_timeout": 5},
        }
    raise SettingError(f"database = {kind}://… is not supported: use sqlite:/// or postgresql+psycopg://")


def normal_url(url: str) -> str:
    """postgres:// and postgresql:// as the driver elearn brings wants them."""
    for start in ("postgres://", "postgresql://"):
        if url.startswith(start):
            return "postgresql+psycopg://" + url.removeprefix(start)
    return url


def prepare_engine(engine: Engine) -> None:
    """Set up what ``engine_options`` cannot say."""

    @event.listens_for(engine, "handle_error")
    def failed(context: ExceptionContext) -> None:
        if context.connection is not None and not context.is_disconnect and not context.connection.invalidated:
            context.connection.info[FAILED] = True

    @event.listens_for(engine, "begin")
    def sound(connection: Connection) -> None:
        connection.info.pop(FAILED, None)

    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late and spoils DDL transactions
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def init_database(app: Flask, info: Mapping[str, Any]) -> None:
    """Bind the database to the application; ``info`` goes with every session."""
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        app.extensions["elearn.info"] = dict(info)

    @app.teardown_appcontext
    def forget(error: BaseException | None) -> None:
        try:
            db.session.remove()
        except DBAPIError as gone:
            # the server went after the last statement: the answer is made, and stands
            log.warning("the database went away before the request ended: %s", gone)
            db.session.remove()


def reading() -> Session:
    """The request's session, for reading. What it changes is never committed."""
    session = db.session()
    if READS not in session.info:
        session.info.update(current_app.extensions["elearn.info"])
        session.info[READS] = True
    return session


@contextmanager
def writing(*, wait: float = 0.0) -> Iterator[Session]:
    """A transaction that commits at the end of the block, or undoes everything. ``wait``: up to how many seconds the page waits
    for the events it recorded to be told, so that the next one shows their effect."""
    session = reading()
    session.commit()
    session.connection(execution_options={WRITE: True})
    session.info[READS] = False
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info[READS] = True
    if session.info.pop("elearn.recorded", False):
        current_app.extensions["elearn"].outbox.wake(wait=wait)


def write_engine(engine: Engine) -> Engine:
    """The same engine, its transactions begun for writing: for the outbox and the command line."""
    return engine.execution_options(**{WRITE: True})
