"""Long work as its owner sees it: how far it is, what did not work, and once more for what failed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from elearn.access import signed_in
from elearn.jobs import Progress, items_of, job_progress, latest_jobs, retry_job
from elearn.web.current import found, render, viewer
from elearn.web.database import reading, writing
from elearn.web.language import gettext as _
from elearn.web.tables import table_file

blueprint = Blueprint("jobs", __name__)
Answer = str | AnyResponse
REPORT = 100_000


def _mine(session: Any, job_id: int) -> Progress:
    """The job, for who began it and for who runs the site; to others it is not there."""
    progress = job_progress(session, job_id)
    if progress is not None and progress.by_id != viewer().id and not viewer().can("core.operate", unit_path="/"):
        progress = None
    return found(progress)


@blueprint.get("/pekerjaan")
@signed_in
def listing() -> Answer:
    """The jobs one began; who runs the site sees everybody's."""
    by = None if viewer().can("core.operate", unit_path="/") else viewer().id
    return render("jobs.html", jobs=latest_jobs(reading(), by=by))


@blueprint.get("/pekerjaan/<int:job_id>")
@signed_in
def show(job_id: int) -> Answer:
    """How far one is; the page asks again by itself while it runs."""
    session = reading()
    return render("job.html", job=_mine(session, job_id), items=items_of(session, job_id))


@blueprint.get("/pekerjaan/<int:job_id>.csv")
@signed_in
def report(job_id: int) -> Answer:
    """What became of every item, as a table."""
    session = reading()
    _mine(session, job_id)
    words = {"waiting": _("menunggu"), "done": _("selesai"), "refused": _("ditolak"), "failed": _("gagal")}
    items = items_of(session, job_id, states=words, limit=REPORT)
    rows = ([item.label or item.value, words[item.state], _(item.said) if item.said else ""] for item in items)
    return table_file(f"pekerjaan-{job_id}", [[_("Nama"), _("Keadaan"), _("Hasil")], *rows])


@blueprint.post("/pekerjaan/<int:job_id>/ulang")
@signed_in
def again(job_id: int) -> Answer:
    """Try what failed once more."""
    with writing() as session:
        _mine(session, job_id)
        count = retry_job(session, job_id)
    flash(_("%(count)s butir dicoba lagi.", count=count), "ok")
    return redirect(url_for(".show", job_id=job_id))
