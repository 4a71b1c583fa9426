"""`python -m tests.performance.authors`: what authors wait for, and what a large catalogue costs.

Checks and publishes a course of 100 lessons and 500 questions by the command line: seconds, and the peak memory of the largest
process; then again with one lesson changed. Then a catalogue of 1,000 courses with 20,000 lessons: seconds to the first answer,
memory of the worker, and how long the slowest of a hundred searches takes. Figures of one run on one machine; where others use it too, the seconds of CPU say more than those of the clock.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from elearn.app import create_app
from elearn.commands.preview import make_preview
from elearn.content.values import Course, Lesson, Section
from elearn.registry import discover
from elearn.services.publishing import publish
from elearn.testing import upgrade
from elearn.web.database import db
from tests.performance.big_course import WORDS, write_big_course
from tests.performance.servers import Server, free_port, running

CLI = [sys.executable, "-m", "elearn.cli"]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m tests.performance.authors", description=__doc__)
    options.add_argument("--lessons", type=int, default=100)
    options.add_argument("--questions", type=int, default=500)
    options.add_argument("--courses", type=int, default=1_000)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="elearn-authors-") as folder:
        one_course(Path(folder), lessons=asked.lessons, questions=asked.questions)
        preview(Path(folder))
        catalogue(Path(folder) / "katalog", courses=asked.courses)


def run(*command: str | Path) -> tuple[str, float, str]:
    """(seconds by the clock and of CPU, peak megabytes of the command's largest process, what it said)."""
    began = time.monotonic()
    process = subprocess.Popen([*CLI, *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = process.stdout.read().decode() if process.stdout else ""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.stdout:
        process.stdout.close()
    if process.returncode:
        raise SystemExit(f"{command}: {said}")
    seconds = f"{time.monotonic() - began:6.1f} s ({used.ru_utime + used.ru_stime:4.1f} s CPU)"
    return seconds, used.ru_maxrss / 1024, said.strip().splitlines()[-1] if said.strip() else ""


def one_course(folder: Path, *, lessons: int, questions: int) -> None:
    """Check and publish, first and again."""
    course, data = folder / "besar", folder / "situs"
    write_big_course(course, lessons=lessons, questions=questions)
    idle, _, _ = run("--version")
    print(f"{lessons} lessons, {questions} questions (a command that does nothing takes{idle})")
    run("db", "upgrade", "--data", data)
    for name, command in (
        ("check", ("course", "check", course)),
        ("publish", ("course", "publish", course, "--data", data)),
        ("publish again, nothing changed", ("course", "publish", course, "--data", data)),
    ):
        seconds, peak, said = run(*command)
        print(f"  {name:<34}{seconds} {peak:6.0f} MB   {said}")
    lesson = sorted(course.rglob("*.md"))[lessons // 2]
    lesson.write_text(lesson.read_text("utf-8").replace("Bagian 2", "Bagian kedua"), "utf-8")
    seconds, peak, said = run("course", "publish", course, "--data", data)
    drawn = re.search(r"\((\d+) pelajaran disusun\)", said)
    print(f"  {'publish again, one lesson changed':<34}{seconds} {peak:6.0f} MB   {drawn[1] if drawn else '?'} lesson(s) drawn")


def preview(folder: Path) -> None:
    """From a saved file to the page that shows it."""
    app, shown = make_preview(folder / "besar", folder / "pratinjau", port=free_port())
    lesson = sorted((folder / "besar").rglob("*.md"))[7]
    seconds = []
    for number in range(5):
        lesson.write_text(lesson.read_text("utf-8").replace("## Bagian 1", f"## Bagian 1 dan {number}"), "utf-8")
        began = time.monotonic()
        shown.refresh(app)
        seconds.append(time.monotonic() - began)
    with app.app_context():
        db.engine.dispose()
    print(
        f"  {'preview after a save':<34}{statistics.median(seconds):6.2f} s            {shown.drawn} lesson(s) drawn; up to 0.15 s to notice it"
    )


def catalogue(folder: Path, *, courses: int) -> None:
    """A large catalogue: start, memory, search."""
    folder.mkdir()
    (folder / "secret.key").write_text("bench-" + "x" * 40, "ascii")
    (folder / "site.toml").write_text("secure_cookies = false\n")
    app = create_app(folder, plugins=discover(without=()), check_schema=False)
    upgrade(app)
    state, chance = app.extensions["elearn"], random.Random(1)
    began = time.monotonic()
    with state.outbox.open_session() as session:
        for number in range(courses):
            publish(session, state.site.store, _course(number, chance), {}, by=None)
        session.commit()
    state.outbox.deliver_due()
    with app.app_context():
        db.engine.dispose()
    print(f"{courses} courses with {courses * 20} lessons, put in the catalogue in {time.monotonic() - began:.0f} s")
    port = free_port()
    command = [*CLI, "serve", "--port", str(port), "--data", str(folder)]
    began = time.monotonic()
    with running(command, port=port, env={}, ready="/healthz") as server:
        print(f"  first answer after {time.monotonic() - began:.2f} s, worker {server.peak_megabytes():.0f} MB")
        for name, queries in (
            ("search, two words", [f"{' '.join(chance.sample(WORDS, 2))}" for _ in range(400)]),
            ("search, one frequent word", [chance.choice(WORDS) for _ in range(400)]),
            ("search that finds nothing", [f"zzz{number}" for number in range(200)]),
        ):
            times = sorted(_ask(server, f"/pelatihan?q={query.replace(' ', '+')}") for query in queries)
            print(f"  {name:<32}p50 {times[len(times) // 2] * 1000:5.1f} ms  p99 {times[len(times) * 99 // 100] * 1000:6.1f} ms")
        times = sorted(_ask(server, f"/pelatihan/kursus-{number}") for number in range(courses))
        print(
            f"  {'a page of every course':<32}p50 {times[len(times) // 2] * 1000:5.1f} ms  p99 {times[len(times) * 99 // 100] * 1000:6.1f} ms"
        )
        print(f"  worker after all that {server.peak_megabytes():.0f} MB")


def _ask(server: Server, address: str) -> float:
    began = time.perf_counter()
    status, _ = server.ask("GET", address)
    if status != 200:
        raise SystemExit(f"{address}: {status}")
    return time.perf_counter() - began


def _course(number: int, chance: random.Random) -> Course:
    def words(count: int) -> str:
        return " ".join(chance.choices(WORDS, k=count)).capitalize()

    sections = tuple(
        Section(
            id=f"modul-{module}",
            title=words(3),
            lessons=tuple(
                Lesson(id=f"pelajaran-{module * 5 + at}", title=words(4), minutes=9, parts=(f"<p>{words(120)}</p>",)) for at in range(5)
            ),
        )
        for module in range(4)
    )
    return Course(slug=f"kursus-{number}", title=f"{words(4)} {number}", summary=words(15), hours=4, sections=sections)


if __name__ == "__main__":
    main()
