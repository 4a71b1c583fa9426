"""Learning: a lesson's page, marking it done and going on, coming back to the exact place."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from elearn.access import signed_in
from elearn.content.values import Course, Lesson
from elearn.errors import NotAllowed, Refused
from elearn.plugin import LessonView
from elearn.progress import finish_lesson, held_by
from elearn.services import learning
from elearn.services.learning import Standing
from elearn.web.current import elearn, found, render, viewer
from elearn.web.database import reading, writing
from elearn.web.drawn import draw_lesson
from elearn.web.language import gettext as _
from elearn.web.opened import opened_course

blueprint = Blueprint("learn", __name__, url_prefix="/belajar")
Answer = str | tuple[str, int] | Response
PATIENCE = 1.0


@dataclass(frozen=True)
class Place:
    """A lesson within its course: its number, and its neighbours."""

    number: int
    count: int
    before: Lesson | None
    after: Lesson | None
    section: str


def place_of(course: Course, lesson_id: str) -> Place:
    """Where the lesson stands; the 404 page where it does not."""
    lessons = list(course.lessons())
    index = next((at for at, lesson in enumerate(lessons) if lesson.id == lesson_id), None)
    if index is None:
        raise NotFound
    section = next(section.title for section in course.sections if lesson_id in {lesson.id for lesson in section.lessons})
    before = lessons[index - 1] if index else None
    after = lessons[index + 1] if index + 1 < len(lessons) else None
    return Place(index + 1, len(lessons), before, after, section)


def _standing(slug: str) -> Standing | None:
    return learning.standing_in(reading(), viewer().id, slug)


@blueprint.get("/<slug>")
@signed_in
def resume(slug: str) -> Answer:
    """Go on where one left."""
    standing = _standing(slug)
    if standing is None:
        return redirect(url_for("catalogue.course", slug=slug))
    lesson = standing.next_lesson(elearn().site.course(standing.digest))
    if lesson is None:
        return redirect(url_for(".completed", slug=slug))
    return redirect(url_for(".lesson", slug=slug, lesson_id=lesson.id))


@blueprint.get("/<slug>/<lesson_id>")
@signed_in
def lesson(slug: str, lesson_id: str) -> Answer:
    """A lesson. Who is not enrolled is sent to the course's page; authors and reviewers may look in."""
    try:
        standing, digest = opened_course(slug)
    except NotAllowed:
        return redirect(url_for("catalogue.course", slug=slug))
    return _lesson_page(digest, lesson_id, standing)


def _lesson_page(digest: str, lesson_id: str, standing: Standing | None, *, refusal: str = "") -> Answer:
    store = elearn().site.store
    course = store.course(digest)
    place = place_of(course, lesson_id)
    outline_lesson = found(course.lesson(lesson_id))
    locked_by = standing.locked(course, outline_lesson) if standing else None
    if locked_by is not None:
        return render("lesson_locked.html", course=course, lesson=outline_lesson, standing=standing, place=place, opens=locked_by), 403
    whole = store.lesson(digest, lesson_id)
    view = LessonView(course=course, lesson=whole, standing=standing, viewer=viewer(), session=reading())
    shown = {"course": course, "lesson": whole, "standing": standing, "place": place, "view": view, "refusal": refusal}
    held = held_by(view.session, standing, outline_lesson) if standing and lesson_id not in standing.done and not refusal else None
    page = render("lesson.html", parts=draw_lesson(view), held=held, **shown)
    return (page, 409) if refusal else page


@blueprint.post("/<slug>/<lesson_id>/selesai")
@signed_in
def finish(slug: str, lesson_id: str) -> Answer:
    """Mark the lesson done and go on."""
    standing = found(_standing(slug))
    course = elearn().site.course(standing.digest)
    place = place_of(course, lesson_id)
    try:
        with writing(wait=PATIENCE if place.after is None else 0.0) as session:
            fresh = finish_lesson(session, found(learning.standing_of(session, standing.enrolment_id)), lesson_id)
            if place.after:
                learning.remember_place(session, fresh, place.after.id)
    except Refused as refused:
        return _lesson_page(standing.digest, lesson_id, standing, refusal=refused.text(_))
    if fresh.state == "completed" and standing.state != "completed":
        return redirect(url_for(".completed", slug=slug))
    onward = place.after or fresh.next_lesson(course)
    if onward is None or (place.after is None and fresh.state == "completed"):
        return redirect(url_for(".completed", slug=slug))
    return redirect(url_for(".lesson", slug=slug, lesson_id=onward.id))


@blueprint.post("/<slug>/<lesson_id>/di-sini")
@signed_in
def here(slug: str, lesson_id: str) -> Answer:
    """The page tells that this lesson is open, so that "go on" comes back to it from any device."""
    standing = found(_standing(slug))
    place_of(elearn().site.course(standing.digest), lesson_id)
    if standing.last_lesson != lesson_id and standing.state == "active":
        with writing() as session:
            learning.remember_place(session, standing, lesson_id)
    return "", 204


@blueprint.get("/<slug>/tamat")
@signed_in
def completed(slug: str) -> Answer:
    """What was reached, or what is still missing."""
    standing = found(_standing(slug))
    course = elearn().site.course(standing.digest)
    missing = learning.missing_lessons(standing, course)
    return render("completed.html", course=course, standing=standing, missing=missing, asked=request.args.get("dari", ""))
