"""Writing evidence down and reading it. Nothing here commits; levels for reports are made anew with every new piece."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from elearn import ActivityGraded, CourseCompleted, Refused, insert_once, insert_or_update_all, now, site_of, standing_of

from ..ledger import local_day, today
from ..years import hold, hold_all, in_parts
from .framework import LEVELS, Competency, framework
from .levels import Level, Shown, levels_of
from .models import CompetencyProfile, Evidence


def evidence_of(session: Session, person_id: int) -> list[Shown]:
    """All evidence about a person, latest first. One read."""
    rows = session.scalars(
        select(Evidence).where(Evidence.person_id == person_id).order_by(Evidence.shown_on.desc(), Evidence.id.desc()).limit(2_000)
    )
    return [_shown(row) for row in rows]


def _shown(row: Evidence) -> Shown:
    return Shown(id=row.id, code=row.code, level=row.level, kind=row.kind, shown_on=row.shown_on, share=row.share, source=row.source)


def add(
    session: Session,
    *,
    key: str,
    person_id: int,
    code: str,
    level: int,
    kind: str,
    shown_on: date,
    source: str,
    share: float | None = None,
    by: int | None = None,
) -> bool:
    """Keep a piece of evidence; False where ``key`` is there already."""
    hold(session, person_id)
    values = {
        "key": key[:160],
        "person_id": person_id,
        "code": code[:80],
        "level": level,
        "kind": kind,
        "share": share,
        "shown_on": shown_on,
        "source": source[:300],
        "recorded_by": by,
    }
    written = insert_once(session, Evidence, values=values, key=("key",))
    if written:
        _reckon(session, [person_id])
    return written


def _reckon(session: Session, ids: Collection[int]) -> None:
    """Make the profiles of these people anew, who are held."""
    for some in in_parts(ids):
        shown: dict[int, list[Shown]] = {person_id: [] for person_id in some}
        for row in session.scalars(select(Evidence).where(Evidence.person_id.in_(some))):
            shown[row.person_id].append(_shown(row))
        rows = [{"person_id": person_id, "levels": _text(levels_of(pieces))} for person_id, pieces in shown.items()]
        insert_or_update_all(session, CompetencyProfile, rows=rows, key=("person_id",))


def _text(levels: Mapping[str, Level]) -> str:
    return "".join(token(code, levels[code].level) for code in sorted(levels))


def token(code: str, level: int) -> str:
    """How a profile says that somebody stands at a level."""
    return f"|{code}={level}|"


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """An official assessment of one competency of one person on one day."""

    person_id: int
    code: str
    level: int
    shown_on: date
    source: str


def assess(session: Session, *, person_id: int, code: str, level: int, shown_on: date, source: str, by: int) -> bool:
    """``assess_all`` for one; False where it was there."""
    one = Assessed(person_id=person_id, code=code, level=level, shown_on=shown_on, source=source)
    return bool(assess_all(session, [one], by=by))


def assess_all(session: Session, assessed: Collection[Assessed], *, by: int) -> int:
    """Enter official assessments, of each person, competency and day one; answers how many were new. One that the last of its day says
    already is not; another level for the same day puts it right, as often as need be. Raises ``Refused`` for what cannot be. Few
    statements, however many there are."""
    known, last_day = framework(session), today(session)
    for one in assessed:
        _check(one, known, last_day)
    ids = {one.person_id for one in assessed}
    hold_all(session, ids)
    last: dict[tuple[int, str, date], Any] = {}
    for some in in_parts(ids):
        columns = select(Evidence.person_id, Evidence.code, Evidence.shown_on, Evidence.id, Evidence.level)
        there = columns.where(Evidence.person_id.in_(some), Evidence.kind == "assessment").order_by(Evidence.id)
        last |= {(row.person_id, row.code, row.shown_on): row for row in session.execute(there)}
    rows = [
        _row(one, last.get((one.person_id, one.code, one.shown_on)), by=by)
        for one in assessed
        if getattr(last.get((one.person_id, one.code, one.shown_on)), "level", None) != one.level
    ]
    if rows:
        session.execute(insert(Evidence), rows)
        _reckon(session, {row["person_id"] for row in rows})
    return len(rows)


def _check(one: Assessed, known: Mapping[str, Competency], last_day: date) -> None:
    if one.code not in known:
        raise Refused("competency_unknown", "Kompetensi {name} tidak ada dalam kamus.", name=one.code)
    if not 1 <= one.level <= LEVELS:
        raise Refused("level_range", "Tingkat harus 1 sampai 5.")
    if one.shown_on > last_day or one.shown_on.year < 2000:
        raise Refused("assessed_on", "Tanggal penilaian harus antara tahun 2000 dan hari ini.")
    if not one.source.strip():
        raise Refused("assessed_by", "Tulis siapa atau apa yang menilai, misalnya nama pusat penilaian.")


def _row(one: Assessed, last: Any, *, by: int) -> dict[str, Any]:
    key = f"assessment:{one.person_id}:{one.code}:{one.shown_on.isoformat()}:{one.level}" + (f":{last.id}" if last else "")
    return {
        "key": key[:160],
        "person_id": one.person_id,
        "code": one.code[:80],
        "level": one.level,
        "kind": "assessment",
        "shown_on": one.shown_on,
        "source": one.source.strip()[:300],
        "recorded_by": by,
    }


def course_completed(session: Session, event: CourseCompleted) -> None:
    """A completed course shows the levels it teaches."""
    standing = standing_of(session, event.enrolment_id)
    if standing is None:
        return
    course = site_of(session).course(standing.digest)
    day = local_day(session, standing.completed_at or now())
    for aim in course.competencies:
        add(
            session,
            key=f"course:{event.enrolment_id}:{aim.code}",
            person_id=event.person_id,
            code=aim.code,
            level=aim.level,
            kind="course",
            shown_on=day,
            source=course.title,
            share=event.score,
        )


def activity_graded(session: Session, event: ActivityGraded) -> None:
    """A quiz whose questions name competencies shows the level the course teaches in each, where the share reaches the mark."""
    if not event.competencies:
        return
    standing = standing_of(session, event.enrolment_id)
    if standing is None:
        return
    course = site_of(session).course(standing.digest)
    taught = {aim.code: aim.level for aim in course.competencies}
    for code, share in event.competencies.items():
        if code in taught:
            add(
                session,
                key=f"quiz:{event.enrolment_id}:{event.lesson_id}:{event.activity}:{code}:{round(share, 4)}"[:160],
                person_id=event.person_id,
                code=code,
                level=taught[code],
                kind="quiz",
                shown_on=today(session),
                source=course.title,
                share=share,
            )
