"""kill -9 in the midst of publishing, of a migration, and of a backup's source: nothing half-done is ever seen, and all can be done again."""

import json
import multiprocessing
import os
import resource
import shutil
import signal
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import replace

import pytest
from alembic.migration import MigrationContext
from sqlalchemy import event, inspect, text

from elearn.app import create_app
from elearn.commands.database import copy_sqlite
from elearn.content.store import Store, digest_of
from elearn.content.values import Course, Lesson, Section
from elearn.errors import SettingError
from elearn.registry import discover
from elearn.testing import upgrade
from elearn.web.database import db

FORK = multiprocessing.get_context("fork")
LESSONS = 20


def edition(number: int) -> Course:
    """A course whose every lesson says which edition it is of."""
    lessons = tuple(Lesson(id=f"l-{n}", title=f"Edisi {number}", minutes=5, parts=(f"<p>{number}</p>",)) for n in range(LESSONS))
    return Course(slug="etika", title=f"Edisi {number}", summary="x", hours=3, sections=(Section(id="s", title="S", lessons=lessons),))


def publish_for_ever(folder, first):
    store = Store(folder)
    for number in range(first, first + 10_000):
        store.put(edition(number), {"0" * 40 + ".svg": b"<svg/>" * number})


def publish_in_place_for_ever(folder, first):
    """As one would write it who does not think of readers."""
    for number in range(first, first + 10_000):
        course = edition(number)
        target = Store(folder)._version(digest_of(course))
        (target / "lessons").mkdir(parents=True)
        for lesson in course.lessons():
            (target / "lessons" / f"{lesson.id}.json").write_text(json.dumps({"title": lesson.title}))
        (target / "course.json").write_text("{}")


def torn_versions(folder):
    """The versions that are there and not whole."""
    return [path for path in folder.glob("versions/*/[0-9a-f]*") if len(list(path.rglob("*.json"))) != LESSONS + 1]


def killed_writers(folder, write, times):
    """Read while ``write`` publishes and is killed, again and again; the torn versions that were ever seen."""
    torn = set()
    for turn in range(times):
        child = FORK.Process(target=write, args=(folder, turn * 10_000))
        child.start()
        ends = time.monotonic() + 20
        while len(list(folder.glob("versions/*/[0-9a-f]*"))) < 2 * turn + 2 and time.monotonic() < ends:
            torn.update(torn_versions(folder))
        time.sleep(0.004 * turn)  # each time at another place of its work
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        torn.update(torn_versions(folder))
    return torn


def test_nobody_ever_sees_half_a_version(tmp_path):
    assert killed_writers(tmp_path / "naive", publish_in_place_for_ever, 2), "the test sees torn versions where there are some"
    assert killed_writers(tmp_path / "store", publish_for_ever, 6) == set()
    store = Store(tmp_path / "store")
    whole = list((tmp_path / "store").glob("versions/*/[0-9a-f]*"))
    assert len(whole) > 5
    for path in whole:
        outline = store.course(path.name)
        lessons = tuple(store.lesson(path.name, lesson.id) for lesson in outline.lessons())
        assert digest_of(replace(outline, sections=(replace(outline.sections[0], lessons=lessons),))) == path.name
    assert store.put(edition(0), {}) in {path.name for path in whole}, "once more is once"


def test_what_a_killed_process_left_in_the_store_is_taken_away_a_day_later(tmp_path):
    store = Store(tmp_path)
    store.put(edition(1), {"0" * 40 + ".svg": b"<svg/>"})
    version, picture = next(tmp_path.glob("versions/*")) / ".new-a", tmp_path / "media" / "00" / ".new-b"
    (version / "lessons").mkdir(parents=True)
    (version / "lessons" / "l-0.json").write_text("{")
    picture.write_bytes(b"<sv")
    store.put(edition(2), {})
    assert version.exists() and picture.exists(), "somebody may be writing it now"  # noqa: PT018
    for path in (version, picture):
        os.utime(path, (time.time() - 90_000,) * 2)
    store.put(edition(3), {})
    assert not list(tmp_path.rglob(".new-*"))
    assert len(list(tmp_path.glob("versions/*/[0-9a-f]*"))) == 3


def test_a_full_disk_leaves_nothing_of_a_picture_in_the_store(tmp_path):
    def write():
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            Store(tmp_path).put(edition(1), {"0" * 40 + ".webp": b"x" * 50_000})
        except OSError:
            os._exit(7)

    child = FORK.Process(target=write)
    child.start()
    child.join()
    assert child.exitcode == 7
    assert [path for path in tmp_path.rglob("*") if not path.is_dir()] == []


# -- migrations --------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path, elearn_databases):
    """``empty()`` is a new and empty database, as a function that makes an application on it: every process has connections of its own."""
    (tmp_path / "secret.key").write_text("x" * 50)
    urls = []

    def new():
        url = elearn_databases.create(elearn_databases.new_url(request.param))
        urls.append(url)
        return lambda: create_app(tmp_path, settings={"database": url}, plugins=discover(without=()), check_schema=False)

    yield new
    for url in urls:
        elearn_databases.drop(url)


def state_in(connection):
    """(steps, tables with their columns) as this connection sees them."""
    seen = inspect(connection)
    tables = {name: sorted(column["name"] for column in seen.get_columns(name)) for name in seen.get_table_names()}
    return frozenset(MigrationContext.configure(connection).get_current_heads()), tables


def state_of(app):
    """The same, of what is committed."""
    with app.app_context():
        with db.engine.connect() as connection:
            found = state_in(connection)
        db.engine.dispose()
    return found


def states_on_the_way(app):
    """What the tables are after each step, where nobody is killed."""
    found = {}

    def look(connection):
        steps, tables = state_in(connection)
        found[steps] = tables

    with app.app_context():
        event.listen(db.engine, "commit", look)
    upgrade(app)
    with app.app_context():
        db.engine.dispose()
    return found


def migrate_until(make, count):
    """Migrate, and die at the statement of that number that changes the schema."""
    app, seen = make(), []

    def die(connection, cursor, statement, parameters, context, executemany):
        if statement.lstrip().upper().startswith(("CREATE", "ALTER", "INSERT", "DROP")):
            seen.append(statement)
            if len(seen) == count:
                os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context():
        event.listen(db.engine, "after_cursor_execute", die)
    upgrade(app)


def test_a_migration_that_is_killed_leaves_nothing_behind_and_goes_on(empty):
    clean = states_on_the_way(empty()())
    assert len(clean) > 8
    make, seen = empty(), set()
    for count in (2, 9, 30, 25):
        child = FORK.Process(target=migrate_until, args=(make, count))
        child.start()
        child.join()
        assert child.exitcode == -signal.SIGKILL, "it died in the midst"
        steps, tables = state_of(make())
        assert tables == clean.get(steps, {}), "half a step is there"
        seen.add(steps)
    assert len(seen) > 2
    app = make()
    upgrade(app)
    assert state_of(app) == list(clean.items())[-1]


# -- backups -----------------------------------------------------------------------------------------------------------


def test_a_backup_under_writing_has_all_that_was_acknowledged_before_it(make_app, tmp_path):
    app = make_app()
    open_session = app.extensions["elearn"].outbox.open_session
    going, written = threading.Event(), []
    going.set()

    def write():
        while going.is_set():
            with open_session() as session:
                session.execute(text("INSERT INTO unit (name, path) VALUES ('Loket', :path)"), {"path": f"/{len(written)}/"})
                session.commit()
            written.append(f"/{len(written)}/")

    writer = threading.Thread(target=write)
    writer.start()
    source, naive = app.extensions["elearn"].site.store.folder.parent / "elearn.db", 0
    try:
        for turn in range(6):
            time.sleep(0.1)
            known = set(written)
            copy_sqlite(source, tmp_path / f"{turn}.db")
            assert known - paths_in(tmp_path / f"{turn}.db") == set()
            known = set(written)
            shutil.copyfile(source, tmp_path / f"naive-{turn}.db")
            naive += len(known - paths_in(tmp_path / f"naive-{turn}.db"))
    finally:
        going.clear()
        writer.join()
    assert len(written) > 20
    assert naive, "a copied file misses what is in the journal; the test sees that"


def paths_in(file):
    with closing(sqlite3.connect(file)) as connection:
        try:
            return {row[0] for row in connection.execute("SELECT path FROM unit")}
        except sqlite3.DatabaseError:
            return set()


def test_a_backup_never_overwrites(make_app, tmp_path):
    app = make_app()
    source = app.extensions["elearn"].site.store.folder.parent / "elearn.db"
    copy_sqlite(source, tmp_path / "a.db")
    with pytest.raises(SettingError, match="never overwrites"):
        copy_sqlite(source, tmp_path / "a.db")
