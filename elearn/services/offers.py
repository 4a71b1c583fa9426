"""The courses on offer as values with their content: what a plugin needs that recommends or reports on courses."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
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
