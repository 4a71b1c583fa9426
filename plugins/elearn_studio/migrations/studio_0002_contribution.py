"""Contribution, learners' reports, regulations that changed, local versions."""

import sqlalchemy as sa
from alembic import op

revision = "studio_0002"
down_revision = "studio_0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.add_column("studio_draft", sa.Column("signed_by", sa.String(length=200), nullable=True))
    op.add_column("studio_draft", sa.Column("signed_change", BIG, nullable=True))
    op.add_column("studio_draft", sa.Column("origin", sa.String(length=80), nullable=True))
    op.add_column("studio_draft", sa.Column("origin_release", BIG, nullable=True))
    op.create_table(
        "studio_key",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("public", sa.String(length=64), nullable=False),
        sa.Column("by", BIG, nullable=False),
        sa.Column("at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_key")),
        sa.UniqueConstraint("public", name=op.f("uq_studio_key_public")),
    )
    op.create_table(
        "studio_regulation",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("refresher", sa.String(length=80), nullable=False),
        sa.Column("by", BIG, nullable=True),
        sa.Column("at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_regulation")),
        sa.UniqueConstraint("key", name=op.f("uq_studio_regulation_key")),
    )
    op.create_table(
        "studio_report",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", BIG, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('open', 'answered')", name=op.f("ck_studio_report_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_report")),
    )
    op.create_index("ix_studio_report_person_id_slug", "studio_report", ["person_id", "slug"], unique=False)
    op.create_index("ix_studio_report_slug_state", "studio_report", ["slug", "state"], unique=False)
    op.create_table(
        "studio_taken_in",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("regulation_id", BIG, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_taken_in")),
        sa.UniqueConstraint("regulation_id", "slug", name=op.f("uq_studio_taken_in_regulation_id_slug")),
    )
    op.create_table(
        "studio_submission",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("draft_id", BIG, nullable=False),
        sa.Column("by", BIG, nullable=False),
        sa.Column("at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("change", BIG, nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("licence", sa.String(length=60), nullable=False),
        sa.Column("provenance", sa.String(length=2000), nullable=False),
        sa.Column("signed_by", sa.String(length=200), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.CheckConstraint("state IN ('submitted', 'asked', 'accepted', 'refused', 'withdrawn')", name=op.f("ck_studio_submission_state")),
        sa.ForeignKeyConstraint(["draft_id"], ["studio_draft.id"], name=op.f("fk_studio_submission_draft_id_studio_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_submission")),
    )
    op.create_index("ix_studio_submission_draft_id_id", "studio_submission", ["draft_id", "id"], unique=False)
    op.create_index("ix_studio_submission_state_at", "studio_submission", ["state", "at"], unique=False)
    op.create_table(
        "studio_comment",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("by", BIG, nullable=False),
        sa.Column("at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["studio_submission.id"], name=op.f("fk_studio_comment_submission_id_studio_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_comment")),
    )
    op.create_index("ix_studio_comment_submission_id_path", "studio_comment", ["submission_id", "path"], unique=False)
    op.create_table(
        "studio_step",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("by", BIG, nullable=True),
        sa.Column("at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["studio_submission.id"], name=op.f("fk_studio_step_submission_id_studio_submission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_step")),
    )
    op.create_index("ix_studio_step_submission_id_id", "studio_step", ["submission_id", "id"], unique=False)
