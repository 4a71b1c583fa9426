"""Who verified an entry, and the number of the paper that stands for learning outside the site."""

import sqlalchemy as sa
from alembic import op

revision = "credits_0004"
down_revision = "credits_0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns."""
    op.add_column("credits_entry", sa.Column("certificate", sa.String(length=120), nullable=False, server_default=""))
    op.add_column("credits_entry", sa.Column("verified_by", BIG, nullable=True))
