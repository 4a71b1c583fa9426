"""Keeping what a table said: all of it or nothing. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from elearn import Person, Refused, insert_or_update_all, outdated

from ..ledger import today
from . import evidence
from .framework import Competency
from .models import CompetencyRow, PostStandard, ProfessionalFigure
from .tables_in import AssessmentRow, FigureRow, StandardRow


def keep_competencies(session: Session, rows: Iterable[Competency]) -> int:
    """Put competencies into the dictionary, in the place of one with the same code; answers how many."""
    count = 0
    for row in rows:
        values = {
            "code": row.code,
            "name": row.name,
            "group": row.group,
            "levels": list(row.levels),
            "source": row.source,
            "as_of": today(session),
        }
        found = session.scalar(select(CompetencyRow).where(CompetencyRow.code == row.code))
        if found is None:
            session.add(CompetencyRow(**values))
        else:
            for name, value in values.items():
                setattr(found, name, value)
        session.flush()
        count += 1
    return count


def keep_standards(session: Session, rows: Collection[StandardRow]) -> int:
    """Set the standards of the posts named: what a post had before is replaced."""
    session.execute(delete(PostStandard).where(PostStandard.post.in_({row.post for row in rows})))
    values = [{"post": row.post, "code": row.code, "level": row.level, "source": row.source} for row in rows]
    insert_or_update_all(session, PostStandard, rows=values, key=("post", "code"))
    outdated(session, "credits.standard.")
    return len(rows)


def people_by_nip(session: Session, nips: Collection[str]) -> dict[str, int]:
    """The ids of the people with these numbers."""
    found: dict[str, int] = {}
    wanted = sorted(nips)
    for start in range(0, len(wanted), 500):
        rows = session.execute(select(Person.nip, Person.id).where(Person.nip.in_(wanted[start : start + 500])))
        found |= {nip: person_id for nip, person_id in rows if nip}
    return found


def _all_known(session: Session, nips: set[str]) -> dict[str, int]:
    people = people_by_nip(session, nips)
    unknown = sorted(nips - set(people))
    if unknown:
        raise Refused("people_unknown", "NIP ini tidak terdaftar: {nips}. Tidak ada yang disimpan.", nips=", ".join(unknown[:5]))
    return people


def keep_assessments(session: Session, rows: Collection[AssessmentRow], *, by: int) -> int:
    """Enter the assessments; answers how many were new. Raises ``Refused`` where a person is not known."""
    people = _all_known(session, {row.nip for row in rows})
    assessed = [
        evidence.Assessed(person_id=people[row.nip], code=row.code, level=row.level, shown_on=row.shown_on, source=row.source)
        for row in rows
    ]
    return evidence.assess_all(session, assessed, by=by)


def keep_figures(session: Session, rows: Collection[FigureRow]) -> int:
    """Keep dimensions of IP ASN, the later in the place of the earlier."""
    people = _all_known(session, {row.nip for row in rows})
    values = [
        {
            "person_id": people[row.nip],
            "year": row.year,
            "dimension": row.dimension,
            "value": row.value,
            "points": row.points,
            "source": row.source,
        }
        for row in rows
    ]
    insert_or_update_all(session, ProfessionalFigure, rows=values, key=("person_id", "year", "dimension"))
    return len(rows)
