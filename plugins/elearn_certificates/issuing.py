"""Issuing a certificate when a course is completed: once, with its number, its facts and its file in one transaction."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from elearn import Course, CourseCompleted, Person, Refused, Site, Standing, Unit, insert_once, note, now, site_of, standing_of
from elearn_certificates import proving
from elearn_certificates.drawing import draw
from elearn_certificates.facts import Facts
from elearn_certificates.models import Certificate, CertificateFile, Serial
from elearn_certificates.numbering import check_code, format_number


def issue(session: Session, event: CourseCompleted) -> None:
    """The subscriber. Told twice, even at once, it issues one certificate and uses one number."""
    standing = standing_of(session, event.enrolment_id)
    person = session.get(Person, event.person_id)
    if standing is None or person is None or standing.state != "completed":
        return
    site = site_of(session)
    key = f"course:{event.enrolment_id}"
    today = _day(site, now())
    insert_once(session, Serial, values={"year": today.year, "last": 0}, key=("year",))
    row = session.scalars(select(Serial).where(Serial.year == today.year).with_for_update().execution_options(populate_existing=True)).one()
    if session.scalar(select(Certificate.id).where(Certificate.key == key)):
        return
    serial = row.last + 1
    session.execute(update(Serial).where(Serial.year == today.year).values(last=serial))
    facts = proving.claimed(site, _facts(session, site, standing, person, event=event, serial=serial, today=today))
    pdf = proving.sealed(site, draw(facts), facts)
    certificate = Certificate(
        key=key,
        person_id=person.id,
        enrolment_id=event.enrolment_id,
        year=today.year,
        serial=serial,
        number=facts.number,
        number_key=number_key(facts.number),
        check_code=facts.check_code,
        facts=facts.to_json(),
        sha256=hashlib.sha256(pdf).hexdigest(),
    )
    session.add(certificate)
    session.flush()
    session.add(CertificateFile(certificate_id=certificate.id, pdf=pdf))
    session.flush()


def _facts(session: Session, site: Site, standing: Standing, person: Person, *, event: CourseCompleted, serial: int, today: date) -> Facts:
    course = site.course(standing.digest)
    settings = site.settings
    organiser = settings["organisation"] or settings["name"]
    number = format_number(
        settings["certificates.number"],
        serial=serial,
        programme=programme_of(course.slug),
        unit=settings["certificates.unit"],
        year=today.year,
    )
    code = check_code()
    completed = min(_day(site, standing.completed_at or now()), today)
    started = min(_day(site, standing.enrolled_at or now()), completed)
    unit = session.get(Unit, person.unit_id) if person.unit_id else None
    return Facts(
        number=number,
        check_code=code,
        verify_url=site.url_for_path(f"/v/{code}"),
        person_name=person.name,
        person_number_label=("NI PPPK" if person.kind.startswith("pppk") else "NIP") if person.nip else "",
        person_number=person.nip or "",
        post=person.post,
        rank=person.rank,
        unit=unit.name if unit else "",
        course_title=course.title,
        course_slug=course.slug,
        course_version=standing.number,
        hours=event.hours,
        score=round(event.score * 100, 2) if event.score is not None else None,
        started_on=started,
        completed_on=completed,
        issued_on=today,
        modules=module_hours(course),
        organiser=organiser,
        place=settings["certificates.city"],
        signatory_name=settings["certificates.signatory_name"],
        signatory_post=settings["certificates.signatory_post"],
        signatory_number=settings["certificates.signatory_nip"],
    )


def _day(site: Site, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(site.settings["timezone"])).date()


def programme_of(slug: str) -> str:
    """A course's short name in numbers: the initials of its slug, "etika-pelayanan-publik" is "EPP"."""
    return "".join(word[0] for word in slug.split("-") if word).upper()


def number_key(number: str) -> str:
    """A certificate's number without what people mistype: signs, spaces, case."""
    return re.sub(r"[^0-9A-Z]", "", number.upper())


def module_hours(course: Course) -> tuple[tuple[str, str], ...]:
    """The modules with their part of the JP, by the minutes they take, in tenths that add up to the whole."""
    minutes = [sum(lesson.minutes for lesson in section.lessons) for section in course.sections]
    tenths, whole = course.hours * 10, sum(minutes) or 1
    shares = [tenths * part / whole for part in minutes]
    given = [int(share) for share in shares]
    for place in sorted(range(len(shares)), key=lambda place: given[place] - shares[place])[: tenths - sum(given)]:
        given[place] += 1
    return tuple(
        (section.title, f"{part // 10},{part % 10}" if part % 10 else str(part // 10))
        for section, part in zip(course.sections, given, strict=True)
    )


def revoke(session: Session, certificate_id: int, *, by: int, reason: str) -> None:
    """Take a certificate's validity, with the reason that its public page shows. Raises ``Refused`` without one."""
    if not reason.strip():
        raise Refused("no_reason", "Tulis alasan pencabutan.")
    values: dict[str, Any] = {"state": "revoked", "state_reason": reason.strip()[:500], "state_at": now(), "state_by": by}
    session.execute(update(Certificate).where(Certificate.id == certificate_id, Certificate.state == "valid").values(**values))
    note(session, "certificate.revoke", actor=by, subject=str(certificate_id), detail=reason.strip())
