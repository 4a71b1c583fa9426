"""Who may begin an attempt, and who may not yet or no more: the quiz's own terms, and what one person was granted besides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from elearn import Refused
from elearn_quizzes.grades.allowances import Granted, allowed
from elearn_quizzes.grades.states import HANDED_IN
from elearn_quizzes.models import Attempt
from elearn_quizzes.settings import Settings

HOUR, DAY = 3600, 86400


def tries(settings: Settings, granted: Granted) -> int:
    """How many attempts one may make; 0 for any number."""
    return settings.attempts + granted.attempts if settings.attempts else 0


def closes_at(settings: Settings, granted: Granted) -> datetime | None:
    """When the quiz closes for somebody; None for never."""
    closes = settings.closes_at
    return max(closes, granted.until) if closes and granted.until else closes


def why_not(settings: Settings, attempts: Sequence[Attempt], *, now: datetime, granted: Granted) -> Refused | None:
    """Why no further attempt may be started; None where one may."""
    done = [attempt for attempt in attempts if attempt.state in HANDED_IN]
    most, closes = tries(settings, granted), closes_at(settings, granted)
    if not settings.practice and any(attempt.score is None for attempt in done):
        return Refused("waiting", "Jawaban Anda sedang dinilai. Nilainya tampil di sini setelah selesai.")
    if most and len(done) >= most:
        return Refused("no_attempts", "Semua kesempatan ({count}) sudah dipakai.", count=most)
    if settings.opens_at and now < settings.opens_at:
        return Refused("not_yet", "Kuis ini belum dibuka.")
    if closes and now > closes:
        return Refused("closed", "Kuis ini sudah ditutup.")
    last = done[-1].submitted_at if done else None
    if settings.pause and last and now < last + timedelta(seconds=settings.pause):
        return _pause((last + timedelta(seconds=settings.pause) - now).total_seconds())
    return None


def refusal(
    session: Session, settings: Settings, attempts: Sequence[Attempt], *, enrolment_id: int, lesson_id: str, now: datetime
) -> Refused | None:
    """The same for somebody, with what they were granted; that is looked up only where the quiz's own terms say no."""
    refused = why_not(settings, attempts, now=now, granted=Granted())
    if refused is None or refused.code not in ("no_attempts", "closed"):
        return refused
    return why_not(settings, attempts, now=now, granted=allowed(session, enrolment_id, lesson_id))


def _pause(seconds: float) -> Refused:
    """Minutes, hours or days until the next attempt, rounded up."""
    if seconds <= 2 * HOUR:
        return Refused("pause", "Kesempatan berikutnya terbuka {minutes} menit lagi.", minutes=-int(-seconds // 60))
    if seconds <= 2 * DAY:
        return Refused("pause", "Kesempatan berikutnya terbuka {hours} jam lagi.", hours=-int(-seconds // HOUR))
    return Refused("pause", "Kesempatan berikutnya terbuka {days} hari lagi.", days=-int(-seconds // DAY))
