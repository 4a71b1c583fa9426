"""The official's page: what waits, and signing it in batches."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.wrappers import Response as AnyResponse

from elearn import found, limiter, needs, read_id, reading, render, site_of, viewer, writing
from elearn import gettext as _
from elearn_certificates.bsre import queue
from elearn_certificates.bsre.client import Official

Form = MultiDict[str, str]
EMPTY: Form = ImmutableMultiDict()


def add_routes(blueprint: Blueprint) -> None:
    """Hang the routes into the plugin's blueprint."""
    blueprint.get("/tte")(signing)
    blueprint.post("/tte")(sign)


@needs("certificates.sign", everywhere=True)
def signing() -> str | AnyResponse:
    """Certificates that wait for my signature."""
    return _page()


def _page(outcome: queue.Outcome | None = None, *, typed: Form = EMPTY, error: str = "", wrong: str = "") -> str:
    """The queue. ``typed`` is what the form keeps of the request that this answers: NIK and choice, never the passphrase."""
    session = reading()
    found(queue.service_of(site_of(session)))
    count, rows = queue.waiting(session)
    return render(
        "certificates/signing.html", count=count, rows=rows, outcome=outcome, spoken=spoken, typed=typed, error=error, wrong=wrong
    )


def spoken(reason: str) -> str:
    """Why there is no signature, in the viewer's language; the service's own status stands behind it as it came."""
    text, mark, status = reason.partition(" (")
    return (_(text) if text else "") + mark + status


@needs("certificates.sign", everywhere=True)
@limiter.limit("10/minute")
def sign() -> str | AnyResponse | tuple[str, int]:
    """Sign the chosen ones. The passphrase goes to the service and nowhere else; the NIK comes back in this answer where something is
    left to sign, and is kept nowhere."""
    service = found(queue.service_of(site_of(reading())))
    chosen = [read_id(one) for one in request.form.getlist("pilih")]
    official = Official(nik="".join(request.form.get("nik", "").split()), passphrase=request.form.get("passphrase", ""))
    if not chosen:
        return redirect(url_for(".signing"))
    if not (official.nik.isdecimal() and len(official.nik) == 16):
        return _page(typed=request.form, error=_("NIK harus 16 angka."), wrong="nik"), 422
    if not official.passphrase:
        return _page(typed=request.form, error=_("Isi passphrase Anda."), wrong="passphrase"), 422
    outcome = queue.sign_batch(writing, service, official, chosen, by=viewer().id or 0)
    return _page(outcome, typed=request.form if outcome.reason else EMPTY)
