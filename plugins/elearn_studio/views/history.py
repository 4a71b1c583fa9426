"""What a text was before: every state, what changed between two, and back to one of them."""

from __future__ import annotations

from flask import redirect, request, url_for

from elearn import found, limiter, needs, reading, render, viewer, writing
from elearn_studio import drafts, merging, saving
from elearn_studio.views.common import Answer, blueprint, the_draft, the_file


@blueprint.get("/<slug>/riwayat/<path:path>")
@needs("studio.write")
def history(slug: str, path: str) -> str:
    """The states of a text; ``lihat`` shows what one of them changed, or how it differs from now."""
    session = reading()
    draft = the_draft(slug)
    file = the_file(draft, path)
    states = saving.history(session, file)
    number = request.args.get("lihat", 0, type=int)
    shown = saving.state_at(session, file, number) if number else None
    changed = merging.line_changes(shown.text or "", file.text or "") if shown else []
    names = drafts.names(session, [state.by for state in states])
    return render("studio/history.html", draft=draft, file=file, states=states, names=names, shown=shown, changed=changed)


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
