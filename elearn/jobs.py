"""Long work in the background: many items, each done exactly once, going on where it stopped when the process is killed.

A job is a chain of outbox deliveries. Each works on items for a moment and records the next in the same transaction, so that what
an item did and the mark that it is done are one commit; and between two of them others get the database and the outbox. Where an
item asks a service outside, no transaction is open meanwhile.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from elearn.errors import ElearnError, JobStopped, Refused, plain
from elearn.events import JobDue
from elearn.guard import GuardedSession, unguarded
from elearn.models.jobs import Job, JobItem
from elearn.plugin import JobCall, JobKind, JobPart
from elearn.services.facts import record
from elearn.services.moments import ahead
from elearn.services.site import site_of
from elearn.services.upsert import rows_changed

if TYPE_CHECKING:
    from elearn.registry import Registry

log = logging.getLogger("elearn.jobs")
TURN_SECONDS = 0.4  # how long one delivery holds its transaction, and with it SQLite's only write lock
CALL_LASTS = timedelta(seconds=90)  # longer than any call may last, shorter than the outbox's lease on the turn
BATCH = 200
SAID = 500


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a job is; ``left`` counts the items that wait."""

    id: int
    title: str
    kind: str
    by_id: int | None
    total: int
    done: int
    refused: int
    failed: int
    started_at: datetime
    ended_at: datetime | None

    @property
    def left(self) -> int:
        """Items still to do."""
        return self.total - self.done - self.refused - self.failed

    @property
    def share(self) -> float:
        """0 to 1."""
        return 1 - self.left / self.total if self.total else 1.0


def start_job(
    session: Session, kind: str, *, title: str, items: Iterable[tuple[str, str]], by: int | None, given: Mapping[str, Any] | None = None
) -> int:
    """Begin the job ``kind`` ("<plugin>.<verb>") over ``items``, pairs of (value, label); answers its id. It runs after the commit.

    Raises ``ElearnError`` where no plugin has such a kind, and ``Refused`` where there is nothing to do.
    """
    if kind not in _registry(session).jobs:
        raise ElearnError(f"no plugin has jobs of the kind {kind!r}")
    rows = [{"value": value[:200], "label": label[:200], "state": "waiting", "said": ""} for value, label in items]
    if not rows:
        raise Refused("no_items", "Tidak ada yang perlu dikerjakan.")
    job = Job(kind=kind, title=title[:200], given=dict(given or {}), by_id=by, total=len(rows))
    session.add(job)
    session.flush()
    for start in range(0, len(rows), BATCH):
        session.execute(insert(JobItem), [row | {"job_id": job.id} for row in rows[start : start + BATCH]])
    record(session, JobDue(job_id=job.id))
    return job.id


def ordered_before(session: Session, kind: str, given: Mapping[str, Any]) -> set[str]:
    """The values of all items that jobs of that kind with the same ``given`` have had, but for those that a rule refused."""
    jobs = session.execute(select(Job.id, Job.given).where(Job.kind == kind)).all()
    same = [job_id for job_id, its in jobs if its == dict(given)]
    return set(session.scalars(select(JobItem.value).where(JobItem.job_id.in_(same), JobItem.state != "refused")))


def retry_job(session: Session, job_id: int) -> int:
    """Give the items that failed another start; answers how many. What a rule refused stays refused."""
    again = rows_changed(
        session, update(JobItem).where(JobItem.job_id == job_id, JobItem.state == "failed").values(state="waiting", said="")
    )
    if again:
        session.execute(update(Job).where(Job.id == job_id).values(ended_at=None))
        record(session, JobDue(job_id=job_id))
    return again


def work_on(session: Session, event: JobDue) -> None:
    """The subscriber: one turn of a job."""
    real = unguarded(session)
    job = real.get(Job, event.job_id)
    if job is None:
        return
    kind = _registry(real).jobs.get(job.kind)
    if kind is None:
        raise ElearnError(f"no plugin has jobs of the kind {job.kind!r} now")
    until = time.monotonic() + TURN_SECONDS
    for item_id, value in real.execute(_free(job.id).limit(BATCH)).all():
        try:
            (_ask if kind.ask else _do)(real, job, kind, item_id=item_id, value=value)
        except JobStopped as stopped:
            real.execute(_of(job.id).values(state="failed", said=plain(stopped)[:SAID]))
            break
        if time.monotonic() >= until:
            break
    if real.scalar(_free(job.id).limit(1)) is not None:
        record(real, JobDue(job_id=job.id))
    elif real.scalar(select(JobItem.id).where(JobItem.job_id == job.id, JobItem.state == "waiting").limit(1)) is not None:
        record(real, JobDue(job_id=job.id), not_before=ahead(CALL_LASTS))  # another turn asks about the last: if it was killed
    elif job.ended_at is None:
        job.ended_at = func.now()
    real.flush()


def _free(job_id: int) -> Any:
    """The items that wait and that nobody asks about."""
    return select(JobItem.id, JobItem.value).where(JobItem.job_id == job_id, JobItem.state == "waiting", _untaken()).order_by(JobItem.id)


def _untaken() -> Any:
    """Nobody asks about it: whoever took it longer ago than any call lasts was killed."""
    return or_(JobItem.taken_at.is_(None), JobItem.taken_at < ahead(-CALL_LASTS))


def _of(job_id: int) -> Any:
    waiting = update(JobItem).where(JobItem.job_id == job_id, JobItem.state == "waiting", JobItem.taken_at.is_(None))
    return waiting.execution_options(synchronize_session=False)


def _do(session: Session, job: Job, kind: JobKind, *, item_id: int, value: str, answer: Any = None) -> None:
    mark = update(JobItem).where(JobItem.id == item_id).execution_options(synchronize_session=False)
    if not rows_changed(session, mark.where(JobItem.state == "waiting").values(state="done", taken_at=None)):
        return  # another turn of the same job had it
    part: dict[str, Any] = {"value": value, "given": job.given, "by": job.by_id, "job_id": job.id, "answer": answer}
    try:
        state, said = _tried(session, job, lambda inner: kind.work(JobPart(session=inner, **part)), item=value)
    except JobStopped as stopped:
        session.execute(mark.values(state="failed", said=plain(stopped)[:SAID]))
        raise
    session.execute(mark.values(state=state or "done", said=plain(said or "")[:SAID]))


def _ask(session: Session, job: Job, kind: JobKind, *, item_id: int, value: str) -> None:
    """Take one item, ask about it while no transaction is open, keep the answer. Each step is a commit of its own."""
    assert kind.prepare is not None
    assert kind.ask is not None
    prepare, mark = kind.prepare, update(JobItem).where(JobItem.id == item_id).execution_options(synchronize_session=False)
    if not rows_changed(session, mark.where(JobItem.state == "waiting", _untaken()).values(taken_at=func.now())):
        return
    part: dict[str, Any] = {"value": value, "given": job.given, "by": job.by_id, "job_id": job.id}
    state, asked = _tried(session, job, lambda inner: prepare(JobPart(session=inner, **part)), item=value)
    if state:
        session.execute(mark.values(state=state, said=str(asked)[:SAID], taken_at=None))
        session.commit()
        return
    session.commit()
    try:
        answer = kind.ask(JobCall(site=site_of(session), asked=asked, given=job.given, job_id=job.id))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if not isinstance(error, Refused | JobStopped):
            log.error("job %s could not ask about %r", job.id, value, exc_info=error)
        state, said = ("refused" if isinstance(error, Refused) else "failed"), _words(error)
        session.execute(mark.where(JobItem.state == "waiting").values(state=state, said=said[:SAID], taken_at=None))
        session.commit()
        if isinstance(error, JobStopped):
            raise
        return
    try:
        _do(session, job, kind, item_id=item_id, value=value, answer=answer)
    except JobStopped:
        session.commit()
        raise
    session.commit()


def _tried(session: Session, job: Job, step: Callable[[Any], Any], *, item: str) -> tuple[str, Any]:
    """("", what the step answered), or ("refused" or "failed", why), then with all that it wrote undone. What it wrote before it
    raised ``JobStopped`` is kept."""
    inner = GuardedSession(session)
    try:
        answer = step(inner)
        inner.keep()
        return "", answer
    except JobStopped:
        inner.keep()
        raise
    except (KeyboardInterrupt, OperationalError):
        raise  # the database is busy or gone: the whole turn comes again
    except BaseException as error:
        inner.undo()
        if not isinstance(error, Refused):
            log.error("job %s could not do %r", job.id, item, exc_info=error)
        return "refused" if isinstance(error, Refused) else "failed", _words(error)


def _words(error: BaseException) -> str:
    return plain(error) if isinstance(error, Refused | JobStopped) else f"{type(error).__name__}: {plain(error)}"


def job_progress(session: Session, job_id: int) -> Progress | None:
    """How far the job is, in two statements; None where there is none."""
    job = session.get(Job, job_id)
    return _progress(session, [job])[0] if job else None


def latest_jobs(session: Session, *, by: int | None, limit: int = 50) -> list[Progress]:
    """The jobs that ``by`` (None: anybody) began, the latest first."""
    wanted = select(Job).order_by(Job.id.desc()).limit(limit)
    return _progress(session, list(session.scalars(wanted if by is None else wanted.where(Job.by_id == by))))


def items_of(session: Session, job_id: int, *, states: Iterable[str] = ("refused", "failed"), limit: int = 1_000) -> list[JobItem]:
    """The items in those states, in their order: the report."""
    rows = select(JobItem).where(JobItem.job_id == job_id, JobItem.state.in_(list(states))).order_by(JobItem.id).limit(limit)
    return list(session.scalars(rows))


def _progress(session: Session, jobs: list[Job]) -> list[Progress]:
    counts: dict[tuple[int, str], int] = {}
    rows = select(JobItem.job_id, JobItem.state, func.count()).where(JobItem.job_id.in_([job.id for job in jobs]))
    for job_id, state, count in session.execute(rows.group_by(JobItem.job_id, JobItem.state)):
        counts[job_id, state] = count
    return [
        Progress(
            id=job.id,
            title=job.title,
            kind=job.kind,
            by_id=job.by_id,
            total=job.total,
            done=counts.get((job.id, "done"), 0),
            refused=counts.get((job.id, "refused"), 0),
            failed=counts.get((job.id, "failed"), 0),
            started_at=job.started_at,
            ended_at=job.ended_at,
        )
        for job in jobs
    ]


def _registry(session: Session) -> Registry:
    registry: Registry = session.info["elearn.registry"]
    return registry
