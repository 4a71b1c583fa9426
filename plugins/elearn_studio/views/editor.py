"""The editor: a text, what is wrong with it, how it will look; saved so that nobody overwrites anybody."""

from __future__ import annotations

from typing import Any

from flask import jsonify, redirect, request, url_for

from elearn import Refused, limiter, needs, now, reading, render, say_time, tidy_text, viewer, writing
from elearn import gettext as _
from elearn_studio import drafts, merging, outline, saving
from elearn_studio.models import Draft, File
from elearn_studio.saving import Conflict
from elearn_studio.views.common import Answer, blueprint, look_at, the_draft, the_file, wants_json

MOST_SAVES = "2000/hour"


def page(draft: Draft, file: File, *, text: str, revision: int, preview: bool = False, **more: Any) -> str:
    """The editor with ``text``, which may not be saved yet, checked as it stands."""
    session = reading()
    shown = look_at(draft, file.path, text, keys=request.values.get("kunci") == "1")
    sections = outline.read(drafts.files_of(session, draft))
    lessons = [lesson for section in sections for lesson in section.lessons]
    title = next((lesson.title for lesson in lessons if lesson.file.id == file.id), file.path)
    pictures = [one for one in drafts.files_of(session, draft) if one.blob]
    others = saving.others(session, file, viewer().id)
    context = {"draft": draft, "file": file, "text": text, "revision": revision, "shown": shown, "title": title, "others": others}
    values = context | {"lessons": lessons, "pictures": pictures, "preview": preview, "lines": text.split("\n")}
    return render("studio/editor.html", **(values | {"fixed": [], "error": "", "uploaded": None} | more))


@blueprint.get("/<slug>/naskah/<path:path>")
@needs("studio.write")
@limiter.limit(MOST_SAVES)
def editor(slug: str, path: str) -> str:
    """The text as it was saved last."""
    draft = the_draft(slug)
    file = the_file(draft, path)
    preview = request.args.get("pratinjau") == "1"
    return page(draft, file, text=file.text or "", revision=file.revision, preview=preview)


@blueprint.post("/<slug>/naskah/<path:path>")
@needs("studio.write")
@limiter.limit(MOST_SAVES)
def write(slug: str, path: str) -> Answer:
    """Save, look, or tidy up: ``lakukan`` says which. A script gets JSON and stays."""
    draft = the_draft(slug)
    file = the_file(draft, path)
    if "text" not in request.form:
        raise Refused("no_text", "Naskahnya tidak ikut terkirim. Muat ulang halaman ini, lalu coba lagi.")
    text = drafts.clean_text(request.form["text"])
    revision = request.form.get("revision", 0, type=int)
    act = request.form.get("lakukan", "simpan")
    if act == "pratinjau":
        if wants_json():
            shown = look_at(draft, path, text, keys=request.form.get("kunci") == "1")
            html, problems = render("studio/preview.html", shown=shown), render("studio/problems.html", shown=shown)
            return jsonify(html=html, problems=problems, state=shown.state), 200
        return page(draft, file, text=text, revision=revision, preview=True)
    if act == "rapikan":
        better, fixed = tidy_text(reading(), text)
        if wants_json():
            return jsonify(text=better, fixed=[problem.text(_) for problem in fixed]), 200
        return page(draft, file, text=better, revision=revision, fixed=fixed or [None])
    return _save(slug, path, text, revision, auto=act == "otomatis")


def _save(slug: str, path: str, text: str, revision: int, *, auto: bool) -> Answer:
    who = viewer()
    try:
        with writing() as session:
            draft = the_draft(slug, session=session)
            file = the_file(draft, path, session=session)
            number = saving.save(session, draft, file, text, revision=revision, by=who.id, act="auto" if auto else "save")
            saving.be_here(session, file, who.id)
    except Conflict as conflict:
        if wants_json():
            said = _(
                "%(name)s menyimpan naskah ini pukul %(time)s. Tulisan Anda belum tersimpan.", name=conflict.by, time=say_time(conflict.at)
            )
            return jsonify(error=said, code="conflict"), 409
        return merge_page(slug, path, text, conflict), 409
    except Refused as refused:
        if wants_json():
            return jsonify(error=refused.text(_), code=refused.code), 409
        draft = the_draft(slug)
        return page(draft, the_file(draft, path), text=text, revision=revision, error=refused.text(_)), 409
    if wants_json():
        names = [other.name for other in saving.others(reading(), file, who.id) if other.open]
        return jsonify(revision=number, saved=_("Tersimpan pukul %(time)s", time=say_time(now())), others=names), 200
    return redirect(url_for(".editor", slug=slug, path=path, tersimpan=1))


def merge_page(slug: str, path: str, mine: str, conflict: Conflict) -> str:
    """What both wrote in one text, to be read once more and saved."""
    draft = the_draft(slug)
    file = the_file(draft, path)
    theirs = merging.line_changes(conflict.base, conflict.saved)
    return render(
        "studio/merge.html",
        draft=draft,
        file=file,
        conflict=conflict,
        mine=mine,
        theirs=theirs,
        ours=merging.line_changes(conflict.base, mine),
    )


@blueprint.post("/<slug>/hadir/<path:path>")
@needs("studio.write")
@limiter.limit(MOST_SAVES)
def here(slug: str, path: str) -> Answer:
    """The page tells that this text is open, and hears who else has it open and whether it changed."""
    draft = the_draft(slug)
    file = the_file(draft, path)
    with writing() as session:
        saving.be_here(session, file, viewer().id)
    names = [other.name for other in saving.others(reading(), file, viewer().id) if other.open]
    said = [_("%(names)s juga membuka naskah ini.", names=", ".join(names))] if names else []
    if request.form.get("revision", file.revision, type=int) < file.revision and file.changed_by != viewer().id:
        by = drafts.names(reading(), [file.changed_by]).get(file.changed_by or 0) or _("Seseorang")
        said.append(_("%(name)s menyimpan naskah ini pukul %(time)s.", name=by, time=say_time(file.changed_at)))
    return jsonify(revision=file.revision, others=" ".join(said)), 200
