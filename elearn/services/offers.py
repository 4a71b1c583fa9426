"""The courses on offer as values with their content: what a plugin needs that recommends or reports on courses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from elearn.content.values import Course
from elearn.models.learning import CourseRow, CourseVersion, Enrolment
from elearn.services.site import site_of

MOST = 2_000


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A course on offer with the outline of its version; ``digest`` opens that version in the store."""

    course_id: int
    version_id: int
    digest: str
    course: Course


def courses_on_offer(session: Session) -> list[Offered]:
    """All of them by title, at most ``MOST``; one statement, the outlines come from the store's cache."""
    rows = session.execute(
        select(CourseRow.id, CourseVersion.id, CourseVersion.digest)
        .join(CourseVersion, CourseVersion.id == CourseRow.version_id)
        .order_by(CourseRow.title, CourseRow.id)
        .limit(MOST)
    )
    site = site_of(session)
    return [
        Offered(course_id=course_id, version_id=version_id, digest=digest, course=site.course(digest))
        for course_id, version_id, digest in rows
    ]


@dataclass(frozen=True, kw_only=True)
class Held:
    """A version that is on offer, or that somebody learns or has completed: its number, its outline, how many do (``active``) and have."""

    course_id: int
    version_id: int
    number: int
    digest: str
    course: Course
    on_offer: bool
    active: int
    completed: int


@dataclass(frozen=True, kw_only=True)
class Completion:
    """One person's completion of a course, in the version that they learned."""

    enrolment_id: int
    person_id: int
    version_id: int
    completed_at: datetime | None


def versions_held(session: Session) -> list[Held]:
    """Every version that anybody may still rest on, by title, the newest of a course first, at most ``MOST``; one statement."""
    counts = (
        select(
            Enrolment.version_id,
            func.count(Enrolment.person_id.distinct()).filter(Enrolment.state == "active").label("active"),
            func.count(Enrolment.person_id.distinct()).filter(Enrolment.state == "completed").label("completed"),
        )
        .group_by(Enrolment.version_id)
        .subquery()
    )
    on_offer = CourseRow.version_id == CourseVersion.id
    active, completed = func.coalesce(counts.c.active, 0), func.coalesce(counts.c.completed, 0)
    rows = session.execute(
        select(CourseVersion, CourseRow.version_id, active, completed)
        .join(CourseRow, CourseRow.id == CourseVersion.course_id)
        .outerjoin(counts, counts.c.version_id == CourseVersion.id)
        .where(or_(on_offer, active > 0, completed > 0))
        .order_by(CourseRow.title, CourseRow.id, CourseVersion.number.desc())
        .limit(MOST)
    )
    site = site_of(session)
    return [
        Held(
            course_id=version.course_id,
            version_id=version.id,
            number=version.number,
            digest=version.digest,
            course=site.course(version.digest),
            on_offer=version.id == offered,
            active=learning,
            completed=done,
        )
        for version, offered, learning, done in rows
    ]


def completions_of(session: Session, version_ids: Sequence[int], *, after: int = 0, limit: int = 500) -> list[Completion]:
    """Who completed one of these versions, by enrolment; ``after`` is the last enrolment that is known already."""
    rows = session.execute(
        select(Enrolment.id, Enrolment.person_id, Enrolment.version_id, Enrolment.completed_at)
        .where(Enrolment.version_id.in_(version_ids), Enrolment.state == "completed", Enrolment.id > after)
        .order_by(Enrolment.id)
        .limit(limit)
    )
    return [Completion(enrolment_id=row[0], person_id=row[1], version_id=row[2], completed_at=row[3]) for row in rows]


def learners_of(session: Session) -> dict[int, tuple[int, int]]:
    """How many people learn each course now, and how many have completed it: (active, completed) by the course's id. One statement."""
    rows = session.execute(
        select(Enrolment.course_id, Enrolment.state, func.count(Enrolment.person_id.distinct())).group_by(
            Enrolment.course_id, Enrolment.state
        )
    )
    found: dict[int, dict[str, int]] = {}
    for course_id, state, count in rows:
        found.setdefault(course_id, {})[state] = count
    return {course_id: (counts.get("active", 0), counts.get("completed", 0)) for course_id, counts in found.items()}
