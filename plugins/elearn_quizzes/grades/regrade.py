"""A question put right: first whom it changes and by how much, then the change itself. No pass is taken away unless that is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import JobKind, JobPart, Refused, Standing, note, standing_of, start_job
from elearn_quizzes import attempts, grading
from elearn_quizzes.asked import as_drawn
from elearn_quizzes.grades import corrections, settling, trainer
from elearn_quizzes.grades.corrections import Correcting
from elearn_quizzes.grades.late import late_news
from elearn_quizzes.grades.models import Correction
from elearn_quizzes.grades.states import HANDED_IN, given_reason, history, journal
from elearn_quizzes.grading import Mark
from elearn_quizzes.models import Attempt
from elearn_quizzes.numbers import number_text
from elearn_quizzes.published import Item, Published

JOB = "quizzes.correct"


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A correction that is not yet kept."""

    item_id: str
    kind: str
    value: Any


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a correction does to one attempt. ``before`` and ``after`` are scores, 0 to 1; None while a human's mark is awaited."""

    attempt: Attempt
    marks: tuple[Mark, ...]
    before: float | None
    after: float | None
    passed_before: bool
    passed: bool

    @property
    def loses(self) -> bool:
        """Whether it would turn a pass into a fail."""
        return self.passed_before and not self.passed

    @property
    def gains(self) -> bool:
        """Whether it turns a fail into a pass."""
        return self.passed and not self.passed_before


def affected(session: Session, digest: str, lesson_id: str, *, lock: bool = False) -> list[Attempt]:
    """The attempts handed in under a version of a quiz. ``lock`` holds the open ones too: one that is just being handed in is waited for,
    as it was marked without what is corrected now, and who hands in later is marked by it."""
    found = select(Attempt).where(Attempt.digest == digest, Attempt.lesson_id == lesson_id).order_by(Attempt.id)
    if not lock:
        return list(session.scalars(found.where(Attempt.state.in_(HANDED_IN))))
    held = session.scalars(found.where(Attempt.state.in_(("open", *HANDED_IN))).with_for_update().execution_options(populate_existing=True))
    return [attempt for attempt in held if attempt.state in HANDED_IN]


def changes(found: Sequence[Attempt], quiz: Published, item: Item, known: Sequence[Correcting]) -> list[Change]:
    """What all of ``known`` corrections together make of each attempt that was asked ``item``; those that stay as they are are left out."""
    changed = []
    for attempt in found:
        drawn = next((one for one in attempt.drawn if one["item"] == item.id), None)
        if drawn is None:
            continue
        marks = tuple(_remarked(Mark(**one), item, drawn, known, attempt) for one in attempt.marks or ())
        if [mark.to_json() for mark in marks] == attempt.marks:
            continue
        after = None if attempt.score is None else grading.score(marks)
        passed = settling.reaches(quiz.settings, after)
        changed.append(
            Change(attempt=attempt, marks=marks, before=attempt.score, after=after, passed_before=bool(attempt.passed), passed=passed)
        )
    return changed


def _remarked(old: Mark, item: Item, drawn: dict[str, Any], known: Sequence[Correcting], attempt: Attempt) -> Mark:
    if old.item != item.id:
        return old
    if item.kind in grading.BY_HUMANS:
        return corrections.adjusted(old, known)
    erased = old.answer is None and old.share > 0
    if erased and not any(one.item_id == item.id and one.kind in ("full", "withdraw") for one in known):
        return old  # the wording was erased at its owner's wish; the mark cannot be made again
    return corrections.mark(as_drawn(item, drawn), old.answer, known, hinted=item.id in (attempt.hints or ()))


def preview(session: Session, digest: str, lesson_id: str, proposed: Proposed) -> list[Change]:
    """Whom ``proposed`` would change, and by how much. Nothing is written."""
    quiz, item = _asked(session, digest, lesson_id, proposed.item_id)
    known: list[Correcting] = [*settling.corrections_of(session, digest, lesson_id), proposed]
    return changes(affected(session, digest, lesson_id), quiz, item, known)


def apply(
    session: Session, digests: Iterable[str], lesson_id: str, proposed: Proposed, *, reason: str, actor: int, take_passes: bool, title: str
) -> int | None:
    """Keep the correction in these versions of the quiz, so that whoever hands in from now on is marked by it, and begin the job ``title``
    that puts the marks right; answers its id, None where no mark changes. What was the last correction already is not kept again.

    Unless ``take_passes``, whoever had passed keeps score and pass. Completed lessons, courses and certificates are never undone here.
    Raises ``Refused`` without a reason, or for a question that is not there.
    """
    reason = given_reason(reason)
    kept, items = [], []
    for digest in digests:
        quiz, item = _asked(session, digest, lesson_id, proposed.item_id)
        handed_in = affected(session, digest, lesson_id, lock=True)
        known = settling.corrections_of(session, digest, lesson_id)
        last = next((one for one in reversed(known) if one.item_id == item.id), None)
        if last is not None and (last.kind, last.value) == (proposed.kind, proposed.value):
            continue
        correction = Correction(
            digest=digest,
            lesson_id=lesson_id,
            item_id=item.id,
            kind=proposed.kind,
            value=proposed.value,
            reason=reason,
            actor_id=actor,
        )
        session.add(correction)
        session.flush()
        kept.append(correction.id)
        changed = [one.attempt for one in changes(handed_in, quiz, item, [*known, correction])]
        names = trainer.names_of(session, quiz, changed)
        items += [(str(attempt.id), names.get(attempt.id) or str(attempt.id)) for attempt in changed]
    if kept:
        note(session, "quizzes.correct", actor=actor, subject=f"{lesson_id}/{proposed.item_id}", detail=f"{proposed.kind}: {reason}")
    if not items:
        return None
    return start_job(session, JOB, title=title, items=items, by=actor, given={"corrections": kept, "take_passes": take_passes})


def put_right(part: JobPart) -> str:
    """The job's item: the marks of the attempt ``part.value`` as its version's correction makes them; answers its points before and
    after. The owner is told where the score changed."""
    session = part.session
    held = select(Attempt).where(Attempt.id == int(part.value)).with_for_update().execution_options(populate_existing=True)
    attempt = session.scalars(held).one()
    known = settling.corrections_of(session, attempt.digest, attempt.lesson_id)
    kept = next(one for one in known if one.id in part.given["corrections"])
    quiz, item = _asked(session, attempt.digest, attempt.lesson_id, kept.item_id)
    found = changes([attempt], quiz, item, known)
    if not found or attempt.state not in HANDED_IN:  # another correction or a grader was here meanwhile
        return ""
    [one] = found
    told: dict[str, Any] = {"actor": kept.actor_id, "reason": kept.reason}
    new = [mark for mark in one.marks if mark.item == item.id]
    settling.keep_marks(session, attempt, new, rule=f"correction:{kept.id}", grader=kept.actor_id, note=kept.reason)
    changed = settling.rescore(session, attempt, quiz, marks=one.marks, keep_pass=not part.given["take_passes"], act="correction", **told)
    standing = standing_of(session, attempt.enrolment_id)
    if standing is not None and attempt.state == "submitted" and not any(mark.waits for mark in one.marks):
        settling.settle(session, attempt, quiz, standing, actor=kept.actor_id)
    elif standing is not None and changed:
        settling.tell(session, attempt, quiz, standing)
        settling.announce(session, attempt, before=one.before)
    return f"{_points(one.before)} → {_points(attempt.score)}"


def _points(score: float | None) -> str:
    return "–" if score is None else number_text(round(score * 100, 2))


def _asked(session: Session, digest: str, lesson_id: str, item_id: str) -> tuple[Published, Item]:
    quiz = attempts.quiz_in(session, digest, lesson_id)
    item = quiz.item(item_id) if quiz else None
    if quiz is None or item is None:
        raise Refused("no_item", "Soal ini tidak ada dalam versi itu.")
    return quiz, item


def admit_late(session: Session, one: attempts.Sitting, *, reason: str, actor: int, standing: Standing) -> bool:
    """Take the late answers of a handed-in attempt in, and mark anew; True where the score changed. Where people mark, the answer shows
    and the points stay as they are until somebody gives others. A late answer given before the one that holds changes nothing. Raises
    ``Refused`` where it was decided before."""
    reason = _still_to_decide(session, one, reason)
    attempt, holds = one.attempt, one.kept.holds
    late = {item_id: row for item_id, row in one.kept.late.items() if item_id not in holds or row.seq > holds[item_id].seq}
    known = settling.corrections_of(session, attempt.digest, attempt.lesson_id)
    items = {item.id: item for item in one.items}
    marks, before = [], attempt.score
    for kept in attempt.marks or ():
        old = Mark(**kept)
        item = items.get(old.item)
        if item is not None and old.item in late:
            new = corrections.mark(item, late[old.item].answer, known, hinted=old.item in one.hints)
            if new.waits and before is not None:  # the attempt has its score, and no machine takes from it what a human gave
                new = replace(new, state="graded", share=old.share)
            old = new
            if not new.waits:
                settling.keep_marks(session, attempt, [new], rule="late", grader=actor, note=reason)
        marks.append(old)
    changed = settling.rescore(session, attempt, one.quiz, marks=marks, keep_pass=True, act="late", actor=actor, reason=reason)
    if changed:
        settling.tell(session, attempt, one.quiz, standing)
        settling.announce(session, attempt, before=before)
    else:
        journal(session, attempt.id, attempt.state, attempt.state, act="late", actor=actor, reason=reason)
    if attempt.state == "submitted" and not any(mark.waits for mark in marks):
        settling.settle(session, attempt, one.quiz, standing, actor=actor)
    return changed


def leave_late(session: Session, one: attempts.Sitting, *, reason: str, actor: int) -> None:
    """Decide that late answers do not count. The learner reads the reason. Raises ``Refused`` where it was decided before."""
    attempt, reason = one.attempt, _still_to_decide(session, one, reason)
    journal(session, attempt.id, attempt.state, attempt.state, act="late_left", actor=actor, reason=reason)


def _still_to_decide(session: Session, one: attempts.Sitting, reason: str) -> str:
    """The reason, where there are late answers that nobody has decided on."""
    news = late_news(one, history(session, one.attempt.id))
    if news is None or news.decided:
        raise Refused("late_decided", "Tidak ada jawaban susulan yang masih perlu diputuskan.")
    return given_reason(reason)


KIND = JobKind(name=JOB, work=put_right)
