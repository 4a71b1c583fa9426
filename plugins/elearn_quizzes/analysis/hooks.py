"""What the plugin's contract takes from here: the way in, the permission, the setting, a person's rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from elearn import About, NavEntry, Permission, Setting, Viewer
from elearn_quizzes.analysis import learner_pages, pages
from elearn_quizzes.analysis.figures import LEAST
from elearn_quizzes.analysis.models import FaultReport

PERMISSION = Permission(name=pages.PERMISSION, title="Melihat bank soal dan statistiknya", roles=("author", "reviewer", "administrator"))
SETTING = Setting(name="analysis_least", default=LEAST, help="figures of a question are told from so many first attempts on", type=int)


def nav(viewer: Viewer) -> Iterable[NavEntry]:
    """The bank, for whoever may see it."""
    if viewer.can(pages.PERMISSION):
        yield NavEntry(
            title="Bank soal",
            endpoint="quizzes.bank_courses",
            icon="book",
            order=40,
            area="work",
            summary="Semua soal, statistiknya, laporan peserta, dan kenaikan tes awal ke tes akhir.",
        )


def export(about: About) -> list[dict[str, Any]]:
    """The reports a person made."""
    rows = about.session.scalars(select(FaultReport).where(FaultReport.person_id == about.person_id).order_by(FaultReport.id))
    return [
        {
            "lesson": one.lesson_id,
            "item": one.item_id,
            "reason": one.reason,
            "text": one.text,
            "answer": one.answer,
            "at": one.reported_at.isoformat(),
        }
        for one in rows
    ]


def erase(about: About) -> None:
    """Their words go; that something was reported stays, for it is about the question."""
    about.session.execute(update(FaultReport).where(FaultReport.person_id == about.person_id).values(text="", person_id=0))


__all__ = ["PERMISSION", "SETTING", "erase", "export", "learner_pages", "nav"]
