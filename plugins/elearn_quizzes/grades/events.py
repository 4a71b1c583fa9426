"""What is told to other plugins."""

from __future__ import annotations

from dataclasses import dataclass

from elearn import Event


@dataclass(frozen=True, kw_only=True)
class QuizRegraded(Event):
    """A correction of a question changed somebody's score. Scores are shares, 0 to 1; ``passed`` is what holds now."""

    attempt_id: int
    enrolment_id: int
    person_id: int
    lesson_id: str
    before: float | None
    after: float | None
    passed: bool


@dataclass(frozen=True, kw_only=True)
class AttemptDue(Event):
    """An attempt's time should be up by now, the grace for answers without a line included; told then, and not before."""

    attempt_id: int
    person_id: int


@dataclass(frozen=True, kw_only=True)
class AttemptMarked(Event):
    """People have marked the last answer of an attempt that waited for them; its score is there."""

    attempt_id: int
    person_id: int
    lesson_id: str
