"""What all commands share: the data folder, an application, a session that commits, errors said in one line."""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import Session

from elearn.app import create_app, data_folder
from elearn.errors import ContentError, ElearnError, PluginError

PORT = click.IntRange(1, 65_535)
data_option = click.option("--data", type=click.Path(file_okay=False), default=None, help="The site's data folder (or ELEARN_DATA).")


@contextmanager
def say_errors() -> Iterator[None]:
    """Say what elearn refuses in plain lines on standard error, and leave with 1."""
    try:
        yield
    except ContentError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
    except PluginError as error:
        for line in error.faults:
            click.echo(line, err=True)
        click.echo("Start without one of them: ELEARN_WITHOUT=name", err=True)
    except ElearnError as error:
        click.echo(f"elearn: {error}", err=True)
    except DBAPIError as error:
        click.echo(f"elearn: the database said no: {str(error.orig).strip().splitlines()[0]}", err=True)
    except (sqlite3.Error, TimeoutError) as error:
        click.echo(f"elearn: the database said no: {error}", err=True)
    except OSError as error:
        if error.errno == errno.EPIPE:  # who reads along had enough; click knows what to do
            raise
        click.echo(f"elearn: {f'{error.filename}: ' if error.filename else ''}{error.strerror or error}", err=True)
    else:
        return
    sys.exit(1)


def make_app(data: str | None, *, check_schema: bool = True, settings: dict[str, Any] | None = None) -> Flask:
    """The application of the site in ``data``."""
    return create_app(data, check_schema=check_schema, settings=settings)


def make_secret(data: str | None) -> Path:
    """The data folder, with a secret key in it: made at the first call, kept ever after. A folder made here opens to its owner
    alone, for the database in it knows who everybody is."""
    folder = data_folder(data)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "secret.key"
    if not os.environ.get("ELEARN_SECRET_KEY") and not (path.exists() and path.stat().st_size):
        path.unlink(missing_ok=True)  # an empty one: the disk was full
        _write_once(path, secrets.token_urlsafe(48) + "\n")
    return folder


def _write_once(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all; where somebody else was faster, theirs stays."""
    handle, scratch = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(scratch, path)
    finally:
        os.unlink(scratch)


@contextmanager
def session_of(app: Flask) -> Iterator[Session]:
    """A session that commits at the end of the block; the events it recorded are delivered then."""
    outbox = app.extensions["elearn"].outbox
    with outbox.open_session() as session:
        yield session
        session.commit()
    outbox.deliver_due()
