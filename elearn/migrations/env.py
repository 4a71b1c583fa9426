"""Runs the steps, each in a transaction of its own. Steps spell out their tables and import no models."""

from alembic import context
from sqlalchemy import Engine

engine: Engine = context.config.attributes["engine"]
with engine.execution_options(elearn_write=True).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True, transactional_ddl=True, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
