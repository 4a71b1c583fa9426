"""What a site proves with its keys: the claim and the signature of each certificate, and its credential on demand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from elearn import Refused, Site, now
from elearn_certificates.credential import badge, baking, claim, did, integrity, jwt, status
from elearn_certificates.facts import Facts
from elearn_certificates.models import Certificate
from elearn_certificates.signing.keys import USES, KeyRecord, KeyRing, record_of, stamp
from elearn_certificates.signing.signer import signer_for

FORMS = {"json": "application/vc+ld+json", "jwt": "application/vc+jwt", "svg": "image/svg+xml", "png": "image/png"}


def ring_of(site: Site) -> KeyRing:
    """The public side of the site's keys."""
    return KeyRing(site.settings.data / "keys")


def sign_by(site: Site, key: str) -> Callable[[bytes], bytes]:
    """The function that has bytes signed by a key of the site."""
    signer = signer_for(site.settings.data / "keys", site.settings["certificates.signer"])
    return lambda data: signer.sign(key, data)


def new_key(site: Site, use: str, *, token: dict[str, str] | None = None) -> KeyRecord:
    """Make a key and, for documents, its certificate; the older active ones of its use are retired. ``token`` names a PKCS#11 key."""
    ring = ring_of(site)
    before = [record.id for record in ring.all() if record.use == use and record.state == "active"]
    if token:
        from elearn_certificates.signing.token import public_key_of

        record = replace(record_of(public_key_of(**token), use), **token)
        if ring.get(record.id) is not None:
            raise Refused("key_known", "Kunci berlabel {label} di token itu sudah tercatat. Pilih label lain.", label=token["label"])
        ring.write(record)
    else:
        record = ring.add(use)
    if use == "document":
        from elearn_certificates.signing import x509  # what writes certificates of keys is slow to load, and a key is made once in years

        text = x509.self_signed(record.key, organisation=site.organiser, made=now(), sign=sign_by(site, record.id))
        record = replace(record, certificate=text)
        ring.write(record)
    for name in before:
        ring.end(name, state="retired", reason=f"diganti oleh {record.id}")
    return record


def make_missing_keys(site: Site) -> None:
    """A key of each use, where there is none."""
    for use in USES:
        if ring_of(site).active(use) is None:
            new_key(site, use)


def claimed(site: Site, facts: Facts) -> Facts:
    """The facts with the claim for the QR code; without one where the site has no key. Raises ``SigningError``."""
    record = ring_of(site).active("document")
    if record is None:
        return replace(facts, claim="")
    return replace(facts, claim=claim.write(facts, key=record.id, sign=sign_by(site, record.id)))


def sealed(site: Site, pdf: bytes, facts: Facts) -> bytes:
    """The PDF signed by the key that signed its claim; unchanged where there is none. Raises ``SigningError``."""
    return sealed_by(site, pdf, claim.read(f"{facts.verify_url}#{facts.claim}")[0].key) if facts.claim else pdf


def sealed_by(site: Site, pdf: bytes, name: str) -> bytes:
    """The PDF signed by the key of that name. Raises ``SigningError``."""
    record = ring_of(site).get(name)
    assert record is not None
    from elearn_certificates.signing.document import seal  # slow to load, and most workers never sign

    return seal(pdf, record=record, sign=sign_by(site, name))


def issuer_of(base: str, site: Site, record: KeyRecord) -> str:
    """The issuer's DID: ``did:web`` for a site whose address ``base`` is on HTTPS, unless the setting asks for ``did:key``."""
    wanted = site.settings["certificates.issuer"]
    return did.web_did(base) if wanted == "web" or (not wanted and base.startswith("https://")) else did.key_did(record)


def credential(site: Site, certificate: Certificate, form: str) -> bytes:
    """A certificate as ``form``: "json" (Open Badges 3.0), "jwt", or baked into "svg" or "png". Raises ``Refused`` without a key.

    Its addresses are the site's, or, where that has none just now (a command without ``base_url``), those that the paper bears. It is made anew each time; the same key makes the same bytes.
    """
    record = ring_of(site).active("credential")
    if record is None:
        raise Refused("no_key", "Penerbit belum membuat kunci untuk kredensial digital.")
    facts = Facts.from_json(certificate.facts)
    if facts.kind != "certificate":
        raise Refused("statement", "Surat keterangan tidak menjadi lencana: pelatihannya belum lulus.")
    base = site.url_for_path("") or facts.verify_url.removesuffix(f"/v/{facts.check_code}")
    issuer, sign = issuer_of(base, site, record), sign_by(site, record.id)
    number, index = status.place(certificate.id)
    issued_at = certificate.issued_at.replace(tzinfo=certificate.issued_at.tzinfo or UTC)
    plain = badge.badge(
        facts,
        issuer=issuer,
        home=f"{base}/",
        issued_at=issued_at,
        zone=ZoneInfo(site.settings["timezone"]),
        course_url=f"{base}/pelatihan/{facts.course_slug}",
        status_url=f"{base}/v/status/{number}.json",
        index=index,
    )
    method = did.method_of(issuer, record)
    if form == "jwt":
        return jwt.write(plain, key=record.key, method=method, sign=sign).encode()
    signed = integrity.add_proof(plain, method=method, created=max(stamp(issued_at), record.made_at), sign=sign)
    text = json.dumps(signed, ensure_ascii=False, indent=1 if form == "json" else None)
    if form == "json":
        return text.encode()
    return baking.svg(facts, text) if form == "svg" else baking.png(facts, text)


def status_list(site: Site, number: int, revoked: list[int], *, changed_at: datetime) -> dict[str, Any]:
    """A list of revoked certificates, signed. ``revoked`` are places in it."""
    record = ring_of(site).active("credential")
    if record is None:
        raise Refused("no_key", "Penerbit belum membuat kunci untuk kredensial digital.")
    url, issuer = site.url_for_path(f"/v/status/{number}.json"), issuer_of(site.url_for_path(""), site, record)
    moment = max(stamp(changed_at), record.made_at)
    plain = status.list_credential(url=url, issuer={"id": issuer}, revoked=revoked, valid_from=moment)
    return integrity.add_proof(plain, method=did.method_of(issuer, record), created=moment, sign=sign_by(site, record.id))


def public_keys(site: Site) -> list[dict[str, Any]]:
    """All keys as anybody may have them, with the JSON Web Key of those that browsers check claims by."""
    shown = []
    for record in ring_of(site).all():
        one: dict[str, Any] = {name: getattr(record, name) for name in PUBLIC}
        if record.use == "document":
            one["jwk"] = did.jwk(record)
        shown.append(one)
    return shown


PUBLIC = ("id", "use", "public", "state", "made_at", "certificate", "ended_at", "reason")
