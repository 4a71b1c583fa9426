"""A course from outside: Word, ZIP, git; and out again as a ZIP."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from pathlib import Path

from flask import flash, redirect, request, send_file, url_for

from elearn import ContentError, Refused, limiter, needs, pack_course, reading, render, setting, tidy_text, viewer, writing
from elearn import gettext as _
from elearn_studio import drafts, importing, overlay, remote
from elearn_studio.contribution import flow
from elearn_studio.importing import Brought
from elearn_studio.views.common import Answer, blueprint, sent_file, the_draft

MOST_UPLOAD = 60_000_000


def _prefixes() -> list[str]:
    return remote.allowed_prefixes(setting("studio.git"))


def _page(error: str = "", *, given: dict[str, str] | None = None) -> str:
    return render("studio/import.html", git=_prefixes(), modules=overlay.modules(reading()), error=error, given=given or {})


@blueprint.get("/impor")
@needs("studio.write")
def imports() -> str:
    """The ways in."""
    return _page()


@blueprint.post("/impor")
@needs("studio.write")
@limiter.limit("30/hour")
def bring_in() -> Answer:
    """Make a draft of what was sent, whole or not at all."""
    given = {name: request.form.get(name, "").strip() for name in ("cara", "alamat", "git", "cabang")}
    who = viewer()
    try:
        brought = _brought(given)
        slug = given["alamat"].lower() or brought.slug
        with writing() as session:
            draft = drafts.create(session, who, slug=slug, title=brought.title, texts=brought.texts, blobs=brought.blobs, act="import")
            if brought.signed_by:
                draft.signed_by, draft.signed_change = brought.signed_by, drafts.last_change(session, draft)
        lessons = sum(path.endswith(".md") and not path.endswith("/_bagian.md") for path in brought.texts)
        _say(lessons, brought.questions, len(brought.blobs), brought.left_out, brought.formulas)
    except ContentError as error:
        said = " ".join(filter(None, (part for problem in error.problems for part in (problem.text(_), problem.cure(_)))))
        return _page(said, given=given), 409
    except Refused as refused:
        return _page(refused.text(_), given=given), 409
    return redirect(url_for(".check_page", slug=slug))


def _brought(given: dict[str, str]) -> Brought:
    if given["cara"] == "git":
        return importing.from_git(given["git"], allowed=_prefixes(), inner=setting("studio.git_inner"), branch=given["cabang"])
    name, data = sent_file("berkas", most=MOST_UPLOAD)
    if not data:
        raise Refused("no_file", "Pilih berkasnya dahulu.")
    if given["cara"] == "word":
        person = viewer().person
        brought = importing.from_word(data, file_name=name, author=person.name if person else "", organisation=viewer().unit)
        return replace(brought, texts={path: _tidied(text) if path.endswith(".md") else text for path, text in brought.texts.items()})
    return importing.from_zip(data, keys=flow.keys(reading()))


@blueprint.post("/<slug>/impor")
@needs("studio.write")
@limiter.limit("30/hour")
def add_word(slug: str) -> Answer:
    """The lessons of a Word document at the end of a module of this course."""
    the_draft(slug)
    _name, data = sent_file("berkas", most=MOST_UPLOAD)
    if not data:
        raise Refused("no_file", "Pilih berkasnya dahulu.")
    from elearn_studio.word import document as word  # its converters are slow to load

    document = word.read_document(data)
    with writing() as session:
        draft = the_draft(slug, session=session)
        importing.add_document(session, draft, document, request.form.get("modul", ""), tidy=_tidied, by=viewer().id)
    _say(len(document.lessons), document.questions, len(document.pictures), document.left_out, document.formulas)
    return redirect(url_for(".outline", slug=slug))


def _tidied(text: str) -> str:
    return tidy_text(reading(), text)[0]


def _say(lessons: int, questions: int, pictures: int, left_out: int, formulas: int) -> None:
    """What came of the file, and what did not come along."""
    words = {"lessons": lessons, "questions": questions, "pictures": pictures}
    if questions:
        flash(_("Diimpor: %(lessons)s pelajaran, %(pictures)s gambar, dan %(questions)s soal yang dikenali.", **words), "ok")
    else:
        flash(_("Diimpor: %(lessons)s pelajaran, %(pictures)s gambar.", **words), "ok")
    if left_out:
        flash(_("%(count)s berkas atau gambar tidak dikenali dan tidak ikut.", count=left_out), "warn")
    if formulas:
        flash(_("%(count)s rumus dari Word tidak ikut. Tulis ulang di tempatnya, misalnya $a^2 + b^2$.", count=formulas), "warn")


@blueprint.get("/<slug>/unduh")
@needs("studio.write")
def download(slug: str) -> Answer:
    """The course as a ZIP, to keep or to work on elsewhere."""
    session = reading()
    draft = the_draft(slug)
    with drafts.folder_of(session, draft) as folder, tempfile.TemporaryDirectory(prefix="elearn-pack-") as scratch:
        target = Path(scratch) / f"{draft.slug}.zip"
        pack_course(folder, target)
        data = target.read_bytes()
    return send_file(io.BytesIO(data), mimetype="application/zip", as_attachment=True, download_name=f"{draft.slug}.zip")
