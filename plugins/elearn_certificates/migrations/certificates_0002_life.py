"""What follows after issue: replacement, expiry, statements of attendance; and what the register is searched by."""

import sqlalchemy as sa
from alembic import op

revision = "certificates_0002"
down_revision = "certificates_0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "certificates_certificate"
CHECK = "ck_certificates_certificate_state"
STATES = "state IN ('valid', 'revoked', 'replaced')"


def upgrade() -> None:
    """Add the columns and fill them from the facts."""
    columns = (
        sa.Column("kind", sa.String(length=12), nullable=False, server_default="certificate"),
        sa.Column("course_slug", sa.String(length=80), nullable=False, server_default=""),
        sa.Column("search_text", sa.String(length=600), nullable=False, server_default=""),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", BIG, nullable=True),
        sa.Column("replaces_id", BIG, nullable=True),
    )
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table(TABLE, recreate="always") as batch:
            for column in columns:
                batch.add_column(column)
            batch.create_check_constraint(op.f(CHECK), STATES)
    else:
        for column in columns:
            op.add_column(TABLE, column)
        op.drop_constraint(op.f(CHECK), TABLE, type_="check")
        op.create_check_constraint(op.f(CHECK), TABLE, STATES)
    op.create_index("ix_certificates_certificate_course_slug", TABLE, ["course_slug"], unique=False)
    op.create_index("ix_certificates_certificate_expires_on", TABLE, ["expires_on"], unique=False)
    _fill()


def _fill() -> None:
    table = sa.table(
        TABLE,
        sa.column("id", BIG),
        sa.column("number", sa.String),
        sa.column("facts", sa.JSON),
        sa.column("course_slug", sa.String),
        sa.column("search_text", sa.String),
    )
    bind = op.get_bind()
    last = 0
    while True:
        rows = bind.execute(
            sa.select(table.c.id, table.c.number, table.c.facts).where(table.c.id > last).order_by(table.c.id).limit(500)
        ).all()
        if not rows:
            return
        for row in rows:
            facts = row.facts
            text = " ".join((row.number, facts["person_name"], facts.get("person_number", ""), facts["course_title"])).lower()[:600]
            bind.execute(table.update().where(table.c.id == row.id).values(course_slug=facts["course_slug"], search_text=text))
        last = rows[-1].id
