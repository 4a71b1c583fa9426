"""elearn db: bring the schema up to date, back it up."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import click
from flask import Flask

from elearn import clock, schema
from elearn.app import data_folder
from elearn.commands.common import data_option, make_app, make_secret
from elearn.commands.copying import copy_command
from elearn.errors import SettingError
from elearn.services.publishing import describe_anew
from elearn.web.database import db

EMPTY = 8_192  # bytes of an SQLite file that somebody looked into and nobody wrote to


@click.group("db", commands=[copy_command])
def db_group() -> None:
    """The database."""


@db_group.command()
@data_option
def upgrade(data: str | None) -> None:
    """Bring the schema up to date; an SQLite database is backed up first."""
    make_secret(data)
    bring_up_to_date(make_app(data, check_schema=False), say=True)


@db_group.command()
@click.argument("target", type=click.Path(exists=False))
@data_option
def backup(target: str, data: str | None) -> None:
    """Write a consistent copy of an SQLite database while the site runs. (PostgreSQL: use pg_dump.)"""
    app = make_app(data, check_schema=False)
    with app.app_context():
        source = db.engine.url.database
        if db.engine.dialect.name != "sqlite" or not source:
            raise SettingError("This copies SQLite only. For PostgreSQL use pg_dump.")
        if not Path(source).is_file():
            raise SettingError(f"There is no database {source} to back up. Is --data (or ELEARN_DATA) the site's folder?")
        copy_sqlite(Path(source), Path(target))
    click.echo(target)


@db_group.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
def restore(source: Path, data: str | None) -> None:
    """Put a backup of an SQLite database into a data folder that has none. (PostgreSQL: use pg_restore.)"""
    folder = data_folder(data)
    target = folder / "elearn.db"
    if target.exists():
        raise SettingError(f"{target} is there already; restore into an empty folder, or move it away first.")
    fault = fault_in(source)
    if fault:
        raise SettingError(f"{source} is no whole backup: {fault}")
    copy_sqlite(source, target)
    click.echo(f"{target}\nThe folders beside it (docs/run.md, Backup) and secret.key belong to it. Then: elearn check --data {folder}")


def fault_in(file: Path) -> str:
    """What is wrong with the database in ``file``; "" where nothing is."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            said = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return said if said != "ok" else f"a row of {broken[0]} points at nothing" if broken else ""


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy by SQLite's own backup, which misses nothing that was committed; a copied file would. Only the owner can read the copy. It gets its
    name once it is whole: where the disk is full or the process is killed, nothing is there that looks like a backup. It has no journal
    beside it, so that it is read from a medium that cannot be written."""
    if target.exists():
        raise SettingError(f"{target} is there already; a backup never overwrites.")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(prefix=".new-", dir=target.parent)
    os.close(handle)
    try:
        with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(scratch)) as copy:
            origin.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        os.rename(scratch, target)
    finally:
        for left in target.parent.glob(Path(scratch).name + "*"):
            left.unlink()


def bring_up_to_date(app: Flask, *, say: bool) -> None:
    """Upgrade if anything is missing, after a backup where there is data to lose. A new SQLite database opens to its owner alone, in
    whatever folder it lies."""
    registry = app.extensions["elearn"].registry
    with app.app_context():
        engine = db.engine
        path = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None
        if path and not (path.exists() and path.stat().st_size > EMPTY):
            path.touch()
            path.chmod(0o600)
        if not schema.missing(engine, registry):
            if say:
                click.echo("The database is up to date.")
            return
        if path and path.stat().st_size > EMPTY:
            stamp = clock.now().strftime("%Y%m%d-%H%M%S")
            target = path.parent / "backups" / f"elearn-{stamp}.db"
            copy_sqlite(path, target)
            click.echo(f"Backup: {target}", err=True)
        schema.upgrade(engine, registry)
    state = app.extensions["elearn"]
    with state.outbox.open_session() as session:
        describe_anew(session, state.site.store)
        session.commit()
    if say:
        click.echo("The database is up to date now.")
