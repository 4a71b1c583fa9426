"""Taking a course: enrolling, finishing lessons, completing the course once and only once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, bindparam, func, select, update
from sqlalchemy.orm import Session

from elearn.content.values import Course, Lesson
from elearn.errors import Refused
from elearn.events import ActivityGraded, CompletionHeld, CourseCompleted, LessonCompleted, PersonEnrolled
from elearn.models.grades import ActivityMark
from elearn.models.learning import CourseRow, CourseVersion, Enrolment, LessonDone
from elearn.services.facts import record
from elearn.services.upsert import insert_once, insert_or_update, rows_changed


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far one person has come in one course. ``done`` are the ids of finished lessons, as the database has them."""

    enrolment_id: int
    person_id: int
    course_id: int
    version_id: int
    slug: str
    number: int
    digest: str
    state: str
    last_lesson: str = ""
    enrolled_at: datetime | None = None
    completed_at: datetime | None = None
    done: frozenset[str] = field(default_factory=frozenset)

    def progress(self, course: Course) -> float:
        """The share of required lessons done, 0 to 1. A completed course stays at 1, whatever an author changes later."""
        if self.state == "completed":
            return 1.0
        required = [lesson.id for lesson in course.lessons() if lesson.required]
        return sum(lesson in self.done for lesson in required) / len(required) if required else 0.0

    def minutes_left(self, course: Course) -> int:
        """Minutes of the required lessons not yet done."""
        return sum(lesson.minutes for lesson in course.lessons() if lesson.required and lesson.id not in self.done)

    def next_lesson(self, course: Course) -> Lesson | None:
        """Where to go on: the lesson left last if it is still open, else the first open one, else None."""
        last = course.lesson(self.last_lesson) if self.last_lesson else None
        if last and last.id not in self.done and not self.locked(course, last):
            return last
        return next((lesson for lesson in course.lessons() if lesson.id not in self.done), None)

    def locked(self, course: Course, lesson: Lesson) -> Lesson | None:
        """The lesson that must be done before ``lesson`` opens, in a course that asks for its order; None if it is open."""
        if course.order != "sequential" or lesson.id in self.done:
            return None
        for earlier in course.lessons():
            if earlier.id == lesson.id:
                return None
            if earlier.required and earlier.id not in self.done:
                return earlier
        return None


# Enrolments with their finished lessons, in one statement.
_FACTS = {
    "enrolment_id": Enrolment.id,
    "person_id": Enrolment.person_id,
    "course_id": Enrolment.course_id,
    "version_id": Enrolment.version_id,
    "slug": CourseRow.slug,
    "number": CourseVersion.number,
    "digest": CourseVersion.digest,
    "state": Enrolment.state,
    "last_lesson": Enrolment.last_lesson,
    "enrolled_at": Enrolment.enrolled_at,
    "completed_at": Enrolment.completed_at,
}
_STANDINGS = (
    select(*_FACTS.values(), LessonDone.lesson_id)
    .join(CourseRow, CourseRow.id == Enrolment.course_id)
    .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
    .outerjoin(LessonDone, LessonDone.enrolment_id == Enrolment.id)
    .order_by(Enrolment.id.desc())
)
_BY_ID = _STANDINGS.where(Enrolment.id == bindparam("id"))
_BY_PERSON = _STANDINGS.where(Enrolment.person_id == bindparam("person_id"), Enrolment.state != "withdrawn")
_BY_SLUG = _BY_PERSON.where(CourseRow.slug == bindparam("slug"))


def _standings(session: Session, statement: Executable, **values: Any) -> list[Standing]:
    found: dict[int, tuple[list[Any], set[str]]] = {}
    for *facts, lesson_id in session.execute(statement, values):
        _, done = found.setdefault(facts[0], (facts, set()))
        if lesson_id:
            done.add(lesson_id)
    return [Standing(**dict(zip(_FACTS, facts, strict=True)), done=frozenset(done)) for facts, done in found.values()]


def standing_in(session: Session, person_id: int, slug: str) -> Standing | None:
    """The person's latest enrolment in the course of that slug, or None."""
    found = _standings(session, _BY_SLUG, person_id=person_id, slug=slug)
    return found[0] if found else None


def standing_of(session: Session, enrolment_id: int) -> Standing | None:
    """The standing of one enrolment."""
    found = _standings(session, _BY_ID, id=enrolment_id)
    return found[0] if found else None


def standings_by_id(session: Session, enrolment_ids: Sequence[int]) -> list[Standing]:
    """The standings of these enrolments."""
    return _standings(session, _STANDINGS.where(Enrolment.id.in_(enrolment_ids)))


def standings_of(session: Session, person_id: int) -> list[Standing]:
    """All that a person takes or has taken, the latest first."""
    return _standings(session, _BY_PERSON, person_id=person_id)


def enrol(session: Session, person_id: int, slug: str, *, outline: Callable[[str], Course]) -> Standing:
    """Enrol the person in the version on offer; enrolling twice is enrolling once.

    ``outline(digest)`` gives a version's course. Raises ``Refused`` where nothing is on offer, or a prerequisite is missing.
    """
    row = session.execute(
        select(CourseRow.id, CourseVersion.id, CourseVersion.digest)
        .join(CourseVersion, CourseVersion.id == CourseRow.version_id)
        .where(CourseRow.slug == slug)
    ).first()
    if row is None:
        raise Refused("no_course", "Pelatihan ini tidak sedang ditawarkan.")
    course_id, version_id, digest = row
    missing = missing_prerequisites(session, person_id, outline(digest))
    if missing:
        raise Refused("prerequisite", "Selesaikan dahulu: {courses}.", courses=", ".join(title for _, title in missing))
    values = {"person_id": person_id, "course_id": course_id, "version_id": version_id, "period": 1, "state": "active"}
    if insert_once(session, Enrolment, values=values | {"last_lesson": ""}, key=("person_id", "course_id", "period")):
        standing = _latest(session, person_id, slug)
        record(session, PersonEnrolled(enrolment_id=standing.enrolment_id, person_id=person_id, course_id=course_id))
        return standing
    return _latest(session, person_id, slug)


def _latest(session: Session, person_id: int, slug: str) -> Standing:
    standing = standing_in(session, person_id, slug)
    if standing is None:
        raise Refused("withdrawn", "Pendaftaran Anda telah ditarik. Hubungi penyelenggara untuk mendaftar lagi.")
    return standing


def missing_prerequisites(session: Session, person_id: int, course: Course) -> list[tuple[str, str]]:
    """The (slug, title) of courses that ``course`` asks for and the person has not completed, in the order it names them."""
    if not course.prerequisites:
        return []
    titles = dict(session.execute(select(CourseRow.slug, CourseRow.title).where(CourseRow.slug.in_(course.prerequisites))).all())
    completed = set(
        session.scalars(
            select(CourseRow.slug)
            .join(Enrolment, Enrolment.course_id == CourseRow.id)
            .where(Enrolment.person_id == person_id, Enrolment.state == "completed", CourseRow.slug.in_(course.prerequisites))
        )
    )
    return [(slug, titles.get(slug, slug)) for slug in course.prerequisites if slug not in completed]


def moments_of_learning(session: Session, enrolment_id: int) -> list[datetime]:
    """When lessons were finished within an enrolment, the earliest first: the days on which somebody learned."""
    return list(session.scalars(select(LessonDone.done_at).where(LessonDone.enrolment_id == enrolment_id).order_by(LessonDone.done_at)))


def remember_place(session: Session, standing: Standing, lesson_id: str) -> None:
    """Keep ``lesson_id`` as the place to go on."""
    session.execute(update(Enrolment).where(Enrolment.id == standing.enrolment_id).values(last_lesson=lesson_id))


GATE_FAILED = "gate_failed"  # the code of a reason that is none: the gate could not be asked
Reasons = Callable[[Course, "Lesson | None", Standing], Iterable[Refused]]


def complete_lesson(session: Session, standing: Standing, course: Course, lesson_id: str, *, reasons: Reasons) -> Standing:
    """Record that the lesson is finished, and the course with it if that was the last thing missing.

    Doing it twice is doing it once. ``reasons`` asks the plugins' gates; if one says "not yet", its ``Refused`` is raised.
    """
    lesson = course.lesson(lesson_id)
    if lesson is None:
        raise Refused("no_lesson", "Pelajaran ini tidak ada dalam versi yang Anda ikuti.")
    before = standing.locked(course, lesson)
    if before is not None:
        raise Refused("locked", "Pelajaran ini terbuka setelah “{lesson}” selesai.", lesson=before.title)
    for reason in reasons(course, lesson, standing):
        raise reason
    values = {"enrolment_id": standing.enrolment_id, "lesson_id": lesson_id, "version_id": standing.version_id}
    if insert_once(session, LessonDone, values=values, key=("enrolment_id", "lesson_id")):
        record(
            session,
            LessonCompleted(
                enrolment_id=standing.enrolment_id,
                person_id=standing.person_id,
                course_id=standing.course_id,
                version_id=standing.version_id,
                lesson_id=lesson_id,
            ),
        )
    return complete_course(session, standing.enrolment_id, course, reasons=reasons)


def complete_course(session: Session, enrolment_id: int, course: Course, *, reasons: Reasons) -> Standing:
    """Complete the course if all required lessons are done and no gate objects; answers how it stands now."""
    # Of two who finish the last two lessons at once, neither would see the other's: the second one waits here for the first.
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update(key_share=True))
    standing = standing_of(session, enrolment_id)
    if standing is None:
        raise Refused("no_enrolment", "Anda belum terdaftar pada pelatihan ini.")
    if standing.state != "active" or missing_lessons(standing, course):
        return standing
    final = session.scalar(
        select(func.max(ActivityMark.score)).where(ActivityMark.enrolment_id == enrolment_id, ActivityMark.final.is_(True))
    )
    if final is not None and not score_reaches(final, course.pass_mark):
        return standing
    held = {reason.code for reason in reasons(course, None, standing)}
    if GATE_FAILED in held:
        record(session, CompletionHeld(enrolment_id=enrolment_id))
    if held:
        return standing
    first = (
        update(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.state == "active")
        .values(state="completed", completed_at=func.now())
    )
    if rows_changed(session, first):
        record(
            session,
            CourseCompleted(
                enrolment_id=enrolment_id,
                person_id=standing.person_id,
                course_id=standing.course_id,
                version_id=standing.version_id,
                slug=standing.slug,
                hours=course.hours,
                score=final,
            ),
        )
    return standing_of(session, enrolment_id) or standing


def score_reaches(score: float, mark: float) -> bool:
    """Whether a score is enough for a pass mark, both from 0 to 1 and both as pages tell them, with one decimal of a hundred: nobody reads
    that 66,7 of 100 is less than the 66,7 that are asked for."""
    return round(score * 100, 1) >= round(mark * 100, 1)


def missing_lessons(standing: Standing, course: Course) -> list[Lesson]:
    """The required lessons that are not yet done."""
    return [lesson for lesson in course.lessons() if lesson.required and lesson.id not in standing.done]


def grade_activity(
    session: Session,
    standing: Standing,
    *,
    lesson_id: str,
    activity: str,
    score: float,
    passed: bool,
    final: bool = False,
    competencies: Mapping[str, float] | None = None,
) -> None:
    """Keep an activity's best mark (``score`` from 0 to 1) and tell it. A pass, once reached, is never taken back here.
    ``competencies``: the share for each competency that its questions name."""
    values = {
        "enrolment_id": standing.enrolment_id,
        "lesson_id": lesson_id,
        "activity": activity,
        "score": score,
        "passed": passed,
        "final": final,
    }
    key = ("enrolment_id", "lesson_id", "activity")
    insert_or_update(session, ActivityMark, values=values, key=key, only_if=lambda new: new.score > ActivityMark.score)
    record(
        session,
        ActivityGraded(
            enrolment_id=standing.enrolment_id,
            person_id=standing.person_id,
            course_id=standing.course_id,
            version_id=standing.version_id,
            lesson_id=lesson_id,
            activity=activity,
            score=score,
            passed=passed,
            final=final,
            competencies=dict(competencies or {}),
        ),
    )
