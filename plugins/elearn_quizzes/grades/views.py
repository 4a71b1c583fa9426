"""The trainer's pages: what waits to be marked, one quiz with its attempts, one attempt, extra time."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import or_, select
from werkzeug.wrappers import Response

from elearn import (
    Person,
    Refused,
    Standing,
    found,
    needs,
    page_number,
    reading,
    render,
    site_of,
    standing_in,
    standing_of,
    viewer,
    writing,
)
from elearn import gettext as _
from elearn_quizzes import attempts, human
from elearn_quizzes.answers import spoken
from elearn_quizzes.attempts import Sitting
from elearn_quizzes.grades import marking, regrade, settling, states, trainer
from elearn_quizzes.grades.allowances import allow, allowances_at
from elearn_quizzes.grades.correcting import correct
from elearn_quizzes.grades.corrections import corrected
from elearn_quizzes.grades.late import late_news, undecided
from elearn_quizzes.grades.previewing import preview
from elearn_quizzes.models import Attempt
from elearn_quizzes.settings import read_moment
from elearn_quizzes.told import outcome

Answer = str | tuple[Any, int] | Response


def add_routes(blueprint: Blueprint) -> None:
    """Hang the trainer's pages into the plugin's blueprint."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/penilaian", view_func=queue)
    blueprint.add_url_rule("/penilaian/percobaan/<int:attempt_id>", view_func=attempt, methods=both)
    blueprint.add_url_rule("/penilaian/<slug>/<lesson_id>", view_func=quiz)
    blueprint.add_url_rule("/penilaian/<slug>/<lesson_id>/tambahan", view_func=extra, methods=["POST"])
    blueprint.add_url_rule("/penilaian/<slug>/<lesson_id>/soal/<item_id>", view_func=correct, methods=both)
    blueprint.add_url_rule("/pratinjau/<slug>/<lesson_id>", view_func=preview, methods=both)


@needs(trainer.PERMISSION)
def queue() -> Answer:
    """All quizzes of the courses one grades, those that wait for a grader first."""
    session = reading()
    late = Counter(undecided(session).values())
    rows = []
    for course_id, lesson_id, digest, waits, handed_in, longest in marking.waiting_counts(session):
        if viewer().can(trainer.PERMISSION, course=course_id):
            course = site_of(session).course(digest)
            by = marking.due_after(session, longest) if longest else None
            rows.append(
                {
                    "course": course,
                    "lesson": course.lesson(lesson_id),
                    "waits": waits,
                    "handed_in": handed_in,
                    "late": late[course_id, lesson_id],
                    "by": by,
                }
            )
    return render("quizzes/trainer_queue.html", rows=[row for row in rows if row["lesson"] is not None])


@needs(trainer.PERMISSION)
def quiz(slug: str, lesson_id: str) -> Answer:
    """One quiz: its attempts, its questions to put right, extra time for a person."""
    return _quiz_page(slug, lesson_id)


def _quiz_page(slug: str, lesson_id: str, *, error: str = "") -> str:
    session = reading()
    one = trainer.held(session, viewer(), slug, lesson_id)
    late = {attempt_id for attempt_id, place in undecided(session).items() if place == (one.course_id, lesson_id)}
    rows, more = trainer.sat(session, one, page=page_number(), first=late)
    names = {attempt.enrolment_id: name for attempt, name in rows}
    return render(
        "quizzes/trainer_quiz.html",
        held=one,
        rows=rows,
        more=more,
        page=page_number(),
        hides=trainer.hides_name,
        late=late,
        names=names,
        allowances=allowances_at(session, list(names), lesson_id),
        error=error,
        typed=request.form,
    )


@needs(trainer.PERMISSION)
def extra(slug: str, lesson_id: str) -> Answer:
    """Grant extra time or attempts to somebody, by NIP or mail address."""
    one = trainer.held(reading(), viewer(), slug, lesson_id)
    login = request.form.get("orang", "").strip().lower()
    number = "".join(letter for letter in login if letter.isdigit())
    person = reading().scalar(select(Person.id).where(or_(Person.email == login, Person.nip == (number or login))))
    standing = standing_in(reading(), person, slug) if person else None
    try:
        if standing is None or standing.course_id != one.course_id:
            raise Refused("nobody", "Tidak ada peserta pelatihan ini dengan NIP atau surel itu.")
        until = _until(request.form.get("sampai", ""))
        with writing() as session:
            allow(
                session,
                standing.enrolment_id,
                lesson_id,
                seconds=60 * (request.form.get("menit", 0, type=int) or 0),
                attempts=request.form.get("kesempatan", 0, type=int) or 0,
                reason=request.form.get("alasan", ""),
                actor=viewer().id,
                until=until,
            )
    except Refused as refused:
        return _quiz_page(slug, lesson_id, error=refused.text(_)), 422
    return redirect(url_for(".quiz", slug=slug, lesson_id=lesson_id, _anchor="tambahan"))


def _until(text: str) -> datetime | None:
    """A later closing as a form sends it; without a zone it is WIB."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(read_moment(text, end_of_day=True))
    except (ValueError, OverflowError):  # the year 1 or 9999, which another zone puts out of all calendars
        raise Refused("until", "Tanggal tidak terbaca. Tulis misalnya 2026-12-04 16.00 WIB.") from None


def _opened(attempt_id: int) -> tuple[Sitting, Standing]:
    """The attempt for who grades its course; the 404 page for others, as if it were not there."""
    row = found(reading().get(Attempt, attempt_id))
    found(row if viewer().can(trainer.PERMISSION, course=row.course_id or 0) else None)
    return found(attempts.sitting(reading(), attempt_id, row.person_id)), found(standing_of(reading(), row.enrolment_id))


@needs(trainer.PERMISSION)
def attempt(attempt_id: int) -> Answer:
    """One attempt: its answers, the rubric for those that wait, its journal; marking, reviewing, voiding."""
    if request.method == "GET":
        return _attempt_page(attempt_id)
    one, standing = _opened(attempt_id)
    try:
        with writing(wait=1.0) as session:
            locked = found(attempts.sitting(session, attempt_id, one.attempt.person_id, lock="all"))
            _act(session, locked, found(standing_of(session, standing.enrolment_id)))
    except Refused as refused:
        return _attempt_page(attempt_id, error=refused.text(_)), 422
    following = trainer.next_waiting(reading(), one.attempt, set()) if request.form.get("langkah") == "lanjut" else None
    return redirect(url_for(".attempt", attempt_id=following or attempt_id))


def _act(session: Any, one: Sitting, standing: Standing) -> None:
    """Do what the form asks."""
    act, reason = request.form.get("tindakan", ""), request.form.get("alasan", "")
    if act == "tinjau":
        marking.review(session, one.attempt, actor=viewer().id, reason=reason.strip())
    elif act == "batal":
        states.void(session, one.attempt, actor=viewer().id, reason=reason)
    elif act == "susulan" and one.attempt.state in states.HANDED_IN:
        regrade.admit_late(session, one, reason=reason, actor=viewer().id, standing=standing)
    elif act == "tanpa-susulan" and one.attempt.state in states.HANDED_IN:
        regrade.leave_late(session, one, reason=reason, actor=viewer().id)
    elif act == "nilai":
        item = next((item for item in one.items if item.id == request.form.get("item")), None)
        if item is None:
            raise Refused("no_item", "Soal ini bukan bagian dari kuis Anda.")
        points = {name: _points(request.form.get(f"poin-{name}", "")) for name in human.most(item)}
        marking.give(
            session,
            one.attempt,
            item,
            one.quiz,
            points=points,
            note=request.form.get("catatan", ""),
            grader=viewer().id,
            standing=standing,
            take_pass=request.form.get("kelulusan") == "cabut",
        )
    else:
        raise Refused("unknown", "Formulir ini tidak dikenali.")


def _points(text: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise Refused("points", "Isi angka antara 0 dan nilai paling tinggi pada setiap baris.") from None


def _attempt_page(attempt_id: int, *, error: str = "") -> str:
    one, standing = _opened(attempt_id)
    session = reading()
    course = site_of(session).course(one.attempt.digest)
    person = found(session.get(Person, one.attempt.person_id))
    entries = marking.human_entries(session, attempt_id)
    changes = states.history(session, attempt_id)
    known = settling.corrections_of(session, one.attempt.digest, one.attempt.lesson_id)
    return render(
        "quizzes/trainer_attempt.html",
        sitting=one,
        attempt=one.attempt,
        quiz=one.quiz,
        course=course,
        lesson=found(course.lesson(one.attempt.lesson_id)),
        name="" if trainer.hides_name(one.quiz, one.attempt) else person.name,
        mine={item_id: by[viewer().id] for item_id, by in entries.items() if viewer().id in by},
        graders={item_id: len(by) for item_id, by in entries.items()},
        history=changes,
        late=late_news(one, changes),
        spoken=spoken,
        most=human.most,
        outcome=lambda item, mark, reveal: outcome(corrected(item, known), mark, reveal=reveal),
        actors=trainer.actors_in(session, changes, besides=person.id),
        error=error,
        typed=request.form,
        standing=standing,
    )
