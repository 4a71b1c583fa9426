"""The editor: a text, what is wrong with it, how it will look; saved so that nobody overwrites anybody."""

from __future__ import annotations

from typing import Any

from flask import jsonify, redirect, request, url_for

from elearn import ContentError, Problem, Refused, limiter, needs, now, reading, render, say_time, tidy_text, viewer, writing
from elearn import gettext as _
from elearn_studio import drafts, merging, outline, saving
from elearn_studio.models import Draft, File
from elearn_studio.saving import Conflict
from elearn_studio.snippets import SNIPPETS, with_piece
from elearn_studio.views.bring import say_kept, take_in
from elearn_studio.views.common import Answer, blueprint, look_at, the_draft, the_file, wants_json
from elearn_studio.word.questions import typed_in

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
    at = next((number for number, lesson in enumerate(lessons) if lesson.file.id == file.id), None)
    before, after = (lessons[at - 1] if at else None, lessons[at + 1] if at is not None and at + 1 < len(lessons) else None)
    values = context | {"before": before, "after": after, "pictures": pictures, "preview": preview, "lines": text.split("\n")}
    labels = {
        "judul": _("Judul"),
        "daftar": _("Daftar"),
        "tabel": _("Tabel"),
        "kotak": _("Kotak contoh"),
        "pilihan": _("Soal pilihan"),
        "benar-salah": _("Soal benar–salah"),
    }
    tools = {"snippets": SNIPPETS, "labels": labels}
    return render("studio/editor.html", **(values | tools | {"fixed": [], "error": "", "inserted": "", "alt": "", "adding": False} | more))


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
    """Save, look, tidy up, put a piece or a picture in: ``lakukan`` says which, and what was typed stays. A script gets JSON and stays."""
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
        better, fixed = tidied(text)
        if wants_json():
            return jsonify(text=better, fixed=[problem.text(_) for problem in fixed]), 200
        return page(draft, file, text=better, revision=revision, fixed=fixed or [None])
    if act == "gambar":
        return _with_picture(draft, file, text, revision)
    if act in SNIPPETS:
        said = _("Ditaruh di akhir naskah. Ubah isinya, lalu tekan Simpan.")
        return page(draft, file, text=with_piece(text, SNIPPETS[act]), revision=revision, inserted=said)
    return _save(slug, path, text, revision, auto=act == "otomatis")


def _with_picture(draft: Draft, file: File, text: str, revision: int) -> Answer:
    """Keep the picture that came along, its line at the end of the text, which is not saved by it."""
    try:
        kept = take_in(draft, file.path)
    except Refused as refused:
        alt, said = request.form.get("alt", ""), refused.text(_) + " " + _("Pilih berkasnya sekali lagi.")
        return page(draft, file, text=text, revision=revision, error=said, alt=alt, adding=True), 409
    said = f"{say_kept(kept)}. " + _("Barisnya ada di akhir naskah; pindahkan bila perlu, lalu tekan Simpan.")
    return page(draft, file, text=with_piece(text, kept.line), revision=revision, inserted=said)


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


def tidied(text: str) -> tuple[str, list[Problem]]:
    """The text put into the form the guide shows, questions typed as in Word among it, and what was done."""
    text, count, line = typed_in(text)
    better, fixed = tidy_text(reading(), text)
    if count:
        message = "{count} soal yang diketik dengan angka dan huruf menjadi soal."
        fixed = [Problem(code="R08", message=message, line=line, column=1, severity="fixed", values={"count": count}), *fixed]
    return better, fixed


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


@blueprint.post("/<slug>/tempel")
@needs("studio.write")
@limiter.limit("300/hour")
def paste(slug: str) -> Answer:
    """What was copied in Word, a browser or a spreadsheet, as Markdown; ``plain`` where that fails."""
    the_draft(slug)
    from elearn_studio.word import pasted  # its converters are slow to load

    try:
        text = pasted.read(request.form.get("html", ""))
    except (Refused, ContentError):
        text = request.form.get("plain", "")
    return jsonify(text=tidied(text)[0].strip() if text.strip() else ""), 200
