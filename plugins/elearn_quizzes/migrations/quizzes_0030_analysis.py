"""Kept sums of attempts, reports of faulty questions, and the index that counting reads by."""

import sqlalchemy as sa
from alembic import op

revision = "quizzes_0030"
down_revision = "quizzes_0020"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and the index."""
    op.create_table(
        "quizzes_tally",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("lesson_id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("upto_at", MOMENT, nullable=True),
        sa.Column("upto_id", BIG, nullable=False),
        sa.Column("counted", BIG, nullable=False),
        sa.Column("total", BIG, nullable=False),
        sa.Column("squares", BIG, nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "lesson_id", "kind", name=op.f("pk_quizzes_tally")),
    )
    op.create_table(
        "quizzes_report",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("lesson_id", sa.String(length=80), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("item_version", sa.String(length=16), nullable=False),
        sa.Column("attempt_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=600), nullable=False),
        sa.Column("reported_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("answer", sa.String(length=600), nullable=True),
        sa.Column("answered_by", BIG, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_report")),
        sa.UniqueConstraint("attempt_id", "item_id", name=op.f("uq_quizzes_report_attempt_id_item_id")),
    )
    op.create_index("ix_quizzes_report_slug_lesson_id_item_id", "quizzes_report", ["slug", "lesson_id", "item_id"], unique=False)
    op.create_index(op.f("ix_quizzes_report_person_id"), "quizzes_report", ["person_id"], unique=False)
    op.create_index(
        "ix_quizzes_attempt_counting", "quizzes_attempt", ["lesson_id", "digest", "number", "submitted_at", "state", "score"], unique=False
    )
