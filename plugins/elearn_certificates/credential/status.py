"""The list of revoked certificates, W3C Bitstring Status List 1.0: one bit a certificate, so that a checker need not say which it checks."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable
from typing import Any

from elearn import said
from elearn_certificates.credential.integrity import W3C
from elearn_certificates.signing.encoding import base64url, from_base64url

LENGTH = 131_072  # bits, the least the standard allows: everybody's list is long enough to hide one lookup


def place(certificate_id: int) -> tuple[int, int]:
    """The list and the bit of a certificate."""
    return divmod(certificate_id, LENGTH)


def encoded(revoked: Iterable[int]) -> str:
    """The bits as the standard writes them: the first bit is the highest of the first byte, gzip, base64url, "u" before it."""
    bits = bytearray(LENGTH // 8)
    for index in revoked:
        bits[index >> 3] |= 128 >> (index & 7)
    return "u" + base64url(gzip.compress(bytes(bits), mtime=0))


def is_set(text: str, index: int) -> bool:
    """Whether a bit is set; ``ValueError`` if the list is none or too short. Reads no more than the list may have."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(from_base64url(text.removeprefix("u")))) as file:
            bits = file.read(LENGTH // 8)
        return bool(bits[index >> 3] & 128 >> (index & 7))
    except (OSError, EOFError, IndexError) as error:
        raise ValueError(said("Daftar pencabutan tidak dapat dibaca.")) from error


def list_credential(*, url: str, issuer: dict[str, Any], revoked: Iterable[int], valid_from: str) -> dict[str, Any]:
    """The list as a credential without its proof."""
    return {
        "@context": [W3C],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer["id"],
        "validFrom": valid_from,
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(revoked),
        },
    }
