"""The register of certificates, their files and their serial numbers."""

import sqlalchemy as sa
from alembic import op

revision = "certificates_0001"
down_revision = None
branch_labels = ("certificates",)
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "certificates_certificate",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("enrolment_id", BIG, nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("number_key", sa.String(length=120), nullable=False),
        sa.Column("check_code", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_reason", sa.String(length=500), nullable=False),
        sa.Column("state_at", MOMENT, nullable=True),
        sa.Column("state_by", BIG, nullable=True),
        sa.CheckConstraint("state IN ('valid', 'revoked')", name=op.f("ck_certificates_certificate_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates_certificate")),
        sa.UniqueConstraint("check_code", name=op.f("uq_certificates_certificate_check_code")),
        sa.UniqueConstraint("key", name=op.f("uq_certificates_certificate_key")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_certificate_number")),
        sa.UniqueConstraint("number_key", name=op.f("uq_certificates_certificate_number_key")),
        sa.UniqueConstraint("sha256", name=op.f("uq_certificates_certificate_sha256")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_certificates_certificate_year_serial")),
    )
    op.create_index(op.f("ix_certificates_certificate_enrolment_id"), "certificates_certificate", ["enrolment_id"], unique=False)
    op.create_index("ix_certificates_certificate_person_id", "certificates_certificate", ["person_id"], unique=False)
    op.create_table(
        "certificates_file",
        sa.Column("certificate_id", BIG, autoincrement=False, nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificates_file")),
    )
    op.create_table(
        "certificates_serial",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", BIG, nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_certificates_serial")),
    )
