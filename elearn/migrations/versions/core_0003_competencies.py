"""Which competencies a course on offer teaches, for the catalogue's filters."""

import sqlalchemy as sa
from alembic import op

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table. ``elearn db upgrade`` fills it from the versions on offer."""
    op.create_table(
        "course_competency",
        sa.Column("course_id", BIG, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_competency_course_id_course")),
        sa.PrimaryKeyConstraint("course_id", "code", name=op.f("pk_course_competency")),
    )
    op.create_index(op.f("ix_course_competency_code"), "course_competency", ["code"], unique=False)
