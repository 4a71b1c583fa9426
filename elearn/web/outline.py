"""The outline of a course for its pages: each lesson is drawn once for each way it can look, not with every page."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import current_app, url_for
from markupsafe import Markup

from elearn.content.values import Course, Lesson, Section
from elearn.services.learning import Standing
from elearn.web.language import interface_language, say_duration

KEPT = 256


@dataclass(frozen=True)
class Row:
    """A lesson in an outline: where it opens, and how long it takes in words; and what of it was drawn."""

    id: str
    title: str
    address: str
    time: str
    required: bool
    drawn: dict[tuple[str, bool, bool], Markup] = field(default_factory=dict)


def outline(section: Section, course: Course, standing: Standing | None, *, linked: bool, current: str = "") -> Markup:
    """The lessons of a section with what is done, open and locked. ``linked``: whether this viewer may open them."""
    rows = [_drawn(row, _state(row.id, course, standing), linked, row.id == current) for row in _rows(course)[section.id]]
    return Markup('<ol class="steps">{}</ol>').format(Markup("").join(rows))


def _state(lesson_id: str, course: Course, standing: Standing | None) -> str:
    if standing is None:
        return ""
    lesson = course.lesson(lesson_id) if course.order == "sequential" else None
    if lesson and standing.locked(course, lesson):
        return "locked"
    return "done" if lesson_id in standing.done else "open"


def _drawn(row: Row, state: str, linked: bool, here: bool) -> Markup:
    key = (state, linked and state != "locked", here)
    if key not in row.drawn:
        row.drawn[key] = current_app.jinja_env.get_template("outline.html").module.item(row, *key)  # type: ignore[attr-defined]
    return row.drawn[key]


def _rows(course: Course) -> dict[str, list[Row]]:
    """The lessons by the id of their section."""
    kept: dict[tuple[int, str], tuple[Course, dict[str, list[Row]]]] = current_app.extensions.setdefault("elearn.outlines", {})
    key = (id(course), interface_language())
    found = kept.get(key)
    if found is None or found[0] is not course:
        if len(kept) >= KEPT:
            kept.pop(next(iter(kept)), None)
        found = (course, {section.id: [_row(course.slug, lesson) for lesson in section.lessons] for section in course.sections})
        kept[key] = found
    return found[1]


def _row(slug: str, lesson: Lesson) -> Row:
    address = url_for("learn.lesson", slug=slug, lesson_id=lesson.id)
    return Row(lesson.id, lesson.title, address, say_duration(lesson.minutes), lesson.required)
