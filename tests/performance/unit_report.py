"""The unit's report over very many people: `python -m tests.performance.unit_report [--people 50000] [--entries 1000000] [--database URL]`.

Fills a database with people, ledger entries, totals and levels (in bulk, by the same counting for the totals), then prints the CPU that this
process and the wall time that the whole takes for the report, for the list of who needs attention, and for one person's year.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from elearn_credits import ledger, years
from elearn_credits.competency import report
from elearn_credits.competency.evidence import token
from elearn_credits.competency.framework import framework
from elearn_credits.competency.models import CompetencyProfile
from elearn_credits.models import LedgerEntry
from sqlalchemy import insert, select

from elearn import create_app
from elearn.commands.common import make_secret
from elearn.commands.database import bring_up_to_date
from elearn.models.people import Person, Unit

YEAR = 2026
POSTS = ("Analis Kebijakan Ahli Muda", "Analis Ahli Pertama", "Kepala Seksi", "Pengadministrasi", "Petugas Loket")


def fill(session: Any, *, people: int, entries: int) -> None:
    """Twenty offices of ten units; everybody with levels in nine competencies and their share of the entries over five years."""
    random.seed(1)
    session.execute(insert(Unit), [{"id": 1, "name": "Pemerintah", "path": "/1/"}])
    offices = [{"id": 2 + number, "name": f"Dinas {number}", "parent_id": 1, "path": f"/1/{2 + number}/"} for number in range(20)]
    session.execute(insert(Unit), offices)
    units = [
        {"id": 100 + number, "name": f"Unit {number}", "parent_id": 2 + number // 10, "path": f"/1/{2 + number // 10}/{100 + number}/"}
        for number in range(200)
    ]
    session.execute(insert(Unit), units)
    each = entries // people
    for start in range(0, people, 2_000):
        ids = range(start + 1, min(start + 2_000, people) + 1)
        session.execute(
            insert(Person),
            [{"id": one, "nip": f"{one:018d}", "name": f"Orang {one}", "post": POSTS[one % 5], "unit_id": 100 + one % 200} for one in ids],
        )
        rows, totals = [], []
        for one in ids:
            sums: dict[int, list[int]] = {}
            for number in range(each):
                day = date(YEAR - number % 5, 1, 1) + timedelta(days=random.randrange(320))
                rows.append(
                    {
                        "key": f"b:{one}:{number}",
                        "person_id": one,
                        "form": "B3",
                        "title": "Pelatihan teknis",
                        "units": Decimal(3),
                        "days": [day.isoformat()],
                        "started_on": day,
                        "ended_on": day,
                        "rule_set": "nasional-2018-1",
                        "state": "recognised",
                    }
                )
                sums.setdefault(day.year, [0] * 4)[(day.month - 1) // 3] += 3
            totals += [
                {"person_id": one, "year": year, "jp": sum(quarters), **dict(zip(years.QUARTERS, quarters, strict=True))}
                for year, quarters in sums.items()
            ]
        session.execute(insert(LedgerEntry), rows)
        session.execute(insert(years.YearTotal), totals)
        codes = [code for code, known in framework(session).items() if known.group != "technical"]
        session.execute(
            insert(CompetencyProfile),
            [{"person_id": one, "levels": "".join(token(code, random.randint(1, 4)) for code in codes)} for one in ids],
        )
        session.commit()


def timed(name: str, work: Callable[[], Any]) -> None:
    """Run twice (the first warms the caches) and print the second."""
    work()
    cpu, wall = time.process_time(), time.monotonic()
    work()
    print(f"{name:<40} {time.process_time() - cpu:6.2f} s CPU  {time.monotonic() - wall:6.2f} s wall")


def main() -> None:
    """Fill and measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=50_000)
    options.add_argument("--entries", type=int, default=1_000_000)
    options.add_argument("--database", default="")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="elearn-report-") as folder:
        make_secret(folder)
        settings = {"database": asked.database} if asked.database else {}
        app = create_app(Path(folder), check_schema=False, settings=settings)
        bring_up_to_date(app, say=False)
        with app.app_context(), app.extensions["elearn"].outbox.open_session() as session:
            fill(session, people=asked.people, entries=asked.entries)
            print(f"{asked.people} people, {asked.entries} entries, {session.get_bind().dialect.name}")
            whole = session.scalars(select(Unit).where(Unit.id == 1)).one()
            known = framework(session)
            timed("the report of the whole", lambda: report.unit_report(session, whole, year=YEAR, target=20, framework=known))
            timed("who needs attention", lambda: report.attention(session, whole, today=date(YEAR, 11, 23), target=20))
            timed("a person's year", lambda: ledger.year_account(session, 777, kind="pns", year=YEAR))
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
