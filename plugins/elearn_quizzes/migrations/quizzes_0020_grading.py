"""States after handing in, the journal of attempts, marks with their grader and rule, allowances, corrections, late answers."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "quizzes_0020"
down_revision = "quizzes_0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STATES = "state IN ('open', 'submitted', 'graded', 'reviewed', 'void')"


def _log(name: str, *columns: "sa.Column[Any]") -> None:
    """A table to which rows are only added."""
    op.create_table(
        name,
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        *columns,
        sa.Column("at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    """Widen the states, add the tables."""
    with op.batch_alter_table("quizzes_attempt") as table:  # SQLite cannot change a constraint: it writes the table anew
        table.drop_constraint(op.f("ck_quizzes_attempt_state"), type_="check")
        table.create_check_constraint(op.f("ck_quizzes_attempt_state"), STATES)
        table.add_column(sa.Column("course_id", BIG, nullable=True))
    if sa.inspect(op.get_bind()).has_table("enrolment"):  # on a new site it comes later, and there are no attempts yet
        op.execute(
            "UPDATE quizzes_attempt SET course_id = (SELECT course_id FROM enrolment WHERE enrolment.id = quizzes_attempt.enrolment_id)"
        )
    op.execute("UPDATE quizzes_attempt SET state = 'graded' WHERE state = 'submitted' AND score IS NOT NULL")
    op.create_index("ix_quizzes_attempt_course_lesson", "quizzes_attempt", ["course_id", "lesson_id", "state"], unique=False)
    op.create_index("ix_quizzes_attempt_digest_lesson", "quizzes_attempt", ["digest", "lesson_id"], unique=False)
    op.add_column("quizzes_answer", sa.Column("late", sa.Boolean(), server_default=sa.false(), nullable=False))
    _log(
        "quizzes_change",
        sa.Column("attempt_id", BIG, nullable=False),
        sa.Column("before", sa.String(length=10), nullable=False),
        sa.Column("after", sa.String(length=10), nullable=False),
        sa.Column("act", sa.String(length=30), nullable=False),
        sa.Column("actor_id", BIG, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=True),
    )
    op.create_index(op.f("ix_quizzes_change_attempt_id"), "quizzes_change", ["attempt_id"], unique=False)
    _log(
        "quizzes_grade",
        sa.Column("attempt_id", BIG, nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("grader_id", BIG, nullable=True),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
    )
    op.create_index("ix_quizzes_grade_attempt_item", "quizzes_grade", ["attempt_id", "item_id"], unique=False)
    _log(
        "quizzes_allowance",
        sa.Column("enrolment_id", BIG, nullable=False),
        sa.Column("lesson_id", sa.String(length=80), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", BIG, nullable=False),
    )
    op.create_index("ix_quizzes_allowance_enrolment_lesson", "quizzes_allowance", ["enrolment_id", "lesson_id"], unique=False)
    _log(
        "quizzes_correction",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("lesson_id", sa.String(length=80), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", BIG, nullable=False),
    )
    op.create_index("ix_quizzes_correction_digest_lesson", "quizzes_correction", ["digest", "lesson_id"], unique=False)
