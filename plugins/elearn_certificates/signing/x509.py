"""The organisation's own certificate of its key, signed by the key itself: it says who signed, and claims no authority."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from asn1crypto import keys as asn1_keys
from asn1crypto import pem, x509
from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.core import UTF8String
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from elearn_certificates.signing.encoding import Public

YEARS = 10


def self_signed(public: Public, *, organisation: str, made: datetime, sign: Callable[[bytes], bytes]) -> str:
    """A certificate in PEM for ten years from ``made`` on. ``sign`` signs bytes by the private half, ECDSA with SHA-256 in DER."""
    info = asn1_keys.PublicKeyInfo.load(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    name = x509.Name.build({"country_name": "ID", "organization_name": organisation[:64], "common_name": organisation[:64]})
    extensions = [
        {"extn_id": "basic_constraints", "critical": True, "extn_value": x509.BasicConstraints({"ca": False})},
        {"extn_id": "key_usage", "critical": True, "extn_value": x509.KeyUsage({"digital_signature", "non_repudiation"})},
        {"extn_id": "key_identifier", "critical": False, "extn_value": info.sha1},
    ]
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": secrets.randbits(120) | 1,
            "signature": SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "issuer": name,
            "validity": {
                "not_before": x509.Time({"utc_time": made - timedelta(minutes=5)}),
                "not_after": x509.Time({"utc_time": made + timedelta(days=365 * YEARS)}),
            },
            "subject": name,
            "subject_public_key_info": info,
            "extensions": extensions,
        }
    )
    whole = x509.Certificate(
        {
            "tbs_certificate": body,
            "signature_algorithm": SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signature_value": sign(body.dump()),
        }
    )
    return pem.armor("CERTIFICATE", whole.dump()).decode()


def load(text: str) -> x509.Certificate:
    """A certificate from PEM."""
    return x509.Certificate.load(pem.unarmor(text.encode())[2])


def subject(certificate: x509.Certificate) -> str:
    """Whom a certificate names."""
    found = certificate.subject.native.get("common_name", "")
    return str(found.native if isinstance(found, UTF8String) else found)
