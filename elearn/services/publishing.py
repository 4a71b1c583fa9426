"""Putting a course on offer: its version into the store, its row into the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from elearn.content.store import Store
from elearn.content.values import Course
from elearn.events import CoursePublished
from elearn.models.learning import CourseCompetency, CourseRow, CourseVersion, Enrolment
from elearn.services import audit
from elearn.services.facts import record
from elearn.services.stems import stems
from elearn.services.upsert import insert_once


def publish(session: Session, store: Store, course: Course, media: Mapping[str, bytes], *, by: int | None) -> tuple[CourseVersion, bool]:
    """Put ``course`` on offer; answers its version, and whether it is a new one. The same content again changes nothing."""
    return offer(session, course, store.put(course, media), by=by)


def offer(session: Session, course: Course, digest: str, *, by: int | None) -> tuple[CourseVersion, bool]:
    """Put the version in the store under ``digest`` on offer, ``course`` being at least its outline; answers it, and whether it is new."""
    insert_once(session, CourseRow, values={"slug": course.slug, "title": course.title, "summary": "", "search_text": ""}, key=("slug",))
    row = session.scalars(select(CourseRow).where(CourseRow.slug == course.slug).with_for_update()).one()
    version = session.scalar(select(CourseVersion).where(CourseVersion.course_id == row.id, CourseVersion.digest == digest))
    if version is not None and row.version_id == version.id:
        return version, False
    new = version is None
    if version is None:
        last = session.scalar(select(func.max(CourseVersion.number)).where(CourseVersion.course_id == row.id)) or 0
        version = CourseVersion(course_id=row.id, number=last + 1, digest=digest, published_by=by)
        session.add(version)
        session.flush()
    row.version_id = version.id
    _describe(session, row, course)
    audit.note(session, "course.publish", actor=by, subject=course.slug, detail=f"versi {version.number} {digest[:12]}")
    record(session, CoursePublished(course_id=row.id, version_id=version.id, slug=course.slug, number=version.number))
    return version, new


def _describe(session: Session, row: CourseRow, course: Course) -> None:
    """What the catalogue shows of a course, and finds it by."""
    row.title, row.summary = course.title, course.summary
    row.language, row.level, row.hours, row.minutes = course.language, course.level, course.hours, course.minutes
    row.search_text = _search_text(course)
    codes = {aim.code for aim in course.competencies}
    session.execute(delete(CourseCompetency).where(CourseCompetency.course_id == row.id, CourseCompetency.code.not_in(codes)))
    for code in sorted(codes):
        insert_once(session, CourseCompetency, values={"course_id": row.id, "code": code}, key=("course_id", "code"))
    session.flush()


def describe_anew(session: Session, store: Store) -> int:
    """Bring what the catalogue shows of each course on offer up to date with what this release knows; answers how many there are."""
    rows = session.execute(select(CourseRow, CourseVersion.digest).join(CourseVersion, CourseVersion.id == CourseRow.version_id)).all()
    for row, digest in rows:
        _describe(session, row, store.course(digest))
    return len(rows)


def _search_text(course: Course) -> str:
    """What search looks in: the stems of titles, summary, objectives and competencies."""
    texts = [course.title, course.summary, course.slug, course.organisation, *course.objectives]
    texts += [aim.code for aim in course.competencies]
    texts += [part for section in course.sections for part in (section.title, *(lesson.title for lesson in section.lessons))]
    return " ".join(stems(" ".join(texts)))


def numbers_on_offer(session: Session) -> dict[str, int]:
    """The number of the version on offer, by slug."""
    rows = session.execute(select(CourseRow.slug, CourseVersion.number).join(CourseVersion, CourseVersion.id == CourseRow.version_id))
    return {row[0]: row[1] for row in rows}


def learners_now(session: Session, slug: str) -> int:
    """How many are learning the course at this moment."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Enrolment)
            .join(CourseRow, CourseRow.id == Enrolment.course_id)
            .where(CourseRow.slug == slug, Enrolment.state == "active")
        )
        or 0
    )
