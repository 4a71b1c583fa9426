"""Records on their way to the personnel system."""

import sqlalchemy as sa
from alembic import op

revision = "credits_0005"
down_revision = "credits_0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "credits_personnel",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("entry_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("lacks", sa.JSON(), nullable=False),
        sa.Column("row_json", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("remote_id", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("sent_by", BIG, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits_personnel")),
        sa.UniqueConstraint("key", name=op.f("uq_credits_personnel_key")),
    )
    op.create_index("ix_credits_personnel_state_id", "credits_personnel", ["state", "id"], unique=False)
    op.create_index("ix_credits_personnel_person_id", "credits_personnel", ["person_id"], unique=False)
    op.create_index(op.f("ix_credits_personnel_entry_id"), "credits_personnel", ["entry_id"], unique=False)
    op.create_table(
        "credits_personnel_identity",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("nip", sa.String(length=18), nullable=False),
        sa.Column("remote_id", sa.String(length=80), nullable=False),
        sa.Column("told_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits_personnel_identity")),
        sa.UniqueConstraint("person_id", name=op.f("uq_credits_personnel_identity_person_id")),
    )
