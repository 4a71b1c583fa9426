"""Counting attempts, each once: what is new since the last look is added to the kept sums, in small batches.

Attempts that were changed since (a regrade, one declared void, one that came in late) show in the number of attempts and the sums of
their scores; then it is counted anew. Only first attempts count: whoever sits a quiz again remembers it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from elearn import course_id_of, insert_or_update
from elearn_quizzes.analysis.models import Tally
from elearn_quizzes.analysis.sums import Sums, add_attempt, add_sums, nothing
from elearn_quizzes.analysis.versions import form_version
from elearn_quizzes.attempts import quiz_in
from elearn_quizzes.models import Attempt, AttemptAnswer
from elearn_quizzes.published import Published

BATCH = 500
TIMED = 2_000  # attempts of a version whose answers are timed: enough for a median
SECONDS = 4.0  # a page waits no longer; the rest is counted at the next look


@dataclass(frozen=True, kw_only=True)
class Form:
    """The versions of a course in which a quiz has the same questions: ``digests``, the one used last first."""

    version: str
    quiz: Published
    digests: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What has been counted: ``left`` attempts still wait."""

    sums: Any
    left: int = 0


def countable(digest: str, lesson_id: str) -> list[ColumnElement[bool]]:
    """What makes an attempt count: the first of its enrolment, handed in, marked, not void."""
    return [
        Attempt.lesson_id == lesson_id,
        Attempt.digest == digest,
        Attempt.number == 1,
        Attempt.score.is_not(None),
        Attempt.submitted_at.is_not(None),
        Attempt.state.not_in(("open", "void")),
    ]


def forms_of(session: Session, slug: str, lesson_id: str) -> list[Form]:
    """The forms of a quiz that somebody has sat, the one sat last first. Two statements; no attempt of another course is read, though
    half of the courses may call their last test alike."""
    rows = session.execute(
        select(Attempt.digest)
        .where(Attempt.course_id == course_id_of(session, slug), Attempt.lesson_id == lesson_id, Attempt.submitted_at.is_not(None))
        .group_by(Attempt.digest)
        .order_by(func.max(Attempt.id).desc())
    )
    found: dict[str, Form] = {}
    for (digest,) in rows:
        quiz = quiz_in(session, digest, lesson_id)
        if quiz is not None:
            version = form_version(quiz)
            before = found[version].digests if version in found else ()
            found[version] = Form(version=version, quiz=quiz, digests=(*before, digest))
    return list(found.values())


def counted_items(session: Session, form: Form, lesson_id: str, *, write: Callable[[], Any], seconds: float = SECONDS) -> Counted:
    """The sums of a form, brought up to date. ``write()`` opens a writing session, used where something new was counted."""
    sums, left, ends = nothing(), 0, time.monotonic() + seconds
    for digest in form.digests:
        part = bring_up(session, digest, lesson_id, "items", start=nothing(), add=_add_items, write=write, ends=ends)
        add_sums(sums, part.sums)
        left += part.left
    return Counted(sums=sums, left=left)


def _add_items(session: Session, state: Sums, batch: list[Any]) -> None:
    timed = [row.id for row in batch[: max(0, TIMED - state["n"])]]
    seconds = _seconds(session, {row.id: row.started_at for row in batch if row.id in set(timed)}) if timed else {}
    for row in batch:
        add_attempt(state, row.marks or [], seconds.get(row.id))


def _seconds(session: Session, started: dict[int, datetime]) -> dict[int, dict[str, float]]:
    """Seconds by attempt and item, by the server's clock: each saved answer took the time since the one before it."""
    rows = session.execute(
        select(AttemptAnswer.attempt_id, AttemptAnswer.item_id, AttemptAnswer.saved_at)
        .where(AttemptAnswer.attempt_id.in_(started))
        .order_by(AttemptAnswer.attempt_id, AttemptAnswer.saved_at, AttemptAnswer.id)
    )
    found: dict[int, dict[str, float]] = {}
    before = dict(started)
    for attempt_id, item_id, saved_at in rows:
        taken = (saved_at - before[attempt_id]).total_seconds()
        before[attempt_id] = saved_at
        mine = found.setdefault(attempt_id, {})
        mine[item_id] = mine.get(item_id, 0.0) + max(0.0, taken)
    return found


def bring_up(
    session: Session, digest: str, lesson_id: str, kind: str, *, start: Any, add: Callable[[Session, Any, list[Any]], None],
    write: Callable[[], Any], ends: float,
) -> Counted:  # fmt: skip
    """The kept sums of one version with all attempts added that are new, as far as there is time until ``ends``."""
    kept = session.get(Tally, (digest, lesson_id, kind))
    every = countable(digest, lesson_id)
    values: dict[str, Any] = {"upto_at": None, "upto_id": 0, "counted": 0, "total": 0, "squares": 0, "state": start}
    if kept is not None and _unchanged(session, every, kept):
        values = {name: getattr(kept, name) for name in values}
    before = values["counted"]
    for batch in _batches(session, every, values["upto_at"], values["upto_id"]):
        add(session, values["state"], batch)
        for row in batch:
            millionths = round(row.score * 1_000_000)
            values["counted"] += 1
            values["total"] += millionths
            values["squares"] += millionths**2
        values["upto_at"], values["upto_id"] = batch[-1].submitted_at, batch[-1].id
        if time.monotonic() > ends:
            break
    if values["counted"] != before or (kept is not None and kept.counted != values["counted"]):
        with write() as writer:
            key = {"digest": digest, "lesson_id": lesson_id, "kind": kind}
            insert_or_update(writer, Tally, values={**key, **values}, key=tuple(key))
    whole = session.scalar(select(func.count()).select_from(Attempt).where(*every)) or 0
    return Counted(sums=values["state"], left=max(0, whole - values["counted"]))


def _unchanged(session: Session, every: list[ColumnElement[bool]], kept: Tally) -> bool:
    if kept.upto_at is None:
        return True
    millionths = cast(func.round(Attempt.score * 1_000_000), BigInteger)
    upto = or_(Attempt.submitted_at < kept.upto_at, and_(Attempt.submitted_at == kept.upto_at, Attempt.id <= kept.upto_id))
    row = session.execute(select(func.count(), func.sum(millionths), func.sum(millionths * millionths)).where(*every, upto)).one()
    return tuple(int(value or 0) for value in row) == (kept.counted, kept.total, kept.squares)


def _batches(session: Session, every: list[ColumnElement[bool]], at: datetime | None, last: int) -> Iterator[list[Any]]:
    wanted = (Attempt.id, Attempt.enrolment_id, Attempt.started_at, Attempt.submitted_at, Attempt.score, Attempt.marks)
    while True:
        found = select(*wanted).where(*every)
        if at is not None:
            found = found.where(or_(Attempt.submitted_at > at, and_(Attempt.submitted_at == at, Attempt.id > last)))
        batch = list(session.execute(found.order_by(Attempt.submitted_at, Attempt.id).limit(BATCH)))
        if batch:
            yield batch
        if len(batch) < BATCH:
            return
        at, last = batch[-1].submitted_at, batch[-1].id
