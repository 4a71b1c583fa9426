"""The migrations make exactly the tables that the models describe, on both databases; and can be asked again."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import BigInteger, Integer

from elearn import schema
from elearn.commands.database import bring_up_to_date
from elearn.errors import SettingError
from elearn.models.base import Base
from elearn.plugin import Plugin
from elearn.registry import Registry, discover
from elearn.web.database import db


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, make_app):
    return make_app(*discover(without=()), database="postgresql" if request.param == "postgresql" else "")


def same_type(context, inspected, declared, inspected_type, declared_type):
    return None if not (isinstance(inspected_type, BigInteger | Integer) and isinstance(declared_type, BigInteger | Integer)) else False


def test_migrations_and_models_agree(app):
    ours = {mapper.local_table.name for mapper in Base.registry.mappers if mapper.class_.__module__.startswith("elearn")}
    assert {"person", "course", "core_job", "quizzes_attempt"} <= ours

    def include(thing, name, kind, reflected, compared):
        if kind == "table":  # the tables of the search are made by hand, beside the models
            return name in ours or (reflected and name != "alembic_version" and not name.startswith("course_search"))
        return True

    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": include, "compare_type": same_type, "target_metadata": Base.metadata}
        )
        differences = compare_metadata(context, Base.metadata)
    real = [one for one in differences if not (isinstance(one, tuple) and one[0] in {"remove_index"} and "search" in str(one[1].name))]
    assert real == []


def test_every_key_is_wide_enough_for_a_century(app):
    for name, table in Base.metadata.tables.items():
        for column in table.primary_key.columns:
            if column.autoincrement is True or (column.name == "id" and isinstance(column.type, Integer)):
                assert isinstance(column.type, BigInteger), f"{name}.{column.name}"


def test_upgrading_again_changes_nothing(app):
    with app.app_context():
        assert schema.missing(db.engine, app.extensions["elearn"].registry) == set()
        schema.upgrade(db.engine, app.extensions["elearn"].registry)
        assert schema.missing(db.engine, app.extensions["elearn"].registry) == set()


def test_a_database_that_is_up_to_date_is_known_without_alembic(app, monkeypatch):
    monkeypatch.setattr("alembic.script.ScriptDirectory.from_config", lambda config: pytest.fail("Alembic was asked"))
    with app.app_context():
        assert schema.missing(db.engine, app.extensions["elearn"].registry) == set()


STEP = 'import sqlalchemy as sa\nfrom alembic import op\n\nrevision: str = "{}"  # a step\ndown_revision = {}\ndepends_on = {}\n\n\ndef upgrade():\n    pass\n'


@pytest.mark.parametrize(
    ("after", "needs"),
    [('"tamu_0001"', "None"), ('("tamu_0001",)', "None"), ('"tamu_0001"', '"core_0001"'), ('(\n    "tamu_0001"\n)', "None")],
    ids=["in plain words", "a tuple", "what it depends on", "over two lines"],
)
def test_a_step_that_the_database_lacks_is_missed_however_it_is_written(app, tmp_path, after, needs):
    steps = tmp_path / "steps"
    steps.mkdir()
    (steps / "a.py").write_text(STEP.format("tamu_0001", None, None))
    registry = Registry([*discover(without=()), Plugin(name="tamu", title="Tamu", migrations=steps)])
    with app.app_context():
        assert schema.missing(db.engine, registry) == {"tamu_0001"}
        schema.upgrade(db.engine, registry)
        assert schema.missing(db.engine, registry) == set()
        (steps / "b.py").write_text(STEP.format("tamu_0002", after, needs))
        assert schema.missing(db.engine, registry) == {"tamu_0002"}
        schema.upgrade(db.engine, registry)
        assert schema.missing(db.engine, registry) == set()


def test_a_database_of_a_newer_release_is_named_and_left_alone(app):
    registry = app.extensions["elearn"].registry
    with app.app_context():
        with db.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE alembic_version SET version_num = 'quizzes_9999' WHERE substr(version_num, 1, 7) = 'quizzes'"
            )
        with pytest.raises(SettingError, match=r"newer release \(quizzes_9999\)"):
            schema.check(db.engine, registry)
        with pytest.raises(SettingError, match="newer release"):
            bring_up_to_date(app, say=False)
    assert not (Path(app.config["ELEARN_DATA"]) / "backups").exists()


def test_the_steps_of_a_plugin_that_is_gone_are_not_those_of_a_newer_release(app):
    with app.app_context():
        with db.engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('buku_tamu_0007')")
        assert schema.missing(db.engine, Registry([*discover(without=()), Plugin(name="buku", title="Buku")])) == set()
