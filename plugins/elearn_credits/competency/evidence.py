"""Writing evidence down and reading it. Nothing here commits; levels for reports are made anew with every new piece."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import ActivityGraded, CourseCompleted, Refused, insert_once, insert_or_update, now, site_of, standing_of

from ..ledger import local_day, today
from ..years import hold
from .framework import LEVELS, framework
from .levels import Shown, levels_of
from .models import CompetencyProfile, Evidence


def evidence_of(session: Session, person_id: int) -> list[Shown]:
    """All evidence about a person, latest first. One read."""
    rows = session.scalars(
        select(Evidence).where(Evidence.person_id == person_id).order_by(Evidence.shown_on.desc(), Evidence.id.desc()).limit(2_000)
    )
    return [
        Shown(id=row.id, code=row.code, level=row.level, kind=row.kind, shown_on=row.shown_on, share=row.share, source=row.source)
        for row in rows
    ]


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
        _reckon(session, person_id)
    return written


def _reckon(session: Session, person_id: int) -> None:
    levels = levels_of(evidence_of(session, person_id))
    text = "".join(token(code, levels[code].level) for code in sorted(levels))
    insert_or_update(session, CompetencyProfile, values={"person_id": person_id, "levels": text}, key=("person_id",))


def token(code: str, level: int) -> str:
    """How a profile says that somebody stands at a level."""
    return f"|{code}={level}|"


def assess(session: Session, *, person_id: int, code: str, level: int, shown_on: date, source: str, by: int) -> bool:
    """Enter an official assessment; False where it is what the last one of that day says. Another level for the same day puts it right,
    as often as need be. Raises ``Refused`` for what cannot be."""
    if code not in framework(session):
        raise Refused("competency_unknown", "Kompetensi {name} tidak ada dalam kamus.", name=code)
    if not 1 <= level <= LEVELS:
        raise Refused("level_range", "Tingkat harus 1 sampai 5.")
    if shown_on > today(session) or shown_on.year < 2000:
        raise Refused("assessed_on", "Tanggal penilaian harus antara tahun 2000 dan hari ini.")
    if not source.strip():
        raise Refused("assessed_by", "Tulis siapa atau apa yang menilai, misalnya nama pusat penilaian.")
    hold(session, person_id)
    same_day = select(Evidence).where(
        Evidence.person_id == person_id, Evidence.code == code, Evidence.kind == "assessment", Evidence.shown_on == shown_on
    )
    last = session.scalars(same_day.order_by(Evidence.id.desc()).limit(1)).first()
    if last is not None and last.level == level:
        return False
    key = f"assessment:{person_id}:{code}:{shown_on.isoformat()}:{level}" + (f":{last.id}" if last else "")
    return add(
        session, key=key, person_id=person_id, code=code, level=level, kind="assessment", shown_on=shown_on, source=source.strip(), by=by
    )


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
