"""The PDF's signature: PAdES B-B by the organisation's key. An *uncertified* electronic signature in the sense of PP 71/2019 article 60."""

from __future__ import annotations

import io
from collections.abc import Callable

from asn1crypto.algos import SignedDigestAlgorithm
from pyhanko.pdf_utils import generic
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
    """``pdf`` with an invisible signature appended; the bytes that were there before stay."""
    signer = OrganisationSigner(record, sign)
    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=REASON,
        name=x509.subject(x509.load(record.certificate)),
    )
    sealed, writer = io.BytesIO(), IncrementalPdfFileWriter(io.BytesIO(pdf))
    _name_annotations(writer)
    signers.PdfSigner(about, signer=signer).sign_pdf(writer, output=sealed)
    return sealed.getvalue()


def _name_annotations(writer: IncrementalPdfFileWriter) -> None:
    """Give links objects of their own: a later signature on that page can then be told from a change of the page."""
    for page in writer.root["/Pages"]["/Kids"]:
        leaf = page.get_object()
        if "/Annots" in leaf:
            named = [writer.add_object(one) if isinstance(one, generic.DictionaryObject) else one for one in leaf["/Annots"]]
            leaf["/Annots"] = generic.ArrayObject(named)
            writer.mark_update(page.reference)
