"""How long, and with how much memory, a quiz with many attempts is answered: ``python -m tests.performance.analysis [attempts]``.

Writes attempts of 20 questions with five answers each timed, straight into a fresh SQLite database, then counts them as the page does.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from elearn_quizzes.analysis import tallying
from elearn_quizzes.analysis.figures import item_figures, quiz_figures
from elearn_quizzes.analysis.models import Tally
from elearn_quizzes.analysis.tallying import Form
from elearn_quizzes.models import Attempt, AttemptAnswer
from elearn_quizzes.published import Published
from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session

from elearn.models.base import Base

QUESTIONS = 20
STARTED = datetime(2026, 11, 2, tzinfo=UTC)


def attempt(number: int, chance: random.Random) -> dict[str, object]:
    """One invented attempt."""
    able = chance.random()
    shares = [1.0 if chance.random() < able else 0.0 for _ in range(QUESTIONS)]
    marks = [
        {
            "item": f"soal-{place}",
            "share": share,
            "points": 1.0,
            "answer": "a" if share else chance.choice("bcd"),
            "state": "graded",
            "cost": 0.0,
        }
        for place, share in enumerate(shares)
    ]
    return {
        "enrolment_id": number, "person_id": number, "lesson_id": "tes", "number": 1, "digest": "d", "seed": 1,
        "drawn": [{"item": mark["item"], "order": ["a", "b", "c", "d"]} for mark in marks], "seconds": 0, "state": "submitted",
        "started_at": STARTED, "submitted_at": STARTED + timedelta(seconds=number), "score": sum(shares) / QUESTIONS, "passed": True, "marks": marks,
    }  # fmt: skip


def main(count: int) -> None:
    """Fill, count, look again, add a few and look again."""
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'a.db'}")
        Base.metadata.create_all(engine, tables=[model.__table__ for model in (Attempt, AttemptAnswer, Tally)])
        chance = random.Random(1)
        with Session(engine) as session:
            for first in range(0, count, 2000):
                session.execute(insert(Attempt), [attempt(number, chance) for number in range(first, min(count, first + 2000))])
            rows = [
                {
                    "attempt_id": number,
                    "item_id": f"soal-{place}",
                    "seq": place,
                    "answer": "a",
                    "saved_at": STARTED + timedelta(seconds=20 * place + 20),
                }
                for number in range(1, 2001)
                for place in range(5)
            ]
            session.execute(insert(AttemptAnswer), rows)
            session.commit()
        form = Form(version="v", quiz=Published(), digests=("d",))

        def look(what: str, seconds: float) -> int:
            with Session(engine) as session:

                @contextmanager
                def write():
                    yield session
                    session.commit()

                begun = time.perf_counter()
                found = tallying.counted_items(session, form, "tes", write=write, seconds=seconds)
                taken = time.perf_counter() - begun
                size = len(str(session.scalars(select(Tally.state)).one()))
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            alpha, one = quiz_figures(found.sums).alpha, item_figures(found.sums["items"]["soal-0"])
            print(
                f"{what}: {taken:.2f} s, {found.sums['n']} counted, {found.left} left, alpha {alpha:.3f}, facility {one.facility:.3f}, ",
                end="",
            )
            print(f"kept sums {size / 1024:.0f} KB, most memory so far {memory:.0f} MB")
            return found.left

        while look("page as it is (4 s at most)", tallying.SECONDS):
            pass
        look("looked at again", tallying.SECONDS)
        with Session(engine) as session:
            session.execute(insert(Attempt), [attempt(number, chance) for number in range(count, count + 100)])
            session.commit()
        look("after 100 more", tallying.SECONDS)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
