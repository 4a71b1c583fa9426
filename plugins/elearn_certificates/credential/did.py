"""Who the issuer is, as decentralised identifiers: ``did:web`` on the site's address, ``did:key`` where the site has none of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from elearn_certificates.signing.encoding import base64url
from elearn_certificates.signing.keys import KeyRecord


def web_did(base_url: str) -> str:
    """``https://belajar.kota.go.id`` is ``did:web:belajar.kota.go.id:v``, whose document stands at ``/v/did.json``."""
    parts = urlsplit(base_url)
    path = [quote(part, safe="") for part in parts.path.split("/") if part]
    return ":".join(["did:web", quote(parts.netloc, safe=""), *path, "v"])


def key_did(record: KeyRecord) -> str:
    """The issuer that is nothing but its key."""
    return f"did:key:{record.public}"


def method_of(issuer: str, record: KeyRecord) -> str:
    """The name of a key in the documents of its issuer."""
    return f"{issuer}#{record.public if issuer.startswith('did:key:') else record.id}"


def key_named(method: str, records: Iterable[KeyRecord]) -> KeyRecord | None:
    """The key that a verification method names, if it is one of ``records``."""
    issuer, _, name = method.partition("#")
    found = next((record for record in records if name in (record.id, record.public)), None)
    if found and issuer.startswith("did:key:") and issuer != key_did(found):
        return None
    return found


def document(did: str, records: Iterable[KeyRecord]) -> dict[str, Any]:
    """The DID document: every key there ever was, with the revoked ones marked and taken out of ``assertionMethod``."""
    methods, trusted = [], []
    for record in records:
        method: dict[str, Any] = {"id": f"{did}#{record.id}", "type": "Multikey", "controller": did, "publicKeyMultibase": record.public}
        if record.state == "revoked":
            method["revoked"] = record.ended_at
        else:
            trusted.append(method["id"])
        methods.append(method)
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": trusted,
    }


def jwk(record: KeyRecord) -> dict[str, str]:
    """A document key (P-256) as JSON Web Key, as browsers take it."""
    key = record.key
    assert isinstance(key, ec.EllipticCurvePublicKey)
    point = key.public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": base64url(point.x.to_bytes(32, "big")), "y": base64url(point.y.to_bytes(32, "big"))}
