"""The pages of a quiz: start, one question at a time, review, hand in, result; and the answer to a self-check."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from elearn import (
    LessonView,
    Refused,
    Standing,
    found,
    insert_or_update,
    limiter,
    now,
    opened_course,
    reading,
    render,
    say_time,
    signed_in,
    site_of,
    standing_in,
    standing_of,
    viewer,
    writing,
)
from elearn import gettext as _
from elearn_quizzes import answers, attempts, devices, grading
from elearn_quizzes.asked import asked_here
from elearn_quizzes.attempts import Sitting
from elearn_quizzes.doubts import doubt
from elearn_quizzes.file_views import file, hint, keep_answer, put_away
from elearn_quizzes.grades.allowances import allowed
from elearn_quizzes.grades.batch import device_of, other_device, save_batch
from elearn_quizzes.grades.corrections import corrected
from elearn_quizzes.grades.late import late_news
from elearn_quizzes.grades.marking import marked_by, notes_for
from elearn_quizzes.grades.settling import corrections_of
from elearn_quizzes.grades.states import HANDED_IN, history
from elearn_quizzes.grades.views import add_routes
from elearn_quizzes.lesson_part import checked
from elearn_quizzes.models import SelfCheck
from elearn_quizzes.published import quiz_of
from elearn_quizzes.settings import Settings
from elearn_quizzes.starting import tries
from elearn_quizzes.told import outcome, read_again

blueprint = Blueprint("quizzes", __name__, template_folder="templates", static_folder="static")
blueprint.add_url_rule("/<int:attempt_id>/<int:number>/petunjuk", view_func=hint, methods=["POST"])
blueprint.add_url_rule("/<int:attempt_id>/simpan", view_func=save_batch, methods=["POST"])
add_routes(blueprint)
blueprint.add_url_rule("/berkas/<int:file_id>", view_func=file)
Answer = str | tuple[Any, int] | Response


def _sitting(attempt_id: int) -> Sitting:
    return found(attempts.sitting(reading(), attempt_id, viewer().id))


def _standing(sitting: Sitting) -> Standing:
    return found(standing_of(reading(), sitting.attempt.enrolment_id))


def _page(template: str, sitting: Sitting, **more: Any) -> str:
    course = site_of(reading()).course(sitting.attempt.digest)
    lesson = found(course.lesson(sitting.attempt.lesson_id))
    return render(template, sitting=sitting, attempt=sitting.attempt, quiz=sitting.quiz, course=course, lesson=lesson, **more)


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


@blueprint.post("/mulai/<slug>/<lesson_id>")
@signed_in
@limiter.limit("60/hour")
def begin(slug: str, lesson_id: str) -> Answer:
    """Start, or go on."""
    standing = found(standing_in(reading(), viewer().id, slug))
    with writing() as session:
        attempt_id = attempts.start(session, standing, lesson_id)
    sitting = _sitting(attempt_id)
    return redirect(url_for(".question", attempt_id=attempt_id, number=(sitting.open_items or [1])[0]))


@blueprint.get("/<int:attempt_id>/<int:number>")
@signed_in
def question(attempt_id: int, number: int) -> Answer:
    """One question."""
    sitting = _sitting(attempt_id)
    if sitting.attempt.state != "open":
        return redirect(url_for(".result", attempt_id=attempt_id))
    if sitting.seconds_left == 0:
        return _page("quizzes/over.html", sitting)
    items = sitting.items
    if not 1 <= number <= len(items):
        return redirect(url_for(".review", attempt_id=attempt_id))
    return _asked(sitting, number)


def _asked(sitting: Sitting, number: int, *, error: str = "") -> str:
    item = sitting.items[number - 1]
    pool = next((pool for pool in sitting.quiz.pools if any(one.id == item.id for one in pool.items)), None)
    known = corrections_of(reading(), sitting.attempt.digest, sitting.attempt.lesson_id)
    return _page(
        "quizzes/question.html",
        sitting,
        item=item,
        number=number,
        answer=sitting.answers.get(item.id),
        doubt=doubt,
        seen=sitting.kept.seen.get(item.id, 0),
        after=sitting.kept.after.get(item.id, 0),
        two=devices.two_of(sitting, item),
        spared={one.kind for one in known if one.item_id == item.id} & {"full", "withdraw"},
        pool=pool,
        error=error,
    )


@blueprint.post("/<int:attempt_id>/<int:number>")
@signed_in
@limiter.limit("3000/hour")
def save(attempt_id: int, number: int) -> Answer:
    """Keep an answer and go on; a script gets JSON and stays. Where another device answered otherwise, the question asks which holds."""
    here = url_for(".question", attempt_id=attempt_id, number=number)
    try:
        stored = put_away(attempt_id)
        with writing() as session:
            aside = keep_answer(session, attempt_id, stored)
    except Refused as refused:
        if refused.code.startswith("file_"):
            return _asked(_sitting(attempt_id), max(1, min(number, len(_sitting(attempt_id).items))), error=refused.text(_)), 422
        if _wants_json():
            return jsonify(error=refused.text(_), code=refused.code), 409
        if refused.code in ("over", "closed"):
            return redirect(here)
        raise
    if _wants_json():
        return (other_device(attempt_id, request.form.get("item", "")), 409) if aside else (jsonify(saved=say_time(now())), 200)
    if aside:
        return redirect(here)
    if request.form.get("ke") == "tinjau":
        return redirect(url_for(".review", attempt_id=attempt_id))
    step = -1 if request.form.get("ke") == "kembali" else 1
    return redirect(url_for(".question", attempt_id=attempt_id, number=max(1, number + step)))


@blueprint.post("/<int:attempt_id>/<int:number>/pilih")
@signed_in
@limiter.limit("600/hour")
def choose(attempt_id: int, number: int) -> Answer:
    """Say which of the answers of two devices holds."""
    sitting = _sitting(attempt_id)
    item = found(sitting.items[number - 1] if 1 <= number <= len(sitting.items) else None)
    with writing() as session:
        one = found(attempts.sitting(session, attempt_id, viewer().id))
        chosen = devices.choose(one, item.id, request.form.get("jawaban", ""))
        attempts.save(session, attempt_id, viewer().id, item.id, chosen, device=device_of(request.form.get("device")))
    return redirect(url_for(".question", attempt_id=attempt_id, number=number))


@blueprint.get("/<int:attempt_id>/tinjau")
@signed_in
def review(attempt_id: int) -> Answer:
    """All answers before handing in."""
    sitting = _sitting(attempt_id)
    if sitting.attempt.state != "open":
        return redirect(url_for(".result", attempt_id=attempt_id))
    if sitting.seconds_left == 0:
        return _page("quizzes/over.html", sitting)
    return _page("quizzes/review.html", sitting, spoken=answers.spoken, doubt=doubt)


@blueprint.post("/<int:attempt_id>/kirim")
@signed_in
def hand_in(attempt_id: int) -> Answer:
    """Hand in."""
    standing = _standing(_sitting(attempt_id))
    with writing(wait=1.0) as session:
        attempts.submit(session, attempt_id, viewer().id, found(standing_of(session, standing.enrolment_id)))
    return redirect(url_for(".result", attempt_id=attempt_id))


@blueprint.get("/<int:attempt_id>/hasil")
@signed_in
def result(attempt_id: int) -> Answer:
    """What was reached, and why; the keys only where they can no longer be used."""
    sitting = _sitting(attempt_id)
    if sitting.attempt.state == "open":
        return redirect(url_for(".question", attempt_id=attempt_id, number=1))
    session = reading()
    if sitting.attempt.state == "void":
        return _page(
            "quizzes/void.html", sitting, reason=next((one.reason for one in history(session, attempt_id) if one.act == "void"), "")
        )
    mine = attempts.attempts_in(session, sitting.attempt.enrolment_id, sitting.attempt.lesson_id)
    settings = sitting.quiz.settings
    counted = attempts.counted_score(settings, mine)
    enough = attempts.reaches(settings, counted)
    standing = _standing(sitting)
    granted = allowed(session, sitting.attempt.enrolment_id, sitting.attempt.lesson_id)
    most = tries(settings, granted)
    used = sum(one.state in HANDED_IN for one in mine)
    changes = history(session, attempt_id)
    known = corrections_of(session, sitting.attempt.digest, sitting.attempt.lesson_id)
    return _page(
        "quizzes/result.html",
        sitting,
        standing=standing,
        again=read_again(sitting, site_of(session).course(sitting.attempt.digest)) if not enough else [],
        competencies=grading.by_competency(sitting.items, sitting.marks),
        outcome=lambda item, mark, reveal: outcome(corrected(item, known), mark, reveal=reveal),
        notes=notes_for(session, sitting.attempt),
        counted=counted,
        enough=enough,
        refused=attempts.why_not(settings, mine, now=sitting.now, granted=granted),
        reveal=reveals(settings, used=used, most=most, enough=enough),
        left=most - used,
        corrections=known,
        changes=[one for one in changes if one.act in ("correction", "late", "rubric")],
        late=late_news(sitting, changes),
        due=marked_by(session, sitting.attempt),
        after=_after(sitting),
    )


def reveals(settings: Settings, *, used: int, most: int, enough: bool) -> bool:
    """Whether right answers may be shown: not while a further attempt could use them."""
    if settings.practice or settings.test == "pre":
        return True
    if most and used >= most:
        return True
    return enough and settings.pass_mark is not None


def _after(sitting: Sitting) -> Any:
    lessons = list(site_of(reading()).course(sitting.attempt.digest).lessons())
    place = next(index for index, lesson in enumerate(lessons) if lesson.id == sitting.attempt.lesson_id)
    return lessons[place + 1] if place + 1 < len(lessons) else None


@blueprint.post("/cek/<slug>/<lesson_id>/<block_id>/<item_id>")
@signed_in
@limiter.limit("600/hour")
def check(slug: str, lesson_id: str, block_id: str, item_id: str) -> Answer:
    """The answer to a question within a lesson: told at once, kept for the next visit, counted for nothing."""
    standing, digest = opened_course(slug)
    try:
        lesson = site_of(reading()).store.lesson(digest, lesson_id)
    except KeyError:
        lesson = None
    placed = found(next((one for one in found(lesson).blocks if one.id == block_id and one.kind == attempts.KIND and one.data), None))
    quiz = quiz_of(placed)
    item = asked_here(found(quiz.item(item_id) if not quiz.whole else None), viewer().id)
    answer = answers.clean(item, request.form.getlist("answer"))
    outcome = checked(item, answer) if answer is not None else None
    if standing is not None and outcome is not None:
        with writing() as session:
            values = {
                "enrolment_id": standing.enrolment_id,
                "lesson_id": lesson_id,
                "item_id": item_id,
                "person_id": viewer().id,
                "answer": answer,
                "share": outcome["mark"].share,
            }
            insert_or_update(session, SelfCheck, values=values, key=("enrolment_id", "lesson_id", "item_id"))
    course = site_of(reading()).course(digest)
    view = LessonView(course=course, lesson=found(lesson), standing=standing, viewer=viewer(), session=reading())
    if request.headers.get("X-Part"):
        return render_template("quizzes/check.html", view=view, block_id=block_id, item=item, outcome=outcome, asked=True)
    return render(
        "quizzes/check_page.html", view=view, course=course, lesson=lesson, block_id=block_id, item=item, outcome=outcome, asked=True
    )
