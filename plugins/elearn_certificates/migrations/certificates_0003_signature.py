"""The queue for certified signatures, and the files signed so."""

import sqlalchemy as sa
from alembic import op

revision = "certificates_0003"
down_revision = "certificates_0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "certificates_signature",
        sa.Column("certificate_id", BIG, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("signed_by", BIG, nullable=True),
        sa.Column("document_id", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'signed')", name=op.f("ck_certificates_signature_state")),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificates_signature")),
        sa.UniqueConstraint("sha256", name=op.f("uq_certificates_signature_sha256")),
    )
    op.create_index("ix_certificates_signature_state", "certificates_signature", ["state", "certificate_id"], unique=False)
