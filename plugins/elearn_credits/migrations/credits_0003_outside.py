"""Indices for what waits for a verifier, and for evidence that more than one person uses."""

from alembic import op

revision = "credits_0003"
down_revision = "credits_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indices."""
    op.create_index("ix_credits_entry_state_id", "credits_entry", ["state", "id"], unique=False)
    op.create_index("ix_credits_entry_evidence", "credits_entry", ["evidence"], unique=False)
