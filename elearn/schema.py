"""The database's schema: brought up to date by Alembic, one branch for the core and one for each plugin with tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from elearn.errors import SettingError
from elearn.registry import Registry

HERE = Path(__file__).parent / "migrations"


def _config(registry: Registry) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    folders = [HERE / "versions", *(Path(p.migrations) for p in registry.plugins.values() if p.migrations is not None)]
    config.set_main_option("version_locations", "\n".join(str(folder) for folder in folders))
    config.set_main_option("path_separator", "newline")
    return config


def upgrade(engine: Engine, registry: Registry) -> None:
    """Bring the schema up to date, each step in a transaction of its own: a step that is interrupted leaves nothing behind.

    The steps of a plugin that is no longer installed stay as they are, its tables too: it may come back.
    """
    config = _config(registry)
    config.attributes["engine"] = engine
    script = ScriptDirectory.from_config(config)
    known = {step.revision for step in script.walk_revisions()}

    def steps(current: tuple[str, ...], context: MigrationContext) -> Any:
        return script._upgrade_revs("heads", tuple(head for head in current if head in known))  # type: ignore[arg-type]

    with EnvironmentContext(config, script, fn=steps, destination_rev="heads"):
        script.run_env()


def missing(engine: Engine, registry: Registry) -> set[str]:
    """The steps that the database lacks, by their revision; empty if it is up to date."""
    wanted = set(ScriptDirectory.from_config(_config(registry)).get_heads())
    with engine.connect() as connection:
        have = set(MigrationContext.configure(connection).get_current_heads())
    return wanted - have


def check(engine: Engine, registry: Registry) -> None:
    """Raises ``SettingError``, one clear line, where the database cannot be reached or its schema is behind."""
    try:
        behind = missing(engine, registry)
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise SettingError(f"The database cannot be reached: {reason}. Check the setting “database”.") from error
    if behind:
        raise SettingError("The database is not up to date. Run: elearn db upgrade")
