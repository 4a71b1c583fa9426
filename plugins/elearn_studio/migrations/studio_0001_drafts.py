"""Courses being written."""

import sqlalchemy as sa
from alembic import op

revision = "studio_0001"
down_revision = None
branch_labels = ("studio",)
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "studio_draft",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("created_by", BIG, nullable=True),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("changed_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("due_digest", sa.String(length=64), nullable=False),
        sa.Column("due_source", sa.String(length=64), nullable=False),
        sa.Column("due_by", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_draft")),
        sa.UniqueConstraint("slug", name=op.f("uq_studio_draft_slug")),
    )
    op.create_table(
        "studio_member",
        sa.Column("draft_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["studio_draft.id"], name=op.f("fk_studio_member_draft_id_studio_draft")),
        sa.PrimaryKeyConstraint("draft_id", "person_id", name=op.f("pk_studio_member")),
    )
    op.create_index("ix_studio_member_person_id", "studio_member", ["person_id"], unique=False)
    op.create_table(
        "studio_file",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("draft_id", BIG, nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("blob", sa.String(length=64), nullable=True),
        sa.Column("changed_by", BIG, nullable=True),
        sa.Column("changed_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["studio_draft.id"], name=op.f("fk_studio_file_draft_id_studio_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_file")),
        sa.UniqueConstraint("draft_id", "path", name=op.f("uq_studio_file_draft_id_path")),
    )
    op.create_table(
        "studio_blob",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_studio_blob")),
    )
    op.create_table(
        "studio_change",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("draft_id", BIG, nullable=False),
        sa.Column("file_id", BIG, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("blob", sa.String(length=64), nullable=True),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("by", BIG, nullable=True),
        sa.Column("at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["studio_draft.id"], name=op.f("fk_studio_change_draft_id_studio_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_change")),
    )
    op.create_index("ix_studio_change_file_id_revision", "studio_change", ["file_id", "revision"], unique=False)
    op.create_index("ix_studio_change_draft_id_id", "studio_change", ["draft_id", "id"], unique=False)
    op.create_table(
        "studio_release",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("draft_id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("by", BIG, nullable=True),
        sa.Column("at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["studio_draft.id"], name=op.f("fk_studio_release_draft_id_studio_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_release")),
    )
    op.create_index("ix_studio_release_draft_id_id", "studio_release", ["draft_id", "id"], unique=False)
    op.create_table(
        "studio_presence",
        sa.Column("file_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("seen_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", "person_id", name=op.f("pk_studio_presence")),
    )
