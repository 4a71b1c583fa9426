"""The outline of a course for its pages: what does not depend on the reader, worked out once a version and language."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, url_for
from markupsafe import Markup, escape

from elearn.content.values import Course, Lesson
from elearn.web.language import interface_language, say_duration

KEPT = 256


@dataclass(frozen=True)
class Row:
    """A lesson in an outline: where it opens, and how long it takes in words. Escaped once, not with every page."""

    id: str
    title: Markup
    address: Markup
    time: Markup
    required: bool


def outline_rows(course: Course) -> dict[str, list[Row]]:
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
    return Row(lesson.id, escape(lesson.title), escape(address), escape(say_duration(lesson.minutes)), lesson.required)
