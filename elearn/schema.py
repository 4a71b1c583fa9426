"""The database's schema: brought up to date by Alembic, one branch for the core and one for each plugin with tables.

Alembic is read where it is asked for: most commands need none of it, and it takes as long as all of Flask.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from elearn.errors import SettingError
from elearn.registry import Registry

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext

HERE = Path(__file__).parent / "migrations"
_PLAIN = re.compile(r"\w+")
_STEP = re.compile(r"^(revision|down_revision|depends_on)\b[^=\n]*= *(.+?) *(?:#.*)?$", re.MULTILINE)


def _folders(registry: Registry) -> list[Path]:
    return [HERE / "versions", *(Path(p.migrations) for p in registry.plugins.values() if p.migrations is not None)]


def _config(registry: Registry) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("version_locations", "\n".join(str(folder) for folder in _folders(registry)))
    config.set_main_option("path_separator", "newline")
    return config


def upgrade(engine: Engine, registry: Registry) -> None:
    """Bring the schema up to date, each step in a transaction of its own: a step that is interrupted leaves nothing behind.

    The steps of a plugin that is no longer installed stay as they are, its tables too: it may come back.
    """
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = _config(registry)
    config.attributes["engine"] = engine
    script = ScriptDirectory.from_config(config)
    known = {step.revision for step in script.walk_revisions()}

    def steps(current: tuple[str, ...], context: MigrationContext) -> Any:
        return script._upgrade_revs("heads", tuple(head for head in current if head in known))  # type: ignore[arg-type]

    with EnvironmentContext(config, script, fn=steps, destination_rev="heads"):
        script.run_env()


def missing(engine: Engine, registry: Registry) -> set[str]:
    """The steps that the database lacks, by their revision; empty if it is up to date. Raises ``SettingError`` where it has steps that
    come after those known here."""
    if _seen_at_a_glance(engine, registry):
        return set()
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(_config(registry))
    with engine.connect() as connection:
        have = set(MigrationContext.configure(connection).get_current_heads())
    known = {step.revision for step in script.walk_revisions()}
    newer = sorted(step for step in have - known if step.rpartition("_")[0] in registry.plugins)
    if newer:
        raise SettingError(
            f"The database was brought up to date by a newer release ({', '.join(newer)}). Install that one, or restore a backup."
        )
    return set(script.get_heads()) - have


def _seen_at_a_glance(engine: Engine, registry: Registry) -> bool:
    """Whether the database is surely up to date, by the plain words of the steps alone, so that a start need not wait for Alembic.
    What is not said in plain words is left to it."""
    steps, followed = set(), set()
    for file in (file for folder in _folders(registry) for file in folder.glob("*.py") if file.name != "__init__.py"):
        said = {name: value.strip("\"'") for name, value in _STEP.findall(file.read_text("utf-8"))}
        step, after, needs = (said.get(name, "") for name in ("revision", "down_revision", "depends_on"))
        if not (_PLAIN.fullmatch(step) and _PLAIN.fullmatch(after)) or needs not in {"", "None"}:
            return False
        steps.add(step)
        followed.add(after)
    if not inspect(engine).has_table("alembic_version"):
        return False
    with engine.connect() as connection:
        have = set(connection.scalars(text("SELECT version_num FROM alembic_version")))
    return steps - followed <= have


def check(engine: Engine, registry: Registry) -> None:
    """Raises ``SettingError``, one clear line, where the database cannot be reached or its schema is behind."""
    try:
        behind = missing(engine, registry)
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise SettingError(f"The database cannot be reached: {reason}. Check the setting “database”.") from error
    if behind:
        raise SettingError("The database is not up to date. Run: elearn db upgrade")
