"""The register of regulations: which courses rest on which, and what follows when one changes."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import select

from elearn import (
    Card,
    Refused,
    Viewer,
    courses_on_offer,
    found,
    needs,
    read_id,
    reading,
    render,
    site_of,
    standings_of,
    table_file,
    versions_of,
    viewer,
    writing,
)
from elearn import gettext as _
from elearn_studio import drafts, regulations
from elearn_studio import touched as touching
from elearn_studio.citations import cites, key_of
from elearn_studio.models import Draft, Member
from elearn_studio.regulations import Known
from elearn_studio.views.common import Answer, blueprint

MOST_SHOWN, MOST_IN_TABLE = 1_000, 100_000


def _page(error: str = "", given: dict[str, str] | None = None) -> str:
    session = reading()
    known = regulations.read_changes(session)
    looked = request.args.get("lihat", "") or (given or {}).get("nama", "")
    own = set(session.scalars(select(Draft.slug).join(Member, Member.draft_id == Draft.id).where(Member.person_id == viewer().id)))
    return render(
        "studio/regulations.html",
        known=[(each, touching.touched(session, each.key, change=each), _taken(each)) for each in known],
        cited=touching.cited(session),
        looked=looked,
        found=touching.touched(session, key_of(looked)) if looked else [],
        offers=[offered.course for offered in courses_on_offer(session)],
        mine=own,
        error=error,
        given=given or {},
    )


def _taken(change: Known) -> list[tuple[str, str, int]]:
    """(slug, title, number) of the courses on offer that have the change since that version."""
    titles = {offered.course.slug: offered.course.title for offered in courses_on_offer(reading())}
    return [(slug, titles.get(slug, slug), number) for slug, number in sorted(change.taken_in.items())]


@blueprint.get("/dasar-hukum")
@needs("studio.register")
def law() -> str:
    """What changed and what it touches; ``?lihat=`` asks for one regulation."""
    return _page()


@blueprint.post("/dasar-hukum")
@needs("studio.law")
def law_changed() -> Answer:
    """Say that one changed, offer a refresher, or write to the holders that one is offered."""
    given = {name: request.form.get(name, "").strip() for name in ("nama", "sejak", "perubahan", "peraturan", "penyegaran")}
    job_id = 0
    try:
        with writing() as session:
            if request.form.get("lakukan") == "surati":
                job_id = touching.mail_holders(session, _change(given["peraturan"]), by=viewer().id)
            elif regulation_id := read_id(given["peraturan"]):
                regulations.offer_refresher(session, regulation_id, given["penyegaran"], by=viewer().id)
            else:
                day = _day(given["sejak"])
                regulations.say_changed(session, name=given["nama"], changed_on=day, text=given["perubahan"], by=viewer().id)
    except Refused as refused:
        return _page(refused.text(_), given), 409
    return redirect(url_for("jobs.show", job_id=job_id) if job_id else url_for(".law"))


def _change(number: str) -> Known:
    return found(next((each for each in regulations.read_changes(reading()) if str(each.id) == number), None))


@blueprint.get("/dasar-hukum/<int:regulation_id>/sertifikat")
@needs("studio.law")
def certificates(regulation_id: int) -> Answer:
    """The certificates that rest on what changed: the first thousand, or with ``?bentuk=csv`` all in a table. No names: each leads to its
    public page, which tells what it may."""
    session = reading()
    change = _change(str(regulation_id))
    rows = touching.touched(session, change.key, change=change)
    table = request.args.get("bentuk") in ("csv", "xlsx")
    held = list(touching.certificates(session, rows, most=MOST_IN_TABLE if table else MOST_SHOWN))
    if table:
        head = [(_("Nomor"), _("Pelatihan"), _("Versi"), _("Terbit"), _("Alamat"))]
        lines = [(proof.number, one.course.title, one.number, proof.issued_on.isoformat(), proof.address) for proof, one in held]
        return table_file(f"sertifikat-{regulation_id}", [*head, *lines], style=request.args["bentuk"])
    return render("studio/certificates.html", change=change, held=held, completed=sum(row.completed for row in rows), most=MOST_SHOWN)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused("since", "Tulis sejak kapan berubah: tahun-bulan-hari.") from error


@blueprint.post("/dasar-hukum/<int:regulation_id>/<slug>")
@needs("studio.write")
def taken_in(regulation_id: int, slug: str) -> Answer:
    """The version on offer of one's own course has the change."""
    session, change = reading(), _change(str(regulation_id))
    if drafts.opened(session, viewer(), slug) is None and not viewer().can("studio.law"):
        raise Refused("not_yours", "Naskah pelatihan ini bukan milik Anda.")
    offered = next((version for version in versions_of(session, slug) if version.on_offer), None)
    if offered is None:
        raise Refused("not_offered", "Pelatihan ini tidak sedang ditawarkan.")
    with writing() as session:
        regulations.take_in(session, change.id, slug, offered.number, by=viewer().id)
    return redirect(url_for(".law"))


def refresher_card(who: Viewer) -> Card | None:
    """For who completed a course whose law changed since: a short course to bring them up to date."""
    if who.person is None:
        return None
    offers = [each for each in regulations.changes(who.session) if each.refresher]
    if not offers:
        return None
    site = site_of(who.session)
    mine = standings_of(who.session, who.id)
    taken = {standing.slug for standing in mine}
    for change in offers:
        if change.refresher in taken:
            continue
        for standing in mine:
            course = site.course(standing.digest)
            whole = any(cites(basis.regulation, change.key) for basis in course.legal_basis)
            lessons = any(regulations.touching([change], course, lesson, standing.number) for lesson in course.lessons())
            if standing.state == "completed" and change.holds(standing.slug, standing.number) and (whole or lessons):
                return Card(
                    title=_("Aturan yang Anda pelajari berubah"),
                    body=Markup(render_template("studio/refresher_card.html", change=change, course=course)),
                    order=15,
                )
    return None
