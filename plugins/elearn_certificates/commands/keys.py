"""elearn certificates key new|list|retire|revoke, and elearn certificates signer."""

from __future__ import annotations

from pathlib import Path

import click

from elearn import note, site_of
from elearn_certificates import proving
from elearn_certificates.commands.common import data_option, session_of
from elearn_certificates.signing import service
from elearn_certificates.signing.keys import USES


@click.group("key")
def key_command() -> None:
    """The organisation's keys."""


@key_command.command("new")
@click.option("--use", type=click.Choice([*USES, "both"]), default="both", help="What it signs.")
@click.option("--module", default="", help="A PKCS#11 library: the key is made in its token (--use document).")
@click.option("--token", default="", help="The token's label.")
@click.option("--label", default="elearn", help="The key's label in the token.")
@data_option
def new(use: str, module: str, token: str, label: str, data: str | None) -> None:
    """Make a key that signs from now on. What the ones before it signed stays good."""
    if module and use != "document":
        raise click.UsageError("--module needs --use document: tokens do not hold Ed25519 keys")
    with session_of(data) as session:
        for one in USES if use == "both" else (use,):
            inside = {"module": module, "token": token, "label": label} if module else None
            record = proving.new_key(site_of(session), one, token=inside)
            note(session, "certificate.key.new", actor=None, subject=record.id, detail=one)
            click.echo(f"{record.id}  {USES[one]}")


@key_command.command("list")
@data_option
def list_command(data: str | None) -> None:
    """All keys there ever were."""
    with session_of(data) as session:
        for record in proving.ring_of(site_of(session)).all():
            where = f"token {record.token}" if record.module else "file"
            ended = f"  {record.ended_at[:10]} {record.reason}" if record.ended_at else ""
            click.echo(f"{record.id}  {record.use:<10}  {record.state:<7}  {record.made_at[:10]}  {where}{ended}")


@key_command.command("retire")
@click.argument("key")
@data_option
def retire(key: str, data: str | None) -> None:
    """Sign no more with a key. What it signed stays good."""
    _end(key, state="retired", reason="", data=data)


@key_command.command("revoke")
@click.argument("key")
@click.option("--reason", required=True, help="Shown to whoever checks.")
@data_option
def revoke(key: str, reason: str, data: str | None) -> None:
    """Declare a key lost. Its signatures prove nothing by themselves any more; the register still does."""
    _end(key, state="revoked", reason=reason, data=data)


def _end(key: str, *, state: str, reason: str, data: str | None) -> None:
    with session_of(data) as session:
        proving.ring_of(site_of(session)).end(key, state=state, reason=reason)
        note(session, f"certificate.key.{state}", actor=None, subject=key, detail=reason)


@click.command("signer")
@click.argument("socket", type=click.Path(path_type=Path))
@click.option("--keys", type=click.Path(path_type=Path, file_okay=False, exists=True), required=True, help="The folder of keys.")
def signer_command(socket: Path, keys: Path) -> None:
    """Serve signatures on a Unix socket, as a user of its own who alone can read the keys (setting certificates.signer)."""
    service.serve_socket(keys, socket)
