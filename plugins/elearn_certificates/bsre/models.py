"""What waits for an official's signature, and what was signed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from elearn import Base, BigInt


class Signature(Base):
    """One certificate's way to a certified signature. The certificate is valid by record from the start; ``pdf`` is the file with the
    signature appended, beside the one that was issued. ``taken_at`` says since when somebody is signing it; no passphrase is kept."""

    __tablename__ = "certificates_signature"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'signed')", name="state"),
        Index("ix_certificates_signature_state", "state", "certificate_id"),
    )

    certificate_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    taken_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(200), default="")
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(BigInt)
    document_id: Mapped[str] = mapped_column(String(100), default="")
    sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    pdf: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
