"""My courses, and a new one."""

from __future__ import annotations

from flask import redirect, request, url_for

from elearn import Refused, limiter, needs, reading, render, starter_files, viewer, writing
from elearn import gettext as _
from elearn_studio import drafts, overlay
from elearn_studio.contribution import flow
from elearn_studio.views.common import Answer, blueprint


@blueprint.get("/")
@needs("studio.write")
def courses() -> str:
    """The viewer's drafts; for a newcomer, what to do."""
    everybody = request.args.get("semua") == "1" and viewer().can("studio.all")
    session = reading()
    rows = drafts.rows_of(session, viewer(), everybody=everybody)
    found = [row.draft for row in rows]
    states, behind = flow.latest_states(session, found), overlay.behind(session, found)
    return render("studio/courses.html", rows=rows, states=states, behind=behind, everybody=everybody)


def starters() -> dict[str, str]:
    """The courses to start from, in words."""
    return {
        "singkat": _("Contoh 1 JP: bacaan dengan soal, tugas, tes akhir"),
        "tiga-jp": _("Kerangka 3 JP: tes awal, tiga modul, tugas, tes akhir"),
        "kosong": _("Kosong: satu pelajaran"),
    }


@blueprint.get("/baru")
@needs("studio.write")
def new() -> str:
    """The form for a new course."""
    return render("studio/new.html", starters=starters(), given={}, error="")


@blueprint.post("/baru")
@needs("studio.write")
@limiter.limit("60/hour")
def create() -> Answer:
    """Make it, and open its outline."""
    given = {name: request.form.get(name, "").strip() for name in ("judul", "ringkasan", "alamat", "mulai")}
    who = viewer()
    try:
        if not given["judul"]:
            raise Refused("no_title", "Tulis judulnya dahulu.")
        starter = given["mulai"] if given["mulai"] in starters() else "singkat"
        words = {"summary": given["ringkasan"][:400]} if given["ringkasan"] else {}
        author = {"author": who.person.name if who.person else "Nama Anda", "organisation": who.unit or "Instansi Anda"}
        texts = starter_files(starter, title=given["judul"][:160], **words, **author)
        blobs = {path: text.encode() for path, text in texts.items() if path.endswith(".svg")}
        texts = {path: text for path, text in texts.items() if path not in blobs}
        slug = given["alamat"].lower() or drafts.slug_of(given["judul"])
        with writing() as session:
            drafts.create(session, who, slug=slug, title=given["judul"], texts=texts, blobs=blobs, act="create")
    except Refused as refused:
        return render("studio/new.html", starters=starters(), given=given, error=refused.text(_)), 409
    return redirect(url_for(".outline", slug=slug))
