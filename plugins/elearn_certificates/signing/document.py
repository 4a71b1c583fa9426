"""The PDF's signature: PAdES B-B by the organisation's key. An *uncertified* electronic signature in the sense of PP 71/2019 article 60."""

from __future__ import annotations

import io
from collections.abc import Callable

from asn1crypto.algos import SignedDigestAlgorithm
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from elearn_certificates.signing import x509
from elearn_certificates.signing.keys import KeyRecord

FIELD = "Penerbit"
REASON = "Diterbitkan oleh pemegang kunci ini; tanda tangan elektronik tidak tersertifikasi"
LONGEST_ECDSA = 72  # bytes of a P-256 signature in DER


class OrganisationSigner(signers.Signer):
    """A pyHanko signer that has the certificate and asks for the signature elsewhere."""

    def __init__(self, record: KeyRecord, sign: Callable[[bytes], bytes]) -> None:
        super().__init__(
            signing_cert=x509.load(record.certificate),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
            signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        )
        self._sign = sign

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return bytes(LONGEST_ECDSA) if dry_run else self._sign(data)


def seal(pdf: bytes, *, record: KeyRecord, sign: Callable[[bytes], bytes]) -> bytes:
    """``pdf`` with an invisible signature appended; what was there before is not touched."""
    signer = OrganisationSigner(record, sign)
    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=REASON,
        name=x509.subject(x509.load(record.certificate)),
    )
    sealed = io.BytesIO()
    signers.PdfSigner(about, signer=signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=sealed)
    return sealed.getvalue()
