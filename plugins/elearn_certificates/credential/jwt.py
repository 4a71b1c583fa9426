"""The same credential as a VC-JWT: a JWS in compact form, EdDSA, as Open Badges 3.0 section 8.2 asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

from elearn_certificates.signing.encoding import Public, base64url, from_base64url


def write(credential: dict[str, Any], *, method: str, sign: Callable[[bytes], bytes]) -> str:
    """The signed token. The registered claims repeat what the credential says, as the specification demands."""
    header = {"alg": "EdDSA", "typ": "JWT", "kid": method}
    begun = int(datetime.fromisoformat(credential["validFrom"]).timestamp())
    claims = credential | {"iss": credential["issuer"]["id"], "jti": credential["id"], "nbf": begun, "sub": credential["id"]}
    body = ".".join(base64url(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode()) for part in (header, claims))
    return f"{body}.{base64url(sign(body.encode()))}"


def read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims, not yet checked; ``ValueError`` if it is no token."""
    try:
        header, claims, _ = (part for part in token.strip().split("."))
        found = json.loads(from_base64url(header)), json.loads(from_base64url(claims))
    except (ValueError, UnicodeDecodeError) as error:
        raise ValueError("Bukan token VC-JWT.") from error
    if not all(isinstance(part, dict) for part in found):
        raise ValueError("Bukan token VC-JWT.")
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
