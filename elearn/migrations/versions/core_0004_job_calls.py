"""Which item of a job is being asked about outside."""

import sqlalchemy as sa
from alembic import op

revision = "core_0004"
down_revision = "core_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("core_job_item", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
