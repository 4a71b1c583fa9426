"""A real site on a real server, learners in the midst of a quiz, and what can go wrong around them."""

from __future__ import annotations

import copy
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from elearn.testing import Databases
from elearn.web.database import db
from tests.performance.answers import Learner, enter, kill, stored
from tests.performance.servers import Server, free_port, running
from tests.performance.site import _application, prepare


@dataclass
class Site:
    """A site with learners at their attempts, and the command that serves it."""

    folder: Path
    learners: list[Learner]
    env: dict[str, str] = field(default_factory=dict)
    going: threading.Event = field(default_factory=threading.Event)
    servers: list[Server] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    @contextmanager
    def served(self) -> Iterator[Server]:
        """The site's own server, with its workers; the learners find it."""
        port = free_port()
        command = [sys.executable, "-m", "elearn.cli", "serve", "--port", str(port)]
        with running(command, port=port, env={"ELEARN_DATA": str(self.folder), **self.env}, ready="/healthz", pinned=False) as server:
            for learner in self.learners:
                if learner.server is None:
                    learner.reach(port)
                learner.server.port = port  # whoever waits at a dead server finds this one when they ask again
            self.servers.append(server)
            try:
                yield server
            finally:
                self.servers.remove(server)
                if all(other.process.poll() is not None for other in self.servers):
                    self.rest()
                if server.process.poll() is None:
                    kill(server)  # a server whose clock jumps does not know how long to wait for its connections

    @contextmanager
    def answering(self, *, patient: bool = True) -> Iterator[None]:
        """All learners save answers, one after the other, while the block runs or until nobody serves them any more."""
        self.going.set()

        def one(learner: Learner) -> None:
            while self.going.is_set():
                learner.save(patient=patient, still=self.going.is_set)

        self.threads = [threading.Thread(target=one, args=(learner,)) for learner in self.learners]
        for thread in self.threads:
            thread.start()
        try:
            yield
        finally:
            self.rest()

    def rest(self) -> None:
        """The learners finish what they are at and close their connections."""
        self.going.clear()
        for thread in self.threads:
            thread.join()
        for learner in self.learners:
            if learner.server is not None:
                learner.server.close()

    def until(self, more: int, *, seconds: float = 60) -> None:
        """Wait until ``more`` answers are acknowledged than now."""
        wanted, deadline = len(self.acknowledged) + more, time.monotonic() + seconds
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < deadline, f"{len(self.acknowledged)} of {wanted} answers in {seconds} s"
            time.sleep(0.02)

    @property
    def acknowledged(self) -> set[tuple[int, str, int]]:
        """Every answer that a learner was told is kept."""
        return set().union(*(learner.acknowledged.copy() for learner in self.learners))

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


LEARNERS = 16
Prepared = Callable[[str], tuple[Path, list[Learner]]]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, elearn_databases: Databases) -> Iterator[Prepared]:
    """``prepared("sqlite")`` is a site on that database that nobody serves, and its learners: made once, to be copied for each test."""
    made: dict[str, tuple[Path, list[Learner]]] = {}
    urls: list[str] = []

    def make(database: str) -> tuple[Path, list[Learner]]:
        if database not in made:
            folder, url = tmp_path_factory.mktemp(f"site-{database}") / "site", ""
            if database == "postgresql":
                url = elearn_databases.create(elearn_databases.new_url(database))
                urls.append(url)
            prepare(folder, database=url)
            made[database] = folder, enter(folder, LEARNERS)
        return made[database]

    yield make
    for url in urls:
        elearn_databases.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request, tmp_path, prepared, elearn_databases) -> Iterator[Site]:
    """A site on each database, with 16 learners."""
    yield from _site(tmp_path, request.param, prepared, elearn_databases)


@pytest.fixture
def sqlite_site(tmp_path, prepared, elearn_databases) -> Iterator[Site]:
    """The same on SQLite alone: what happens to the disk happens to its file."""
    yield from _site(tmp_path, "sqlite", prepared, elearn_databases)


def _site(tmp_path: Path, database: str, prepared: Prepared, databases: Databases) -> Iterator[Site]:
    source, learners = prepared(database)
    folder = tmp_path / "site"
    shutil.copytree(source, folder)
    if database == "sqlite":
        yield Site(folder, copy.deepcopy(learners))
        return
    original = database_of(source)
    url = databases.copy(original, databases.new_url(database))
    (folder / "site.toml").write_text((source / "site.toml").read_text().replace(original, url))
    yield Site(folder, copy.deepcopy(learners))
    databases.drop(url)


def database_of(folder: Path) -> str:
    """The URL of the site's database, as its settings have it."""
    url: str = tomllib.loads((folder / "site.toml").read_text())["database"]
    return url


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


__all__ = ["Site", "database_of", "kill", "workers"]
