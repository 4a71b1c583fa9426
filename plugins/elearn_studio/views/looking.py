"""One lesson of a submission as learners will see it, pictures and tables and all, beside what is published now."""

from __future__ import annotations

from flask import request
from markupsafe import Markup

from elearn import ContentError, Reading, found, limiter, needs, render
from elearn import gettext as _
from elearn_studio.views.common import blueprint, drawn
from elearn_studio.views.review import before, opened, read_source


def _drawn(read: Reading | None, lesson_id: str, *, keys: bool) -> list[Markup]:
    """The parts of the lesson, with its pictures in them; none where the course has no such lesson."""
    lesson = next((one for one in read.course.lessons() if one.id == lesson_id), None) if read else None
    return drawn(read, lesson, keys=keys) if read and lesson else []


def _read(source: str, slug: str) -> Reading | None:
    """The course of a submission or a release; None where this release of elearn cannot read it."""
    try:
        return read_source(source, slug)
    except ContentError:
        return None


@blueprint.get("/tinjauan/<int:submission_id>/lihat/<lesson_id>")
@needs("studio.review")
@limiter.limit("600/hour")
def look(submission_id: int, lesson_id: str) -> str:
    """The lesson as submitted and as published; ``kunci`` shows the answers. 404 where neither has it."""
    row, draft = opened(submission_id)
    release = before(draft, row)
    new, old = _read(row.source, draft.slug), _read(release.source, draft.slug) if release else None
    known = {one.id: one.title for read in (old, new) if read for one in read.course.lessons()}
    title = found(known.get(lesson_id))
    order = [one.id for one in new.course.lessons()] if new else []
    at = order.index(lesson_id) if lesson_id in order else None
    nearby = (order[at - 1] if at else None, order[at + 1] if at is not None and at + 1 < len(order) else None)
    keys = request.args.get("kunci") == "1"
    sides = [(_("Sesudah"), _drawn(new, lesson_id, keys=keys))]
    if release and old:
        sides.append((_("Sebelum: versi %(number)d", number=release.number), _drawn(old, lesson_id, keys=keys)))
    tongue = new.course.language if new else "id"
    values = {"title": title, "titles": known, "lesson_id": lesson_id, "nearby": nearby, "tongue": tongue}
    return render("studio/look.html", row=row, draft=draft, sides=sides, keys=keys, **values)
