"""Public keys and bytes as text: multibase base58btc and base64url, and the Multikey of W3C's Controlled Identifiers 1.0."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519, P256 = b"\xed\x01", b"\x80\x24"  # multicodec prefixes of public keys
Public = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey


def base58(data: bytes) -> str:
    """``data`` in Bitcoin's base 58."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = BASE58[rest] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def from_base58(text: str) -> bytes:
    """What ``base58`` wrote; ``ValueError`` for other letters."""
    number = 0
    for char in text:
        number = number * 58 + BASE58.index(char)
    return b"\0" * (len(text) - len(text.lstrip("1"))) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base64url(data: bytes) -> str:
    """Base 64 for addresses, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """What ``base64url`` wrote."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def multikey(key: Public) -> str:
    """A public key as ``publicKeyMultibase``: "z6Mk…" for Ed25519, "zDn…" for P-256."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "z" + base58(ED25519 + key.public_bytes(Encoding.Raw, PublicFormat.Raw))
    return "z" + base58(P256 + key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))


def from_multikey(text: str) -> Public:
    """The key that ``multikey`` wrote; ``ValueError`` for anything else."""
    data = from_base58(text[1:]) if text[:1] == "z" else b""
    if data[:2] == ED25519 and len(data) == 34:
        return ed25519.Ed25519PublicKey.from_public_bytes(data[2:])
    if data[:2] == P256 and len(data) == 35:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data[2:])
    raise ValueError(f"Bukan kunci publik Ed25519 atau P-256: {text[:20]}")
