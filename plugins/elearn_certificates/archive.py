"""Many certificates as one ZIP, sent while it is made: one file in memory at a time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn_certificates.bsre.models import Signature
from elearn_certificates.models import Certificate, CertificateFile


class _Pipe(io.RawIOBase):
    """What was written since it was last asked; it cannot go back, so the ZIP is written in one pass."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(data)  # type: ignore[call-overload]
        self.parts.append(part)
        return len(part)

    def taken(self) -> bytes:
        data = b"".join(self.parts)
        self.parts.clear()
        return data


def zip_of(session: Session, ids: Iterable[int]) -> Iterator[bytes]:
    """The files of these certificates as a ZIP in pieces, with the official's signature where there is one. They are stored as they
    are: a PDF is packed already. No connection is held while a piece travels, and none is left behind where the line breaks."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for certificate_id in ids:
            row = session.execute(
                select(Certificate.number_key, Certificate.issued_at, func.coalesce(Signature.pdf, CertificateFile.pdf).label("pdf"))
                .join(CertificateFile, CertificateFile.certificate_id == Certificate.id)
                .outerjoin(Signature, Signature.certificate_id == Certificate.id)
                .where(Certificate.id == certificate_id)
            ).first()
            session.close()
            if row is None:
                continue
            made = zipfile.ZipInfo(f"sertifikat-{row.number_key}.pdf", date_time=row.issued_at.timetuple()[:6])
            archive.writestr(made, row.pdf)
            yield pipe.taken()
    yield pipe.taken()
