"""A real site on a real server, learners in the midst of a quiz, and what can go wrong around them."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy.orm import Session

from elearn.web.database import db, normal_url
from tests.performance.answers import Learner, enter, kill, stored
from tests.performance.servers import Server, free_port, running
from tests.performance.site import _application, prepare


@dataclass
class Site:
    """A site with learners at their attempts, and the command that serves it."""

    folder: Path
    learners: list[Learner]
    env: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def served(self) -> Iterator[Server]:
        """The site's own server, with its workers; the learners find it."""
        port = free_port()
        command = [sys.executable, "-m", "elearn.cli", "serve", "--port", str(port)]
        with running(command, port=port, env={"ELEARN_DATA": str(self.folder), **self.env}, ready="/healthz") as server:
            for learner in self.learners:
                learner.server = Server(port, None, dict(learner.server.cookies if learner.server else learner.cookies))
                if not learner.token:
                    learner.reach(port)
            try:
                yield server
            finally:
                for learner in self.learners:
                    if learner.server is not None:
                        learner.server.close()
                if server.process.poll() is None:
                    kill(server)  # a server whose clock jumps does not know how long to wait for its connections

    @contextmanager
    def answering(self, *, patient: bool = True) -> Iterator[None]:
        """All learners save answers, one after the other, while the block runs."""
        going = threading.Event()
        going.set()

        def one(learner: Learner) -> None:
            while going.is_set():
                learner.save(patient=patient)

        threads = [threading.Thread(target=one, args=(learner,)) for learner in self.learners]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            going.clear()
            for thread in threads:
                thread.join()

    @property
    def acknowledged(self) -> set[tuple[int, str, int]]:
        """Every answer that a learner was told is kept."""
        return set().union(*(learner.acknowledged for learner in self.learners))

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Its database, seen from outside the server."""
        app = _application(self.folder)
        with app.extensions["elearn"].outbox.open_session() as session:
            yield session
        with app.app_context():
            db.engine.dispose()

    def lost(self) -> set[tuple[int, str, int]]:
        """What was acknowledged and is not in the database; and no answer is there twice."""
        kept = stored(self.folder)
        assert len(kept) == len(set(kept))
        return self.acknowledged - set(kept)


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request, tmp_path) -> Iterator[Site]:
    """A site on each database, with 16 learners."""
    yield from _site(tmp_path, request.param)


@pytest.fixture
def sqlite_site(tmp_path) -> Iterator[Site]:
    """The same on SQLite alone: what happens to the disk happens to its file."""
    yield from _site(tmp_path, "sqlite")


def _site(tmp_path: Path, database: str) -> Iterator[Site]:
    server = os.environ.get("ELEARN_TEST_POSTGRESQL", "")
    if database == "sqlite":
        prepare(tmp_path / "site")
        yield Site(tmp_path / "site", enter(tmp_path / "site", 16))
        return
    if not server:
        pytest.skip("ELEARN_TEST_POSTGRESQL names no PostgreSQL server")
    url = sqlalchemy.make_url(normal_url(server))
    name = f"elearn_{secrets.token_hex(6)}"
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        prepare(tmp_path / "site", database=url.set(database=name).render_as_string(hide_password=False))
        yield Site(tmp_path / "site", enter(tmp_path / "site", 16))
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        engine.dispose()


def workers(server: Server) -> list[int]:
    """The processes that answer."""
    return [int(pid) for pid in Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()]


@pytest.fixture
def injected() -> Callable[..., object]:
    """``with injected(server, "fsync,fdatasync:error=EIO"):`` makes the kernel answer so to these calls of all workers."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace, which makes system calls fail, is not installed")

    @contextmanager
    def inject(server: Server, *rules: str) -> Iterator[None]:
        command = [strace, "-f", "-qq", "-o", os.devnull]
        for rule in rules:
            command += ["-e", f"inject={rule}"]
        for pid in workers(server):
            command += ["-p", str(pid)]
        tracer = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        time.sleep(0.7)  # until it has taken hold of all threads
        assert tracer.poll() is None, "strace may not take hold of the workers"
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                tracer.send_signal(signal.SIGINT)
            tracer.wait(timeout=20)

    return inject


__all__ = ["Site", "kill", "workers"]
