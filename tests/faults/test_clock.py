"""The clock of the machine jumps: nobody is signed out by a correction, no answer is lost, no time is won, nothing breaks."""

from __future__ import annotations

import json
import re
import time
from http.client import HTTPException
from pathlib import Path

import pytest
import sqlalchemy
from elearn_quizzes.attempts import answers_of
from elearn_quizzes.models import Attempt
from sqlalchemy import select

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
HOUR = 3600


@pytest.fixture
def clock(tmp_path):
    """``clock(seconds)`` sets the server's clock that far off; ``clock.env`` is what the server needs for it."""
    if not LIBRARIES:
        pytest.skip("libfaketime, which sets a process's clock, is not installed")
    file = tmp_path / "clock"
    file.write_text("+0\n")

    class Clock:
        env = {"LD_PRELOAD": str(LIBRARIES[0]), "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1"}

        def __call__(self, seconds: int) -> None:
            file.write_text(f"{seconds:+d}\n")

    return Clock()


@pytest.fixture
def timed(site, clock):
    """The site with attempts of 20 minutes, its server's clock in our hands."""
    with site.session() as session:
        session.execute(sqlalchemy.update(Attempt).values(seconds=1200))
        session.commit()
    site.env = clock.env
    return site


def asked(learner, ask):
    """What ``ask`` answers; asked again where the worker was replaced, which it is when its clock says that it hung."""
    for _ in range(40):
        try:
            return ask()
        except (OSError, HTTPException):
            learner.server.close()
            time.sleep(0.25)
    raise AssertionError("no worker answers")


def save(learner, seq: int, answer: str) -> tuple[int, dict]:
    """Save one answer to the first question, given at ``seq`` by the learner's own, right clock."""
    body = json.dumps({"answers": [{"item": learner.items[0], "seq": seq, "answer": [answer]}]})
    headers = {"X-CSRFToken": learner.token, "Accept": "application/json", "Content-Type": "application/json"}
    status, told = asked(learner, lambda: learner.server.ask("POST", f"/kuis/{learner.attempt}/simpan", body, headers=headers))
    return status, json.loads(told or b"{}")


def shown(learner) -> tuple[int, str]:
    """The learner's question."""
    status, body = asked(learner, lambda: learner.server.ask("GET", f"/kuis/{learner.attempt}/1"))
    return status, body.decode()


def seconds_left(page: str) -> int:
    return int(re.search(r'data-seconds="(\d+)"', page)[1])


def milliseconds() -> int:
    return int(time.time() * 1000)


def test_a_clock_set_back_signs_nobody_out_and_wins_nobody_time(timed, clock):
    learner = timed.learners[0]
    with timed.served():
        shown(learner)
        assert save(learner, milliseconds(), "a")[0] == 200
        clock(-HOUR)
        status, page = shown(learner)
        assert status == 200
        assert "data-seconds" in page
        assert seconds_left(page) <= 1200
        assert save(learner, milliseconds(), "b")[0] == 200
        clock(0)
        _status, page = shown(learner)
    assert latest(timed, learner) in ("b", ["b"])


def test_a_clock_set_ahead_ends_the_attempt_only_where_it_is_the_databases_own(timed, clock):
    learner = timed.learners[0]
    on_sqlite = "postgresql" not in (timed.folder / "site.toml").read_text()
    with timed.served():
        shown(learner)
        clock(HOUR)
        status, told = save(learner, milliseconds(), "a")
        assert status == (409 if on_sqlite else 200), told
        clock(0)
        assert save(learner, milliseconds(), "b")[0] == 200
        assert seconds_left(shown(learner)[1]) > 1000


@pytest.mark.parametrize("jump", [400 * 24 * HOUR, -20 * 365 * 24 * HOUR], ids=["ahead-400-days", "back-20-years"])
def test_no_jump_breaks_a_page_or_loses_what_was_acknowledged(timed, clock, jump):
    with timed.served():
        for learner in timed.learners[:4]:
            learner.save(patient=False)
        kept = len(timed.acknowledged)
        clock(jump)
        for learner in timed.learners[:4]:
            status, _body = shown(learner)
            assert status in (200, 302)
            learner.server.close()
        clock(0)
        for learner in timed.learners[:4]:
            assert shown(learner)[0] == 200
            learner.save(patient=True)
    assert kept == 4
    assert len(timed.acknowledged) == 8
    assert timed.lost() == set()


def latest(site, learner):
    """The answer that holds."""
    with site.session() as session:
        assert session.scalars(select(Attempt.state).where(Attempt.id == learner.attempt)).one() == "open"
        return answers_of(session, learner.attempt)[learner.items[0]]
