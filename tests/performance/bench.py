"""`make bench`: the product beside the floor, on real HTTP, pinned to one core, interleaved, weighed in CPU a request.

Prints for each page its CPU, the ratio to the floor doing the same kind of work, its SQL statements and its bytes; then peak
memory of the worker and the time from a cold start to the first answer. Figures of one run on one machine: compare ratios.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.performance.servers import CLIENT_CORE, Server, free_port, running
from tests.performance.site import LESSON, SLUG, open_quiz, prepare, sign_in, statements_of

Ask = Callable[[], tuple[int, bytes]]


def measure(pairs: dict[str, tuple[Server, Ask]], *, rounds: int, requests: int) -> dict[str, float]:
    """Median CPU milliseconds a request of each, in interleaved rounds."""
    seen: dict[str, list[float]] = {name: [] for name in pairs}
    for _ in range(rounds):
        for name, (server, ask) in pairs.items():
            before = server.cpu_seconds()
            for _ in range(requests):
                status, body = ask()
                if status not in (200, 204):
                    raise SystemExit(f"{name}: {status} {body[:300]!r}")
            seen[name].append((server.cpu_seconds() - before) / requests * 1000)
    return {name: statistics.median(values) for name, values in seen.items()}


def cold_start(command: list[str], port: int, env: dict[str, str], ready: str) -> float:
    """Seconds from the start of the process to its first answer."""
    began = time.monotonic()
    with running(command, port=port, env=env, ready=ready):
        return time.monotonic() - began


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="make bench", description=__doc__)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--requests", type=int, default=150)
    asked = options.parse_args()
    os.sched_setaffinity(0, {CLIENT_CORE})
    with tempfile.TemporaryDirectory(prefix="elearn-bench-") as folder:
        run(Path(folder), rounds=asked.rounds, requests=asked.requests)


def run(folder: Path, *, rounds: int, requests: int) -> None:
    """Both servers side by side."""
    prepare(folder / "site")
    floor_port, port = free_port(), free_port()
    env = {"ELEARN_DATA": str(folder / "site")}
    floor_env = {"FLOOR_DB": f"sqlite:///{folder / 'floor.db'}", "FLOOR_SYNC": "FULL"}
    gunicorn = [
        sys.executable,
        "-m",
        "gunicorn",
        "-w",
        "1",
        "-k",
        "gthread",
        "--threads",
        "8",
        "--keep-alive",
        "75",
        "--no-control-socket",
        "--log-level",
        "warning",
        "-b",
        f"127.0.0.1:{floor_port}",
    ]
    floor_command = [*gunicorn, "tests.performance.floor_app:create_app()"]
    command = [sys.executable, "-m", "elearn.cli", "serve", "--port", str(port)]
    started = {"floor": (floor_command, floor_port, floor_env, "/bare"), "product": (command, port, env, "/healthz")}
    cold = {name: min(cold_start(*how) for _ in range(3)) for name, how in started.items()}
    with (
        running(floor_command, port=floor_port, env=floor_env, ready="/bare") as floor,
        running(command, port=port, env=env, ready="/healthz") as site,
    ):
        floor.ask("GET", "/login/7")
        sign_in(site)
        page = f"/belajar/{SLUG}/{LESSON}"
        quiz = open_quiz(site)
        pairs: dict[str, tuple[Server, Ask]] = {
            "floor /bare": (floor, lambda: floor.ask("GET", "/bare")),
            "floor /rendered": (floor, lambda: floor.ask("GET", "/rendered")),
            "lesson": (site, lambda: site.ask("GET", page)),
            "lesson, gzip": (site, lambda: site.ask("GET", page, headers={"Accept-Encoding": "gzip"})),
            "home": (site, lambda: site.ask("GET", "/")),
            "catalogue": (site, lambda: site.ask("GET", "/pelatihan")),
            "floor /write": (floor, lambda: floor.ask("POST", "/write", {"value": "jawaban"})),
            "saving an answer": (site, lambda: quiz.save(site)),
        }
        measure(pairs, rounds=1, requests=30)  # warm
        found = measure(pairs, rounds=rounds, requests=requests)
        say(found, statements_of(folder / "site"), cold=cold, memory=site.peak_megabytes())


def say(found: dict[str, float], statements: dict[str, int], *, cold: dict[str, float], memory: float) -> None:
    """The table."""
    beside = {"lesson": "floor /rendered", "lesson, gzip": "floor /rendered", "saving an answer": "floor /write"}
    print(f"{'':<20}{'CPU ms':>8}{'ratio':>8}{'SQL':>6}")
    for name, value in found.items():
        ratio = f"{value / found[beside[name]]:.2f}" if name in beside else ""
        print(f"{name:<20}{value:>8.2f}{ratio:>8}{statements.get(name, ''):>6}")
    print(f"\npeak memory of a worker  {memory:.0f} MB")
    print(f"cold start to the first answer  {cold['product']:.2f} s, the floor's {cold['floor']:.2f} s")


if __name__ == "__main__":
    main()
