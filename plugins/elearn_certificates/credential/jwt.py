"""The same credential as a VC-JWT: a JWS in compact form, EdDSA, as Open Badges 3.0 section 8.2 asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

from elearn import said
from elearn_certificates.signing.encoding import Public, base64url, from_base64url


def write(credential: dict[str, Any], *, key: Public, method: str, sign: Callable[[bytes], bytes]) -> str:
    """The signed token. The registered claims repeat what the credential says, and the header brings the public key, as the specification
    demands; whoever checks should still trust only keys that the issuer names."""
    assert isinstance(key, ed25519.Ed25519PublicKey)
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64url(key.public_bytes_raw())}
    header = {"alg": "EdDSA", "typ": "JWT", "kid": method, "jwk": jwk}
    claims = credential | {
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "nbf": _seconds(credential["validFrom"]),
        "sub": credential["credentialSubject"]["id"],
    }
    if "validUntil" in credential:
        claims["exp"] = _seconds(credential["validUntil"])
    body = ".".join(base64url(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode()) for part in (header, claims))
    return f"{body}.{base64url(sign(body.encode()))}"


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims, not yet checked; ``ValueError`` if it is no token."""
    try:
        header, claims, _ = (part for part in token.strip().split("."))
        found = json.loads(from_base64url(header)), json.loads(from_base64url(claims))
    except (ValueError, UnicodeDecodeError) as error:
        raise ValueError(said("Bukan token VC-JWT.")) from error
    if not all(isinstance(part, dict) for part in found):
        raise ValueError(said("Bukan token VC-JWT."))
    return found


def holds(token: str, key: Public) -> bool:
    """Whether the token is signed by ``key``. Only EdDSA counts, whatever the header says."""
    body, _, signature = token.strip().rpartition(".")
    if not isinstance(key, ed25519.Ed25519PublicKey) or read(token)[0].get("alg") != "EdDSA":
        return False
    try:
        key.verify(from_base64url(signature), body.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
