"""Options and what they are worth: points, percentages and "right" as shares of a question's points, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from elearn_quizzes.questions import Option, Question, letter_id

CLOSE = 1e-4


def shares_of(question: Question) -> list[float]:
    """What choosing each option earns or costs, as a share of the question's points, as ``grading`` reckons it."""
    if question.weighted:
        return [(option.weight or 0.0) / (100.0 if option.percent else question.points) for option in question.options]
    right = sum(option.right for option in question.options) or 1
    if question.kind == "single":
        return [1.0 if option.right else 0.0 for option in question.options]
    return [(1.0 if option.right else -1.0) / right for option in question.options]


def options_of(texts: Sequence[tuple[str, str]], shares: Sequence[float], *, many: bool) -> tuple[Option, ...]:
    """Options (text, feedback) that are worth these shares: plain crosses where they say the same, else percentages."""
    options = tuple(Option(id=letter_id(at), text=text, feedback=feedback) for at, (text, feedback) in enumerate(texts))
    right = [share > CLOSE for share in shares]
    count = sum(right)
    crossed = [(1.0 if one else -1.0 if many else 0.0) / (count if many else 1) for one in right] if count else []
    if count and (many or count == 1) and all(abs(have - want) < CLOSE for have, want in zip(shares, crossed, strict=True)):
        return tuple(replace(option, right=one) for option, one in zip(options, right, strict=True))
    percents = [round(share * 100, 5) for share in shares]
    return tuple(
        replace(option, right=percent > 0, weight=percent, percent=True) for option, percent in zip(options, percents, strict=True)
    )
