"""The learner's side of reports: the form, what was reported, and the trainer's answer."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from elearn import Refused, found, limiter, reading, render, signed_in, site_of, viewer, writing
from elearn import gettext as _
from elearn_quizzes import attempts
from elearn_quizzes.analysis import reports
from elearn_quizzes.analysis.models import FaultReport
from elearn_quizzes.views import blueprint

Answer = str | tuple[str, int] | Response


@blueprint.app_template_global("fault_reports")
def fault_reports(attempt_id: int) -> dict[str, FaultReport]:
    """The reports made from an attempt, by item id; read once a page."""
    if getattr(g, "quizzes_reports", (0, {}))[0] != attempt_id:
        g.quizzes_reports = (attempt_id, reports.reports_of_attempt(reading(), attempt_id))
    kept: dict[str, FaultReport] = g.quizzes_reports[1]
    return kept


def _form(attempt_id: int, number: int, *, error: str = "") -> str:
    sitting = found(attempts.sitting(reading(), attempt_id, viewer().id))
    attempt, items = sitting.attempt, sitting.items
    item = found(items[number - 1] if 1 <= number <= len(items) else None)
    course = site_of(reading()).course(attempt.digest)
    return render(
        "quizzes/analysis/report.html",
        sitting=sitting,
        attempt=attempt,
        quiz=sitting.quiz,
        course=course,
        lesson=found(course.lesson(attempt.lesson_id)),
        item=item,
        number=number,
        reasons=reports.REASONS,
        longest=reports.LONGEST,
        kept=fault_reports(attempt_id).get(item.id),
        error=error,
    )


@blueprint.get("/<int:attempt_id>/<int:number>/lapor")
@signed_in
def report_form(attempt_id: int, number: int) -> Answer:
    """Say that a question is faulty, or read what came of it."""
    return _form(attempt_id, number)


@blueprint.post("/<int:attempt_id>/<int:number>/lapor")
@signed_in
@limiter.limit("20/hour")
def report_fault(attempt_id: int, number: int) -> Answer:
    """Keep the report."""
    sitting = found(attempts.sitting(reading(), attempt_id, viewer().id))
    item = found(sitting.items[number - 1] if 1 <= number <= len(sitting.items) else None)
    try:
        with writing() as session:
            reports.report(session, sitting, item.id, reason=request.form.get("alasan", ""), text=request.form.get("penjelasan", ""))
    except Refused as refused:
        return _form(attempt_id, number, error=refused.text(_)), 422
    return redirect(url_for(".report_form", attempt_id=attempt_id, number=number))
