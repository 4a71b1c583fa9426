"""The pictures of a course: sent with a required alternative text, made anew, shown with the line that puts them into a lesson."""

from __future__ import annotations

from flask import jsonify, redirect, request, url_for
from sqlalchemy import delete, select

from elearn import Refused, found, limiter, needs, reading, render, viewer, writing
from elearn import gettext as _
from elearn_studio import credits, drafts, pictures, saving
from elearn_studio.models import Blob, Draft, File
from elearn_studio.views.bring import say_kept, take_in
from elearn_studio.views.common import Answer, blueprint, data_address, the_draft, titles_of, wants_json

LARGE_PAGE = 60


def _page(draft: Draft, *, error: str = "") -> str:
    session = reading()
    files = drafts.files_of(session, draft)
    pictures_here = [file for file in files if file.blob][:LARGE_PAGE]
    data = {blob.digest: blob for blob in session.scalars(select(Blob).where(Blob.digest.in_({file.blob for file in pictures_here})))}
    contents = dict(session.execute(select(Blob.digest, Blob.data).where(Blob.digest.in_(list(data)))).all())
    rows = [
        (file, data[file.blob or ""].size, data_address(file.path, contents[file.blob or ""]), pictures.used_in(files, file))
        for file in pictures_here
        if file.blob in contents
    ]
    titles = titles_of(files)
    named = credits.read(next((file.text or "" for file in files if file.path == credits.PATH), ""))
    return render("studio/pictures.html", draft=draft, rows=rows, titles=titles, credits=named, error=error)


@blueprint.get("/<slug>/gambar")
@needs("studio.write")
def gallery(slug: str) -> str:
    """All pictures, and where each is used."""
    return _page(the_draft(slug))


@blueprint.post("/<slug>/gambar")
@needs("studio.write")
@limiter.limit("300/hour")
def upload(slug: str) -> Answer:
    """Take a picture in. ``untuk`` is the lesson it is for."""
    draft = the_draft(slug)
    try:
        kept = take_in(draft, request.form.get("untuk", ""))
    except Refused as refused:
        if wants_json():
            return jsonify(error=refused.text(_)), 409
        return _page(draft, error=refused.text(_)), 409
    if wants_json():
        return jsonify(line=kept.line, said=say_kept(kept)), 200
    return redirect(url_for(".gallery", slug=slug))


@blueprint.post("/<slug>/gambar/hapus")
@needs("studio.write")
@limiter.limit("300/hour")
def remove(slug: str) -> Answer:
    """Take a picture out that no text shows."""
    with writing() as session:
        draft = the_draft(slug, session=session)
        files = drafts.files_of(session, draft)
        file = found(next((one for one in files if one.id == request.form.get("berkas", 0, type=int) and one.blob), None))
        if pictures.used_in(files, file):
            raise Refused("used", "Gambar ini masih dipakai dalam pelajaran.")
        file.revision, file.changed_by = file.revision + 1, viewer().id
        drafts.note_change(session, file, act="delete")
        session.execute(delete(File).where(File.id == file.id))
    return redirect(url_for(".gallery", slug=slug))


@blueprint.post("/<slug>/gambar/lisensi")
@needs("studio.write")
@limiter.limit("300/hour")
def credit(slug: str) -> Answer:
    """Whose picture it is: its licence and source, or nothing where it is the authors' own."""
    name, licence, source = (" ".join(request.form.get(key, "").split())[:200] for key in ("nama", "lisensi", "sumber"))
    try:
        if bool(licence) != bool(source):
            raise Refused("credit", "Isi lisensi dan sumbernya, atau kosongkan keduanya bila karya sendiri.")
        with writing() as session:
            draft = the_draft(slug, session=session)
            files = {file.path: file for file in drafts.files_of(session, draft)}
            found(next((path for path, file in files.items() if file.blob and path.rpartition("/")[2] == name), None))
            file = files.get(credits.PATH)
            rows = credits.read(file.text or "") if file else {}
            rows.pop(name, None)
            text = credits.written(rows | ({name: (licence, source)} if licence else {}))
            if file is None:
                drafts.add_text(session, draft, credits.PATH, text, by=viewer().id)
            else:
                saving.save(session, draft, file, text, revision=file.revision, by=viewer().id)
    except Refused as refused:
        return _page(the_draft(slug), error=refused.text(_)), 409
    return redirect(url_for(".gallery", slug=slug))
