"""Final tests that were failed and not passed yet."""

import sqlalchemy as sa
from alembic import op

revision = "credits_0006"
down_revision = "credits_0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "credits_failed",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("enrolment_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits_failed")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_credits_failed_enrolment_id")),
    )
    op.create_index(op.f("ix_credits_failed_person_id"), "credits_failed", ["person_id"], unique=False)
