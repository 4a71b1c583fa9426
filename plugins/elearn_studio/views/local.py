"""A local version of another's module, and taking in what changed there."""

from __future__ import annotations

from flask import redirect, request, url_for

from elearn import Refused, limiter, needs, reading, render, viewer, writing
from elearn import gettext as _
from elearn_studio import drafts, overlay
from elearn_studio.merging import line_changes
from elearn_studio.models import Draft
from elearn_studio.views.common import Answer, blueprint, the_draft, titles_of


@blueprint.post("/setempat")
@needs("studio.write")
@limiter.limit("30/hour")
def start_local() -> Answer:
    """Begin a local version of a published module."""
    slug = request.form.get("modul", "")
    title = " ".join(request.form.get("judul", "").split())
    if not title:
        raise Refused("no_title", "Tulis judulnya dahulu.")
    address = drafts.slug_of(request.form.get("alamat", "") or title)
    with writing() as session:
        overlay.start(session, viewer(), origin=slug, slug=address, title=title[:200])
    return redirect(url_for(".outline", slug=address))


def _page(draft: Draft, *, error: str = "", done: int | None = None) -> str:
    session = reading()
    newest = overlay.pending(session, draft)
    plan = overlay.plan(session, draft, newest) if newest else None
    mine = {file.path: file.text or "" for file in drafts.files_of(session, draft)}
    shown = [
        (one, line_changes(mine.get(one.path, ""), one.text or "") if one.text is not None else [])
        for one in (plan.updates if plan else ())
    ]
    new = {one.path: title for one, _lines in shown if (title := drafts.title_in(one.text))}
    titles = new | titles_of(drafts.files_of(session, draft))
    values = {"order": bool(plan and plan.order), "titles": titles, "module": overlay.title_of(session, draft.origin)}
    return render("studio/local.html", draft=draft, newest=newest, updates=shown, error=error, done=done, **values)


@blueprint.get("/<slug>/asal")
@needs("studio.write")
def origin(slug: str) -> str:
    """What changed in the module that this draft stands on, and what taking it in would do here."""
    return _page(the_draft(slug))


@blueprint.post("/<slug>/asal")
@needs("studio.write")
def take_update(slug: str) -> Answer:
    """Take it in: what was shown, or nothing where the module moved on again meanwhile."""
    try:
        with writing() as session:
            draft = the_draft(slug, session=session)
            newest = overlay.pending(session, draft)
            if newest is None or request.form.get("terbitan", type=int) != newest.id:
                raise Refused("moved_on", "Modul asal sudah berubah lagi. Lihat dahulu perubahannya.")
            conflicts = overlay.take(session, draft, newest, by=viewer().id)
    except Refused as refused:
        return _page(the_draft(slug), error=refused.text(_)), 409
    return _page(the_draft(slug), done=conflicts)
