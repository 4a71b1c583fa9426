"""The core's steps of the schema, run by Alembic."""
