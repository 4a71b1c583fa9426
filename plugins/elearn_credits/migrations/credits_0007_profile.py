"""A person's levels in one row instead of one a competency."""

import sqlalchemy as sa
from alembic import op

revision = "credits_0007"
down_revision = "credits_0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, fill it from the old one, drop that."""
    profile = op.create_table(
        "credits_profile",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("levels", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits_profile")),
        sa.UniqueConstraint("person_id", name=op.f("uq_credits_profile_person_id")),
    )
    old = sa.table("credits_level", sa.column("person_id", BIG), sa.column("code", sa.String), sa.column("level", sa.Integer))
    said = sa.literal("|") + old.c.code + "=" + sa.cast(old.c.level, sa.String) + "|"
    lines = sa.select(old.c.person_id, sa.func.aggregate_strings(said, "")).group_by(old.c.person_id)
    op.execute(sa.insert(profile).from_select(["person_id", "levels"], lines))
    op.drop_table("credits_level")
