"""A course's outline: modules and lessons, added, moved, renamed, taken out."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for

from elearn import Refused, limiter, needs, reading, render, versions_of, viewer, writing
from elearn import gettext as _
from elearn_studio import drafts, outline
from elearn_studio.models import Draft
from elearn_studio.views.common import Answer, blueprint, the_draft


def page(draft: Draft, *, error: str = "") -> str:
    """The outline as it is."""
    session = reading()
    files = drafts.files_of(session, draft)
    sections = outline.read(files)
    versions = versions_of(session, draft.slug)
    ours = any(version.on_offer for version in versions)
    pictures = sum(file.blob is not None for file in files)
    return render(
        "studio/outline.html",
        draft=draft,
        sections=sections,
        banks=outline.banks(files),
        pictures=pictures,
        on_offer=ours,
        started=bool(versions),
        error=error,
    )


@blueprint.get("/<slug>", endpoint="outline")
@needs("studio.write")
def the_outline(slug: str) -> str:
    """The outline."""
    return page(the_draft(slug))


@blueprint.post("/<slug>")
@needs("studio.write")
@limiter.limit("600/hour")
def change(slug: str) -> Answer:
    """One change of the outline; ``ubah`` says which."""
    form = request.form
    file_id, folder, title = form.get("pelajaran", 0, type=int), form.get("modul", ""), form.get("judul", "")
    added = gone = ""
    try:
        with writing() as session:
            draft = the_draft(slug, session=session)
            plan = outline.Outline(session, draft, by=viewer().id)

            def add() -> None:
                nonlocal added
                added = plan.add_lesson(folder, title, kind=form.get("jenis", "pelajaran")).path

            def delete() -> None:
                nonlocal gone
                gone = plan.delete(file_id)

            acts: dict[str, Callable[[], object]] = {
                "modul-baru": lambda: plan.add_section(title),
                "pelajaran-baru": add,
                "naik": lambda: plan.move_lesson(file_id, -1),
                "turun": lambda: plan.move_lesson(file_id, 1),
                "ke-modul": lambda: plan.put_lesson(file_id, folder),
                "modul-naik": lambda: plan.move_section(folder, -1),
                "modul-turun": lambda: plan.move_section(folder, 1),
                "judul": lambda: plan.rename_lesson(file_id, title),
                "judul-modul": lambda: plan.rename_section(folder, title),
                "hapus": delete,
                "hapus-modul": lambda: plan.delete_section(folder),
            }
            act = acts.get(form.get("ubah", ""))
            if act:
                act()
                plan.apply()
    except Refused as refused:
        return page(the_draft(slug), error=refused.text(_)), 409
    if added:
        return redirect(url_for(".editor", slug=slug, path=added))
    if gone:
        flash(_("“%(title)s” dihapus. Di halaman Riwayat ia dapat dikembalikan.", title=gone), "ok")
        return redirect(url_for(".outline", slug=slug))
    return redirect(url_for(".outline", slug=slug, atur=file_id, _anchor=f"p-{file_id}") if file_id else url_for(".outline", slug=slug))
