"""INSERT … ON CONFLICT for both databases: uniqueness is decided by the constraint, never by looking first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, bindparam, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from elearn.models.base import Base


def _insert(session: Session, model: type[Base]) -> Any:
    dialect = session.get_bind().dialect.name
    return (sqlite if dialect == "sqlite" else postgresql).insert(model.__table__)


def _wrote(session: Session, statement: Any) -> bool:
    # psycopg counts no rows for an INSERT that returns its key; a returned row is the sign that both databases give.
    return session.execute(statement.returning(literal_column("1"))).first() is not None


def rows_changed(session: Session, statement: Executable) -> int:
    """Run an UPDATE or DELETE; answers how many rows it touched. "1" is how a race tells its winner."""
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def insert_once(session: Session, model: type[Base], *, values: dict[str, Any], key: Sequence[str]) -> bool:
    """Insert the row unless one with the same ``key`` columns is there; True if it was this call that wrote it. An empty ``key`` means
    whatever is unique in the table: needed where more than one thing is, for PostgreSQL minds the others even then."""
    statement = _once(session.get_bind().dialect.name, model, tuple(values), tuple(key))
    return session.execute(statement, values).first() is not None


@lru_cache(maxsize=200)
def _once(dialect: str, model: type[Base], names: tuple[str, ...], key: tuple[str, ...]) -> Any:
    """The statement, built once: answers are saved by it all day."""
    given = {name: bindparam(name, type_=model.__table__.c[name].type) for name in names}
    statement = (sqlite if dialect == "sqlite" else postgresql).insert(model.__table__).values(**given)
    return statement.on_conflict_do_nothing(index_elements=list(key) or None).returning(literal_column("1"))


def insert_or_update(session: Session, model: type[Base], *, values: dict[str, Any], key: Sequence[str], only_if: Any = None) -> bool:
    """Insert the row, or overwrite the one with the same ``key`` where ``only_if(new)`` holds; True if a row was written."""
    statement = _insert(session, model).values(**values)
    changed = {name: statement.excluded[name] for name in values if name not in key}
    statement = statement.on_conflict_do_update(
        index_elements=list(key), set_=changed, where=only_if(statement.excluded) if only_if else None
    )
    return _wrote(session, statement)


def insert_or_update_all(session: Session, model: type[Base], *, rows: Sequence[dict[str, Any]], key: Sequence[str]) -> None:
    """``insert_or_update`` for many rows of the same columns, each ``key`` once: built once and sent together, for a long file must not hold
    SQLite's only write lock longer than others wait for it."""
    if rows:
        statement = _insert(session, model)
        changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
        session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed), list(rows))
