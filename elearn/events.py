"""What happened, in the past tense: frozen facts of plain data, told to whoever subscribes after the commit that made them true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Event:
    """The base of all events. Fields are str, int, float, bool, None or a dict of these, so that an event can be kept as JSON for years."""

    @classmethod
    def kind(cls) -> str:
        """The stable name under which the event is kept."""
        return cls.__name__

    def payload(self) -> dict[str, Any]:
        """The event as JSON-able data."""
        return asdict(self)

    @classmethod
    def load(cls, payload: dict[str, Any]) -> Self:
        """The event from kept data; fields that this release no longer knows are left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in payload.items() if name in known})


@dataclass(frozen=True, kw_only=True)
class CoursePublished(Event):
    """A version of a course went on offer."""

    course_id: int
    version_id: int
    slug: str
    number: int


@dataclass(frozen=True, kw_only=True)
class PersonEnrolled(Event):
    """Somebody began a course."""

    enrolment_id: int
    person_id: int
    course_id: int


@dataclass(frozen=True, kw_only=True)
class LessonCompleted(Event):
    """Somebody finished a lesson, for the first time in this enrolment."""

    enrolment_id: int
    person_id: int
    course_id: int
    version_id: int
    lesson_id: str


@dataclass(frozen=True, kw_only=True)
class ActivityGraded(Event):
    """An activity in a lesson (a quiz, a task) got its mark. ``score`` is a share from 0 to 1, ``passed`` what the pass mark made of it;
    ``competencies`` the share for each competency (by code) that its questions name."""

    enrolment_id: int
    person_id: int
    course_id: int
    version_id: int
    lesson_id: str
    activity: str
    score: float
    passed: bool
    final: bool = False
    competencies: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CourseCompleted(Event):
    """Somebody completed a course; told exactly once an enrolment. ``score`` is the final test's share, None where there is none."""

    enrolment_id: int
    person_id: int
    course_id: int
    version_id: int
    slug: str
    hours: int
    score: float | None = None


@dataclass(frozen=True, kw_only=True)
class CompletionHeld(Event):
    """Nothing was missing for completing a course, but a plugin's gate could not be asked: it is asked again."""

    enrolment_id: int


@dataclass(frozen=True, kw_only=True)
class PasswordResetAsked(Event):
    """Somebody asked for a new password; ``reset_id`` names the row the mailed link opens; 0 where no
    account with an address was meant."""

    reset_id: int


@dataclass(frozen=True, kw_only=True)
class JobDue(Event):
    """A job has items that wait."""

    job_id: int


CORE_EVENTS: tuple[type[Event], ...] = (
    CoursePublished,
    PersonEnrolled,
    LessonCompleted,
    ActivityGraded,
    CourseCompleted,
    CompletionHeld,
    PasswordResetAsked,
    JobDue,
)
