"""The ledger of credit hours."""

import sqlalchemy as sa
from alembic import op

revision = "credits_0001"
down_revision = None
branch_labels = ("credits",)
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "credits_contract",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits_contract")),
        sa.UniqueConstraint("person_id", name=op.f("uq_credits_contract_person_id")),
    )
    op.create_table(
        "credits_entry",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("corrects_id", BIG, nullable=True),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("international", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("organiser", sa.String(length=300), nullable=False),
        sa.Column("units", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("course_id", BIG, nullable=True),
        sa.Column("version_id", BIG, nullable=True),
        sa.Column("enrolment_id", BIG, nullable=True),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("rule_set", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("recorded_by", BIG, nullable=True),
        sa.Column("recorded_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits_entry")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_credits_entry_corrects_id")),
        sa.UniqueConstraint("key", name=op.f("uq_credits_entry_key")),
    )
    op.create_index("ix_credits_entry_person_id_ended_on", "credits_entry", ["person_id", "ended_on"], unique=False)
