"""What others need to check certificates without us: keys, DID document, list of the revoked, a page to keep; the holder's credentials."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, abort, render_template
from werkzeug.wrappers import Response as AnyResponse

from elearn import Refused, found, limiter, now, public, reading, signed_in, site_of, viewer
from elearn_certificates import finding, proving
from elearn_certificates.credential import claim, did, status

EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)


def add_routes(blueprint: Blueprint) -> None:
    """Hang the routes into the plugin's blueprint."""
    blueprint.get("/did.json")(did_document)
    blueprint.get("/kunci.json")(keys)
    blueprint.get("/status/<int:number>.json")(status_list)
    blueprint.get("/luring.html")(page)
    blueprint.get("/saya/<int:certificate_id>/bukti.<form>")(proof)


def _json(value: Any, mimetype: str = "application/json") -> AnyResponse:
    answer = Response(json.dumps(value, ensure_ascii=False, indent=1), mimetype=mimetype)
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@public
def did_document() -> AnyResponse:
    """The DID document of ``did:web:<host>:v``."""
    site = site_of(reading())
    return _json(did.document(did.web_did(site.url_for_path("")), proving.ring_of(site).all()), "application/did+json")


@public
def keys() -> AnyResponse:
    """All public keys, for ``elearn certificates verify --keys``."""
    return _json({"keys": proving.public_keys(site_of(reading()))})


@public
@limiter.limit("30/minute")
def status_list(number: int) -> AnyResponse:
    """The list of revoked certificates, one bit each."""
    session = reading()
    rows = finding.revoked_in(session, number)
    if rows is None:
        abort(404)
    try:
        listed = proving.status_list(
            site_of(session),
            number,
            [status.place(one)[1] for one, _ in rows],
            changed_at=max((at for _, at in rows if at), default=EARLIEST),
        )
    except Refused:
        abort(404)
    return _json(listed, "application/vc+ld+json")


@public
@limiter.limit("30/minute")
def page() -> AnyResponse:
    """The page that checks QR codes without a network, to keep. It is a download: its script stands in it, which this site's pages forbid."""
    session = reading()
    site = site_of(session)
    text = render_template(
        "certificates/offline.html",
        keys=proving.public_keys(site),
        ended=[claim.mark_of(code) for code in finding.ended_codes(session)],
        issuer=site.organiser,
        made_at=now(),
    )
    answer = Response(text, mimetype="text/html")
    answer.headers["Content-Disposition"] = "attachment; filename=periksa-sertifikat.html"
    return answer


@signed_in
def proof(certificate_id: int, form: str) -> AnyResponse:
    """My certificate as a credential or a badge."""
    session = reading()
    mimetype = found(proving.FORMS.get(form))
    certificate = found(finding.held_by(session, certificate_id, viewer().id))
    answer = Response(proving.credential(site_of(session), certificate, form), mimetype=mimetype)
    answer.headers["Content-Disposition"] = f"attachment; filename=sertifikat-{certificate.number_key}.{form}"
    return answer
