"""Issuing a certificate when a course is completed: once, with its number, its facts and its file in one transaction."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace as changed
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from elearn import (
    Course,
    CourseCompleted,
    Person,
    Refused,
    Site,
    Standing,
    Unit,
    final_score,
    hours_basis_of,
    insert_once,
    now,
    record,
    site_of,
    standing_of,
)
from elearn_certificates import proving
from elearn_certificates.bsre.queue import enqueue
from elearn_certificates.design.site import designs_of
from elearn_certificates.design.values import Design, choose
from elearn_certificates.events import CertificateExpires
from elearn_certificates.facts import Facts
from elearn_certificates.models import Certificate, CertificateFile, Serial
from elearn_certificates.numbering import check_code, format_number
from elearn_certificates.predicates import predicate_of

Make = Callable[[str, str, date], Facts]


def issue(session: Session, event: CourseCompleted) -> None:
    """The subscriber. Told twice, even at once, it issues one certificate and uses one number."""
    standing = standing_of(session, event.enrolment_id)
    if standing is not None and standing.state == "completed":
        issue_certificate(session, standing, score=event.score, hours=event.hours)


def issue_late(session: Session, enrolment_id: int) -> Certificate:
    """The certificate of a completed enrolment, issued now if it was not; raises ``Refused`` where nothing was completed."""
    standing = standing_of(session, enrolment_id)
    if standing is None or standing.state != "completed":
        raise Refused("not_completed", "Pelatihan ini belum diselesaikan.")
    hours = site_of(session).course(standing.digest).hours
    return issue_certificate(session, standing, score=final_score(session, enrolment_id), hours=hours)


def issue_certificate(session: Session, standing: Standing, *, score: float | None, hours: int) -> Certificate:
    """The certificate of an enrolment: made now, or the one that is there."""
    site = site_of(session)
    course = site.course(standing.digest)

    def make(number: str, code: str, today: date) -> Facts:
        facts, design = _facts(session, site, standing, number=number, code=code, today=today)
        valid_until = add_months(facts.completed_on, design.valid_months) if design and design.valid_months else None
        rounded = round(score * 100, 2) if score is not None else None
        return changed(
            facts,
            hours=hours,
            score=rounded,
            predicate=predicate_of(site.settings["certificates.predicates"], rounded),
            rule_set=hours_basis_of(session, facts.completed_on),
            modules=module_hours(course),
            expires_on=valid_until,
        )

    return register(session, f"course:{standing.enrolment_id}", person_id=standing.person_id, enrolment_id=standing.enrolment_id, make=make)


def issue_statement(session: Session, enrolment_id: int) -> Certificate:
    """The Surat Keterangan of who attended and did not pass: no JP, the lessons finished by module. Made now, or the one that is there.

    Raises ``Refused`` for who has passed, and for who finished less than the share that the site asks for.
    """
    standing = standing_of(session, enrolment_id)
    if standing is None or standing.state != "active":
        raise Refused("completed", "Peserta ini sudah lulus; ia mendapat sertifikat, bukan surat keterangan.")
    site = site_of(session)
    course = site.course(standing.digest)
    if standing.progress(course) + 1e-9 < float(site.settings["certificates.statement_share"]):
        raise Refused("attended", "Peserta ini belum mengikuti bagian pelatihan yang dipersyaratkan.")
    parts = tuple(
        (section.title, f"{sum(lesson.id in standing.done for lesson in section.lessons)} / {len(section.lessons)}")
        for section in course.sections
    )

    def make(number: str, code: str, today: date) -> Facts:
        facts, _ = _facts(session, site, standing, number=number, code=code, today=today)
        return changed(facts, kind="statement", hours=0, modules=parts)

    return register(session, f"statement:{enrolment_id}", person_id=standing.person_id, enrolment_id=enrolment_id, make=make)


def register(
    session: Session, key: str, *, person_id: int, enrolment_id: int | None, make: Make, replaces_id: int | None = None
) -> Certificate:
    """The certificate of ``key``: the one there is, or a new one by ``make(number, check code, day of issue)``, with the next number of
    that day's year: who waited for the number over the turn of the year gets one of the old year, and the old year's date."""
    from elearn_certificates.drawing import draw  # the drawing library is slow to load, and most workers never draw

    site = site_of(session)
    today = day_of(site, now())
    insert_once(session, Serial, values={"year": today.year, "last": 0}, key=("year",))
    row = session.scalars(select(Serial).where(Serial.year == today.year).with_for_update().execution_options(populate_existing=True)).one()
    known = session.scalar(select(Certificate).where(Certificate.key == key))
    if known is not None:
        return known
    serial = row.last + 1
    session.execute(update(Serial).where(Serial.year == today.year).values(last=serial))
    code = check_code()
    facts = make(str(serial), code, today)
    slug = facts.course_slug
    facts = proving.claimed(site, changed(facts, number=_number(site, serial=serial, slug=slug, year=today.year)))
    pdf = proving.sealed(site, draw(facts, choose(designs_of(site), slug)), facts)
    certificate = Certificate(
        key=key,
        kind=facts.kind,
        person_id=person_id,
        enrolment_id=enrolment_id,
        year=today.year,
        serial=serial,
        number=facts.number,
        number_key=number_key(facts.number),
        check_code=facts.check_code,
        facts=facts.to_json(),
        sha256=hashlib.sha256(pdf).hexdigest(),
        course_slug=slug,
        search_text=" ".join((facts.number, facts.person_name, facts.person_number, facts.course_title)).lower()[:600],
        expires_on=facts.expires_on,
        replaces_id=replaces_id,
    )
    session.add(certificate)
    session.flush()
    session.add(CertificateFile(certificate_id=certificate.id, pdf=pdf))
    session.flush()
    enqueue(session, site, certificate.id)
    if facts.expires_on is not None:
        record(session, CertificateExpires(certificate_id=certificate.id), not_before=_remind_at(site, facts.expires_on, slug))
    return certificate


def _number(site: Site, *, serial: int, slug: str, year: int) -> str:
    template, unit = site.settings["certificates.number"], site.settings["certificates.unit"]
    return format_number(template, serial=serial, programme=programme_of(slug), unit=unit, year=year)


def _remind_at(site: Site, expires_on: date, slug: str) -> datetime:
    """When the window of renewal opens: that morning at eight, in the site's zone."""
    design = choose(designs_of(site), slug)
    day = expires_on - timedelta(days=design.renew_days if design else 90)
    return datetime.combine(day, clock_time(8), ZoneInfo(site.settings["timezone"])).astimezone(UTC)


def _facts(session: Session, site: Site, standing: Standing, *, number: str, code: str, today: date) -> tuple[Facts, Design | None]:
    """What every kind of certificate says, with the person as they are today."""
    course = site.course(standing.digest)
    settings = site.settings
    person = session.get_one(Person, standing.person_id)
    design = choose(designs_of(site), course.slug)
    signatory = design.signatory(course.slug, today) if design else None
    completed = min(day_of(site, standing.completed_at or now()), today)
    started = min(day_of(site, standing.enrolled_at or now()), completed)
    unit = session.get(Unit, person.unit_id) if person.unit_id else None
    facts = Facts(
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
        hours=course.hours,
        started_on=started,
        completed_on=completed,
        issued_on=today,
        organiser=(design.organiser if design else "") or site.organiser,
        place=(design.place if design else "") or settings["certificates.city"],
        signatory_name=signatory.name if signatory else settings["certificates.signatory_name"],
        signatory_post=signatory.post if signatory else settings["certificates.signatory_post"],
        signatory_number=signatory.number if signatory else settings["certificates.signatory_nip"],
        design=f"{design.name} {design.digest}" if design else "",
    )
    return facts, design


def day_of(site: Site, moment: datetime) -> date:
    """The date of a moment in the site's zone."""
    return moment.astimezone(ZoneInfo(site.settings["timezone"])).date()


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


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
