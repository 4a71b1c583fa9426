"""What may become of a certificate after its issue: revoked, replaced, renewed. Nothing here touches its facts or its file."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace as changed
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from elearn import ContentError, Person, Refused, Standing, enrol_again, note, now, site_of
from elearn_certificates.design.site import designs_of
from elearn_certificates.design.values import choose
from elearn_certificates.events import CertificateExpires
from elearn_certificates.facts import Facts
from elearn_certificates.issuing import day_of, register
from elearn_certificates.models import Certificate
from elearn_certificates.words import long_date

MAY_CHANGE = ("person_name", "post", "rank", "unit")


def revoke(session: Session, certificate_id: int, *, by: int | None, reason: str) -> None:
    """Take a certificate's validity, with the reason that its public page shows. Raises ``Refused`` without one, and where it has none left."""
    if not reason.strip():
        raise Refused("no_reason", "Tulis alasan pencabutan.")
    _end(session, certificate_id, state="revoked", reason=reason, by=by)
    note(session, "certificate.revoke", actor=by, subject=str(certificate_id), detail=reason.strip())


def replace(session: Session, certificate_id: int, *, by: int | None, reason: str, changes: Mapping[str, str]) -> Certificate:
    """Issue a certificate anew with another spelling of what it says of its holder; the old one stays, marked as replaced.

    ``changes`` may name person_name, post, rank and unit. What was learnt, and when, stays as it was. Raises ``Refused`` without a
    reason or a change, for invisible signs, where the old one is no longer valid, and while a design of the site is faulty.
    """
    if not reason.strip():
        raise Refused("no_reason", "Tulis alasan penggantian.")
    site = site_of(session)
    old = session.get_one(Certificate, certificate_id)
    facts = Facts.from_json(old.facts)
    wanted: dict[str, Any] = {name: _printable(str(changes[name])) for name in MAY_CHANGE if name in changes}
    if not wanted.get("person_name", facts.person_name):
        raise Refused("no_name", "Nama tidak boleh kosong.")
    if all(getattr(facts, name) == text for name, text in wanted.items()):
        raise Refused("no_change", "Tidak ada yang berubah. Perbaiki dahulu nama, jabatan, pangkat, atau unitnya.")
    _end(session, certificate_id, state="replaced", reason=reason, by=by)

    def make(number: str, code: str, today: date) -> Facts:
        values: dict[str, Any] = {
            "number": number,
            "check_code": code,
            "verify_url": site.url_for_path(f"/v/{code}"),
            "issued_on": today,
            "replaces": old.number,
        }
        return changed(facts, **values, **wanted)

    try:
        new = register(session, f"replace:{old.id}", person_id=old.person_id, enrolment_id=old.enrolment_id, make=make, replaces_id=old.id)
    except ContentError as error:
        raise Refused(
            "design", "Rancangan sertifikat di situs ini keliru. Perbaiki dahulu: elearn check menyebutkan kesalahannya."
        ) from error
    session.execute(update(Certificate).where(Certificate.id == old.id).values(replaced_by_id=new.id))
    note(session, "certificate.replace", actor=by, subject=str(old.id), detail=f"{old.number} -> {new.number}: {reason.strip()}")
    return new


def _printable(text: str) -> str:
    """A text as people's own data are kept: composed, one space between words, at most 200 letters. Raises ``Refused`` for signs that
    nobody sees: they break a badge, and a name that bears one is not found."""
    kept = " ".join(unicodedata.normalize("NFC", text).split())[:200]
    if any(unicodedata.category(sign).startswith("C") for sign in kept):
        raise Refused("signs", "Isian memuat tanda yang tidak terlihat. Ketik ulang tanpa menyalin.")
    return kept


def _end(session: Session, certificate_id: int, *, state: str, reason: str, by: int | None) -> None:
    values: dict[str, Any] = {"state": state, "state_reason": reason.strip()[:500], "state_at": now(), "state_by": by}
    ended = update(Certificate).where(Certificate.id == certificate_id, Certificate.state == "valid").values(**values)
    if session.execute(ended.returning(Certificate.id)).first() is None:
        raise Refused("not_valid", "Sertifikat ini sudah dicabut atau diganti.")


def may_renew(session: Session, certificate: Certificate) -> bool:
    """Whether its window of renewal is open: in the days before it expires, and ever after; a paper that was ended is not renewed.
    While a design of the site is faulty no window is known, and none is open."""
    if certificate.state != "valid" or certificate.expires_on is None:
        return False
    site = site_of(session)
    try:
        design = choose(designs_of(site), certificate.course_slug)
    except ContentError:
        return False
    return day_of(site, now()) >= certificate.expires_on - timedelta(days=design.renew_days if design else 90)


def renew(session: Session, certificate: Certificate) -> Standing:
    """Begin the course again as a new period; completing it brings a new certificate, and this one stays in the history.

    Asked twice it begins once. Raises ``Refused`` outside the window.
    """
    if not may_renew(session, certificate):
        raise Refused("window", "Sertifikat ini belum dapat diperpanjang.")
    if certificate.enrolment_id is not None and not latest_of_course(session, certificate):
        raise Refused("renewed", "Sertifikat ini sudah diperpanjang.")
    return enrol_again(session, certificate.person_id, certificate.course_slug)


def latest_of_course(session: Session, certificate: Certificate) -> bool:
    """Whether the holder has no certificate of a later period of the same course. What replaced one of an earlier period is not later."""
    later = select(Certificate.id).where(
        Certificate.person_id == certificate.person_id,
        Certificate.course_slug == certificate.course_slug,
        Certificate.kind == "certificate",
        Certificate.enrolment_id > certificate.enrolment_id,
    )
    return session.scalar(later.limit(1)) is None


def remind(session: Session, event: CertificateExpires) -> Callable[[], None] | None:
    """Mail the holder when the window opens, unless the paper was ended or renewed before."""
    certificate = session.get(Certificate, event.certificate_id)
    if certificate is None or certificate.state != "valid" or certificate.expires_on is None or not latest_of_course(session, certificate):
        return None
    person = session.get(Person, certificate.person_id)
    if person is None or not person.email or not person.active:
        return None
    site = site_of(session)
    last_day = long_date(certificate.expires_on)
    return partial(
        site.mailer.send,
        to=person.email,
        subject=f"Sertifikat Anda berlaku sampai {last_day}",
        body=(
            f"Halo {person.name},\n\nsertifikat {certificate.number} untuk {certificate.facts['course_title']} berlaku sampai {last_day}.\n"
            f"Anda dapat memperpanjangnya mulai sekarang: buka\n\n{site.url_for_path('/v/saya')}\n\nlalu pilih Perpanjang.\n"
        ),
    )
