"""The catalogue, a course's page, and enrolling."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from elearn.access import public, signed_in
from elearn.services import catalogue, learning
from elearn.web.current import elearn, found, page_number, render, viewer
from elearn.web.database import reading, writing

blueprint = Blueprint("catalogue", __name__)
LONGEST_QUERY = 100


@blueprint.get("/pelatihan")
@public
def listing() -> str:
    """All courses on offer, or those that hold every word searched for."""
    query = request.args.get("q", "")[:LONGEST_QUERY].strip()
    page, filters = page_number(), chosen_filters()
    offers, more = catalogue.search(reading(), query, viewer_id=viewer().id, page=page, filters=filters)
    near = catalogue.nearest_titles(reading(), query) if query and not offers and not filters else []
    codes = [] if near else catalogue.competencies_on_offer(reading())
    context = {"offers": offers, "more": more, "page": page, "query": query, "near": near, "filters": filters, "codes": codes}
    return render("catalogue.html", **context)


def chosen_filters() -> catalogue.Filters:
    """The filters of the address; what no filter knows is left out."""
    given = request.args
    return catalogue.Filters(
        competency=given.get("kompetensi", "")[:60],
        level=given.get("tingkat", "") if given.get("tingkat", "") in catalogue.LEVELS else "",
        hours=given.get("jp", "") if given.get("jp", "") in catalogue.HOURS else "",
        time=given.get("lama", "") if given.get("lama", "") in catalogue.TIMES else "",
    )


@blueprint.get("/pelatihan/<slug>")
@public
def course(slug: str) -> str | tuple[str, int]:
    """What the course teaches and asks, its outline, and the one next step for this viewer; that it is closed, where it is."""
    session, who = reading(), viewer()
    standing = learning.standing_in(session, who.id, slug) if who.person else None
    offer = catalogue.on_offer(session, slug) if standing is None else None
    if standing is None and offer is None:
        return render("course_closed.html", title=found(catalogue.title_of(session, slug))), 410
    digest = standing.digest if standing else found(offer).digest
    outline = elearn().site.course(digest)
    missing = learning.missing_prerequisites(session, who.id, outline) if outline.prerequisites else []
    number = standing.number if standing else found(offer).number
    return render("course.html", course=outline, standing=standing, missing=missing, number=number)


@blueprint.post("/pelatihan/<slug>/daftar")
@signed_in
def enrol(slug: str) -> Response:
    """Enrol and open the first lesson."""
    with writing() as session:
        standing = learning.enrol(session, viewer().id, slug, outline=elearn().site.course)
    lesson = standing.next_lesson(elearn().site.course(standing.digest))
    if lesson is None:
        return redirect(url_for("catalogue.course", slug=slug))
    return redirect(url_for("learn.lesson", slug=slug, lesson_id=lesson.id))
