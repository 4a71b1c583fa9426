"""What a course says of itself, as a form: title, summary, hours, aims, pass mark."""

from __future__ import annotations

from flask import redirect, request, url_for

from elearn import Refused, limiter, needs, render, viewer, writing
from elearn import gettext as _
from elearn_studio import manifest, saving
from elearn_studio.saving import Conflict
from elearn_studio.views.common import Answer, blueprint, look_at, the_draft, the_file
from elearn_studio.views.editor import merge_page

PATH = "course.yml"


def _page(slug: str, *, given: dict[str, str] | None = None, revision: int = 0, error: str = "") -> Answer:
    draft = the_draft(slug)
    file = the_file(draft, PATH)
    values = given or manifest.read(file.text or "")
    if values is None:
        return redirect(url_for(".editor", slug=slug, path=PATH))
    shown = look_at(draft, PATH, file.text or "")
    return render("studio/about.html", draft=draft, values=values, revision=revision or file.revision, shown=shown, error=error)


@blueprint.get("/<slug>/keterangan")
@needs("studio.write")
def about(slug: str) -> Answer:
    """The form; the text itself where somebody wrote it in a way that no form can show."""
    return _page(slug)


@blueprint.post("/<slug>/keterangan")
@needs("studio.write")
@limiter.limit("300/hour")
def change_about(slug: str) -> Answer:
    """Keep it."""
    given = {name: request.form[name] for name in (*manifest.NAMES, *manifest.GROUPS) if name in request.form}
    revision = request.form.get("revision", 0, type=int)
    text = ""
    try:
        with writing() as session:
            draft = the_draft(slug, session=session)
            file = the_file(draft, PATH, session=session)
            base = saving.state_at(session, file, revision)
            text = manifest.write((base.text if base else file.text) or "", given)
            saving.save(session, draft, file, text, revision=revision, by=viewer().id)
    except Conflict as conflict:
        return merge_page(slug, PATH, text, conflict), 409
    except Refused as refused:
        answer = _page(slug, given=given, revision=revision, error=refused.text(_))
        return (answer, 409) if isinstance(answer, str) else answer
    return redirect(url_for(".outline", slug=slug))
