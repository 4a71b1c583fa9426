"""Check the whole course, and publish it: now, or at a time to come."""

from __future__ import annotations

from datetime import datetime

from flask import redirect, request, url_for

from elearn import ContentError, Refused, figures_of, limiter, needs, reader_zone, reading, render, versions_of, viewer, writing
from elearn import gettext as _
from elearn_studio import drafts, publishing
from elearn_studio.models import Draft
from elearn_studio.publishing import Checked
from elearn_studio.views.common import Answer, blueprint, the_draft, titles_of

MOST_CHECKS = "300/hour"


def _checked(draft: Draft) -> tuple[Checked | None, list[object]]:
    try:
        checked = publishing.check(reading(), draft)
    except ContentError as error:
        return None, list(error.problems)
    return checked, list(checked.reading.problems)


@blueprint.get("/<slug>/periksa")
@needs("studio.write")
@limiter.limit(MOST_CHECKS)
def check_page(slug: str) -> str:
    """All faults of the course, and what it weighs."""
    draft = the_draft(slug)
    checked, problems = _checked(draft)
    figures = figures_of(checked.reading.course, checked.reading.media) if checked else None
    files = drafts.files_of(reading(), draft)
    texts = {file.path for file in files if file.text is not None}
    titles = {lesson.id: lesson.title for lesson in checked.reading.course.lessons()} if checked else {}
    return render("studio/check.html", draft=draft, problems=problems, figures=figures, texts=texts, titles=titles, names=titles_of(files))


def _page(draft: Draft, *, error: str = "", when: str = "") -> str:
    session = reading()
    checked, problems = _checked(draft)
    errors = sum(problem.severity == "error" for problem in problems)  # type: ignore[attr-defined]
    release = publishing.last_release(session, draft)
    versions = versions_of(session, draft.slug)
    changes = publishing.changes_since(session, draft, release) if release else []
    allowed = viewer().can("studio.publish") and drafts.may_take_slug(session, viewer(), draft.slug, draft_id=draft.id)
    return render(
        "studio/publish.html",
        draft=draft,
        problems=problems,
        errors=errors,
        change=checked.change if checked else 0,
        release=release,
        changes=changes,
        titles=titles_of(drafts.files_of(session, draft), gone=[change.file for change in changes]),
        learning=sum(version.active for version in versions),
        offered=next((version for version in versions if version.on_offer), None),
        allowed=allowed,
        error=error,
        when=when,
        zone=reader_zone()[1],
    )


@blueprint.get("/<slug>/terbit")
@needs("studio.write")
@limiter.limit(MOST_CHECKS)
def publish_page(slug: str) -> str:
    """What publishing would do."""
    return _page(the_draft(slug))


@blueprint.post("/<slug>/terbit")
@needs("studio.publish")
@limiter.limit("120/hour")
def publish(slug: str) -> Answer:
    """Do it, or set the time, or call it off. ``perubahan`` is what was shown: what came later is not published unseen."""
    draft = the_draft(slug)
    act = request.form.get("lakukan", "")
    who, when = viewer(), request.form.get("kapan", "")[:40]
    try:
        if act == "batal":
            with writing() as session:
                publishing.cancel(session, the_draft(slug, session=session), by=who.id)
            return redirect(url_for(".publish_page", slug=slug))
        if act not in ("terbit", "jadwal"):
            raise Refused("no_act", "Pilih dahulu apa yang akan dilakukan.")
        at = _moment(when) if act == "jadwal" else None
        session = reading()
        checked = publishing.check(session, draft)
        if request.form.get("perubahan", checked.change, type=int) != checked.change:
            raise Refused("changed", "Naskah berubah saat diperiksa. Muat ulang halaman ini, lalu terbitkan lagi.")
        digest = publishing.keep(session, checked)
        with writing(wait=1.0) as session:
            draft = the_draft(slug, session=session)
            if at is not None:
                publishing.schedule(session, draft, checked, digest, who=who, at=at)
                released = None
            else:
                released = publishing.publish(session, draft, checked, digest, who=who)
    except ContentError:
        return _page(the_draft(slug), error=_("Masih ada kesalahan. Perbaiki dahulu; yang sudah terbit tidak berubah."), when=when), 409
    except Refused as refused:
        return _page(the_draft(slug), error=refused.text(_), when=when), 409
    if released is None:
        return redirect(url_for(".publish_page", slug=slug))
    return render("studio/published.html", draft=draft, released=released)


def _moment(text: str) -> datetime:
    try:
        local = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused("when", "Tulis tanggal dan jam terbitnya.") from error
    return local if local.tzinfo else local.replace(tzinfo=reader_zone()[0])
