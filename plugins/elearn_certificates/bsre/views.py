"""The official's page: what waits, and signing it in batches."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from elearn import Refused, found, limiter, needs, reading, render, site_of, viewer, writing
from elearn_certificates.bsre import queue
from elearn_certificates.bsre.client import Official


def add_routes(blueprint: Blueprint) -> None:
    """Hang the routes into the plugin's blueprint."""
    blueprint.get("/tte")(signing)
    blueprint.post("/tte")(sign)


@needs("certificates.sign", everywhere=True)
def signing() -> str | AnyResponse:
    """Certificates that wait for my signature."""
    return _page()


def _page(outcome: queue.Outcome | None = None) -> str:
    session = reading()
    found(queue.service_of(site_of(session)))
    count, rows = queue.waiting(session)
    return render("certificates/signing.html", count=count, rows=rows, outcome=outcome)


@needs("certificates.sign", everywhere=True)
@limiter.limit("10/minute")
def sign() -> str | AnyResponse:
    """Sign the chosen ones. The passphrase goes to the service and nowhere else."""
    service = found(queue.service_of(site_of(reading())))
    chosen = [int(one) for one in request.form.getlist("pilih") if one.isdecimal() and len(one) < 18]
    official = Official(nik="".join(request.form.get("nik", "").split()), passphrase=request.form.get("passphrase", ""))
    if not chosen:
        return redirect(url_for(".signing"))
    if not (official.nik.isdecimal() and len(official.nik) == 16):
        raise Refused("nik", "NIK harus 16 angka.")
    if not official.passphrase:
        raise Refused("passphrase", "Isi passphrase Anda.")
    return _page(queue.sign_batch(writing, service, official, chosen, by=viewer().id or 0))
