"""Totals by year, and competency: dictionary, standards, evidence, levels."""

import sqlalchemy as sa
from alembic import op

revision = "credits_0002"
down_revision = "credits_0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "credits_competency",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("group_name", sa.String(length=20), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits_competency")),
        sa.UniqueConstraint("code", name=op.f("uq_credits_competency_code")),
    )
    op.create_table(
        "credits_evidence",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("shown_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("recorded_by", BIG, nullable=True),
        sa.Column("recorded_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits_evidence")),
        sa.UniqueConstraint("key", name=op.f("uq_credits_evidence_key")),
    )
    op.create_index("ix_credits_evidence_person_id_code", "credits_evidence", ["person_id", "code"], unique=False)
    op.create_table(
        "credits_level",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits_level")),
        sa.UniqueConstraint("person_id", "code", name=op.f("uq_credits_level_person_id_code")),
    )
    op.create_table(
        "credits_professional",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("points", sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits_professional")),
        sa.UniqueConstraint("person_id", "year", "dimension", name=op.f("uq_credits_professional_person_id_year_dimension")),
    )
    op.create_table(
        "credits_reminder",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits_reminder")),
    )
    op.create_index("ix_credits_reminder_person_id_at", "credits_reminder", ["person_id", "at"], unique=False)
    op.create_table(
        "credits_standard",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("post", sa.String(length=160), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits_standard")),
        sa.UniqueConstraint("post", "code", name=op.f("uq_credits_standard_post_code")),
    )
    op.create_table(
        "credits_wanted_post",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("post", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits_wanted_post")),
        sa.UniqueConstraint("person_id", name=op.f("uq_credits_wanted_post_person_id")),
    )
    op.create_table(
        "credits_year",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("jp", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("q1", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("q2", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("q3", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("q4", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits_year")),
        sa.UniqueConstraint("year", "person_id", name=op.f("uq_credits_year_year_person_id")),
    )
    op.create_index(op.f("ix_credits_year_person_id"), "credits_year", ["person_id"], unique=False)
