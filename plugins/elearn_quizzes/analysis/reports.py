"""What learners say is wrong with a question: told once for each question of an attempt, answered by the trainer."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from elearn import Refused, insert_once, site_of
from elearn import lazy_gettext as _
from elearn_quizzes.analysis.models import FaultReport
from elearn_quizzes.analysis.versions import item_version
from elearn_quizzes.attempts import Sitting

REASONS = {
    "key": _("Kuncinya salah"),
    "unclear": _("Soalnya tidak jelas"),
    "several": _("Ada lebih dari satu jawaban benar"),
    "outdated": _("Aturannya sudah berubah"),
    "typo": _("Salah tulis atau gambar rusak"),
    "other": _("Hal lain"),
}
LONGEST = 600
OPEN_AT_MOST = 20


def report(session: Session, sitting: Sitting, item_id: str, *, reason: str, text: str) -> None:
    """Keep a report. The same question of the same attempt reported again changes nothing.

    Raises ``Refused`` for a question that was not asked, an unknown reason, too few or too many words, or too many open reports.
    """
    attempt = sitting.attempt
    item = next((item for item in sitting.items if item.id == item_id), None)
    if item is None:
        raise Refused("no_item", "Soal ini bukan bagian dari kuis Anda.")
    text = " ".join(text.split())
    if reason not in REASONS:
        raise Refused("reason", "Pilih apa yang keliru pada soal ini.")
    if len(text) > LONGEST:
        raise Refused("too_long", "Penjelasan terlalu panjang. Paling banyak {most} huruf.", most=LONGEST)
    if reason == "other" and not text:
        raise Refused("no_text", "Tulis apa yang keliru pada soal ini.")
    waiting = session.scalar(
        select(func.count()).select_from(FaultReport).where(FaultReport.person_id == attempt.person_id, FaultReport.answer.is_(None))
    )
    if (waiting or 0) >= OPEN_AT_MOST:
        raise Refused("too_many", "{most} laporan Anda belum dijawab. Tunggu jawabannya dahulu.", most=OPEN_AT_MOST)
    quiz_item = sitting.quiz.item(item_id) or item
    values = {
        "slug": site_of(session).course(attempt.digest).slug,
        "lesson_id": attempt.lesson_id,
        "item_id": item_id,
        "item_version": item_version(quiz_item),
        "attempt_id": attempt.id,
        "person_id": attempt.person_id,
        "reason": reason,
        "text": text,
    }
    insert_once(session, FaultReport, values=values, key=("attempt_id", "item_id"))


def reports_of_attempt(session: Session, attempt_id: int) -> dict[str, FaultReport]:
    """The reports made from an attempt, by item id."""
    return {one.item_id: one for one in session.scalars(select(FaultReport).where(FaultReport.attempt_id == attempt_id))}


def reports_of(session: Session, slug: str, *, lesson_id: str = "", item_id: str = "", limit: int = 200) -> list[FaultReport]:
    """The reports of a course, a quiz or a question: those without an answer first, then the latest."""
    found = select(FaultReport).where(FaultReport.slug == slug)
    if lesson_id:
        found = found.where(FaultReport.lesson_id == lesson_id)
    if item_id:
        found = found.where(FaultReport.item_id == item_id)
    return list(session.scalars(found.order_by(FaultReport.answered_at.is_not(None), FaultReport.id.desc()).limit(limit)))


def waiting_by_item(session: Session, slug: str) -> dict[tuple[str, str], int]:
    """How many reports wait for an answer, by lesson and item id."""
    rows = session.execute(
        select(FaultReport.lesson_id, FaultReport.item_id, func.count())
        .where(FaultReport.slug == slug, FaultReport.answer.is_(None))
        .group_by(FaultReport.lesson_id, FaultReport.item_id)
    )
    return {(lesson_id, item_id): count for lesson_id, item_id, count in rows}


def waiting_by_course(session: Session, slugs: Iterable[str]) -> dict[str, int]:
    """How many reports wait for an answer, by course."""
    rows = session.execute(
        select(FaultReport.slug, func.count())
        .where(FaultReport.slug.in_(list(slugs)), FaultReport.answer.is_(None))
        .group_by(FaultReport.slug)
    )
    return {row[0]: row[1] for row in rows}


def answer(session: Session, report_id: int, *, by: int, text: str) -> None:
    """Answer a report; an answer given before is replaced. Raises ``Refused`` for an empty or overlong one."""
    text = " ".join(text.split())
    if not text:
        raise Refused("no_answer", "Tulis jawaban untuk peserta.")
    if len(text) > LONGEST:
        raise Refused("too_long", "Jawaban terlalu panjang. Paling banyak {most} huruf.", most=LONGEST)
    session.execute(update(FaultReport).where(FaultReport.id == report_id).values(answer=text, answered_by=by, answered_at=func.now()))
