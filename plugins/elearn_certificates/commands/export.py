"""elearn certificates export: one certificate as a file, in any of the forms there are."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy.orm import Session

from elearn import SettingError, site_of
from elearn_certificates import proving
from elearn_certificates.bsre.queue import best_file
from elearn_certificates.commands.common import certificate_of, data_option, session_of
from elearn_certificates.models import Certificate

Export = Callable[[Session, Certificate], bytes]


def as_pdf(session: Session, certificate: Certificate) -> bytes:
    """The file as it was issued, to the byte, or with the official's signature appended once there is one."""
    return best_file(session, certificate.id)


def as_proof(form: str) -> Export:
    """The certificate as an Open Badges 3.0 credential or token, or as a badge that carries the credential."""
    return lambda session, certificate: proving.credential(site_of(session), certificate, form)


FORMATS: dict[str, Export] = {
    "pdf": as_pdf,
    "ob3": as_proof("json"),
    "jwt": as_proof("jwt"),
    "svg": as_proof("svg"),
    "png": as_proof("png"),
}


@click.command("export")
@click.argument("number")
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), default="pdf", show_default=True)
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False), default=None, help="Where to; left out: NUMBER.FORMAT here; - is standard output."
)
@data_option
def export_command(number: str, form: str, output: str | None, data: str | None) -> None:
    """Write the certificate NUMBER (or check code) to a file."""
    with session_of(data) as session:
        certificate = certificate_of(session, number)
        content = FORMATS[form](session, certificate)
    if output == "-":
        sys.stdout.buffer.write(content)
        return
    path = Path(output or f"{certificate.number_key}.{form}")
    try:
        path.write_bytes(content)
    except OSError as error:
        raise SettingError(f"{path} cannot be written: {error.strerror}") from error
    click.echo(str(path))
