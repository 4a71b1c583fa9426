"""Who writes a course together."""

from __future__ import annotations

from flask import redirect, request, url_for
from sqlalchemy import delete, select

from elearn import Person, Refused, insert_once, limiter, needs, note, reading, render, viewer, writing
from elearn import gettext as _
from elearn_studio import drafts
from elearn_studio.models import Draft, Member
from elearn_studio.views.common import Answer, blueprint, the_draft


def _page(draft: Draft, *, error: str = "") -> str:
    statement = select(Person.id, Person.name, Member.role).join(Member, Member.person_id == Person.id)
    rows = reading().execute(statement.where(Member.draft_id == draft.id).order_by(Member.role.desc(), Person.name)).all()
    return render("studio/members.html", draft=draft, rows=rows, error=error)


@blueprint.get("/<slug>/penulis")
@needs("studio.write")
def members(slug: str) -> str:
    """Who may open the draft."""
    return _page(the_draft(slug))


@blueprint.post("/<slug>/penulis")
@needs("studio.write")
@limiter.limit("60/hour")
def change_members(slug: str) -> Answer:
    """Let somebody in by NIP or mail address, or out."""
    try:
        with writing() as session:
            draft = the_draft(slug, session=session)
            gone = request.form.get("keluarkan", 0, type=int)
            if gone:
                session.execute(delete(Member).where(Member.draft_id == draft.id, Member.person_id == gone, Member.role != "owner"))
                note(session, "studio.member", actor=viewer().id, subject=draft.slug, detail=f"- {gone}")
            else:
                person_id = drafts.person_named(session, request.form.get("siapa", ""))
                values = {"draft_id": draft.id, "person_id": person_id, "role": "editor"}
                insert_once(session, Member, values=values, key=("draft_id", "person_id"))
                note(session, "studio.member", actor=viewer().id, subject=draft.slug, detail=f"+ {person_id}")
    except Refused as refused:
        return _page(the_draft(slug), error=refused.text(_)), 409
    return redirect(url_for(".members", slug=slug))


@blueprint.post("/<slug>/hapus")
@needs("studio.write")
@limiter.limit("60/hour")
def delete_draft(slug: str) -> Answer:
    """Delete a draft that was never published, with its history. Only its owner may, and who may open all drafts."""
    try:
        with writing() as session:
            draft = the_draft(slug, session=session)
            drafts.delete_draft(session, draft, who=viewer(), sure=request.form.get("yakin") == "1")
    except Refused as refused:
        return _page(the_draft(slug), error=refused.text(_)), 409
    return redirect(url_for(".courses"))
