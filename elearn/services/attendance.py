"""Who took a course and how far they came: what a class's certificates are issued from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from elearn.errors import Refused
from elearn.events import PersonEnrolled
from elearn.models.grades import ActivityMark
from elearn.models.learning import CourseRow, CourseVersion, Enrolment, LessonDone
from elearn.models.people import Person
from elearn.services.facts import record
from elearn.services.learning import Standing, standing_in
from elearn.services.nip import tidy_nip
from elearn.services.upsert import insert_once


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """One enrolment that was not withdrawn. ``lessons`` counts the finished ones."""

    enrolment_id: int
    person_id: int
    name: str
    state: str
    lessons: int
    enrolled_at: datetime
    completed_at: datetime | None


def attendance_of(session: Session, slug: str, *, state: str, logins: Iterable[str] = ()) -> list[Attendance]:
    """The enrolments of a course in that state ("active", "completed"), by name, in one statement; of the people with these NIPs or
    addresses only, where any are given."""
    lessons = (
        select(LessonDone.enrolment_id, func.count().label("count"))
        .join(Enrolment, Enrolment.id == LessonDone.enrolment_id)
        .join(CourseRow, CourseRow.id == Enrolment.course_id)
        .where(CourseRow.slug == slug)
        .group_by(LessonDone.enrolment_id)
        .subquery()
    )
    rows = (
        select(
            Enrolment.id.label("enrolment_id"),
            Enrolment.person_id,
            Person.name,
            Enrolment.state,
            func.coalesce(lessons.c.count, 0).label("lessons"),
            Enrolment.enrolled_at,
            Enrolment.completed_at,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(CourseRow, CourseRow.id == Enrolment.course_id)
        .outerjoin(lessons, lessons.c.enrolment_id == Enrolment.id)
        .where(CourseRow.slug == slug, Enrolment.state == state)
        .order_by(Person.name, Enrolment.id)
    )
    wanted = [text.strip() for text in logins if text.strip()]
    if wanted:
        rows = rows.where(or_(Person.nip.in_([tidy_nip(text) for text in wanted]), Person.email.in_([text.lower() for text in wanted])))
    return [Attendance(**row) for row in session.execute(rows).mappings()]


def final_score(session: Session, enrolment_id: int) -> float | None:
    """The final test's best share within an enrolment, 0 to 1; None where there is none."""
    return session.scalar(
        select(func.max(ActivityMark.score)).where(ActivityMark.enrolment_id == enrolment_id, ActivityMark.final.is_(True))
    )


def enrol_again(session: Session, person_id: int, slug: str) -> Standing:
    """Begin a course one has completed once more, as a new period in the version on offer: the earlier one stays as it was.

    Asked twice it begins once. Raises ``Refused`` where it was never completed or is not on offer.
    """
    latest = standing_in(session, person_id, slug)
    if latest is None:
        raise Refused("no_enrolment", "Anda belum pernah mengikuti pelatihan ini.")
    if latest.state == "active":
        return latest
    offered = session.execute(
        select(CourseRow.id, CourseVersion.id).join(CourseVersion, CourseVersion.id == CourseRow.version_id).where(CourseRow.slug == slug)
    ).first()
    if offered is None:
        raise Refused("no_course", "Pelatihan ini tidak sedang ditawarkan.")
    course_id, version_id = offered
    mine = (Enrolment.person_id == person_id, Enrolment.course_id == course_id)
    period = (session.scalar(select(func.max(Enrolment.period)).where(*mine)) or 0) + 1
    values = {
        "person_id": person_id,
        "course_id": course_id,
        "version_id": version_id,
        "period": period,
        "state": "active",
        "last_lesson": "",
    }
    if insert_once(session, Enrolment, values=values, key=("person_id", "course_id", "period")):
        enrolment_id = session.scalar(select(Enrolment.id).where(*mine, Enrolment.period == period)) or 0
        record(session, PersonEnrolled(enrolment_id=enrolment_id, person_id=person_id, course_id=course_id))
    again = standing_in(session, person_id, slug)
    assert again is not None
    return again
