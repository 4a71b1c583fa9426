"""The database keeps what it acknowledged, and only who writes takes the lock for writing."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from elearn import clock
from elearn.errors import SettingError
from elearn.services.moments import ahead
from elearn.web.database import db, engine_options, reading, writing


@pytest.fixture
def sqlite(make_app):
    return make_app()


def pragma(app, name):
    with app.app_context(), db.engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_sqlite_keeps_its_journal_ahead_and_waits_for_the_disk(sqlite):
    assert pragma(sqlite, "journal_mode") == "wal"
    assert pragma(sqlite, "synchronous") == 2, "FULL: with NORMAL a power cut loses what was acknowledged"
    assert pragma(sqlite, "foreign_keys") == 1
    assert pragma(sqlite, "busy_timeout") == 5_000


def begun(app, work):
    """How the transactions of ``work`` began."""
    seen = []
    with app.app_context():
        engine = db.engine
        connection = engine.connect()
        driver = connection.connection.driver_connection
        driver.set_trace_callback(lambda statement: seen.append(statement) if statement.startswith("BEGIN") else None)
        connection.close()
        work()
        db.session.remove()
    return seen


def test_reading_begins_deferred_and_writing_takes_the_lock_at_once(sqlite):
    def read():
        reading().execute(text("SELECT 1")).all()

    def write():
        with writing() as session:
            session.execute(text("SELECT 1")).all()

    assert begun(sqlite, read) == ["BEGIN"]
    assert begun(sqlite, write) == ["BEGIN IMMEDIATE"]


def test_a_page_is_read_while_somebody_writes(sqlite, make_course, publish_course):
    publish_course(sqlite, make_course("etika"))
    with sqlite.extensions["elearn"].outbox.open_session() as writer:
        writer.execute(text("UPDATE course SET title = 'Lain'"))
        answers = []
        reader = threading.Thread(target=lambda: answers.append(sqlite.test_client().get("/pelatihan")))
        reader.start()
        reader.join(timeout=3)
        assert answers, "the reader waits for the writer"
        assert answers[0].status_code == 200
        assert "Etika" in answers[0].text


def test_who_cannot_get_the_lock_is_told_to_come_again(sqlite, sign_in):
    client = sign_in(sqlite)
    with sqlite.extensions["elearn"].outbox.open_session() as writer:
        writer.execute(text("UPDATE person SET post = 'x'"))
        answer = client.post("/akun/pilihan", data={"bahasa": "en"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "tetap aman" in answer.text


def test_what_a_page_changes_while_it_reads_is_never_kept(sqlite):
    with sqlite.app_context():
        reading().execute(text("INSERT INTO unit (name, path) VALUES ('a', '/1/')"))
        db.session.remove()
        assert reading().execute(text("SELECT count(*) FROM unit")).scalar() == 0
        db.session.remove()


@pytest.mark.parametrize("database", ["", "postgresql"])
def test_ahead_is_reckoned_by_the_database(make_app, database):
    app = make_app(database=database)
    with app.extensions["elearn"].outbox.open_session() as session:
        hour = timedelta(hours=1)
        with clock.frozen(clock.now().replace(year=2000)):
            told = session.scalar(select(ahead(hour)))
        assert abs(told - clock.now() - hour) < timedelta(minutes=1)
        assert session.scalar(select(ahead(hour) > func.now()))
        assert not session.scalar(select(ahead(-hour) > func.now()))


@pytest.mark.parametrize("url", ["mysql://a/b", "oracle://x", "nonsense"])
def test_another_database_is_refused_by_name(url):
    with pytest.raises(SettingError):
        engine_options(url)


def test_a_connection_to_postgresql_is_tried_before_it_is_used_and_keeps_no_statements():
    options = engine_options("postgresql+psycopg://a/b")
    assert options["pool_pre_ping"] is True
    assert options["connect_args"]["prepare_threshold"] is None
