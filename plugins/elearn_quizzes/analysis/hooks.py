"""What the plugin's contract takes from here: the way in, the permission, the setting, a person's rows."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

from sqlalchemy import select, update

from elearn import About, Faring, Figure, NavEntry, Permission, Setting, Viewer, site_of
from elearn import gettext as _
from elearn_quizzes.analysis import exchange_pages, learner_pages, pages
from elearn_quizzes.analysis.figures import LEAST, figures_of
from elearn_quizzes.analysis.models import FaultReport
from elearn_quizzes.analysis.sums import item_nothing
from elearn_quizzes.analysis.tallying import counted_items, forms_of

HARDEST = 5

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


def hardest(faring: Faring) -> Iterable[Figure]:
    """The questions that fewest get right, over all quizzes of the course, once enough have been asked them."""
    least = int(site_of(faring.session).settings["quizzes.analysis_least"])
    known = []
    for lesson in faring.course.lessons():
        forms = forms_of(faring.session, faring.course.slug, lesson.id) if lesson.kind != "lesson" else []
        if not forms:
            continue
        counted = counted_items(faring.session, forms[0], lesson.id, write=lambda: nullcontext(faring.session), seconds=1.0)
        for item in forms[0].quiz.items():
            figures = figures_of(item, counted.sums["items"].get(item.id) or item_nothing(), least=least)
            if figures.enough and figures.facility is not None:
                known.append((figures.facility, lesson.title, item.as_written.label))
    for facility, title, label in sorted(known)[:HARDEST]:
        value = _("%(share)s%% benar", share=round(facility * 100))
        yield Figure(title=f"{title}: {label}", value=value, note=_("Salah satu soal yang paling jarang dijawab benar."))


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


__all__ = ["PERMISSION", "SETTING", "erase", "exchange_pages", "export", "learner_pages", "nav"]
