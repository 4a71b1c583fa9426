"""elearn db: bring the schema up to date, back it up."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import click
from flask import Flask

from elearn import clock, schema
from elearn.commands.common import data_option, make_app, make_secret
from elearn.errors import SettingError
from elearn.web.database import db


@click.group("db")
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
        copy_sqlite(Path(source), Path(target))
    click.echo(target)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy by SQLite's own backup, which misses nothing that was committed; a copied file would."""
    if target.exists():
        raise SettingError(f"{target} is there already; a backup never overwrites.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(target)) as copy:
        origin.backup(copy)


def bring_up_to_date(app: Flask, *, say: bool) -> None:
    """Upgrade if anything is missing, after a backup where there is data to lose."""
    registry = app.extensions["elearn"].registry
    with app.app_context():
        engine = db.engine
        if not schema.missing(engine, registry):
            if say:
                click.echo("The database is up to date.")
            return
        path = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None
        if path and path.is_file() and path.stat().st_size > 8_192:
            stamp = clock.now().strftime("%Y%m%d-%H%M%S")
            target = path.parent / "backups" / f"elearn-{stamp}.db"
            copy_sqlite(path, target)
            click.echo(f"Backup: {target}", err=True)
        schema.upgrade(engine, registry)
    if say:
        click.echo("The database is up to date now.")
