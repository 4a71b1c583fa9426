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
    last = func.coalesce(func.max(LessonDone.done_at), Enrolment.enrolled_at)
    rows = session.execute(
        select(Enrolment.person_id, CourseRow.title, last.label("since"))
        .join(Person, Person.id == Enrolment.person_id)
        .join(CourseRow, CourseRow.id == Enrolment.course_id)
        .outerjoin(LessonDone, LessonDone.enrolment_id == Enrolment.id)
        .where(Enrolment.state == "active", Person.active, Person.unit_id.in_(units))
        .group_by(Enrolment.id, Enrolment.person_id, CourseRow.title, Enrolment.enrolled_at)
        .having(last < before)
        .order_by(last)
        .limit(500)
    )
    return [Idle(person_id, title, since) for person_id, title, since in rows]
