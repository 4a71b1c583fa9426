"""Answers from two devices, the moment at which an attempt closes, and a later one for one person."""

import sqlalchemy as sa
from alembic import op

revision = "quizzes_0040"
down_revision = "quizzes_0030"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns."""
    op.add_column("quizzes_answer", sa.Column("device", BIG, server_default="0", nullable=False))
    op.add_column("quizzes_answer", sa.Column("aside", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("quizzes_attempt", sa.Column("closes_at", MOMENT, nullable=True))
    op.add_column("quizzes_allowance", sa.Column("until", MOMENT, nullable=True))
    late = sa.text("late")
    op.create_index("ix_quizzes_answer_late", "quizzes_answer", ["attempt_id"], unique=False, sqlite_where=late, postgresql_where=late)
