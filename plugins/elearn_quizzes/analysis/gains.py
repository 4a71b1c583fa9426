"""Pre- and post-test as pairs: for each objective the questions of both tests that name it, each learner compared with themselves.

A gain is the mean of (share in the post-test - share in the pre-test) over the learners with both, first attempts only. Its 95 % interval is
Student's for paired differences (Student, 1908, Biometrika 6): mean ± t(0.975, n - 1) * s / sqrt(n). There is no group without the course to
compare with, so a gain says that something changed and not why.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import shown_parts
from elearn_quizzes.analysis.tallying import SECONDS, Counted, bring_up
from elearn_quizzes.models import Attempt
from elearn_quizzes.published import Published

ALL = "*"
LEAST = 5
NORMAL = 1.959963984540054
Objectives = dict[str, tuple[set[str], set[str]]]


@dataclass(frozen=True, kw_only=True)
class Gain:
    """``count`` learners with both tests; ``before``, ``after`` and ``gain`` are mean shares, ``low`` and ``high`` the interval. Where they
    may not be told (fewer than 5 learners, or they could be reckoned from what is told) all are None, ``count`` too."""

    cohort: str
    count: int | None = None
    before: float | None = None
    after: float | None = None
    gain: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class Objective:
    """An objective with the number of questions on it in either test, and how many of them are the same question."""

    name: str
    asked_before: int
    asked_after: int
    same: int
    whole: Gain
    cohorts: tuple[Gain, ...] = ()


def objectives(pre: Published, post: Published) -> Objectives:
    """The ids of the questions of both tests by objective (competency), where both ask for it; ``ALL`` are all."""
    sides: list[dict[str, set[str]]] = []
    for quiz in (pre, post):
        found: dict[str, set[str]] = {ALL: set()}
        for item in quiz.items():
            if item.points and item.kind != "survey":
                for name in (ALL, *item.competencies):
                    found.setdefault(name, set()).add(item.id)
        sides.append(found)
    return {name: (sides[0][name], sides[1][name]) for name in sides[0] if sides[0][name] and sides[1].get(name)}


def add_pair(
    sums: dict[str, Any], goals: Objectives, cohort: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> None:
    """Add one learner's marks of both tests: ``{objective: {cohort: [n, sum of before, of after, of the gain, of its square]}}``."""
    for name, (first, second) in goals.items():
        one, two = _share(before, first), _share(after, second)
        if one is None or two is None:
            continue
        cell = sums.setdefault(name, {}).setdefault(cohort, [0, 0.0, 0.0, 0.0, 0.0])
        for place, value in enumerate((1, one, two, two - one, (two - one) ** 2)):
            cell[place] += value


def _share(marks: Sequence[Mapping[str, Any]], wanted: set[str]) -> float | None:
    """The share of the points of those questions; None where none was asked, or a human has yet to mark one."""
    mine = [mark for mark in marks if mark["item"] in wanted]
    points = sum(mark["points"] for mark in mine)
    if not points or any(mark.get("state") == "needs a human" for mark in mine):
        return None
    return float(sum(mark["share"] * mark["points"] for mark in mine) / points)


def add_gain_sums(sums: dict[str, Any], more: dict[str, Any]) -> None:
    """Add what another count found."""
    for name, cohorts in more.items():
        for cohort, cell in cohorts.items():
            mine = sums.setdefault(name, {}).setdefault(cohort, [0, 0.0, 0.0, 0.0, 0.0])
            mine[:] = [left + right for left, right in zip(mine, cell, strict=True)]


def told(sums: dict[str, Any], goals: Objectives) -> list[Objective]:
    """What may be told of every objective, the whole first; cohorts are the months of the pre-test ("2026-11"), the latest first."""
    found = []
    for name, (first, second) in goals.items():
        cohorts = sums.get(name, {})
        shown = shown_parts({cohort: cell[0] for cohort, cell in cohorts.items()}, least=LEAST)
        whole = [sum(column) for column in zip(*cohorts.values(), strict=True)] if cohorts else [0, 0.0, 0.0, 0.0, 0.0]
        parts = tuple(
            _gain(cohort, cohorts[cohort]) if cohort in shown else Gain(cohort=cohort) for cohort in sorted(cohorts, reverse=True)
        )
        found.append(
            Objective(
                name=name, asked_before=len(first), asked_after=len(second), same=len(first & second), whole=_gain("", whole), cohorts=parts
            )
        )
    return sorted(found, key=lambda one: (one.name != ALL, one.name))


def _gain(cohort: str, cell: Sequence[float]) -> Gain:
    count = int(cell[0])
    if count < LEAST:
        return Gain(cohort=cohort)
    mean = cell[3] / count
    low, high = paired_interval(count, cell[3], cell[4])
    return Gain(cohort=cohort, count=count, before=cell[1] / count, after=cell[2] / count, gain=mean, low=low, high=high)


def paired_interval(count: int, total: float, squares: float) -> tuple[float, float]:
    """The 95 % interval of the mean of ``count`` (at least 5) differences from their sum and the sum of their squares."""
    mean = total / count
    error = math.sqrt(max(0.0, squares - total * total / count) / (count - 1) / count)
    half = student(count - 1) * error
    return mean - half, mean + half


def student(freedom: int) -> float:
    """The 0.975 quantile of Student's t with at least 4 degrees of freedom, to 0.001: the expansion 26.7.5 of Abramowitz & Stegun (1964)."""
    z, n = NORMAL, freedom
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * n**4)
    )


def counted_gains(
    session: Session, digests: Sequence[str], *, pre: str, post: str, goals: Objectives, write: Callable[[], Any], seconds: float = SECONDS
) -> Counted:
    """The sums of the pairs of these versions, brought up to date; ``pre`` and ``post`` are lesson ids."""
    ends, sums, left = time.monotonic() + seconds, {}, 0  # type: float, dict[str, Any], int

    def add(reader: Session, state: dict[str, Any], batch: list[Any]) -> None:
        rows = reader.execute(
            select(Attempt.enrolment_id, Attempt.started_at, Attempt.marks).where(
                Attempt.enrolment_id.in_([row.enrolment_id for row in batch]),
                Attempt.lesson_id == pre,
                Attempt.number == 1,
                Attempt.score.is_not(None),
                Attempt.state.not_in(("open", "void")),
            )
        )
        first = {row.enrolment_id: row for row in rows}
        for row in batch:
            before = first.get(row.enrolment_id)
            if before is not None:
                add_pair(state, goals, f"{before.started_at:%Y-%m}", before.marks or [], row.marks or [])

    for digest in digests:
        part = bring_up(session, digest, post, "gain", start={}, add=add, write=write, ends=ends)
        add_gain_sums(sums, part.sums)
        left += part.left
    return Counted(sums=sums, left=left)
