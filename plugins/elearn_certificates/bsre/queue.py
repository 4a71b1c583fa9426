"""The queue of certificates that wait for an official, and the batch that an official signs."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from elearn import Site, insert_once, note, now, said
from elearn_certificates.bsre.client import BsreError, Official, Service, sign
from elearn_certificates.bsre.models import Signature
from elearn_certificates.models import Certificate, CertificateFile

SHOWN = 50  # certificates on the page, and the most in one batch
BUDGET = 90.0  # seconds after which a batch takes no further document
LEASE = timedelta(minutes=15)  # after which what somebody took and never finished is free again
BUSY = said("Sebagian sedang ditandatangani di tempat lain. Bila itu terputus, sertifikatnya dapat ditandatangani lagi setelah 15 menit.")
LATE = said("Sisanya tetap menunggu: satu angkatan hanya boleh berjalan satu setengah menit.")
Writing = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a batch went: how many were signed, and why it ended before its end ("" if it did not) or what some lacked."""

    signed: int
    failed: int
    reason: str


def service_of(site: Site) -> Service | None:
    """The service of a site; None where it uses none."""
    settings = site.settings
    if not settings["certificates.bsre_url"]:
        return None
    return Service(
        url=settings["certificates.bsre_url"],
        user=settings["certificates.bsre_user"],
        password=settings["certificates.bsre_password"],
        patience=settings["certificates.bsre_timeout"],
    )


def enqueue(session: Session, site: Site, certificate_id: int) -> None:
    """Let a new certificate wait for its signature, on sites that have the service."""
    if site.settings["certificates.bsre_url"]:
        insert_once(
            session, Signature, values={"certificate_id": certificate_id, "state": "waiting", "attempts": 0, "error": "", "document_id": ""},
            key=("certificate_id",),
        )  # fmt: skip


def waiting(session: Session) -> tuple[int, list[tuple[Certificate, Signature]]]:
    """How many wait, and the oldest of them."""
    due = (Signature.state == "waiting", Certificate.state == "valid")
    joined = select(Certificate, Signature).join(Signature, Signature.certificate_id == Certificate.id).where(*due)
    count = session.scalar(select(func.count()).select_from(joined.subquery())) or 0
    rows = session.execute(joined.order_by(Certificate.id).limit(SHOWN))
    return count, [(row[0], row[1]) for row in rows]


def signature_of(session: Session, certificate_id: int) -> Signature | None:
    """Where a certificate stands with its certified signature."""
    return session.get(Signature, certificate_id)


def signed_file(session: Session, certificate_id: int) -> bytes | None:
    """The file with the official's signature, if it is there already."""
    return session.scalar(select(Signature.pdf).where(Signature.certificate_id == certificate_id, Signature.state == "signed"))


def best_file(session: Session, certificate_id: int) -> bytes:
    """The file to hand out: with the official's signature where there is one already, else as it was issued."""
    return signed_file(session, certificate_id) or session.get_one(CertificateFile, certificate_id).pdf


def sign_batch(writing: Writing, service: Service, official: Official, chosen: Sequence[int], *, by: int) -> Outcome:
    """Have the chosen certificates signed, one after the other. Each is kept as soon as it is signed; no transaction waits for the service."""
    begun, signed, failed, reason = time.monotonic(), 0, 0, ""
    for certificate_id in chosen[:SHOWN]:
        if time.monotonic() - begun > BUDGET:
            reason = LATE
            break
        with writing() as session:
            taken = _take(session, certificate_id)
        if taken is None:
            continue
        number, pdf = taken
        try:
            with_signature, document_id = sign(service, official, pdf, name=number)
        except BsreError as error:
            failed, reason = failed + 1, error.reason
            with writing() as session:
                _give_back(session, certificate_id, error.reason)
            if error.stop:
                break
            continue
        with writing() as session:
            _keep(session, certificate_id, with_signature, document_id=document_id, by=by)
        signed += 1
    if not reason:
        with writing() as session:
            reason = BUSY if _in_other_hands(session, chosen) else ""
    return Outcome(signed=signed, failed=failed, reason=reason)


def _take(session: Session, certificate_id: int) -> tuple[str, bytes] | None:
    free = or_(Signature.taken_at.is_(None), Signature.taken_at < now() - LEASE)
    mine = update(Signature).where(Signature.certificate_id == certificate_id, Signature.state == "waiting", free)
    taken = session.execute(mine.values(taken_at=now(), attempts=Signature.attempts + 1).returning(Signature.certificate_id)).first()
    row = session.execute(
        select(Certificate.number_key, CertificateFile.pdf)
        .join(CertificateFile, CertificateFile.certificate_id == Certificate.id)
        .where(Certificate.id == certificate_id, Certificate.state == "valid")
    ).first()
    return (row[0], row[1]) if taken and row else None


def _in_other_hands(session: Session, chosen: Sequence[int]) -> bool:
    """Whether somebody else is signing one of them, or was when their process died."""
    held = select(Signature.certificate_id).join(Certificate, Certificate.id == Signature.certificate_id)
    still = (Signature.state == "waiting", Signature.taken_at.is_not(None), Certificate.state == "valid")
    return session.scalar(held.where(Signature.certificate_id.in_(chosen[:SHOWN]), *still).limit(1)) is not None


def _give_back(session: Session, certificate_id: int, reason: str) -> None:
    session.execute(update(Signature).where(Signature.certificate_id == certificate_id).values(taken_at=None, error=reason[:200]))


def _keep(session: Session, certificate_id: int, pdf: bytes, *, document_id: str, by: int) -> None:
    session.execute(
        update(Signature)
        .where(Signature.certificate_id == certificate_id, Signature.state == "waiting")
        .values(
            state="signed", taken_at=None, error="", signed_at=now(), signed_by=by, document_id=document_id,
            sha256=hashlib.sha256(pdf).hexdigest(), pdf=pdf,
        )
    )  # fmt: skip
    note(session, "certificate.sign", actor=by, subject=str(certificate_id), detail=document_id)
