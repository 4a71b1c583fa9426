"""Checking a certificate by its proofs alone: a PDF, a credential, a token, a baked badge, or a scanned QR code. No site, no network."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import pem
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from elearn import Said, said
from elearn_certificates.credential import baking, claim, did, integrity, jwt, status
from elearn_certificates.numbering import tidy_code
from elearn_certificates.signing import x509
from elearn_certificates.signing.keys import KeyRecord
from elearn_certificates.verdict import Verdict
from elearn_certificates.words import long_date

UNREADABLE = said("Berkas ini tidak dapat dibaca.")


def check(data: bytes, records: Sequence[KeyRecord], *, revoked: dict[str, Any] | None = None, at: datetime) -> Verdict:
    """The verdict on a file's bytes, or on the text of a QR code, by the keys one trusts. ``revoked`` is a downloaded list."""
    try:
        if data.startswith(b"%PDF"):
            return check_pdf(data, records)
        if data.startswith((b"\x89PNG", b"<")):
            data = baking.taken_out(data).encode()
        text = data.decode("utf-8").strip()
        if text.startswith("{"):
            return check_credential(json.loads(text), records, revoked=revoked, at=at)
        if text.count(".") == 2 and "#" not in text and "/" not in text:
            return check_token(text, records, revoked=revoked, at=at)
        return check_claim(text, records, at=at)
    except Exception as error:  # nobody can list what a hostile file makes its reader raise
        told = error.args[0] if type(error) is ValueError and error.args else None
        return Verdict(valid=False, reason=told if isinstance(told, Said) else UNREADABLE)


def check_claim(address: str, records: Iterable[KeyRecord], *, at: datetime) -> Verdict:
    """The verdict on the text of a QR code; ``at`` is in the zone whose days count."""
    found, signed, signature = claim.read(address)
    worth = f"{found.hours} JP" if found.kind == "certificate" else "Surat Keterangan (tanpa JP)"
    says = (found.number, found.name, found.title, worth, long_date(found.issued_on))
    record = next((one for one in records if one.id == found.key and one.use == "document"), None)
    if record is None:
        return Verdict(valid=False, reason=said("Kunci {key} tidak dikenal.", key=found.key), says=says, code=found.code)
    if not claim.holds(record.key, signed, signature):
        return Verdict(valid=False, reason=said("Tanda tangan pada kode QR tidak cocok: isinya diubah."), says=says, code=found.code)
    if found.expires_on and found.expires_on < at.date():
        return Verdict(
            valid=False, reason=said("Masa berlakunya habis pada {day}.", day=long_date(found.expires_on)), says=says, code=found.code
        )
    return _by_key(record, said("Kode QR ditandatangani penerbit dan tidak berubah."), says=says, code=found.code)


def check_pdf(data: bytes, records: Sequence[KeyRecord]) -> Verdict:
    """The verdict on a PDF by the organisation's signature in it; later signatures are allowed, other changes are not."""
    try:
        signatures = PdfFileReader(io.BytesIO(data)).embedded_signatures
    except Exception as error:  # nobody can list what a hostile file makes its reader raise
        raise ValueError(said("PDF ini tidak dapat dibaca.")) from error
    known = {pem.unarmor(record.certificate.encode())[2]: record for record in records if record.certificate}
    for signature in signatures:
        record = known.get(_signer_of(signature))
        if record is None:
            continue
        if not _sound(signature, record):
            return Verdict(valid=False, reason=said("Berkas diubah setelah ditandatangani."))
        return _by_key(
            record, said("Berkas ditandatangani penerbit dan tidak berubah."), says=(x509.subject(x509.load(record.certificate)),)
        )
    return Verdict(valid=False, reason=said("Tidak ada tanda tangan penerbit yang dikenal di dalam PDF ini."))


def _signer_of(signature: EmbeddedPdfSignature) -> bytes:
    """The certificate of who made a signature, in DER; b"" where it cannot be read."""
    try:
        return bytes(signature.signer_cert.dump())
    except Exception:  # as above
        return b""


def _sound(signature: EmbeddedPdfSignature, record: KeyRecord) -> bool:
    """Whether a signature is that of the key and nothing but later signatures came after it."""
    made = datetime.fromisoformat(record.made_at) + timedelta(days=1)
    trust = ValidationContext(trust_roots=[x509.load(record.certificate)], moment=made, allow_fetching=False)
    try:
        found = validate_pdf_signature(signature, trust)
    except Exception:  # as above
        return False
    whole = found.coverage == SignatureCoverageLevel.ENTIRE_FILE or (
        found.coverage == SignatureCoverageLevel.ENTIRE_REVISION and bool(found.docmdp_ok)
    )
    return bool(found.intact and found.valid and found.trusted and whole)


def check_paper(data: bytes, records: Sequence[KeyRecord]) -> Verdict | None:
    """The verdict on a PDF that is no certificate: valid where the organisation's signature covers all of it. None where it does not, and
    for a certificate, which its check code gives away: no signature covers the room it stands in itself, so a revoked certificate with a
    letter changed there is signed and whole, but no longer known by its hash."""
    try:
        reader = PdfFileReader(io.BytesIO(data))
        found = reader.embedded_signatures
        found[-1].compute_integrity_info()
        whole = len(found) == 1 and found[0].evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE
        if not whole or _leads_to_a_certificate(reader):
            return None
    except Exception:  # as above
        return None
    verdict = check_pdf(data, records)
    return verdict if verdict.valid else None


def _leads_to_a_certificate(reader: PdfFileReader) -> bool:
    """Whether a link on the first page ends in a check code, as the one on every certificate does."""
    links = reader.root["/Pages"]["/Kids"][0].get("/Annots", ())
    actions = [links[place].get("/A", {}) for place in range(len(links))]  # to ask by place follows references
    return any(tidy_code(str(action.get("/URI", "")).rpartition("/")[2]) for action in actions)


def check_credential(document: Any, records: Sequence[KeyRecord], *, revoked: dict[str, Any] | None, at: datetime) -> Verdict:
    """The verdict on an Open Badges 3.0 credential with a Data Integrity proof."""
    proofs = document.get("proof") if isinstance(document, dict) else None
    proof = proofs[0] if isinstance(proofs, list) and proofs else proofs
    if not isinstance(proof, dict):
        raise ValueError(said("Kredensial ini tidak membawa bukti."))
    record = _credential_key(str(proof.get("verificationMethod", "")), document, records)
    if record is None:
        return Verdict(valid=False, reason=said("Kunci yang menandatangani tidak dikenal."), says=_says(document))
    if not integrity.check_proof(document, record.key):
        return Verdict(valid=False, reason=said("Tanda tangan tidak cocok: isinya diubah."), says=_says(document))
    return _standing(document, record, revoked=revoked, records=records, at=at)


def check_token(token: str, records: Sequence[KeyRecord], *, revoked: dict[str, Any] | None, at: datetime) -> Verdict:
    """The verdict on a VC-JWT."""
    header, document = jwt.read(token)
    record = _credential_key(str(header.get("kid", "")), document, records)
    if record is None:
        return Verdict(valid=False, reason=said("Kunci yang menandatangani tidak dikenal."), says=_says(document))
    if not jwt.holds(token, record.key):
        return Verdict(valid=False, reason=said("Tanda tangan tidak cocok: isinya diubah."), says=_says(document))
    return _standing(document, record, revoked=revoked, records=records, at=at)


def _credential_key(method: str, document: dict[str, Any], records: Iterable[KeyRecord]) -> KeyRecord | None:
    """The key of a verification method, which must be the credential's own issuer's."""
    issuer = document.get("issuer")
    issuer = issuer.get("id") if isinstance(issuer, dict) else issuer
    if method.partition("#")[0] != issuer:
        return None
    return did.key_named(method, [record for record in records if record.use == "credential"])


def _standing(
    document: dict[str, Any], record: KeyRecord, *, revoked: dict[str, Any] | None, records: Sequence[KeyRecord], at: datetime
) -> Verdict:
    says, code = _says(document), str(document.get("id", "")).rpartition("/")[2]
    if not str(document.get("validFrom", "")) or datetime.fromisoformat(document["validFrom"]) > at:
        return Verdict(valid=False, reason=said("Kredensial ini belum berlaku."), says=says, code=code)
    if document.get("validUntil") and datetime.fromisoformat(document["validUntil"]) < at:
        return Verdict(valid=False, reason=said("Masa berlakunya habis pada {day}.", day=document["validUntil"][:10]), says=says, code=code)
    if revoked is not None and _is_revoked(document, revoked, records):
        return Verdict(valid=False, reason=said("Sertifikat ini dicabut menurut daftar pencabutan."), says=says, code=code)
    return _by_key(record, said("Kredensial ditandatangani penerbit dan tidak berubah."), says=says, code=code)


def _is_revoked(document: dict[str, Any], listed: dict[str, Any], records: Sequence[KeyRecord]) -> bool:
    entry = document.get("credentialStatus") or {}
    proof = (listed.get("proof") or [{}])[0]
    record = _credential_key(str(proof.get("verificationMethod", "")), listed, records)
    if record is None or record.state == "revoked" or not integrity.check_proof(listed, record.key):
        raise ValueError(said("Daftar pencabutan itu tidak ditandatangani penerbit."))
    if listed.get("id") != entry.get("statusListCredential"):
        raise ValueError(said("Daftar pencabutan itu bukan daftar untuk kredensial ini."))
    return status.is_set(str(listed["credentialSubject"]["encodedList"]), int(entry["statusListIndex"]))


def _by_key(record: KeyRecord, reason: Said, *, says: tuple[str, ...], code: str = "") -> Verdict:
    if record.state == "revoked":
        lost = "Kunci {key} dicabut pada {day}: tanda tangannya saja tidak lagi membuktikan apa pun. Tanyakan kepada penerbit."
        return Verdict(valid=False, reason=said(lost, key=record.id, day=record.ended_at[:10]), says=says, code=code)
    return Verdict(valid=True, reason=reason, says=says, code=code)


def _says(document: dict[str, Any]) -> tuple[str, ...]:
    subject = document.get("credentialSubject")
    subject = subject if isinstance(subject, dict) else {}
    names = [str(one.get("identityHash")) for one in subject.get("identifier") or [] if isinstance(one, dict) and not one.get("hashed")]
    hours = f"{subject['creditsEarned']} JP" if "creditsEarned" in subject else ""
    return tuple(filter(None, (str(subject.get("licenseNumber") or ""), *names, str(document.get("name") or ""), hours)))
