"""Moments ahead of now by the database's clock, the one clock that all nodes of a site share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from elearn.models.base import Moment


class ahead(FunctionElement[datetime]):
    """``ahead(timedelta(hours=1))``: an hour from now, as an expression to write or to compare with."""

    name = "ahead"
    type = Moment()
    inherit_cache = True

    def __init__(self, span: timedelta) -> None:
        super().__init__(span.total_seconds())


@compiles(ahead, "sqlite")
def _sqlite(element: ahead, compiler: Any, **options: Any) -> str:
    # as CURRENT_TIMESTAMP is written there, which it is compared with
    return f"datetime('now', {compiler.process(element.clauses, **options)} || ' seconds')"


@compiles(ahead, "postgresql")
def _postgresql(element: ahead, compiler: Any, **options: Any) -> str:
    return f"now() + make_interval(secs => {compiler.process(element.clauses, **options)})"
