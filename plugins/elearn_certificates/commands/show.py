"""elearn certificates show: all that is kept about one certificate."""

from __future__ import annotations

import json

import click

from elearn_certificates.commands.common import certificate_of, data_option, session_of


@click.command("show")
@click.argument("number")
@data_option
def show_command(number: str, data: str | None) -> None:
    """The certificate NUMBER (or check code) as JSON: its state, its facts, the hash of its file."""
    with session_of(data) as session:
        row = certificate_of(session, number)
        shown = {
            "number": row.number,
            "state": row.state,
            "state_reason": row.state_reason,
            "state_at": row.state_at.isoformat() if row.state_at else None,
            "issued_at": row.issued_at.isoformat(),
            "sha256": row.sha256,
            "facts": row.facts,
        }
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
