"""elearn db copy: all that a site keeps in its database into an empty PostgreSQL, for the day when one SQLite file is too small."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from sqlalchemy import JSON, Column, Connection, Engine, LargeBinary, Row, Table, bindparam, create_engine, func, insert, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from elearn import schema
from elearn.commands.common import data_option, make_app
from elearn.errors import SettingError
from elearn.models.base import Base
from elearn.registry import Registry
from elearn.web.database import WRITE, db, engine_options, normal_url

BATCH, BIG_BATCH = 2_000, 50  # rows at once; of tables that keep whole files
SEARCH = "course_search"  # SQLite's index of words and the tables within it; PostgreSQL makes its own


@click.command("copy")
@click.argument("target")
@data_option
def copy_command(target: str, data: str | None) -> None:
    """Copy the site's database into the empty PostgreSQL database TARGET (postgresql://…).

    Stop the site first. Nothing in its own database is changed, and its files stay where they are."""
    app = make_app(data)
    url = normal_url(target)
    if not url.startswith("postgresql"):
        raise SettingError("This copies into PostgreSQL (postgresql://…). For a copy in a file: elearn db backup")
    engine = create_engine(url, **engine_options(url))
    try:
        with app.app_context():
            count = copy_database(db.engine, engine, app.extensions["elearn"].registry)
    finally:
        engine.dispose()
    click.echo(f"{count} rows are there. Set “database” to that address in site.toml (or ELEARN_DATABASE), then: elearn check")


def copy_database(source: Engine, target: Engine, registry: Registry) -> int:
    """Copy every row, all in one transaction; answers how many. Raises ``SettingError`` where ``target`` cannot be reached or is not
    empty, or where a table would be left behind."""
    try:
        schema.upgrade(target, registry)
    except DBAPIError as error:
        raise SettingError(f"{target.url!r}: {str(error.orig).strip().splitlines()[0]}") from error
    made = set(inspect(target).get_table_names())
    behind = sorted(name for name in inspect(source).get_table_names() if name not in made and not name.startswith(SEARCH))
    if behind:
        raise SettingError(f"These tables are of plugins that do not run here, and would be left behind: {', '.join(behind)}")
    tables = [table for table in Base.metadata.sorted_tables if table.name in made]
    reading = source.execution_options(**{WRITE: True})  # nobody writes there meanwhile
    with reading.connect() as reader, reader.begin(), target.begin() as writer:
        for table in tables:
            if writer.scalar(select(1).select_from(table).limit(1)):
                raise SettingError(f"{target.url!r} has rows already ({table.name}); copy into an empty database.")
        return sum(_copy_table(table, reader, writer) for table in tables)


def _copy_table(table: Table, reader: Connection, writer: Connection) -> int:
    count = 0
    statement = insert(table).values({column.name: bindparam(column.name, type_=_type_of(column)) for column in table.columns})
    for rows in _batches(table, reader):
        writer.execute(statement, [row._asdict() for row in rows])
        count += len(rows)
    if count:
        click.echo(f"{table.name:<34}{count:>10}")
        numbered = table.autoincrement_column
        if numbered is not None:
            last = func.max(numbered)
            writer.execute(select(func.setval(func.pg_get_serial_sequence(table.name, numbered.name), last)).select_from(table))
    return count


def _type_of(column: Column[Any]) -> TypeEngine[Any]:
    """The column's type; what is missing stays missing, and does not become a JSON null."""
    return JSON(none_as_null=True) if isinstance(column.type, JSON) and column.nullable else column.type


def _batches(table: Table, reader: Connection) -> Iterator[list[Row[Any]]]:
    """The rows by their key, many at a time; where rows point at rows of the same table, those pointed at come first."""
    batch = BIG_BATCH if any(isinstance(column.type, LargeBinary) for column in table.columns) else BATCH
    found = reader.execution_options(yield_per=batch).execute(select(table).order_by(*table.primary_key.columns))
    own = next((key.parent.name for key in table.foreign_keys if key.column.table is table), None)
    if own is None:
        yield from (list(rows) for rows in found.partitions())
        return
    waiting, there = list(found), {None}
    while waiting:
        ready = [row for row in waiting if row._mapping[own] in there]
        if not ready:
            raise SettingError(f"The table {table.name} has rows that belong to nothing: {waiting[0].id}")
        there |= {row.id for row in ready}
        waiting = [row for row in waiting if row.id not in there]
        yield ready
