"""Who began a course and has not gone on for a while: what a head of a unit may ask about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.models.learning import CourseRow, Enrolment, LessonDone
from elearn.models.people import Person


class Idle(NamedTuple):
    """Somebody in an unfinished course, and when they last finished something in it (or began)."""

    person_id: int
    title: str
    since: datetime


def idle_learners(session: Session, units: Collection[int], *, before: datetime) -> list[Idle]:
    """Of the people of these units, all in a running course with nothing done since ``before``; longest quiet first."""
    done = select(func.max(LessonDone.done_at)).where(LessonDone.enrolment_id == Enrolment.id).scalar_subquery()
    since = func.coalesce(done, Enrolment.enrolled_at).label("since")
    rows = session.execute(
        select(Enrolment.person_id, CourseRow.title, since)
        .join(Person, Person.id == Enrolment.person_id)
        .join(CourseRow, CourseRow.id == Enrolment.course_id)
        .where(Enrolment.state == "active", Enrolment.enrolled_at < before, Person.active, Person.unit_id.in_(units))
        .order_by(since)
        .limit(500)
    )
    # those who went on since stand last; said to the database, it would look for each one's last lesson twice
    return [Idle(*row) for row in rows if row.since < before]
