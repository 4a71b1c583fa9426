"""Sending a draft in, and what became of it: the contributor's side."""

from __future__ import annotations

from flask import redirect, request, url_for
from sqlalchemy import select

from elearn import (
    ContentError,
    Refused,
    course_id_of,
    figures_told,
    learners_of,
    limiter,
    needs,
    reading,
    render,
    viewer,
    writing,
)
from elearn import gettext as _
from elearn_studio import drafts, publishing
from elearn_studio.contribution import checks, flow
from elearn_studio.contribution.models import Comment, Step, Submission
from elearn_studio.models import Draft
from elearn_studio.views.common import Answer, blueprint, the_draft


def _page(draft: Draft, *, error: str = "", given: str = "") -> str:
    session = reading()
    rows = list(session.scalars(select(Submission).where(Submission.draft_id == draft.id).order_by(Submission.id.desc()).limit(50)))
    ids = [row.id for row in rows]
    steps = list(session.scalars(select(Step).where(Step.submission_id.in_(ids)).order_by(Step.id)))
    comments = list(session.scalars(select(Comment).where(Comment.submission_id.in_(ids)).order_by(Comment.path, Comment.line, Comment.id)))
    found: list[dict[str, str]] = []
    change = 0
    if not (rows and rows[0].state == "submitted"):
        try:
            checked = publishing.check(session, draft)
            found = checks.look(session, draft, checked.reading, drafts.unpack_source(checked.source)[0])
            change = checked.change
        except ContentError as problem:
            found = [{"name": "lint", "state": "bad", "text": " ".join(one.text(_) for one in problem.problems)}]
    course_id = course_id_of(session, draft.slug)
    active, completed = learners_of(session).get(course_id, (0, 0)) if course_id else (0, 0)
    return render(
        "studio/submission.html",
        draft=draft,
        rows=rows,
        steps=steps,
        comments=comments,
        checks=found,
        change=change,
        names=drafts.names(session, [step.by for step in steps] + [comment.by for comment in comments]),
        active=active,
        completed=completed,
        figures=figures_told(session, draft.slug) if course_id else [],
        error=error,
        given=given,
    )


@blueprint.get("/<slug>/pengajuan")
@needs("studio.write")
@limiter.limit("300/hour")
def submission(slug: str) -> str:
    """What would be sent in, what became of what was, and how the course fares."""
    return _page(the_draft(slug))


@blueprint.post("/<slug>/pengajuan")
@needs("studio.write")
@limiter.limit("30/hour")
def submit(slug: str) -> Answer:
    """Send it in, or take it back."""
    draft = the_draft(slug)
    given = request.form.get("asal", "")
    who = viewer()
    try:
        if request.form.get("lakukan") == "tarik":
            with writing() as session:
                flow.move(session, _latest(slug), "withdraw", by=who.id, reason="")
            return redirect(url_for(".submission", slug=slug))
        if request.form.get("lakukan") != "ajukan":
            raise Refused("no_act", "Pilih dahulu apa yang akan dilakukan.")
        checked = publishing.check(reading(), draft)
        if request.form.get("perubahan", checked.change, type=int) != checked.change:
            raise Refused("changed", "Naskah berubah saat diperiksa. Muat ulang halaman ini, lalu ajukan lagi.")
        found = checks.look(reading(), draft, checked.reading, drafts.unpack_source(checked.source)[0])
        with writing() as session:
            draft = the_draft(slug, session=session)
            signed = draft.signed_by if draft.signed_by and draft.signed_change == checked.change else ""
            flow.submit(session, draft, checked, found, who=who, provenance=given, signed_by=signed or "")
    except ContentError:
        return _page(the_draft(slug), error=_("Masih ada kesalahan. Perbaiki dahulu."), given=given), 409
    except Refused as refused:
        return _page(the_draft(slug), error=refused.text(_), given=given), 409
    return redirect(url_for(".submission", slug=slug))


def _latest(slug: str) -> int:
    draft = the_draft(slug)
    found = reading().scalar(select(Submission.id).where(Submission.draft_id == draft.id).order_by(Submission.id.desc()).limit(1))
    if found is None:
        raise Refused("none", "Belum ada pengajuan.")
    return found
