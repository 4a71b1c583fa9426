"""`python -m tests.performance.answers`: 200 learners answer at once, and the server is killed in their midst.

For SQLite, and for PostgreSQL where ELEARN_TEST_POSTGRESQL names a server: answers saved per second beside the floor's /write, same
server, same clients, same durability; then kill -9 of all server processes while answers come in, a restart, and a look into the
database: every answer that was acknowledged must be there, and none twice. Exit code 1 where one is missing.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy
from elearn_quizzes import attempts
from elearn_quizzes.models import Attempt, AttemptAnswer
from sqlalchemy import select

from elearn.models.people import Person
from elearn.services import learning
from elearn.services import sign_in as sign_ins
from elearn.web.database import db, normal_url
from tests.performance.servers import CLIENT_CORE, Server, free_port, running
from tests.performance.site import QUIZ, SLUG, _application, hidden, prepare

POSTGRESQL = "ELEARN_TEST_POSTGRESQL"
Key = tuple[int, str, int]


@dataclass
class Learner:
    """One learner at one attempt: the session's cookie, the questions (those with one choice first), and what the server acknowledged."""

    attempt: int
    cookies: dict[str, str]
    items: list[str]
    server: Server | None = None
    token: str = ""
    acknowledged: set[Key] = field(default_factory=set)
    sent: int = 0
    refused: int = 0

    def reach(self, port: int) -> None:
        """Open the first question, for its form's token."""
        self.server = Server(port, None, dict(self.cookies))  # type: ignore[arg-type]
        self.token = hidden(self.server.ask("GET", f"/kuis/{self.attempt}/1")[1])

    def save(self, *, patient: bool, still: Callable[[], bool] = lambda: True) -> None:
        """Save one more answer and keep what was acknowledged. ``patient``: ask again with the same number until there is an answer,
        or ``still()`` says that nobody waits for it any more."""
        self.sent += 1
        key = (self.attempt, self.items[self.sent % len(self.items)], 1_700_000_000_000 + self.sent)
        body = json.dumps({"answers": [{"item": key[1], "seq": key[2], "answer": ["a"]}]})
        headers = {"X-CSRFToken": self.token, "Accept": "application/json", "Content-Type": "application/json"}
        for _ in range(400 if patient else 1):
            if not still():
                return
            try:
                status = self._post(body, headers)
            except OSError:
                status = 0
            except Exception as error:  # http.client's own errors where a connection was cut in mid-answer
                if type(error).__module__ != "http.client":
                    raise
                status = 0
            if status == 200:
                self.acknowledged.add(key)
                return
            self.refused += 1
            if self.server is not None:
                self.server.close()
            time.sleep(0.05)

    def _post(self, body: str, headers: dict[str, str]) -> int:
        assert self.server is not None
        if self.server.connection is None:
            import http.client

            self.server.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.server.cookies.items())} | headers
        self.server.connection.request("POST", f"/kuis/{self.attempt}/simpan", body, sent)
        answer = self.server.connection.getresponse()
        answer.read()
        return answer.status


def enter(folder: Path, count: int) -> list[Learner]:
    """Enrol ``count`` learners and open an attempt for each."""
    app = _application(folder)
    state = app.extensions["elearn"]
    learners = []
    with state.outbox.open_session() as session:
        people = session.scalars(select(Person).where(Person.email.like("peserta%")).order_by(Person.id).limit(count)).all()
        for person in people:
            standing = learning.enrol(session, person.id, SLUG, outline=state.site.course)
            attempt_id = attempts.start(session, standing, QUIZ)
            one = attempts.sitting(session, attempt_id, person.id)
            token = sign_ins.start(session, person, agent="bench", days=1)
            client = app.test_client()
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = token, True
            name = app.config["SESSION_COOKIE_NAME"]
            kept = client.get_cookie(name)
            if kept is None or one is None:
                raise SystemExit("a learner could not enter")
            items = sorted((item for item in one.items if item.kind != "upload"), key=lambda item: item.kind != "single")
            learners.append(Learner(attempt_id, {name: kept.value}, [item.id for item in items]))
        session.commit()
    with app.app_context():
        db.engine.dispose()
    return learners


def all_at_once(learners: list[Learner], work: Callable[[Learner], None], *, seconds: float) -> float:
    """Every learner in a thread of their own works again and again; answers the seconds it took."""
    began = time.monotonic()
    ends = began + seconds

    def one(learner: Learner) -> None:
        while time.monotonic() < ends:
            work(learner)

    threads = [threading.Thread(target=one, args=(learner,)) for learner in learners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - began


def kill(server: Server) -> None:
    """kill -9 of the server with all its workers, as the power cut of a process."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    for pid in [server.process.pid, *map(int, children)]:
        os.kill(pid, signal.SIGKILL)
    server.process.wait()


def stored(folder: Path) -> list[Key]:
    """The answers that are in the database."""
    app = _application(folder)
    with app.extensions["elearn"].outbox.open_session() as session:
        rows = session.execute(select(AttemptAnswer.attempt_id, AttemptAnswer.item_id, AttemptAnswer.seq)).all()
        opened = session.scalar(select(sqlalchemy.func.count()).select_from(Attempt))
    with app.app_context():
        db.engine.dispose()
    if not opened:
        raise SystemExit("the attempts are gone")
    return [(row[0], row[1], row[2]) for row in rows]


@contextmanager
def databases() -> Iterator[dict[str, tuple[str, str]]]:
    """Name to (the product's URL, the floor's URL) of each database to measure; PostgreSQL's are made and dropped again."""
    server = os.environ.get(POSTGRESQL, "")
    found = {"SQLite": ("", "")}
    if not server:
        yield found
        return
    url = sqlalchemy.make_url(normal_url(server))
    names = [f"elearn_{secrets.token_hex(6)}" for _ in range(2)]
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in names:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    made = [url.set(database=name).render_as_string(hide_password=False) for name in names]
    try:
        yield found | {"PostgreSQL": (made[0], made[1])}
    finally:
        with engine.connect() as connection:
            for name in names:
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        engine.dispose()


def floor_rate(folder: Path, url: str, *, count: int, seconds: float) -> float:
    """Writes per second of the floor under as many clients."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-w", "1", "-k", "gthread", "--threads", "8", "--keep-alive", "75"]
    command += ["--no-control-socket", "--log-level", "warning", "-b", f"127.0.0.1:{port}", "tests.performance.floor_app:create_app()"]
    env = {"FLOOR_DB": url or f"sqlite:///{folder / 'floor.db'}", "FLOOR_SYNC": "FULL"}
    with running(command, port=port, env=env, ready="/bare"):
        clients = [Server(port, None) for _ in range(count)]  # type: ignore[arg-type]
        for number, client in enumerate(clients, 1):
            client.ask("GET", f"/login/{number}")
        done = [0] * count

        def write(client: Server) -> None:
            number = clients.index(client)
            status, _ = client.ask("POST", "/write", {"value": "jawaban"})
            done[number] += status == 200

        took = all_at_once(clients, write, seconds=seconds)  # type: ignore[arg-type]
    return sum(done) / took


def run(name: str, folder: Path, urls: tuple[str, str], *, count: int, seconds: float) -> bool:
    """Measure on one database and print; whether nothing acknowledged is missing."""
    folder.mkdir(parents=True)
    prepare(folder / "site", database=urls[0])
    learners = enter(folder / "site", count)
    port, env = free_port(), {"ELEARN_DATA": str(folder / "site")}
    command = [sys.executable, "-m", "elearn.cli", "serve", "--port", str(port)]
    floor = floor_rate(folder, urls[1], count=count, seconds=seconds)
    with running(command, port=port, env=env, ready="/healthz"):
        for learner in learners:
            learner.reach(port)
        took = all_at_once(learners, lambda learner: learner.save(patient=False), seconds=seconds)
    rate = sum(len(learner.acknowledged) for learner in learners) / took
    refused = sum(learner.refused for learner in learners)
    print(
        f"{name}: {count} learners, {rate:.0f} answers/s beside {floor:.0f} writes/s of the floor: {rate / floor:.2f} ({refused} refused)"
    )
    before = sum(len(learner.acknowledged) for learner in learners)
    _killed(learners, command, port=port, env=env, seconds=seconds)
    kept = stored(folder / "site")
    acknowledged = set().union(*(learner.acknowledged for learner in learners))
    missing, twice = acknowledged - set(kept), len(kept) - len(set(kept))
    print(
        f"{name}: kill -9 with {count} learners: {len(acknowledged) - before} answers acknowledged around it, "
        f"{len(missing)} of {len(acknowledged)} missing, {twice} twice"
    )
    return not missing and not twice


def _killed(learners: list[Learner], command: list[str], *, port: int, env: dict[str, str], seconds: float) -> None:
    """Answers come in; the server is killed in their midst and started again; every learner goes on by itself."""
    with running(command, port=port, env=env, ready="/healthz") as first:
        for learner in learners:
            if learner.server is not None:
                learner.server.close()
        work = threading.Thread(
            target=all_at_once, args=(learners, lambda learner: learner.save(patient=True)), kwargs={"seconds": seconds + 6}
        )
        work.start()
        time.sleep(seconds / 2)
        kill(first)
        with running(command, port=port, env=env, ready="/healthz"):
            work.join()


def main() -> int:
    """Measure all databases there are; 1 where an acknowledged answer is missing."""
    options = argparse.ArgumentParser(prog="python -m tests.performance.answers", description=__doc__)
    options.add_argument("--learners", type=int, default=200)
    options.add_argument("--seconds", type=float, default=8.0)
    asked = options.parse_args()
    os.sched_setaffinity(0, {CLIENT_CORE})
    held = True
    with tempfile.TemporaryDirectory(prefix="elearn-answers-") as folder, databases() as found:
        for name, urls in found.items():
            held = run(name, Path(folder) / name, urls, count=asked.learners, seconds=asked.seconds) and held
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
