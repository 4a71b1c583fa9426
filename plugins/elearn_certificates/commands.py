"""``elearn certificates``: keys, the check of a file or a code, and a certificate in another form."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from elearn import Refused, Site, create_app, note, now, site_of
from elearn_certificates import finding, proving, verifying
from elearn_certificates.models import Certificate, CertificateFile
from elearn_certificates.signing import service
from elearn_certificates.signing.keys import USES, KeyRecord

data_option = click.option("--data", type=click.Path(file_okay=False), default=None, help="The site's data folder (or ELEARN_DATA).")


@contextmanager
def session_of(data: str | None, *, check_schema: bool = True) -> Iterator[Session]:
    """A session on the site in ``data`` that commits at the end of the block."""
    app = create_app(data, check_schema=check_schema)
    with app.app_context(), app.extensions["elearn"].outbox.open_session() as session:
        yield session
        session.commit()


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
    with session_of(data, check_schema=False) as session:
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


@click.command("verify")
@click.argument("target")
@click.option("--offline", is_flag=True, help="By the proofs alone, without the register.")
@click.option(
    "--keys", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Trust the keys in this file (from /v/kunci.json)."
)
@click.option("--revoked", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="A downloaded list of revoked certificates.")
@data_option
def verify_command(target: str, offline: bool, keys: Path | None, revoked: Path | None, data: str | None) -> None:
    """Check FILE (PDF, JSON, JWT, SVG, PNG), a check code, or the text of a QR code. Leaves with 0 if valid, with 1 if not."""
    path = Path(target)
    is_file = len(target) < 255 and path.is_file()
    content = path.read_bytes() if is_file else target.encode()
    listed = json.loads(revoked.read_text("utf-8")) if revoked else None
    if keys:
        verdict = verifying.check(content, read_keys(keys), revoked=listed, at=now())
    else:
        with session_of(data, check_schema=not offline) as session:
            site = site_of(session)
            verdict = verifying.check(content, proving.ring_of(site).all(), revoked=listed, at=now())
            if not offline:
                verdict = in_register(session, content, verdict, is_file=is_file)
    for line in (("SAH" if verdict.valid else "TIDAK SAH") + f": {verdict.reason}", *verdict.says):
        click.echo(line)
    sys.exit(0 if verdict.valid else 1)


def read_keys(path: Path) -> list[KeyRecord]:
    """The keys of a file such as /v/kunci.json gives; ``click.BadParameter`` if it is none."""
    try:
        return [KeyRecord(**{name: one[name] for name in proving.PUBLIC}) for one in json.loads(path.read_text("utf-8"))["keys"]]
    except (ValueError, KeyError, TypeError) as error:
        raise click.BadParameter(f"{path} holds no keys: {error}") from error


def in_register(session: Session, content: bytes, verdict: verifying.Verdict, *, is_file: bool) -> verifying.Verdict:
    """What the register says, which stands above any signature: it knows what was revoked."""
    certificate = None
    if is_file:
        certificate = finding.by_file(session, content)
        if certificate is None and content.startswith(b"%PDF"):
            return verifying.Verdict(valid=False, reason=f"Berkas ini tidak sama dengan yang diterbitkan. {verdict.reason}")
    if certificate is None and (verdict.code or not is_file):
        text = content.decode("utf-8", "replace").strip()
        certificate = finding.by_code(session, verdict.code or text) or (None if is_file else finding.by_number(session, text))
    if certificate is None:
        return verifying.Verdict(valid=False, reason="Tidak ada dalam catatan penerbit.", says=verdict.says)
    if certificate.state != "valid":
        return verifying.Verdict(valid=False, reason=f"Dicabut: {certificate.state_reason}", says=verdict.says)
    if (is_file or verdict.code) and not verdict.valid and not content.startswith(b"%PDF"):
        return verdict
    facts = certificate.facts
    says = (certificate.number, facts["person_name"], facts["course_title"], f"{facts['hours']} JP")
    return verifying.Verdict(valid=True, reason="Menurut catatan penerbit, sertifikat ini sah.", says=says)


@click.command("export")
@click.argument("number")
@click.option("--format", "form", type=click.Choice(["pdf", "ob3", "jwt", "svg", "png"]), default="pdf")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file; standard output if left out.")
@data_option
def export_command(number: str, form: str, output: Path | None, data: str | None) -> None:
    """A certificate as its PDF, as an Open Badges 3.0 credential or token, or as a badge that carries the credential."""
    with session_of(data) as session:
        certificate = finding.by_number(session, number) or finding.by_code(session, number)
        if certificate is None:
            raise Refused("no_certificate", "Tidak ada sertifikat {number}.", number=number)
        content = exported(session, site_of(session), certificate, form)
    if output:
        output.write_bytes(content)
    else:
        with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
            out.write(content)


def exported(session: Session, site: Site, certificate: Certificate, form: str) -> bytes:
    """The bytes of a certificate in a form."""
    if form == "pdf":
        found: Any = session.get(CertificateFile, certificate.id)
        return bytes(found.pdf)
    return proving.credential(site, certificate, "json" if form == "ob3" else form)


commands = (key_command, signer_command, verify_command, export_command)
