"""Files handed in as answers; which hints were opened."""

import sqlalchemy as sa
from alembic import op

revision = "quizzes_0010"
down_revision = "quizzes_0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, add the column."""
    op.add_column("quizzes_attempt", sa.Column("hints", sa.JSON(), nullable=True))
    op.create_table(
        "quizzes_file",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("attempt_id", BIG, nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_file")),
    )
    for column in ("attempt_id", "person_id", "digest"):
        op.create_index(op.f(f"ix_quizzes_file_{column}"), "quizzes_file", [column], unique=False)
