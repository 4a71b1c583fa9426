"""What is wrong with a question, as a sentence about an exchange."""

from __future__ import annotations

from elearn import Problem, Said

BOTH = "{what} {cure}"


def of_problem(problem: Problem) -> Said:
    """What is wrong with a question, and what to do about it."""
    what = Said(problem.message, **problem.values)
    return Said(BOTH, what=what, cure=Said(problem.remedy, **problem.values)) if problem.remedy else what
