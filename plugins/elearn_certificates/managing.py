"""The register for who keeps it: search, one certificate with its history, replace, papers for a class, all as a ZIP."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, stream_with_context, url_for
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from elearn import (
    Person,
    Refused,
    courses_on_offer,
    found,
    needs,
    ngettext,
    now,
    page_number,
    reading,
    render,
    site_of,
    spaced_nip,
    tidy_nip,
    viewer,
    writing,
)
from elearn import gettext as _
from elearn_certificates import life
from elearn_certificates.archive import zip_of
from elearn_certificates.bsre import queue
from elearn_certificates.class_jobs import issue_for_class, missing
from elearn_certificates.facts import Facts
from elearn_certificates.issuing import day_of, number_key
from elearn_certificates.models import STANDINGS, Certificate
from elearn_certificates.numbering import tidy_code
from elearn_certificates.views import blueprint

Answer = str | AnyResponse | tuple[str, int]
PERMISSION = "certificates.manage"
PAGE, MOST_IN_ZIP, MOST_LOGINS = 50, 5_000, 2_000
SKIPPED = "%(num)d NIP atau surel dilewati: bukan peserta yang berhak, atau sudah memilikinya."


def _wanted(session: Session) -> tuple[Any, dict[str, str]]:
    """The conditions that the address asks for, and what it asked."""
    today = day_of(site_of(session), now())
    asked = {name: " ".join(request.args.get(name, "").split())[:200] for name in ("cari", "keadaan", "pelatihan", "tahun")}
    rules = []
    if asked["cari"]:
        text = asked["cari"].lower().replace("\\", "").replace("%", "").replace("_", "")
        hits = [Certificate.check_code == (tidy_code(asked["cari"]) or "-"), Certificate.number_key == (number_key(asked["cari"]) or "-")]
        rules.append(or_(*hits, Certificate.search_text.contains(text)) if text else or_(*hits))
    past = and_(Certificate.state == "valid", Certificate.expires_on < today)
    if asked["keadaan"] == "expired":
        rules.append(past)
    elif asked["keadaan"] == "valid":
        rules.append(and_(Certificate.state == "valid", or_(Certificate.expires_on.is_(None), Certificate.expires_on >= today)))
    elif asked["keadaan"] in STANDINGS:
        rules.append(Certificate.state == asked["keadaan"])
    if asked["pelatihan"]:
        rules.append(Certificate.course_slug == asked["pelatihan"])
    if asked["tahun"].isdecimal():
        rules.append(Certificate.year == int(asked["tahun"][:4]))
    return and_(True, *rules), asked


@blueprint.get("/kelola")
@needs(PERMISSION, everywhere=True)
def register() -> Answer:
    """The register, the latest first."""
    session = reading()
    rules, asked = _wanted(session)
    page = page_number()
    rows = session.scalars(select(Certificate).where(rules).order_by(Certificate.id.desc()).offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return render(
        "certificates/register.html",
        rows=rows[:PAGE],
        total=session.scalar(select(func.count()).select_from(Certificate).where(rules)) or 0,
        page=page,
        more=len(rows) > PAGE,
        asked=asked,
        today=day_of(site_of(session), now()),
        titles={"": _("Semua pelatihan")} | {one.course.slug: one.course.title for one in courses_on_offer(session)},
        most=MOST_IN_ZIP,
    )


@blueprint.get("/kelola.zip")
@needs(PERMISSION, everywhere=True)
def archive() -> Answer:
    """The files of what the register shows, as one ZIP, sent while it is made."""
    session = reading()
    rules, _asked = _wanted(session)
    ids = list(session.scalars(select(Certificate.id).where(rules).order_by(Certificate.id).limit(MOST_IN_ZIP)))
    headers = {"Content-Disposition": "attachment; filename=sertifikat.zip"}
    return Response(stream_with_context(zip_of(session, ids)), mimetype="application/zip", headers=headers)


@blueprint.get("/kelola/<int:certificate_id>")
@needs(PERMISSION, everywhere=True)
def one(certificate_id: int) -> Answer:
    """One certificate with all that is kept of it, and what may be done."""
    session = reading()
    row = found(session.get(Certificate, certificate_id))
    return render(
        "certificates/one.html",
        certificate=row,
        facts=Facts.from_json(row.facts),
        standing=row.standing(day_of(site_of(session), now())),
        nip=spaced_nip(row.facts.get("person_number", "")),
        by=session.get(Person, row.state_by) if row.state_by else None,
        family=_family(session, row),
        signature=queue.signature_of(session, row.id),
    )


def _family(session: Session, row: Certificate) -> list[Certificate]:
    """The holder's other papers of the same course: replaced ones, those of earlier periods."""
    mine = (Certificate.person_id == row.person_id, Certificate.course_slug == row.course_slug, Certificate.id != row.id)
    return list(session.scalars(select(Certificate).where(*mine).order_by(Certificate.id.desc()).limit(50)))


@blueprint.get("/kelola/<int:certificate_id>.pdf")
@needs(PERMISSION, everywhere=True)
def their_pdf(certificate_id: int) -> Answer:
    """Anybody's file, for who keeps the register."""
    session = reading()
    row = found(session.get(Certificate, certificate_id))
    data = queue.best_file(session, row.id)
    headers = {"Content-Disposition": f"inline; filename=sertifikat-{row.number_key}.pdf"}
    return Response(data, mimetype="application/pdf", headers=headers)


@blueprint.post("/kelola/<int:certificate_id>/ganti")
@needs(PERMISSION, everywhere=True)
def replace(certificate_id: int) -> Answer:
    """Issue it anew with another spelling."""
    changes = {name: request.form[name] for name in life.MAY_CHANGE if name in request.form}
    with writing() as session:
        found(session.get(Certificate, certificate_id))
        new = life.replace(session, certificate_id, by=viewer().id, reason=request.form.get("alasan", ""), changes=changes)
    flash(_("Sertifikat pengganti terbit dengan nomor %(number)s.", number=new.number), "ok")
    return redirect(url_for(".one", certificate_id=new.id))


@blueprint.get("/kelola/kelas")
@needs(PERMISSION, everywhere=True)
def class_form() -> Answer:
    """Papers for a class: who of a course lacks which."""
    return _class_page(request.args.get("pelatihan", "")[:80])


def _class_page(slug: str, *, error: str = "") -> str:
    session = reading()
    courses = [one.course for one in courses_on_offer(session)]
    chosen = next((one for one in courses if one.slug == slug), None)
    counts = {kind: len(missing(session, slug, kind=kind)) for kind in ("certificate", "statement")} if chosen else {}
    wanted = request.form.get("jenis") or ("statement" if chosen and not counts["certificate"] and counts["statement"] else "certificate")
    return render("certificates/class.html", courses=courses, chosen=chosen, counts=counts, wanted=wanted, typed=request.form, error=error)


@blueprint.post("/kelola/kelas")
@needs(PERMISSION, everywhere=True)
def class_issue() -> Answer:
    """Start the job, and go to its progress."""
    kind = "statement" if request.form.get("jenis") == "statement" else "certificate"
    slug = request.form.get("pelatihan", "")[:80]
    lines = request.form.get("peserta", "").replace(",", "\n").replace(";", "\n").splitlines()
    logins = [line.strip() for line in lines if line.strip()][:MOST_LOGINS]
    try:
        with writing() as session:
            chosen = found(next((one.course for one in courses_on_offer(session) if one.course.slug == slug), None))
            job_id, count = issue_for_class(session, slug, title=chosen.title, kind=kind, logins=logins, by=viewer().id)
            others = max(0, len({tidy_nip(login).casefold() for login in logins}) - count)
    except Refused as refused:
        return _class_page(slug, error=refused.text(_)), 422
    if others > 0:
        flash(ngettext(SKIPPED, SKIPPED, others), "warn")
    return redirect(url_for("jobs.show", job_id=job_id))
