"""The first tables: people, courses, enrolments, the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "core_0001"
down_revision = None
branch_labels = ("core",)
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audit_entry",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("actor_id", BIG, nullable=True),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.String(length=2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject"], unique=False)
    op.create_table(
        "course",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("version_id", BIG, nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=600), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("slug", name=op.f("uq_course_slug")),
    )
    op.create_table(
        "outbox_event",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_event")),
    )
    op.create_table(
        "unit",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("parent_id", BIG, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
        sa.UniqueConstraint("path", name=op.f("uq_unit_path")),
    )
    op.create_index(op.f("ix_unit_parent_id"), "unit", ["parent_id"], unique=False)
    op.create_table(
        "course_version",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("course_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("published_by", BIG, nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_version_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_version")),
        sa.UniqueConstraint("course_id", "digest", name=op.f("uq_course_version_course_id_digest")),
        sa.UniqueConstraint("course_id", "number", name=op.f("uq_course_version_course_id_number")),
    )
    op.create_table(
        "outbox_delivery",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("subscriber", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.Column("error", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["outbox_event.id"], name=op.f("fk_outbox_delivery_event_id_outbox_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_delivery")),
        sa.UniqueConstraint("event_id", "subscriber", name=op.f("uq_outbox_delivery_event_id_subscriber")),
    )
    op.create_index("ix_outbox_delivery_state_due_at", "outbox_delivery", ["state", "due_at"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("nip", sa.String(length=18), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("post", sa.String(length=160), nullable=False),
        sa.Column("rank", sa.String(length=60), nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("nip IS NOT NULL OR email IS NOT NULL", name=op.f("ck_person_has_login")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("nip", name=op.f("uq_person_nip")),
    )
    op.create_index(op.f("ix_person_unit_id"), "person", ["unit_id"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("course_id", BIG, nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("last_lesson", sa.String(length=80), nullable=False),
        sa.Column("enrolled_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("completed_at", MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('active', 'completed', 'withdrawn')", name=op.f("ck_enrolment_state")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_enrolment_course_id_course")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id_person")),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_enrolment_version_id_course_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("person_id", "course_id", "period", name=op.f("uq_enrolment_person_id_course_id_period")),
    )
    op.create_index("ix_enrolment_course_id_state", "enrolment", ["course_id", "state"], unique=False)
    op.create_table(
        "password_reset",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("asked_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_reset_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
    )
    op.create_index(op.f("ix_password_reset_person_id"), "password_reset", ["person_id"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("scope_id", BIG, nullable=False),
        sa.Column("granted_by", BIG, nullable=True),
        sa.Column("granted_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("person_id", "role", "scope", "scope_id", name=op.f("uq_role_grant_person_id_role_scope_scope_id")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("started_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "activity_mark",
        sa.Column("enrolment_id", BIG, nullable=False),
        sa.Column("lesson_id", sa.String(length=80), nullable=False),
        sa.Column("activity", sa.String(length=80), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_activity_mark_enrolment_id_enrolment")),
        sa.PrimaryKeyConstraint("enrolment_id", "lesson_id", "activity", name=op.f("pk_activity_mark")),
    )
    op.create_table(
        "lesson_done",
        sa.Column("enrolment_id", BIG, nullable=False),
        sa.Column("lesson_id", sa.String(length=80), nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("done_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_lesson_done_enrolment_id_enrolment")),
        sa.PrimaryKeyConstraint("enrolment_id", "lesson_id", name=op.f("pk_lesson_done")),
    )
    _search()


def _search() -> None:
    """Full text over the catalogue's stems: FTS5 beside the table on SQLite, an expression index on PostgreSQL."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX ix_course_search ON course USING gin (to_tsvector('simple', search_text))")
        return
    op.execute("CREATE VIRTUAL TABLE course_search USING fts5(search_text, content='course', content_rowid='id')")
    op.execute(
        "CREATE TRIGGER course_search_insert AFTER INSERT ON course BEGIN "
        "INSERT INTO course_search(rowid, search_text) VALUES (new.id, new.search_text); END"
    )
    op.execute(
        "CREATE TRIGGER course_search_delete AFTER DELETE ON course BEGIN "
        "INSERT INTO course_search(course_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); END"
    )
    op.execute(
        "CREATE TRIGGER course_search_update AFTER UPDATE ON course BEGIN "
        "INSERT INTO course_search(course_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); "
        "INSERT INTO course_search(rowid, search_text) VALUES (new.id, new.search_text); END"
    )
