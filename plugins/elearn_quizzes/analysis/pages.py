"""The trainer's pages: the bank, statistics of a quiz and of a question, gains, and the reports with their answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from elearn import (
    NotAllowed,
    Offered,
    Refused,
    courses_on_offer,
    found,
    needs,
    note,
    page_number,
    reading,
    render,
    setting,
    table_file,
    viewer,
    writing,
)
from elearn import gettext as _
from elearn_quizzes.analysis import gains, reports, words
from elearn_quizzes.analysis.bank import Entry, Wanted, bank_of, choices_in, quiz_as_test, quizzes_of
from elearn_quizzes.analysis.figures import figures_of, quiz_figures
from elearn_quizzes.analysis.models import FaultReport
from elearn_quizzes.analysis.sums import add_item_sums, item_nothing
from elearn_quizzes.analysis.tallying import Form, counted_items, forms_of
from elearn_quizzes.analysis.versions import item_version
from elearn_quizzes.answers import right_answer
from elearn_quizzes.attempts import quiz_in
from elearn_quizzes.views import blueprint

Answer = str | AnyResponse
PERMISSION = "quizzes.analyse"
PAGE = 50
VERSIONS_AT_MOST = 10


def _mine() -> list[Offered]:
    return [one for one in courses_on_offer(reading()) if viewer().can(PERMISSION, course=one.course_id)]


def offered_course(slug: str) -> Offered:
    """The course on offer, for whoever may see its bank; the 404 page or ``NotAllowed`` for others."""
    offered = found(next((one for one in courses_on_offer(reading()) if one.course.slug == slug), None))
    if not viewer().can(PERMISSION, course=offered.course_id):
        raise NotAllowed(PERMISSION)
    return offered


def _least() -> int:
    return int(setting("quizzes.analysis_least"))


@blueprint.get("/bank")
@needs(PERMISSION)
def bank_courses() -> Answer:
    """The courses whose questions the viewer may see."""
    mine = _mine()
    waiting = reports.waiting_by_course(reading(), [one.course.slug for one in mine])
    return render("quizzes/analysis/courses.html", courses=mine, waiting=waiting)


@blueprint.get("/bank/<slug>")
@needs(PERMISSION)
def bank(slug: str) -> Answer:
    """All questions of a course, searched and filtered."""
    offered = offered_course(slug)
    session = reading()
    entries = bank_of(session, offered.digest)
    wanted = Wanted(
        words=request.args.get("cari", "")[:100],
        lesson=request.args.get("kuis", ""),
        kind=request.args.get("bentuk", ""),
        tag=request.args.get("tag", ""),
        competency=request.args.get("kompetensi", ""),
        level=request.args.get("tingkat", ""),
    )
    fitting = [entry for entry in entries if wanted.fits(entry)]
    if request.args.get("format") == "csv":
        return table_file(f"bank-{slug}", _bank_rows(fitting))
    page = page_number()
    return render(
        "quizzes/analysis/bank.html",
        course=offered.course,
        entries=fitting[(page - 1) * PAGE : page * PAGE],
        count=len(fitting),
        all=len(entries),
        wanted=wanted,
        choices=choices_in(entries),
        lessons={entry.lesson_id: entry.lesson for entry in entries},
        quizzes=[(lesson_id, title) for lesson_id, title, quiz in quizzes_of(session, offered.digest) if quiz.whole],
        waiting=reports.waiting_by_item(session, slug),
        pair=_pair(offered) is not None,
        page=page,
        more=len(fitting) > page * PAGE,
        kinds=kinds(),
    )


def kinds() -> dict[str, str]:
    """The names of the forms of question."""
    return {
        "single": _("Pilih satu"),
        "multiple": _("Pilih beberapa"),
        "true_false": _("Benar atau salah"),
        "short": _("Isian singkat"),
        "number": _("Angka"),
        "match": _("Pasangkan"),
        "order": _("Urutkan"),
        "cloze": _("Isi rumpang"),
        "essay": _("Uraian"),
        "upload": _("Unggah berkas"),
        "survey": _("Survei"),
    }


def _bank_rows(entries: Iterable[Entry]) -> Iterable[list[Any]]:
    yield [_("Soal"), _("Id"), _("Pelajaran"), _("Bentuk"), _("Tag"), _("Kompetensi"), _("Tingkat"), _("Poin"), _("Versi")]
    for one in entries:
        item = one.item
        names = (", ".join(item.tags), ", ".join(item.competencies), item.level)
        yield [item.label, item.id, one.lesson, kinds().get(item.kind, item.kind), *names, item.points, one.version]


def _chosen(forms: list[Form]) -> Form | None:
    wanted = request.args.get("versi", "")
    return next((form for form in forms if form.version == wanted), forms[0] if forms else None)


@blueprint.get("/bank/<slug>/statistik/<lesson_id>")
@needs(PERMISSION)
def statistics(slug: str, lesson_id: str) -> Answer:
    """The figures of a quiz, of the form sat last or of an earlier one."""
    offered = offered_course(slug)
    session = reading()
    forms = forms_of(session, slug, lesson_id)
    form = _chosen(forms)
    quiz = form.quiz if form else found(quiz_in(session, offered.digest, lesson_id))
    lesson = offered.course.lesson(lesson_id)
    context: dict[str, Any] = {"course": offered.course, "lesson_id": lesson_id, "title": lesson.title if lesson else lesson_id}
    if form is None:
        return render("quizzes/analysis/statistics.html", quiz=quiz, form=None, forms=[], words=words, least=_least(), **context)
    counted = counted_items(session, form, lesson_id, write=writing)
    rows = [(item, figures_of(item, counted.sums["items"].get(item.id) or item_nothing(), least=_least())) for item in quiz.items()]
    if request.args.get("format") == "csv":
        return table_file(f"statistik-{slug}-{lesson_id}", _figure_rows(rows))
    return render(
        "quizzes/analysis/statistics.html",
        form=form,
        forms=forms[:VERSIONS_AT_MOST],
        quiz=quiz,
        figures=quiz_figures(counted.sums, least=_least()),
        rows=rows,
        left=counted.left,
        waiting=reports.waiting_by_item(session, slug),
        words=words,
        least=_least(),
        **context,
    )


def _figure_rows(rows: Iterable[tuple[Any, Any]]) -> Iterable[list[Any]]:
    yield [
        _("Soal"), _("Id"), _("Versi"), _("Percobaan"), _("Tingkat kesukaran"), _("Daya beda"), _("Selisih atas-bawah"),
        _("Detik (median)"), _("Tanpa jawaban"), _("Pilihan"), _("Keterangan"),
    ]  # fmt: skip
    for item, one in rows:
        options = "; ".join(f"{option.id}: {_rounded(option.share)}" for option in one.options)
        yield [
            item.as_written.label, item.id, item_version(item), one.count, _rounded(one.facility), _rounded(one.discrimination),
            _rounded(one.upper_lower), _rounded(one.seconds), _rounded(one.blank) if one.enough else "", options, words.worst(one).text,
        ]  # fmt: skip


def _rounded(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}".replace(".", ",")


@blueprint.get("/bank/<slug>/soal/<lesson_id>/<item_id>")
@needs(PERMISSION)
def item_page(slug: str, lesson_id: str, item_id: str) -> Answer:
    """One question: each of its wordings with its figures, and what learners reported."""
    offered = offered_course(slug)
    session = reading()
    entry = next((one for one in bank_of(session, offered.digest) if one.item.id == item_id and one.lesson_id == lesson_id), None)
    versions: dict[str, tuple[Any, Any]] = {}
    left = 0
    if entry is not None:
        versions[entry.version] = (entry.item, item_nothing())
    for form in forms_of(session, slug, lesson_id)[:VERSIONS_AT_MOST]:
        item = form.quiz.item(item_id)
        if item is None:
            continue
        counted = counted_items(session, form, lesson_id, write=writing, seconds=1.0)
        left += counted.left
        _item, sums = versions.setdefault(item_version(item), (item.as_written, item_nothing()))
        add_item_sums(sums, counted.sums["items"].get(item_id) or item_nothing())
    if not versions:
        found(None)
    shown = [(version, item, figures_of(item, sums, least=_least())) for version, (item, sums) in versions.items()]
    return render(
        "quizzes/analysis/item.html",
        course=offered.course,
        lesson_id=lesson_id,
        item_id=item_id,
        whole=entry is None or entry.whole,
        versions=shown,
        label=shown[0][1].label,
        reports=reports.reports_of(session, slug, lesson_id=lesson_id, item_id=item_id),
        reasons=reports.REASONS,
        words=words,
        key=right_answer,
        least=_least(),
        left=left,
        kinds=kinds(),
    )


@blueprint.get("/bank/<slug>/laporan")
@needs(PERMISSION)
def report_list(slug: str) -> Answer:
    """All reports of a course, those without an answer first."""
    offered = offered_course(slug)
    session = reading()
    labels = {(one.lesson_id, one.item.id): one.item.label for one in bank_of(session, offered.digest)}
    rows = reports.reports_of(session, slug)
    return render("quizzes/analysis/reports.html", course=offered.course, reports=rows, labels=labels, reasons=reports.REASONS)


@blueprint.post("/bank/<slug>/laporan/<int:report_id>")
@needs(PERMISSION)
def answer_report(slug: str, report_id: int) -> Answer:
    """Answer a report; the learner reads it beside the question."""
    offered_course(slug)
    with writing() as session:
        one = session.get(FaultReport, report_id)
        if one is None or one.slug != slug:
            raise Refused("no_report", "Laporan ini tidak ada.")
        reports.answer(session, report_id, by=viewer().id, text=request.form.get("jawaban", ""))
        note(session, "quizzes.answer_report", actor=viewer().id, subject=f"report:{report_id}")
        back = url_for(".item_page", slug=slug, lesson_id=one.lesson_id, item_id=one.item_id, _anchor="laporan")
    flash(_("Jawaban tersimpan. Peserta membacanya di halaman hasil kuis."), "ok")
    return redirect(back)


def _pair(offered: Offered) -> tuple[Any, Any] | None:
    pre = quiz_as_test(reading(), offered.digest, "pre")
    post = quiz_as_test(reading(), offered.digest, "post")
    return (pre, post) if pre and post else None


@blueprint.get("/bank/<slug>/kenaikan")
@needs(PERMISSION)
def gain(slug: str) -> Answer:
    """Pre-test against post-test, by objective and cohort."""
    offered = offered_course(slug)
    session = reading()
    pair = found(_pair(offered))
    (pre, pre_quiz), (post, post_quiz) = pair
    forms = forms_of(session, slug, post)
    form = _chosen(forms)
    digests: tuple[str, ...] = ()
    if form is not None:
        before = quiz_in(session, form.digests[0], pre)
        pre_quiz, post_quiz = before or pre_quiz, form.quiz
        same = item_ids(pre_quiz)
        digests = tuple(one for one in form.digests if (other := quiz_in(session, one, pre)) is not None and item_ids(other) == same)
    goals = gains.objectives(pre_quiz, post_quiz)
    counted = gains.counted_gains(session, digests, pre=pre, post=post, goals=goals, write=writing)
    told = gains.told(counted.sums, goals)
    if request.args.get("format") == "csv":
        return table_file(f"kenaikan-{slug}", _gain_rows(told))
    return render(
        "quizzes/analysis/gain.html",
        course=offered.course,
        objectives=told,
        left=counted.left,
        forms=forms[:VERSIONS_AT_MOST],
        form=form,
        all=gains.ALL,
    )


def item_ids(quiz: Any) -> list[str]:
    """The versions of a quiz's questions: two with the same are matched alike."""
    return sorted(item_version(item) for item in quiz.items())


def _gain_rows(told: Iterable[gains.Objective]) -> Iterable[list[Any]]:
    yield [
        _("Tujuan"), _("Angkatan"), _("Banyaknya peserta"), _("Tes awal"), _("Tes akhir"), _("Kenaikan"), _("Batas bawah 95%"), _("Batas atas 95%"),
    ]  # fmt: skip
    for one in told:
        for row in (one.whole, *one.cohorts):
            name = _("Seluruh tes") if one.name == gains.ALL else one.name
            if row.count is None:
                yield [name, row.cohort or _("Semua"), _("kurang dari 5"), "", "", "", "", ""]
            else:
                figures = (row.before, row.after, row.gain, row.low, row.high)
                yield [name, row.cohort or _("Semua"), row.count, *(_rounded(figure) for figure in figures)]
