"""Long work, item by item."""

import sqlalchemy as sa
from alembic import op

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "core_job",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("by_id", BIG, nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_job")),
    )
    op.create_index(op.f("ix_core_job_by_id"), "core_job", ["by_id"], unique=False)
    op.create_table(
        "core_job_item",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("job_id", BIG, nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("said", sa.String(length=500), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'done', 'refused', 'failed')", name=op.f("ck_core_job_item_state")),
        sa.ForeignKeyConstraint(["job_id"], ["core_job.id"], name=op.f("fk_core_job_item_job_id_core_job")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_job_item")),
    )
    op.create_index("ix_core_job_item_job_id_state", "core_job_item", ["job_id", "state"], unique=False)
