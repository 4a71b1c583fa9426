"""The signed claim in a QR code: what a telephone without a line needs to check a paper.

A code reads ``https://host/v/CODE#CLAIM``. The part behind "#" is never sent to a server. It is base 32 (RFC 4648, without padding), which a
QR code packs into 5.5 bits a letter, of::

    1 byte   1 for a certificate, 2 for a statement of attendance
    4 bytes  the id of the key
    2 bytes  the day of issue, days since 1 January 2020
    2 bytes  the last day it holds, in the same way; 0 for ever
    2 bytes  JP
    n bytes  number, name, title of the course: UTF-8 with 0x1F between them
    64 bytes the signature: ECDSA P-256 with SHA-256, r and s, over "elearn-claim-1", 0x00, the check code, 0x00 and all bytes before

so a claim holds for its own address alone. Numbers are big-endian.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from elearn import said
from elearn_certificates.facts import Facts
from elearn_certificates.numbering import tidy_code
from elearn_certificates.signing.encoding import Public

FORMS, PREFIX = {1: "certificate", 2: "statement"}, b"elearn-claim-1\0"
EPOCH = date(2020, 1, 1)
HEAD, SIGNATURE = 11, 64
NAME_BYTES, TITLE_BYTES = 56, 72
MARK = 9  # bytes


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a code says. ``name`` and ``title`` may be cut, with "…"."""

    key: str
    code: str
    number: str
    name: str
    title: str
    hours: int
    issued_on: date
    expires_on: date | None
    kind: str


def write(facts: Facts, *, key: str, sign: Callable[[bytes], bytes]) -> str:
    """The claim on a certificate's facts, signed by the P-256 key ``key``; ``sign`` answers DER."""
    texts = (facts.number, shortened(facts.person_name, NAME_BYTES), shortened(facts.course_title, TITLE_BYTES))
    form = next(form for form, kind in FORMS.items() if kind == facts.kind)
    last = (facts.expires_on - EPOCH).days if facts.expires_on else 0
    body = bytes([form]) + bytes.fromhex(key)
    body += b"".join(number.to_bytes(2, "big") for number in ((facts.issued_on - EPOCH).days, last, facts.hours))
    body += "\x1f".join(text.replace("\x1f", " ") for text in texts).encode()
    r, s = decode_dss_signature(sign(signed_bytes(facts.check_code, body)))
    whole = body + r.to_bytes(SIGNATURE // 2, "big") + s.to_bytes(SIGNATURE // 2, "big")
    return base64.b32encode(whole).rstrip(b"=").decode()


def read(address: str) -> tuple[Claim, bytes, bytes]:
    """The claim in a scanned address, the bytes that were signed, and the signature; ``ValueError`` if there is none."""
    path, _, text = address.strip().partition("#")
    code = tidy_code(path.rstrip("/").rpartition("/")[2])
    try:
        whole = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
        body, signature = whole[:-SIGNATURE], whole[-SIGNATURE:]
        number, name, title = body[HEAD:].decode().split("\x1f")
        issued, last, hours = (int.from_bytes(body[at : at + 2], "big") for at in (5, 7, 9))
    except (binascii.Error, ValueError) as error:
        raise ValueError(said("Tidak ada klaim yang dapat dibaca di dalamnya.")) from error
    if not code or body[0] not in FORMS:
        raise ValueError(said("Tidak ada klaim yang dapat dibaca di dalamnya."))
    claim = Claim(
        key=body[1:5].hex(),
        code=code,
        number=number,
        name=name,
        title=title,
        hours=hours,
        issued_on=EPOCH + timedelta(days=issued),
        expires_on=EPOCH + timedelta(days=last) if last else None,
        kind=FORMS[body[0]],
    )
    return claim, signed_bytes(code, body), signature


def holds(key: Public, signed: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is that of ``key`` over ``signed``."""
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    half = SIGNATURE // 2
    der = encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
    try:
        key.verify(der, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def signed_bytes(code: str, body: bytes) -> bytes:
    """What the signature covers."""
    return PREFIX + code.encode() + b"\0" + body


def mark_of(code: str) -> str:
    """A check code's mark in the list of the ended ones that a kept page carries: it finds a code one has and gives away none."""
    return base64.b64encode(hashlib.sha256(b"elearn-ended-1\0" + code.encode()).digest()[:MARK]).decode()


def shortened(text: str, most: int) -> str:
    """``text`` in at most ``most`` bytes of UTF-8, cut with "…"."""
    if len(text.encode()) <= most:
        return text
    while len(text.encode()) > most - 3:
        text = text[:-1]
    return text.rstrip() + "…"
