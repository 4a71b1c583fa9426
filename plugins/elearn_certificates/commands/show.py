"""elearn certificates show: all that is kept about one certificate."""

from __future__ import annotations

import json

import click
from sqlalchemy.orm import Session

from elearn import now, site_of
from elearn_certificates.bsre.queue import signature_of
from elearn_certificates.commands.common import certificate_of, data_option, session_of
from elearn_certificates.issuing import day_of
from elearn_certificates.models import Certificate


@click.command("show")
@click.argument("number")
@data_option
def show_command(number: str, data: str | None) -> None:
    """The certificate NUMBER (or check code) as JSON: its state, its facts, the hash of its file."""
    with session_of(data) as session:
        row = certificate_of(session, number)
        shown = {
            "number": row.number,
            "standing": row.standing(day_of(site_of(session), now())),
            "state": row.state,
            "state_reason": row.state_reason,
            "state_at": row.state_at.isoformat() if row.state_at else None,
            "issued_at": row.issued_at.isoformat(),
            "sha256": row.sha256,
            "replaces": _number(session, row.replaces_id),
            "replaced_by": _number(session, row.replaced_by_id),
            "signature": _signature(session, row.id),
            "facts": row.facts,
        }
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2))


def _number(session: Session, certificate_id: int | None) -> str | None:
    return session.get_one(Certificate, certificate_id).number if certificate_id else None


def _signature(session: Session, certificate_id: int) -> dict[str, str | None] | None:
    """Where it stands with the official's signature; None where it needs none."""
    row = signature_of(session, certificate_id)
    if row is None:
        return None
    return {"state": row.state, "signed_at": row.signed_at.isoformat() if row.signed_at else None, "sha256": row.sha256}
