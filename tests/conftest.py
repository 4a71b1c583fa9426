"""What all tests share: courses built in a line or two, people signed in, SQL statements counted."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import redis
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy import event

from elearn.content.values import Course, Lesson, Section
from elearn.services.publishing import publish
from elearn.web.database import db

MakeCourse = Callable[..., Course]
QUIET = ("SAVEPOINT", "RELEASE", "ROLLBACK TO", "BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")

settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")


@pytest.fixture
def make_course() -> MakeCourse:
    """A course of plain lessons: ``make_course("etika", lessons=3, order="sequential")``."""

    def make(slug: str = "etika", *, lessons: int = 3, **more) -> Course:
        made = tuple(
            Lesson(id=f"pelajaran-{n}", title=f"Pelajaran {n}", minutes=5, parts=(f"<p>Isi pelajaran {n}.</p>",))
            for n in range(1, lessons + 1)
        )
        more.setdefault("sections", (Section(id="satu", title="Modul satu", lessons=made),))
        return Course(slug=slug, title=more.pop("title", slug.replace("-", " ").title()), summary="Ringkasan.", **{"hours": 3, **more})

    return make


@pytest.fixture
def publish_course() -> Callable[..., None]:
    """Put a course on offer: ``publish_course(app, course)``."""

    def put(app: Flask, course: Course) -> None:
        state = app.extensions["elearn"]
        with state.outbox.open_session() as session:
            publish(session, state.site.store, course, {}, by=None)
            session.commit()
        state.outbox.deliver_due()

    return put


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements that run within the block, savepoints and transaction marks left out."""
    seen: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if not statement.lstrip().upper().startswith(QUIET):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def count_statements():
    """``with count_statements(app) as seen: …``; then ``len(seen)``."""
    return statements


@pytest.fixture
def redis_url() -> Iterator[str]:
    """A real Redis server, emptied."""
    url = os.environ.get("ELEARN_TEST_REDIS", "")
    if not url:
        pytest.skip("ELEARN_TEST_REDIS names no server: make test starts one where Debian's redis-server is installed")
    client = redis.Redis.from_url(url)
    client.flushall()
    yield url
    client.close()
