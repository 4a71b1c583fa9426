"""In whose name an organisation's packs come."""

import sqlalchemy as sa
from alembic import op

revision = "studio_0003"
down_revision = "studio_0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column."""
    op.add_column("studio_key", sa.Column("contributor", BIG, nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("studio_key", "contributor")
