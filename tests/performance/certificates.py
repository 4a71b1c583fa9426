"""Certificates: how many a second one core draws and issues (unsigned and signed), a job of many with its memory and what it leaves to
others who save, and how fast the public check answers.

python -m tests.performance.certificates --count 10000 [--database postgresql://…]
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, update

from elearn import start_job
from elearn.app import create_app
from elearn.content.values import Course, Lesson, Section
from elearn.models.learning import Enrolment
from elearn.models.people import Person
from elearn.services import learning, people
from elearn.services.publishing import publish
from elearn.testing import upgrade

WARM, SAMPLE, CHECKS, SHOW = 1, 50, 400, 500


def make_site(folder: Path, *, count: int, database: str) -> tuple[Any, list[int]]:
    """A site with ``count`` people who completed a course and have no certificate; answers the application and their enrolments."""
    (folder / "secret.key").write_text("bench-" + "x" * 40, "ascii")
    settings = {"secure_cookies": False, "base_url": "http://localhost", "limits": "memory://"}
    app = create_app(folder, settings=settings | ({"database": database} if database else {}), check_schema=False)
    upgrade(app)
    state = app.extensions["elearn"]
    sections = tuple(
        Section(id=f"m{n}", title=f"Modul {n}: pelayanan yang mudah dan jujur", lessons=(Lesson(id=f"l{n}", title="L", minutes=20),))
        for n in range(6)
    )
    course = Course(slug="pelayanan-prima", title="Pelayanan Prima di Loket", summary="R.", hours=12, sections=sections)
    with state.outbox.open_session() as session:
        publish(session, state.site.store, course, {}, by=None)
        unit = people.add_unit(session, "Dinas Kependudukan dan Pencatatan Sipil", code="DISDUK")
        first = people.add_person(session, name="Sari Wahyuni, S.E.", email="sari@contoh.go.id", unit=unit)
        standing = learning.enrol(session, first.id, course.slug, outline=state.site.course)
        session.commit()
        persons = [
            {"name": f"Peserta Pelatihan {n:05}, S.AP.", "email": f"p{n}@contoh.go.id", "unit_id": unit.id, "kind": "pns", "post": "Analis",
             "rank": "", "language": "id", "timezone": "Asia/Jakarta", "active": True}
            for n in range(count)
        ]  # fmt: skip
        ids = [session.scalars(insert(Person).returning(Person.id), persons[at : at + SHOW]).all() for at in range(0, count, SHOW)]
        rows = [
            {
                "person_id": one,
                "course_id": standing.course_id,
                "version_id": standing.version_id,
                "period": 1,
                "state": "completed",
                "last_lesson": "",
            }
            for chunk in ids
            for one in chunk
        ]
        session.execute(insert(Enrolment).values(completed_at=func.now()), rows)
        session.commit()
        wanted = select(Enrolment.id).where(Enrolment.state == "completed").order_by(Enrolment.id)
        return app, list(session.scalars(wanted))


def run(folder: Path, *, count: int, database: str) -> None:
    """Measure and print."""
    from elearn_certificates import proving
    from elearn_certificates.drawing import draw
    from elearn_certificates.facts import Facts
    from elearn_certificates.issuing import issue_late
    from elearn_certificates.models import Certificate

    app, enrolments = make_site(folder, count=count + WARM + 2 * SAMPLE, database=database)
    state = app.extensions["elearn"]
    with state.outbox.open_session() as session:
        facts = Facts.from_json(issue_late(session, enrolments[0]).facts)
        session.commit()
        before = _cpu_seconds()
        for _ in range(SAMPLE):
            draw(facts)
        _say("draw", _cpu_seconds() - before)
        for name, part in (("issue, unsigned", enrolments[WARM:][:SAMPLE]), ("issue, signed", enrolments[WARM + SAMPLE :][:SAMPLE])):
            if name == "issue, signed":
                proving.make_missing_keys(state.site)
            before = _cpu_seconds()
            for one in part:
                issue_late(session, one)
                session.commit()
            _say(name, _cpu_seconds() - before)

    print("check by code: p50 {:.1f} ms, p99 {:.1f} ms".format(*_check(app, Certificate)), flush=True)

    rest = enrolments[WARM + 2 * SAMPLE :]
    with state.outbox.open_session() as session:
        start_job(session, "certificates.issue", title="Ukur", items=[(str(one), "") for one in rest], by=None)
        session.commit()
    began, seen = time.monotonic(), 0
    saves: list[float] = []
    saving = threading.Thread(target=_save_until, args=(app, done := threading.Event(), saves))
    saving.start()
    while state.outbox.deliver_due(limit=40):
        with state.outbox.open_session() as session:
            made = session.scalar(select(func.count()).select_from(Certificate)) or 0
        if made - seen >= SHOW or made == len(enrolments):
            seen = made
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
            print(f"{made:6} issued, {time.monotonic() - began:6.0f} s, resident {_resident():.0f} MB, peak {peak:.0f} MB", flush=True)
    done.set()
    saving.join()
    saves.sort()
    print(
        f"a save meanwhile: p50 {statistics.median(saves):.0f} ms, p99 {saves[int(len(saves) * 0.99)]:.0f} ms, at most {saves[-1]:.0f} ms"
    )
    with state.outbox.open_session() as session:
        serials = list(session.scalars(select(Certificate.serial).order_by(Certificate.serial)))
    assert serials == list(range(1, len(enrolments) + 1)), "a gap or a twin"
    print("check by code among {}: p50 {:.1f} ms, p99 {:.1f} ms".format(len(serials), *_check(app, Certificate)))


def _save_until(app: Any, done: threading.Event, saves: list[float]) -> None:
    """Somebody who saves something five times a second; ``saves`` takes the ms that each waited. Who waits in vain ends the measuring."""
    while not done.wait(0.2):
        before = time.perf_counter()
        with app.extensions["elearn"].outbox.open_session() as session:
            session.execute(update(Person).where(Person.id == 1).values(post=f"{before}"))
            session.commit()
        saves.append((time.perf_counter() - before) * 1000)


def _say(name: str, seconds: float) -> None:
    each = seconds / SAMPLE
    print(f"{name}: {each * 1000:.0f} ms CPU, {1 / each:.1f} a second and core", flush=True)


def _cpu_seconds() -> float:
    """CPU seconds that this process and its signing process have used."""
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text("ascii").split()
    fields = [Path(f"/proc/{child}/stat").read_text("ascii").rpartition(")")[2].split() for child in children]
    return time.process_time() + sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


def _resident() -> float:
    """MB of memory in use now."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize() / 1e6


def _check(app: Any, model: Any) -> tuple[float, float]:
    """Median and 99th percentile in ms of the public page, by wall clock, one reader."""
    with app.extensions["elearn"].outbox.open_session() as session:
        codes = list(session.scalars(select(model.check_code).order_by(func.random()).limit(CHECKS)))
    from elearn.web.security import limiter

    limiter.enabled = False
    client, times = app.test_client(), []
    for place in range(CHECKS + 20):
        code = codes[place % len(codes)]
        before = time.perf_counter()
        assert client.get(f"/v/{code}").status_code == 200
        times.append((time.perf_counter() - before) * 1000)
    kept = sorted(times[20:])
    return statistics.median(kept), kept[int(len(kept) * 0.99)]


def main() -> None:
    """Read the options."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--database", default="")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="elearn-certificates-") as folder:
        run(Path(folder), count=asked.count, database=asked.database)


if __name__ == "__main__":
    main()
