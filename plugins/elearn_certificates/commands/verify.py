"""elearn certificates verify: a file, a check code or the text of a QR code, with the register or without it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from elearn import Said, Translate, language_option, now, said, site_of
from elearn_certificates import finding, proving
from elearn_certificates.commands.common import data_option, session_of
from elearn_certificates.issuing import day_of
from elearn_certificates.signing.keys import KeyRecord
from elearn_certificates.verdict import Verdict

TRANSLATIONS = Path(__file__).parent.parent / "translations"
ENDINGS = {".pdf", ".json", ".jwt", ".svg", ".png"}


@click.command("verify")
@click.argument("target")
@click.option("--offline", is_flag=True, help="By the proofs alone, without the register.")
@click.option(
    "--keys", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Trust the keys in this file (from /v/kunci.json)."
)
@click.option("--revoked", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="A downloaded list of revoked certificates.")
@data_option
@language_option(TRANSLATIONS)
def verify_command(target: str, offline: bool, keys: Path | None, revoked: Path | None, data: str | None, _: Translate) -> None:
    """Check FILE (PDF, JSON, JWT, SVG, PNG), a check code, or the text of a QR code. Leaves with 0 if valid, with 1 if not."""
    from elearn_certificates import verifying  # what reads signatures is slow to load, and no page needs it

    path = Path(target)
    is_file = len(target) < 255 and path.is_file()
    if not is_file and path.suffix.lower() in ENDINGS:  # a slip of the pen is no verdict on a certificate
        raise click.ClickException(f"there is no file {target}")
    content = path.read_bytes() if is_file else target.encode()
    listed = read_list(revoked) if revoked else None
    if keys:
        verdict = verifying.check(content, read_keys(keys), revoked=listed, at=now().astimezone())
    else:
        with session_of(data) as session:
            site = site_of(session)
            at = now().astimezone(ZoneInfo(site.settings["timezone"]))
            verdict = verifying.check(content, proving.ring_of(site).all(), revoked=listed, at=at)
            if not offline:
                verdict = in_register(session, content, verdict, is_file=is_file)
    lines = (f"{_('SAH') if verdict.valid else _('TIDAK SAH')}: {verdict.reason.text(_)}".strip(), *verdict.says)
    click.echo("\n".join(lines))  # at once: the exit code stays the verdict's where a pipe takes the first line alone
    sys.exit(0 if verdict.valid else 1)


def read_keys(path: Path) -> list[KeyRecord]:
    """The keys of a file such as /v/kunci.json gives; ``click.BadParameter`` if it is none."""
    try:
        return [KeyRecord(**{name: one[name] for name in proving.PUBLIC}) for one in json.loads(path.read_text("utf-8"))["keys"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise click.BadParameter(f"{path} holds no keys: {error}") from error


def read_list(path: Path) -> dict[str, Any]:
    """A list of revoked certificates such as /v/status/0.json gives; ``click.BadParameter`` if it is none."""
    try:
        listed = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise click.BadParameter(f"{path} holds no list of revoked certificates: {error}") from error
    if not isinstance(listed, dict) or not isinstance(listed.get("credentialSubject"), dict):
        raise click.BadParameter(f"{path} holds no list of revoked certificates")
    return listed


STANDINGS = {"revoked": said("Dicabut."), "replaced": said("Diganti."), "expired": said("Masa berlakunya habis.")}


def in_register(session: Session, content: bytes, verdict: Verdict, *, is_file: bool) -> Verdict:
    """What the register says, which stands above any signature: it knows what was revoked."""
    from elearn_certificates import verifying

    certificate = None
    if is_file:
        certificate = finding.by_file(session, content)
        if certificate is None and content.startswith(b"%PDF") and verifying.check_paper(content, proving.ring_of(site_of(session)).all()):
            return Verdict(
                valid=True,
                reason=said("Ditandatangani penerbit dan tidak berubah; bukan sertifikat, misalnya transkrip."),
                says=verdict.says,
            )
        if certificate is None and content.startswith(b"%PDF"):
            return Verdict(valid=False, reason=said("Berkas ini tidak sama dengan yang diterbitkan. {why}", why=verdict.reason))
    if certificate is None and (verdict.code or not is_file):
        text = content.decode("utf-8", "replace").strip()
        if text.startswith(("https://", "http://")) and "#" not in text:  # the QR code of a site without keys
            text = text.rstrip("/").rpartition("/")[2]
        certificate = finding.by_code(session, verdict.code or text) or (None if is_file else finding.by_number(session, text))
    if certificate is None:
        return Verdict(valid=False, reason=said("Tidak ada dalam catatan penerbit."), says=verdict.says)
    standing = certificate.standing(day_of(site_of(session), now()))
    if standing != "valid":
        reason = Said("{standing} {why}", standing=STANDINGS[standing], why=certificate.state_reason)
        return Verdict(valid=False, reason=reason, says=verdict.says)
    if (is_file or verdict.code) and not verdict.valid and not content.startswith(b"%PDF"):
        return verdict
    facts = certificate.facts
    says = (certificate.number, facts["person_name"], facts["course_title"], f"{facts['hours']} JP")
    return Verdict(valid=True, reason=said("Menurut catatan penerbit, sertifikat ini sah."), says=says)
