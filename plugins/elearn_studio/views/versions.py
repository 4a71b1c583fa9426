"""The published versions: which one is on offer, back to an earlier one, off the catalogue, and learners to a newer one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy import select

from elearn import (
    Refused,
    job_asked,
    limiter,
    move_learners,
    needs,
    offer_again,
    reading,
    render,
    versions_of,
    viewer,
    what_moving_changes,
    withdraw_course,
    writing,
)
from elearn import gettext as _
from elearn_studio import drafts
from elearn_studio.models import Release
from elearn_studio.views.common import Answer, blueprint, the_draft


@blueprint.get("/<slug>/versi")
@needs("studio.write")
def versions(slug: str) -> str:
    """All versions with how many learn on each; ``ke`` shows what moving everybody there would change."""
    session = reading()
    draft = the_draft(slug)
    number = request.args.get("ke", 0, type=int)
    allowed = viewer().can("studio.publish") and drafts.may_take_slug(session, viewer(), draft.slug, draft_id=draft.id)
    differences, movings = what_moving_changes(session, slug, number) if number and allowed else ([], [])
    rows = versions_of(session, slug)
    learners = sum(version.active for version in rows if version.number != number)
    sources = set(session.scalars(select(Release.number).where(Release.draft_id == draft.id)))
    return render(
        "studio/versions.html", draft=draft, rows=rows, sources=sources, number=number, differences=differences, movings=movings, learners=learners, allowed=allowed,
        moved=request.args.get("pindah", type=int), rechecking=job_asked(),
    )  # fmt: skip


@blueprint.post("/<slug>/versi")
@needs("studio.publish")
@limiter.limit("60/hour")
def change_version(slug: str) -> Answer:
    """Offer an earlier version again, take the course off the catalogue, or move its learners."""
    act, number = request.form.get("lakukan", ""), request.form.get("nomor", 0, type=int)
    moved: dict[str, Any] = {}
    said = ""
    with writing(wait=1.0) as session:
        draft = the_draft(slug, session=session)
        if not drafts.may_take_slug(session, viewer(), draft.slug, draft_id=draft.id):
            raise Refused("slug_taken", "Alamat “{slug}” sudah dipakai pelatihan lain. Pilih alamat lain.", slug=slug)
        if act == "tawarkan":
            offer_again(session, slug, number, by=viewer().id)
            said = _("Versi %(number)d sekarang ditawarkan di katalog.", number=number)
        elif act == "tarik":
            withdraw_course(session, slug, by=viewer().id)
            said = _("Pelatihan ini tidak ada lagi di katalog. Yang sedang belajar tetap dapat melanjutkan.")
        elif act == "pindah":
            count, job_id = move_learners(
                session, slug, number, by=viewer().id, title=_("Memeriksa kelulusan: %(title)s", title=draft.title)
            )
            moved = {"pindah": count, "pekerjaan": job_id}
        else:
            raise Refused("no_act", "Pilih dahulu apa yang akan dilakukan.")
    if said:
        flash(said, "ok")
    return redirect(url_for(".versions", slug=slug, **moved))
