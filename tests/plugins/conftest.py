"""All bundled plugins on SQLite and on PostgreSQL; courses written as Markdown in the test."""

import textwrap
import threading

import pytest

from elearn.packs import read_pack
from elearn.progress import finish_lesson
from elearn.registry import discover
from elearn.services import learning, people
from elearn.services.publishing import publish

COURSE = {"01-satu.md": "# Satu\nTeks.", "02-dua.md": "# Dua\nTeks."}
HEAD = "judul: {title}\nringkasan: Ringkasan.\njp: 3\nlulus: {mark}\n"


@pytest.fixture(params=["sqlite", "postgresql"])
def any_app(request, make_app):
    """The application on each database."""
    return make_app(*discover(without=()), database=request.param if request.param == "postgresql" else "")


@pytest.fixture
def app(make_app):
    """The application on SQLite."""
    return make_app(*discover(without=()))


@pytest.fixture
def write_course(tmp_path):
    """``write_course(app, {"01-a.md": "…"}, slug="etika", mark="0%")`` writes, reads and publishes a course; ``more`` are lines of its head."""

    def write(app, files, *, slug="etika", mark="0%", title="Etika", more=""):
        folder = tmp_path / "tulis" / slug
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "course.yml").write_text(HEAD.format(title=title, mark=mark) + more, "utf-8")
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
        state = app.extensions["elearn"]
        reading = read_pack(folder, state.registry)
        with state.outbox.open_session() as session:
            publish(session, state.site.store, reading.course, reading.media, by=None)
            session.commit()
        return reading.course

    return write


@pytest.fixture
def enrolled():
    """``enrolled(app, slug="etika")`` is the standing of somebody new."""

    def enrol(app, *, slug="etika", name="Sari Wahyuni, S.E.", nip="199407212019032005"):
        state = app.extensions["elearn"]
        with state.outbox.open_session() as session:
            unit = people.add_unit(session, f"Loket {nip[-3:]}", code=f"L{nip[-3:]}")
            person = people.add_person(session, name=name, nip=nip, post="Analis Pelayanan", unit=unit)
            standing = learning.enrol(session, person.id, slug, outline=state.site.course)
            session.commit()
            return standing

    return enrol


@pytest.fixture
def at_once():
    """``at_once(50, function)`` calls it in as many threads at the same moment; answers the results, failures among them."""

    def run(count, function):
        barrier, results = threading.Barrier(count), []

        def one():
            barrier.wait()
            try:
                results.append(function())
            except Exception as error:
                results.append(error)

        threads = [threading.Thread(target=one) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert len(results) == count
        return results

    return run


@pytest.fixture
def complete(enrolled):
    """``complete(app)`` finishes both lessons and lets the events be told; answers the standing."""

    def run(app, *, deliver=True, **who):
        standing = enrolled(app, **who)
        state = app.extensions["elearn"]
        with state.outbox.open_session() as session:
            for lesson in ("satu", "dua"):
                standing = finish_lesson(session, standing, lesson)
            session.commit()
        if deliver:
            state.outbox.deliver_due()
        return standing

    return run
