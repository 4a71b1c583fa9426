"""The public check of a certificate, and the holder's own pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, request, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from elearn import (
    ContentError,
    bounded,
    found,
    limiter,
    needs,
    now,
    public,
    reading,
    render,
    setting,
    signed_in,
    site_of,
    standings_of,
    viewer,
    writing,
)
from elearn_certificates import finding, life, proof_views, proving
from elearn_certificates.archive import zip_of
from elearn_certificates.bsre import queue
from elearn_certificates.bsre import views as bsre_views
from elearn_certificates.credential import status
from elearn_certificates.facts import Facts
from elearn_certificates.issuing import day_of
from elearn_certificates.models import Certificate
from elearn_certificates.numbering import mask_name, mask_nip, tidy_code
from elearn_certificates.verdict import Verdict

blueprint = Blueprint("certificates", __name__, template_folder="templates")
proof_views.add_routes(blueprint)
bsre_views.add_routes(blueprint)
Answer = str | tuple[Any, int] | AnyResponse
CHECKS = "60/minute;600/hour"
# anybody may send a paper; to read one of ours takes a second and 100 MB, what reads it included
PAPER_SECONDS, PAPER_BYTES = 8, 300_000_000


def _unlisted(page: str, status: int = 200) -> AnyResponse:
    answer = make_response(page, status)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@blueprint.get("", strict_slashes=False)
@public
def form() -> Answer:
    """Type a number or a code, or hand in a file."""
    typed = " ".join(request.args.get("nomor", "").split())[:200]
    if typed:
        return redirect(url_for(".verdict", key=tidy_code(typed) or typed))
    return _unlisted(render("certificates/form.html"))


@blueprint.get("/<path:key>")
@public
@limiter.limit(CHECKS)
def verdict(key: str) -> Answer:
    """The verdict on a certificate. Its check code opens what the paper says; its number alone only whether it is valid."""
    session = reading()
    code = tidy_code(key) or tidy_code(request.args.get("kode", ""))
    certificate = finding.by_code(session, code) if code else None
    whole = certificate is not None
    if certificate is None:
        certificate = finding.by_number(session, key)
    if certificate is None:
        return _unlisted(
            render("certificates/verdict.html", certificate=None, key=key[:120], issuer=site_of(session).organiser, at=now()), 404
        )
    return _unlisted(_verdict(certificate, whole=whole))


def _verdict(certificate: Certificate, *, whole: bool, same_file: bool = False) -> str:
    facts = Facts.from_json(certificate.facts)
    session = reading()
    policy = str(setting("certificates.public_name"))
    names = {"full": facts.person_name, "none": ""}
    links = {"successor": certificate.replaced_by_id, "predecessor": certificate.replaces_id} if whole else {}
    return render(
        "certificates/verdict.html",
        certificate=certificate,
        facts=facts if whole else None,
        standing=certificate.standing(day_of(site_of(session), now())),
        policy=policy,
        name=names.get(policy, mask_name(facts.person_name)),
        nip=mask_nip(facts.person_number),
        same_file=same_file,
        list_number=status.place(certificate.id)[0],
        listed=proving.ring_of(site_of(session)).active("credential") is not None,
        signature=queue.signature_of(session, certificate.id) if whole else None,
        at=now(),
        **{name: session.get(Certificate, other) if other else None for name, other in links.items()},
    )


@blueprint.post("/berkas")
@public
@limiter.limit("20/minute;200/hour")
def check_file() -> Answer:
    """Whether a PDF is the one that was issued, to the byte. It is hashed, and kept nowhere."""
    upload = request.files.get("berkas")
    data = upload.read() if upload else b""
    certificate = finding.by_file(reading(), data) if data else None
    if certificate is None:
        paper = _paper(data) if data.startswith(b"%PDF") else None
        return _unlisted(render("certificates/form.html", unknown=bool(data), missing=not data, paper=paper), 200 if data else 400)
    return _unlisted(_verdict(certificate, whole=True, same_file=True))


def _paper(data: bytes) -> Verdict | None:
    """What is signed by us and no certificate, such as a transcript. A stranger's file is read in a child process."""
    from elearn_certificates import verifying  # what reads signatures is slow to load

    session = reading()
    records = proving.ring_of(site_of(session)).all()
    session.commit()  # no connection is held while the child works, or waits for its turn
    try:
        return bounded(verifying.check_paper, data, records, cpu_seconds=PAPER_SECONDS, memory_bytes=PAPER_BYTES)
    except (ContentError, MemoryError):  # too heavy to read is not ours
        return None


@blueprint.get("/saya")
@signed_in
def mine() -> Answer:
    """My certificates."""
    session = reading()
    has_keys = proving.ring_of(site_of(session)).active("credential") is not None
    rows = finding.of_person(session, viewer().id)
    periods = sorted((row for row in rows if row.kind == "certificate"), key=lambda row: (row.enrolment_id or 0, row.id))
    latest = {row.course_slug: row.id for row in periods}
    renewable = {row.id for row in rows if latest.get(row.course_slug) == row.id and life.may_renew(session, row)}
    again = {one.slug for one in standings_of(session, viewer().id) if one.state == "active"} if renewable else set()
    today = day_of(site_of(session), now())
    return render("certificates/mine.html", certificates=rows, renewable=renewable, again=again, today=today, has_keys=has_keys)


@blueprint.get("/saya.zip")
@signed_in
def mine_archive() -> Answer:
    """My certificates' files as one ZIP."""
    session = reading()
    ids = [row.id for row in finding.of_person(session, viewer().id)]
    headers = {"Content-Disposition": "attachment; filename=sertifikat-saya.zip"}
    return Response(stream_with_context(zip_of(session, ids)), mimetype="application/zip", headers=headers)


@blueprint.post("/saya/<int:certificate_id>/perpanjang")
@signed_in
def renew(certificate_id: int) -> Answer:
    """Begin the course again, to renew my certificate."""
    with writing() as session:
        certificate = session.get(Certificate, certificate_id)
        if certificate is not None and certificate.person_id != viewer().id:
            certificate = None
        standing = life.renew(session, found(certificate))
    return redirect(url_for("catalogue.course", slug=standing.slug))


@blueprint.get("/saya/<int:certificate_id>.pdf")
@signed_in
def pdf(certificate_id: int) -> Answer:
    """My certificate's file, as it was issued, or with the official's signature appended once there is one."""
    session = reading()
    certificate = found(finding.held_by(session, certificate_id, viewer().id))
    data = queue.best_file(session, certificate_id)
    name = f"sertifikat-{certificate.number_key}.pdf"
    return Response(data, mimetype="application/pdf", headers={"Content-Disposition": f"inline; filename={name}"})


@blueprint.post("/<int:certificate_id>/cabut")
@needs("certificates.revoke", everywhere=True)
def revoke(certificate_id: int) -> Answer:
    """Revoke a certificate, with a reason."""
    with writing() as session:
        certificate = found(session.get(Certificate, certificate_id))
        life.revoke(session, certificate_id, by=viewer().id, reason=request.form.get("alasan", ""))
    return redirect(url_for(".verdict", key=certificate.check_code))
