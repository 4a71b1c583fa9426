"""The PDF's signature: PAdES B-B by the organisation's key. An *uncertified* electronic signature in the sense of PP 71/2019 article 60."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from asn1crypto.algos import SignedDigestAlgorithm
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name as name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko_certvalidator.registry import SimpleCertificateStore

from elearn_certificates.signing import x509
from elearn_certificates.signing.keys import KeyRecord

FIELD = "Penerbit"
REASON = "Diterbitkan oleh pemegang kunci ini; tanda tangan elektronik tidak tersertifikasi"
RESERVED = 8_192  # hexadecimal digits kept for the signature, more than it takes; pyHanko would sign once more to find out
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


class _PdfSigner(signers.PdfSigner):
    """One that leaves the file a PDF 1.7, as PDF/A-2 asks: pyHanko would declare PDF 2.0 for the mere use of P-256."""

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        pdf_out.register_extension(ESIC_EXTENSION_1)


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
    _add_field(writer)
    _PdfSigner(about, signer=signer).sign_pdf(writer, output=sealed, bytes_reserved=RESERVED)
    return sealed.getvalue()


def _add_field(writer: IncrementalPdfFileWriter) -> None:
    """The field that the signature fills: invisible, and in the structure tree as PDF/UA-1 (7.18.4) asks of every field."""
    append_signature_field(writer, SigFieldSpec(sig_field_name=FIELD, on_page=0))
    page, field = writer.root["/Pages"]["/Kids"].raw_get(0), writer.root["/AcroForm"]["/Fields"].raw_get(0)
    tree = writer.root.raw_get("/StructTreeRoot")
    root = tree.get_object()
    document, number = root["/K"].raw_get(0), int(root["/ParentTreeNextKey"])
    widget = {name("/Type"): name("/OBJR"), name("/Obj"): field}
    form = {
        name("/Type"): name("/StructElem"),
        name("/S"): name("/Form"),
        name("/P"): document,
        name("/Pg"): page,
        name("/Alt"): generic.TextStringObject(REASON),
        name("/K"): generic.ArrayObject([_dictionary(widget)]),
    }
    element = writer.add_object(_dictionary(form))
    document.get_object()["/K"].append(element)
    root["/ParentTree"]["/Nums"].extend([_number(number), element])
    root["/ParentTreeNextKey"] = _number(number + 1)
    field.get_object()["/TU"] = generic.TextStringObject(REASON)
    field.get_object()["/StructParent"] = _number(number)
    page.get_object()["/Tabs"] = name("/S")
    for changed in (tree, document, field, page):
        writer.mark_update(changed)


def _dictionary(entries: dict[generic.NameObject, Any]) -> generic.DictionaryObject:
    return generic.DictionaryObject(entries)  # type: ignore[no-untyped-call]


def _number(value: int) -> generic.NumberObject:
    return generic.NumberObject(value)  # type: ignore[no-untyped-call]
