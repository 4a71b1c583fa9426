"""Finding a certificate: by its check code, its number, its file, or its holder."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from elearn import Proof, site_of
from elearn_certificates.bsre.models import Signature
from elearn_certificates.credential.status import LENGTH
from elearn_certificates.issuing import day_of, number_key
from elearn_certificates.models import Certificate
from elearn_certificates.numbering import tidy_code


def by_code(session: Session, text: str) -> Certificate | None:
    """The certificate of a check code, however it was typed."""
    code = tidy_code(text)
    return session.scalar(select(Certificate).where(Certificate.check_code == code)) if code else None


def by_number(session: Session, text: str) -> Certificate | None:
    """The certificate of a number, however it was typed."""
    key = number_key(text[:200])
    return session.scalar(select(Certificate).where(Certificate.number_key == key)) if key else None


def by_file(session: Session, data: bytes) -> Certificate | None:
    """The certificate whose file is this one, to the byte: as issued, or as an official signed it."""
    digest = hashlib.sha256(data).hexdigest()
    signed = select(Signature.certificate_id).where(Signature.sha256 == digest)
    return session.scalar(select(Certificate).where(or_(Certificate.sha256 == digest, Certificate.id.in_(signed))))


def of_person(session: Session, person_id: int) -> list[Certificate]:
    """A person's certificates, the latest first."""
    return list(session.scalars(select(Certificate).where(Certificate.person_id == person_id).order_by(Certificate.id.desc())))


def of_enrolment(session: Session, enrolment_id: int) -> Certificate | None:
    """The certificate of an enrolment, the latest where one was replaced; statements are none."""
    mine = (Certificate.enrolment_id == enrolment_id, Certificate.kind == "certificate")
    return session.scalar(select(Certificate).where(*mine).order_by(Certificate.id.desc()))


def proofs(session: Session, enrolment_ids: Sequence[int]) -> dict[int, Proof]:
    """The certificates that stand for completed courses, by enrolment: the latest of each that is valid. Statements prove no completion."""
    rows = session.execute(
        select(Certificate.enrolment_id, Certificate.number, Certificate.check_code, Certificate.issued_at)
        .where(Certificate.enrolment_id.in_(enrolment_ids), Certificate.kind == "certificate", Certificate.state == "valid")
        .order_by(Certificate.id)
    )
    site = site_of(session)
    return {
        row.enrolment_id: Proof(number=row.number, address=site.url_for_path(f"/v/{row.check_code}"), issued_on=day_of(site, row.issued_at))
        for row in rows
    }


def held_by(session: Session, certificate_id: int, person_id: int) -> Certificate | None:
    """The certificate, for its holder alone."""
    return session.scalar(select(Certificate).where(Certificate.id == certificate_id, Certificate.person_id == person_id))


def ended_codes(session: Session) -> list[str]:
    """The check codes of all certificates that were revoked or replaced."""
    return list(session.scalars(select(Certificate.check_code).where(Certificate.state != "valid").order_by(Certificate.id)))


def revoked_in(session: Session, number: int) -> list[tuple[int, datetime | None]] | None:
    """Ids and times of the certificates no longer valid in one list of the revoked; None if there is no such list yet."""
    first = number * LENGTH
    within = Certificate.id.between(first, first + LENGTH - 1)
    if number and session.scalar(select(Certificate.id).where(within).limit(1)) is None:
        return None
    rows = session.execute(
        select(Certificate.id, Certificate.state_at).where(within, Certificate.state != "valid").order_by(Certificate.id)
    )
    return [(row[0], row[1]) for row in rows]
