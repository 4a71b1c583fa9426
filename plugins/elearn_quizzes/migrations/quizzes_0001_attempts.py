"""Attempts at quizzes, their answers, and self-checks."""

import sqlalchemy as sa
from alembic import op

revision = "quizzes_0001"
down_revision = None
branch_labels = ("quizzes",)
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "quizzes_answer",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("attempt_id", BIG, nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("saved_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_answer")),
        sa.UniqueConstraint("attempt_id", "item_id", "seq", name=op.f("uq_quizzes_answer_attempt_id_item_id_seq")),
    )
    op.create_table(
        "quizzes_attempt",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("enrolment_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("lesson_id", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seed", BIG, nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("started_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'submitted')", name=op.f("ck_quizzes_attempt_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes_attempt")),
        sa.UniqueConstraint("enrolment_id", "lesson_id", "number", name=op.f("uq_quizzes_attempt_enrolment_id_lesson_id_number")),
    )
    op.create_index(op.f("ix_quizzes_attempt_person_id"), "quizzes_attempt", ["person_id"], unique=False)
    op.create_index(
        "uq_quizzes_attempt_open",
        "quizzes_attempt",
        ["enrolment_id", "lesson_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "quizzes_check",
        sa.Column("enrolment_id", BIG, autoincrement=False, nullable=False),
        sa.Column("lesson_id", sa.String(length=80), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("enrolment_id", "lesson_id", "item_id", name=op.f("pk_quizzes_check")),
    )
    op.create_index(op.f("ix_quizzes_check_person_id"), "quizzes_check", ["person_id"], unique=False)
