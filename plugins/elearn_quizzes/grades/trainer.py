"""What the trainer's pages read: a quiz with its attempts, and who may look at it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from elearn import Course, Lesson, NotAllowed, Person, Viewer, found, on_offer, site_of
from elearn_quizzes.attempts import quiz_in
from elearn_quizzes.grades.models import AttemptChange
from elearn_quizzes.models import Attempt
from elearn_quizzes.published import Item, Published

PERMISSION = "quizzes.grade"
PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Held:
    """A quiz as its trainer has it open: in the version asked last, or the one on offer."""

    course_id: int
    digest: str
    course: Course
    lesson: Lesson
    quiz: Published
    versions: tuple[str, ...]


def held(session: Session, viewer: Viewer, slug: str, lesson_id: str) -> Held:
    """The quiz of a course. Raises ``NotAllowed`` for who may not grade this course, and answers the 404 page where there is none."""
    offer = found(on_offer(session, slug))
    if not viewer.can(PERMISSION, course=offer.course_id):
        raise NotAllowed(PERMISSION)
    asked = select(Attempt.digest).where(Attempt.course_id == offer.course_id, Attempt.lesson_id == lesson_id)
    versions = tuple(session.scalars(asked.distinct()))
    digest = session.scalar(asked.order_by(Attempt.id.desc()).limit(1)) or offer.digest
    quiz = found(quiz_in(session, digest, lesson_id))
    course = site_of(session).course(digest)
    return Held(
        course_id=offer.course_id,
        digest=digest,
        course=course,
        lesson=found(course.lesson(lesson_id)),
        quiz=quiz,
        versions=versions or (digest,),
    )


def versions_alike(session: Session, one: Held, item: Item) -> list[str]:
    """The versions in which the question stands word for word as in the one at hand."""
    alike = []
    for digest in one.versions:
        quiz = quiz_in(session, digest, one.lesson.id)
        other = quiz.item(item.id) if quiz else None
        if other is not None and asdict(other) == asdict(item):
            alike.append(digest)
    return alike


def sat(session: Session, one: Held, *, page: int, first: Collection[int] = ()) -> tuple[list[tuple[Attempt, str]], bool]:
    """A page of attempts with their owners' names, those that wait and the ``first`` (ids) before the others; and whether there are more."""
    waits = or_(Attempt.state == "submitted", Attempt.id.in_(list(first)[:500])).desc()
    rows = session.execute(
        select(Attempt, Person.name)
        .join(Person, Person.id == Attempt.person_id)
        .where(Attempt.course_id == one.course_id, Attempt.lesson_id == one.lesson.id)
        .order_by(waits, Attempt.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    ).all()
    return [(row[0], row[1]) for row in rows[:PAGE]], len(rows) > PAGE


def hides_name(quiz: Published, attempt: Attempt) -> bool:
    """Whether graders may not see whose attempt it is: blind marking, until it has its score."""
    return quiz.settings.blind and attempt.state in ("open", "submitted")


def names_of(session: Session, quiz: Published, found_attempts: Collection[Attempt]) -> dict[int, str]:
    """Whose attempts these are, by the attempt's id; without those whose name is hidden."""
    open_ones = {one.id: one.person_id for one in found_attempts if not hides_name(quiz, one)}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(set(open_ones.values()))))
    names = {row[0]: row[1] for row in rows}
    return {attempt_id: names.get(person_id, "") for attempt_id, person_id in open_ones.items()}


def actors_in(session: Session, changes: Collection[AttemptChange], *, besides: int) -> dict[int, str]:
    """The names of who made these changes, by their person ids; without the learner's own."""
    wanted = {one.actor_id for one in changes if one.actor_id} - {besides}
    return {row[0]: row[1] for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))}


def next_waiting(session: Session, one: Attempt, grader_done: set[int]) -> int | None:
    """The next attempt of the same quiz that waits, not among ``grader_done``."""
    found_ids = session.scalars(
        select(Attempt.id)
        .where(Attempt.course_id == one.course_id, Attempt.lesson_id == one.lesson_id, Attempt.state == "submitted", Attempt.id != one.id)
        .order_by(Attempt.submitted_at, Attempt.id)
        .limit(20)
    )
    return next((attempt_id for attempt_id in found_ids if attempt_id not in grader_done), None)
