"""What a text was before: every state, what changed between two, and back to one of them."""

from __future__ import annotations

from flask import flash, redirect, request, url_for

from elearn import Refused, found, limiter, needs, reading, render, viewer, writing
from elearn import gettext as _
from elearn_studio import drafts, merging, recovering, saving
from elearn_studio.views.common import Answer, blueprint, the_draft, the_file, titles_of


def _changes_page(slug: str, *, error: str = "") -> str:
    session = reading()
    draft = the_draft(slug)
    changes = recovering.latest_changes(session, draft)
    files = drafts.files_of(session, draft)
    here = {file.id: file.path for file in files}
    names = drafts.names(session, [change.by for change in changes])
    titles = titles_of(files, gone=[change.path for change in changes])
    return render("studio/changes.html", draft=draft, changes=changes, here=here, names=names, titles=titles, error=error)


@blueprint.get("/<slug>/riwayat")
@needs("studio.write")
def changes(slug: str) -> str:
    """What was changed last in the whole draft; what was deleted can be brought back."""
    return _changes_page(slug)


@blueprint.post("/<slug>/riwayat")
@needs("studio.write")
@limiter.limit("300/hour")
def recover(slug: str) -> Answer:
    """Bring a deleted file back, or the whole draft to what it was when a version was published."""
    number = request.form.get("versi", 0, type=int)
    try:
        with writing() as session:
            draft = the_draft(slug, session=session)
            if number:
                recovering.back_to_release(session, draft, number, by=viewer().id)
            else:
                recovering.bring_back(session, draft, request.form.get("kembalikan", 0, type=int), by=viewer().id)
    except Refused as refused:
        return _changes_page(slug, error=refused.text(_)), 409
    if number:
        flash(_("Naskah kembali seperti versi %(number)d. Yang ada sebelumnya tersimpan di Riwayat.", number=number), "ok")
    return redirect(url_for(".outline", slug=slug))


@blueprint.get("/<slug>/riwayat/<path:path>")
@needs("studio.write")
def history(slug: str, path: str) -> str:
    """The states of a text; ``lihat`` shows what one of them changed, and what changed since."""
    session = reading()
    draft = the_draft(slug)
    file = the_file(draft, path)
    states = saving.history(session, file)
    number = request.args.get("lihat", 0, type=int)
    shown = saving.state_at(session, file, number) if number else None
    before = saving.state_before(session, file, number) if shown else None
    changed = merging.line_changes(before.text or "" if before else "", shown.text or "") if shown else []
    since = merging.line_changes(shown.text or "", file.text or "") if shown else []
    values = {"names": drafts.names(session, [state.by for state in states]), "title": titles_of([file]).get(path, path)}
    return render(
        "studio/history.html", draft=draft, file=file, states=states, shown=shown, before=before, changed=changed, since=since, **values
    )


@blueprint.post("/<slug>/riwayat/<path:path>")
@needs("studio.write")
@limiter.limit("300/hour")
def restore(slug: str, path: str) -> Answer:
    """Make an earlier state the newest one. What was there until now stays in the history."""
    with writing() as session:
        draft = the_draft(slug, session=session)
        file = the_file(draft, path, session=session)
        state = found(saving.state_at(session, file, request.form.get("revisi", 0, type=int)))
        saving.save(session, draft, file, state.text or "", revision=file.revision, by=viewer().id, act="restore")
    return redirect(url_for(".editor", slug=slug, path=path))
