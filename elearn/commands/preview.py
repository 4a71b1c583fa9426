"""elearn course preview: the course as a learner meets it, in the browser, drawn anew whenever a file of it is saved."""

from __future__ import annotations

import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import click
from flask import Blueprint, Flask, jsonify, redirect, request, session, url_for
from markupsafe import Markup
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from elearn import authoring
from elearn.access import public
from elearn.app import create_app
from elearn.commands.common import make_secret, session_of
from elearn.commands.database import bring_up_to_date
from elearn.commands.speech import _
from elearn.content.folder import Reading
from elearn.errors import ContentError, Problem
from elearn.models.learning import Enrolment
from elearn.plugin import LessonView, Plugin
from elearn.registry import discover
from elearn.services import people, sign_in
from elearn.services.upsert import insert_once
from elearn.services.viewer import Viewer
from elearn.web.current import elearn, found, render, viewer
from elearn.web.database import reading as reading_session
from elearn.web.drawn import draw_lesson

POLL_SECONDS, WAIT_SECONDS = 0.15, 20.0


@dataclass
class Preview:
    """What is shown now. ``state`` counts the changes seen; ``digest`` is the last version without errors ("" before the first)."""

    folder: Path
    state: int = 0
    digest: str = ""
    problems: list[Problem] = field(default_factory=list)
    drawn: int = 0
    token: str = ""
    person_id: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def slug(self) -> str:
        """The course's address."""
        return self.folder.name

    def refresh(self, app: Flask) -> None:
        """Read the course again; where it has no error, its learner goes on with what is new."""
        reading: Reading | None = None
        with session_of(app) as one:
            try:
                reading = authoring.check_course(one, self.folder)
                problems = list(reading.problems)
            except ContentError as error:
                problems = error.problems
            digest = authoring.keep_version(one, reading) if reading and not reading.errors else ""
        if digest:
            self._offer(app, digest)
        with self.changed:
            self.problems, self.digest = problems, digest or self.digest
            self.drawn = len(reading.rendered) if reading else 0
            self.state += 1
            self.changed.notify_all()

    def _offer(self, app: Flask, digest: str) -> None:
        with session_of(app) as one:
            released = authoring.offer_version(one, digest, by=None)
            values = {"person_id": self.person_id, "course_id": authoring.course_id_of(one, self.slug), "period": 1, "state": "active"}
            insert_once(
                one,
                Enrolment,
                values=values | {"version_id": released.version_id, "last_lesson": ""},
                key=("person_id", "course_id", "period"),
            )
            authoring.move_learners(one, self.slug, released.number, by=None, title=self.slug)

    def watch(self, app: Flask, *, stop: threading.Event) -> None:
        """Refresh whenever a file changes, until ``stop``."""
        seen = stamp_of(self.folder)
        authoring.bounded(str)  # the process that children are forked from starts now, not with the first change
        while not stop.wait(POLL_SECONDS):
            now = stamp_of(self.folder)
            if now != seen:
                seen = now
                began = time.monotonic()
                self.refresh(app)
                errors = sum(problem.severity == "error" for problem in self.problems)
                took = f"{time.monotonic() - began:.2f}"
                click.echo(
                    _("{count} pelajaran disusun dalam {seconds} detik; {errors} kesalahan", count=self.drawn, seconds=took, errors=errors)
                )


def stamp_of(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells a changed folder from an unchanged one: names, times and sizes."""
    found = []
    for path in sorted(folder.rglob("*")):
        try:
            status = path.stat()
        except OSError:
            continue  # gone between the listing and the look
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(found)


def plugin_for(preview: Preview) -> Plugin:
    """The preview's own pages and notes, through the contract like everybody's."""
    blueprint = Blueprint("preview", __name__)

    @blueprint.get("/")
    @public
    def enter() -> Response | str:
        """Sign in as the learner and open the course, or say what keeps it from being shown."""
        session["_user_id"], session["_fresh"] = preview.token, True
        if not preview.digest:
            return render("preview_faults.html", preview=preview)
        return redirect(url_for("learn.resume", slug=preview.slug))

    @blueprint.get("/keadaan")
    @public
    def state() -> Response:
        """Answers as soon as something changed since ``dari``, or after a while."""
        known = request.args.get("dari", 0, type=int)
        with preview.changed:
            preview.changed.wait_for(lambda: preview.state != known, timeout=WAIT_SECONDS)
            return jsonify(state=preview.state)

    @blueprint.get("/kunci/<lesson_id>")
    @public
    def keys(lesson_id: str) -> str:
        """The lesson with the answers beside its questions."""
        store = elearn().site.store
        course = store.course(preview.digest)
        found(course.lesson(lesson_id))
        lesson = store.lesson(preview.digest, lesson_id)
        view = LessonView(course=course, lesson=lesson, standing=None, viewer=viewer(), session=reading_session(), keys=True)
        return render("preview_keys.html", preview=preview, course=course, lesson=lesson, parts=draw_lesson(view))

    def note(who: Viewer, subject: object) -> Markup:
        lesson = subject.lesson if isinstance(subject, LessonView) else None
        return Markup(render("preview_note.html", preview=preview, lesson=lesson))

    return Plugin(name="preview", title="Pratinjau", blueprint=blueprint, mount="/pratinjau", slots={"lesson": note, "course": note})


def make_preview(folder: Path, data: Path, *, port: int) -> tuple[Flask, Preview]:
    """The site of a preview, its data in ``data``: one learner, one course."""
    preview = Preview(folder.resolve())
    make_secret(str(data))
    settings = {"secure_cookies": False, "base_url": f"http://127.0.0.1:{port}", "name": "Pratinjau"}
    app = create_app(data, settings=settings, plugins=[*discover(), plugin_for(preview)], check_schema=False)
    bring_up_to_date(app, say=False)
    app.extensions["elearn"].site.store.durable = False
    with session_of(app) as one:
        person = people.add_person(one, name="Peserta Contoh", email="peserta@contoh.go.id")
        preview.person_id, preview.token = person.id, sign_in.start(one, person, agent="preview", days=30)
    preview.refresh(app)
    return app, preview


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--port", default=8010, show_default=True)
def preview(folder: Path, port: int) -> None:
    """Show a course as a learner meets it, and again whenever a file is saved. Faults and answer keys are a tap away."""
    stop = threading.Event()
    with tempfile.TemporaryDirectory(prefix="elearn-preview-") as data:
        app, shown = make_preview(folder, Path(data), port=port)
        app.extensions["elearn"].outbox.start()
        server = make_server("127.0.0.1", port, app, threaded=True)
        threading.Thread(target=shown.watch, args=(app,), kwargs={"stop": stop}, daemon=True).start()
        click.echo(_("Pratinjau: {url}   Berhenti: Ctrl+C", url=f"http://127.0.0.1:{port}/pratinjau/"))
        for problem in shown.problems:
            click.echo(str(problem), err=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            stop.set()
        finally:
            server.server_close()
            app.extensions["elearn"].outbox.stop()
