"""Reporting a mistake in a lesson, and answering: the form at the lesson's foot, the author's list."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup

from elearn import (
    LessonView,
    Refused,
    Viewer,
    limiter,
    needs,
    on_offer,
    opened_course,
    reading,
    render,
    same_for_all,
    signed_in,
    site_of,
    viewer,
    writing,
)
from elearn import gettext as _
from elearn_studio import drafts, regulations, reports
from elearn_studio.views.common import Answer, blueprint


def at_the_foot(who: Viewer, subject: Any) -> Markup | None:
    """Below a lesson: what changed in the law it rests on, what the learner reported and its answers, and the form."""
    if not isinstance(subject, LessonView) or subject.standing is None:
        return None
    lesson, standing, course = subject.lesson, subject.standing, subject.course
    known = regulations.changes(subject.session) if lesson.legal_basis else []
    changed = regulations.touching(known, course, lesson, standing.number) if known else []
    mine = reports.mine(subject.session, who.id, standing.slug, lesson.id)
    told = Markup(render_template("studio/foot.html", changed=changed, mine=mine)) if changed or mine else Markup("")
    key = ("studio.report", standing.digest, lesson.id)
    return told + same_for_all(key, lambda: render_template("studio/report_form.html", lesson=lesson, course=course))


@blueprint.post("/lapor/<slug>/<lesson_id>")
@signed_in
@limiter.limit("20/hour")
def report(slug: str, lesson_id: str) -> Answer:
    """Keep the report, and back to the lesson."""
    standing, digest = opened_course(slug)
    if standing is None:
        raise Refused("not_enrolled", "Daftar dahulu untuk melaporkan kekeliruan.")
    lesson = site_of(reading()).course(digest).lesson(lesson_id)
    if lesson is None:
        raise Refused("no_lesson", "Pelajaran ini tidak ada.")
    with writing() as session:
        reports.report(
            session, standing, lesson_id=lesson_id, place=request.form.get("tempat", ""), text=request.form.get("laporan", "")[:2_000]
        )
    flash(_("Terima kasih. Laporan Anda sudah sampai ke penulis; jawabannya tampil di pelajaran ini."), "ok")
    return redirect(url_for("learn.lesson", slug=slug, lesson_id=lesson_id, _anchor="lapor"))


@blueprint.get("/laporan")
@needs("studio.write")
def reported() -> str:
    """What waits for an answer, the oldest first; ``?terjawab=1`` what was answered."""
    session = reading()
    answered = request.args.get("terjawab") == "1"
    rows = reports.for_author(session, viewer(), answered=answered)
    slugs = {row.slug for row in rows}
    offers = {slug: offer for slug in slugs if (offer := on_offer(session, slug)) is not None}
    courses = {slug: site_of(session).course(offer.digest) for slug, offer in offers.items()}
    return render(
        "studio/reports.html",
        rows=rows,
        answered=answered,
        names=drafts.names(session, [row.answered_by for row in rows]),
        courses=courses,
        texts=reports.texts_of(session, slugs),
    )


@blueprint.post("/laporan/<int:report_id>")
@needs("studio.write")
def answer(report_id: int) -> Answer:
    """Answer one."""
    with writing() as session:
        reports.answer(session, report_id, who=viewer(), text=request.form.get("jawaban", ""))
    flash(_("Jawaban terkirim. Pelapor membacanya di pelajaran itu."), "ok")
    return redirect(url_for(".reported"))
