"""A certificate as an Open Badges 3.0 credential, which is a W3C Verifiable Credential 2.0."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from elearn_certificates.credential.integrity import OPEN_BADGES, W3C
from elearn_certificates.facts import Facts
from elearn_certificates.signing.keys import stamp
from elearn_certificates.words import decimal, hours_in_words


def badge(
    facts: Facts, *, issuer: str, home: str, issued_at: datetime, zone: ZoneInfo, course_url: str, status_url: str, index: int
) -> dict[str, Any]:
    """The credential without its proof. ``home`` is the site's address, ``zone`` where its days begin and end, ``status_url`` the list of
    revoked ones, ``index`` its place there.

    The holder's name stands in it, for it is the holder's own; the NIP is hashed with the check code as salt, so that whoever knows the
    NIP can compare it and whoever does not cannot read it off.
    """
    identifiers = [_identity(facts.person_name, kind="ext:name")]
    if facts.person_number:
        hashed = hashlib.sha256((facts.person_number + facts.check_code).encode()).hexdigest()
        identifiers.append(_identity(f"sha256${hashed}", kind="ext:nip", salt=facts.check_code))
    achievement: dict[str, Any] = {
        "id": course_url,
        "type": ["Achievement"],
        "achievementType": "Course",
        "name": facts.course_title,
        "description": f"{facts.course_title}, {hours_in_words(facts.hours)}.",
        "criteria": {"narrative": _criteria(facts)},
        "creditsAvailable": facts.hours,
        "inLanguage": "id",
        "humanCode": f"{facts.course_slug} v{facts.course_version}",
    }
    subject: dict[str, Any] = {
        "id": f"{facts.verify_url}#pemegang",
        "type": ["AchievementSubject"],
        "identifier": identifiers,
        "activityStartDate": midnight(facts.started_on),
        "activityEndDate": midnight(facts.completed_on),
        "creditsEarned": facts.hours,
        "licenseNumber": facts.number,
        "achievement": achievement,
    }
    if facts.score is not None:
        scale = f"{course_url}#nilai"
        achievement["resultDescription"] = [
            {"id": scale, "type": ["ResultDescription"], "name": "Nilai", "resultType": "Percent", "valueMin": "0", "valueMax": "100"}
        ]
        subject["result"] = [{"type": ["Result"], "resultDescription": scale, "value": decimal(facts.score).replace(",", ".")}]
    until = {}
    if facts.expires_on:
        last = datetime.combine(facts.expires_on, time(23, 59, 59), zone)
        until["validUntil"] = stamp(last.astimezone(UTC))
    return until | {
        "@context": [W3C, OPEN_BADGES],
        "id": facts.verify_url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": facts.course_title,
        "issuer": {"id": issuer, "type": ["Profile"], "name": facts.organiser, "url": home},
        "validFrom": stamp(issued_at),
        "awardedDate": midnight(facts.completed_on),
        "credentialSubject": subject,
        "credentialStatus": {
            "id": f"{status_url}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(index),
            "statusListCredential": status_url,
        },
    }


def _criteria(facts: Facts) -> str:
    modules = "".join(f"\n- {title} ({hours} JP)" for title, hours in facts.modules)
    return f"Menyelesaikan semua mata pelatihan secara {facts.mode}.{modules}"


def _identity(text: str, *, kind: str, salt: str = "") -> dict[str, Any]:
    one: dict[str, Any] = {"type": "IdentityObject", "hashed": bool(salt), "identityHash": text, "identityType": kind}
    return one | ({"salt": salt} if salt else {})


def midnight(day: date) -> str:
    """A day as a moment, which is all that credentials know."""
    return stamp(datetime.combine(day, time(), UTC))
