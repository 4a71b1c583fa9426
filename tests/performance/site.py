"""The product as it is measured: a site with a bundled course, 1,000 learners, and one of them in the midst of the final test."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import event

from elearn.app import create_app
from elearn.models.people import Person
from elearn.packs import read_pack
from elearn.registry import discover
from elearn.services import learning, people
from elearn.services import sign_in as sign_ins
from elearn.services.publishing import publish
from elearn.testing import upgrade
from elearn.web.database import db
from tests.performance.servers import Server

COURSES = Path(__file__).resolve().parents[2] / "courses"
SLUG, LESSON, QUIZ = "keamanan-informasi", "aset-di-atas-meja", "tes-awal"
LOGIN, PASSWORD = "sari@contoh.go.id", "kalimat-yang-panjang"
PEOPLE = 1_000
QUIET = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA")


@dataclass
class OpenQuiz:
    """An attempt under way: its question ``item``, and the token of its page."""

    item: str
    token: str = ""
    saved: int = 0

    address = "/kuis/1/simpan"

    def message(self) -> str:
        """The next answer, as the script of the page sends it."""
        self.saved += 1
        answer = {"item": self.item, "seq": 1_700_000_000_000 + self.saved, "seen": 0, "answer": ["a"]}
        return json.dumps({"device": str(2**40), "answers": [answer]})

    def save(self, server: Server) -> tuple[int, bytes]:
        """Save the next answer."""
        headers = {"Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": self.token}
        return server.ask("POST", self.address, self.message(), headers=headers)


def prepare(folder: Path, *, database: str = "") -> None:
    """Make the site in ``folder``; its database is SQLite there, or the one of that URL."""
    folder.mkdir(parents=True)
    (folder / "secret.key").write_text("bench-" + "x" * 40, "ascii")
    lines = ["secure_cookies = false", f'database = "{database}"' if database else ""]
    (folder / "site.toml").write_text("\n".join(lines) + "\n")
    app = _application(folder)
    upgrade(app)
    state = app.extensions["elearn"]
    reading = read_pack(COURSES / SLUG, state.registry)
    with state.outbox.open_session() as session:
        publish(session, state.site.store, reading.course, reading.media, by=None)
        sari = people.add_person(session, name="Sari Wahyuni", email=LOGIN, password=PASSWORD)
        learning.enrol(session, sari.id, SLUG, outline=state.site.course)
        session.add_all(Person(name=f"Peserta {n}", email=f"peserta{n}@contoh.go.id") for n in range(PEOPLE))
        session.commit()
    state.outbox.deliver_due()
    with app.app_context():
        db.engine.dispose()


def _application(folder: Path) -> Flask:
    # Nothing here limits how often one may save: the benchmark sends in seconds what a learner sends in a month.
    return create_app(folder, plugins=discover(without=()), check_schema=False)


def hidden(page: bytes, name: str = "csrf_token") -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"'.encode(), page)
    if not found:
        raise SystemExit(f"no field {name} in the page")
    return found[1].decode()


def sign_in(server: Server) -> None:
    """Sign the measured learner in, by the form."""
    token = hidden(server.ask("GET", "/masuk")[1])
    status, _ = server.ask("POST", "/masuk", {"login": LOGIN, "password": PASSWORD, "csrf_token": token})
    if status != 302:
        raise SystemExit(f"sign-in answered {status}")


def open_quiz(server: Server) -> OpenQuiz:
    """Start the quiz and read its first question."""
    token = hidden(server.ask("GET", f"/belajar/{SLUG}/{QUIZ}")[1])
    status, _ = server.ask("POST", f"/kuis/mulai/{SLUG}/{QUIZ}", {"csrf_token": token})
    page = server.ask("GET", "/kuis/1/1")[1]
    if status != 302:
        raise SystemExit(f"the quiz did not start: {status}")
    return OpenQuiz(hidden(page, "item"), hidden(page))


def statements_of(folder: Path) -> dict[str, int]:
    """SQL statements of each page, counted in this process on the same site."""
    app = _application(folder)
    app.config["WTF_CSRF_ENABLED"] = False
    state = app.extensions["elearn"]
    with state.outbox.open_session() as session:
        person = session.query(Person).filter_by(email=LOGIN).one()
        token = sign_ins.start(session, person, agent="bench", days=1)
        session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    found = re.search(r'name="item" value="([^"]+)"', client.get("/kuis/1/1").text)
    quiz = OpenQuiz(found[1] if found else "")
    asked = {
        "lesson": lambda: client.get(f"/belajar/{SLUG}/{LESSON}"),
        "home": lambda: client.get("/"),
        "catalogue": lambda: client.get("/pelatihan"),
        "saving an answer": lambda: client.post(quiz.address, data=quiz.message(), content_type="application/json"),
    }
    counts = {}
    seen: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))
    for name, ask in asked.items():
        seen.clear()
        ask()
        counts[name] = sum(not statement.lstrip().upper().startswith(QUIET) for statement in seen)
    with app.app_context():
        db.engine.dispose()
    return counts
