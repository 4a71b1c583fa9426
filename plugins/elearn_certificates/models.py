"""Certificates as issued. The facts and the file are written once; only ``state`` with its reason may follow."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from elearn import Base, BigInt, Key

STANDINGS = ("valid", "expired", "revoked", "replaced")


class Certificate(Base):
    """One certificate. ``key`` names what it is for ("course:<enrolment id>"), so that it is issued once; ``number_key`` is the number
    without its signs; ``facts`` are ``Facts.to_json()``; ``sha256`` is the hash of the file; ``state`` is "valid", "revoked" or "replaced"
    (expired is whoever's ``expires_on`` is past). ``kind`` is "certificate", or "statement" for who attended and did not pass;
    ``search_text`` is what the register is searched by, in lower case."""

    __tablename__ = "certificates_certificate"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("state IN ('valid', 'revoked', 'replaced')", name="state"),
        Index("ix_certificates_certificate_person_id", "person_id"),
        Index("ix_certificates_certificate_course_slug", "course_slug"),
        Index("ix_certificates_certificate_expires_on", "expires_on"),
    )

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    person_id: Mapped[int] = mapped_column(BigInt)
    enrolment_id: Mapped[int | None] = mapped_column(BigInt, index=True)
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(120), unique=True)
    number_key: Mapped[str] = mapped_column(String(120), unique=True)
    check_code: Mapped[str] = mapped_column(String(40), unique=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    state: Mapped[str] = mapped_column(String(10), default="valid")
    state_reason: Mapped[str] = mapped_column(String(500), default="")
    state_at: Mapped[datetime | None]
    state_by: Mapped[int | None] = mapped_column(BigInt)
    kind: Mapped[str] = mapped_column(String(12), default="certificate", server_default="certificate")
    course_slug: Mapped[str] = mapped_column(String(80), default="", server_default="")
    search_text: Mapped[str] = mapped_column(String(600), default="", server_default="")
    expires_on: Mapped[date | None]
    replaced_by_id: Mapped[int | None] = mapped_column(BigInt)
    replaces_id: Mapped[int | None] = mapped_column(BigInt)

    def standing(self, today: date) -> str:
        """What it is worth that day: "valid", "expired", "revoked" or "replaced"."""
        return "expired" if self.state == "valid" and self.expires_on is not None and self.expires_on < today else self.state


class CertificateFile(Base):
    """The bytes of the PDF, apart from the rest because they are large and seldom read."""

    __tablename__ = "certificates_file"

    certificate_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)


class Serial(Base):
    """The last number given in a year. Its row is locked while a certificate is made, so that no number is skipped or given twice."""

    __tablename__ = "certificates_serial"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInt, default=0)
