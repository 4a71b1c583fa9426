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
