"""The versions of a course: which there are, which one is on offer, and bringing those who learn an older one to a newer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from elearn.content.store import Store, canonical
from elearn.content.values import Lesson
from elearn.errors import Refused
from elearn.models.learning import CourseRow, CourseVersion, Enrolment
from elearn.models.people import Person
from elearn.services import audit, publishing
from elearn.services.learning import standings_by_id


@dataclass(frozen=True, kw_only=True)
class Version:
    """A published version. ``active`` and ``completed`` count the learners who stand on it."""

    id: int
    number: int
    digest: str
    published_at: datetime
    published_by: str
    on_offer: bool
    active: int
    completed: int


@dataclass(frozen=True, kw_only=True)
class Moving:
    """What a move changes for one learner: the share done (0 to 1) and the minutes left, before and after."""

    enrolment_id: int
    name: str
    number: int
    before: float
    after: float
    minutes_before: int
    minutes_after: int


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The lessons of a newer version against an older: titles that came, went or changed; hours (JP) and pass mark (0 to 1) as
    (before, after)."""

    number: int
    learners: int
    hours: tuple[int, int]
    pass_mark: tuple[float, float]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


def versions_of(session: Session, slug: str) -> list[Version]:
    """All versions of the course of that slug, the newest first."""
    counts = (
        select(
            Enrolment.version_id,
            func.count().filter(Enrolment.state == "active").label("active"),
            func.count().filter(Enrolment.state == "completed").label("completed"),
        )
        .group_by(Enrolment.version_id)
        .subquery()
    )
    rows = session.execute(
        select(CourseVersion, CourseRow.version_id, Person.name, counts.c.active, counts.c.completed)
        .join(CourseRow, CourseRow.id == CourseVersion.course_id)
        .outerjoin(Person, Person.id == CourseVersion.published_by)
        .outerjoin(counts, counts.c.version_id == CourseVersion.id)
        .where(CourseRow.slug == slug)
        .order_by(CourseVersion.number.desc())
    )
    return [
        Version(
            id=version.id,
            number=version.number,
            digest=version.digest,
            published_at=version.published_at,
            published_by=name or "",
            on_offer=version.id == offered,
            active=active or 0,
            completed=completed or 0,
        )
        for version, offered, name, active, completed in rows
    ]


def version_numbered(session: Session, slug: str, number: int) -> Version:
    """One version. Raises ``Refused`` where there is none of that number."""
    found = next((version for version in versions_of(session, slug) if version.number == number), None)
    if found is None:
        raise Refused("no_version", "Versi {number} tidak ada.", number=number)
    return found


def offer_again(session: Session, store: Store, slug: str, number: int, *, by: int | None) -> None:
    """Put a version that was published before on offer (again). Learners stay where they are."""
    version = version_numbered(session, slug, number)
    publishing.offer(session, store.course(version.digest), version.digest, by=by)


def withdraw(session: Session, slug: str, *, by: int | None) -> None:
    """Take the course off the catalogue. Who learns it goes on; nobody new can enrol."""
    session.execute(update(CourseRow).where(CourseRow.slug == slug).values(version_id=None))
    audit.note(session, "course.withdraw", actor=by, subject=slug)


def differences(session: Session, store: Store, slug: str, number: int) -> list[Difference]:
    """For each other version on which somebody learns: what version ``number`` changes of its lessons."""
    versions = versions_of(session, slug)
    target = version_numbered(session, slug, number)
    return [_difference(store, version, target) for version in versions if version.active and version.number != number]


def _difference(store: Store, old: Version, new: Version) -> Difference:
    courses = [store.course(version.digest) for version in (old, new)]
    before, after = ({lesson.id: lesson for lesson in course.lessons()} for course in courses)
    both = [lesson_id for lesson_id in after if lesson_id in before]

    def content(version: Version, lesson_id: str) -> bytes:
        lesson = store.lesson(version.digest, lesson_id)
        return canonical([lesson.title, lesson.kind, lesson.required, lesson.parts, [[block.kind, block.data] for block in lesson.blocks]])

    return Difference(
        number=old.number,
        learners=old.active,
        hours=(courses[0].hours, courses[1].hours),
        pass_mark=(courses[0].pass_mark, courses[1].pass_mark),
        added=tuple(lesson.title for lesson_id, lesson in after.items() if lesson_id not in before),
        removed=tuple(lesson.title for lesson_id, lesson in before.items() if lesson_id not in after),
        changed=tuple(after[lesson_id].title for lesson_id in both if content(old, lesson_id) != content(new, lesson_id)),
    )


def movings(session: Session, store: Store, slug: str, number: int, *, limit: int = 500) -> list[Moving]:
    """What moving to version ``number`` changes for each of the (first ``limit``) learners who stand elsewhere."""
    course = store.course(version_numbered(session, slug, number).digest)
    ids = session.scalars(_elsewhere(slug, number).limit(limit)).all()
    found = []
    names = _names(session, ids)
    for standing in standings_by_id(session, ids):
        old = store.course(standing.digest)
        found.append(
            Moving(
                enrolment_id=standing.enrolment_id,
                name=names.get(standing.enrolment_id, ""),
                number=standing.number,
                before=standing.progress(old),
                after=standing.progress(course),
                minutes_before=standing.minutes_left(old),
                minutes_after=standing.minutes_left(course),
            )
        )
    return sorted(found, key=lambda one: (one.after - one.before, one.name))


def move(session: Session, store: Store, slug: str, number: int, *, by: int | None) -> tuple[int, list[tuple[int, str]]]:
    """Bring all active learners of other versions to version ``number``; answers how many, and to whom of them nothing required is missing
    any more: enrolment ids with names.

    Finished lessons, marks and completed courses stay as they are.
    """
    version = version_numbered(session, slug, number)
    ids = list(session.scalars(_elsewhere(slug, number)))
    lessons: dict[str, Lesson] = {lesson.id: lesson for lesson in store.course(version.digest).lessons()}
    required = {lesson.id for lesson in lessons.values() if lesson.required}
    complete: list[tuple[int, str]] = []
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        session.execute(
            update(Enrolment)
            .where(Enrolment.id.in_(part), Enrolment.state == "active")
            .values(version_id=version.id)
            .execution_options(synchronize_session=False)
        )
        session.execute(
            update(Enrolment)
            .where(Enrolment.id.in_(part), Enrolment.last_lesson.not_in(list(lessons)))
            .values(last_lesson="")
            .execution_options(synchronize_session=False)
        )
        done = [standing.enrolment_id for standing in standings_by_id(session, part) if required <= standing.done]
        complete += sorted(_names(session, done).items())
    audit.note(session, "course.move", actor=by, subject=slug, detail=f"{len(ids)} peserta ke versi {number}")
    return len(ids), complete


def _elsewhere(slug: str, number: int) -> Select[int]:
    return (
        select(Enrolment.id)
        .join(CourseRow, CourseRow.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(CourseRow.slug == slug, Enrolment.state == "active", CourseVersion.number != number)
        .order_by(Enrolment.id)
    )


def _names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    rows = session.execute(select(Enrolment.id, Person.name).join(Person, Person.id == Enrolment.person_id).where(Enrolment.id.in_(ids)))
    return {row[0]: row[1] for row in rows}
