"""From SQLite to PostgreSQL: every row arrives as it was, and the site goes on there."""

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, func, insert, select, update

from elearn.app import create_app
from elearn.cli import main
from elearn.models.base import Base
from elearn.models.people import Person, Unit
from elearn.registry import discover
from elearn.services import learning, people
from elearn.web.database import db
from tests.safety.site import ADDRESS


@pytest.fixture
def target(elearn_databases):
    """The address of an empty PostgreSQL database."""
    url = elearn_databases.create(elearn_databases.new_url("postgresql"))
    yield url
    elearn_databases.drop(url)


def rows_of(engine):
    """Every row of every table, by the table's name."""
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
            if engine.dialect.has_table(connection, table.name)
        }


def copied(folder, target):
    return CliRunner().invoke(main, ["db", "copy", target, "--data", str(folder)])


def test_every_row_arrives_and_the_site_goes_on(rich, target, tmp_path):
    app = rich.copied(tmp_path / "site")
    with app.extensions["elearn"].outbox.open_session() as session:  # a unit below one that was made after it
        late = people.add_unit(session, "Induk baru", code="INDUK")
        first = session.scalars(select(Unit).where(Unit.parent_id.is_not(None)).order_by(Unit.id)).first()
        session.execute(update(Unit).where(Unit.id == first.id).values(parent_id=late.id))
        session.commit()
    with app.app_context():
        before = rows_of(db.engine)
    told = copied(tmp_path / "site", target)
    assert told.exit_code == 0, told.output
    assert f"{sum(map(len, before.values()))} rows are there." in told.output
    engine = create_engine(target)
    after = rows_of(engine)
    assert {name: len(rows) for name, rows in after.items()} == {name: len(rows) for name, rows in before.items()}
    assert after == before
    assert sum(map(bool, before.values())) > 30, "most tables have rows"
    engine.dispose()

    moved = create_app(tmp_path / "site", settings=ADDRESS | {"database": target}, plugins=discover(without=()), testing=True)
    moved.config["WTF_CSRF_ENABLED"] = False
    rich.apps.append(moved)
    sari = rich.client(moved, "sari")
    assert sari.get("/transkrip").status_code == 200
    state = moved.extensions["elearn"]
    slug = before["course"][0][1]
    with state.outbox.open_session() as session:
        person = people.add_person(session, name="Orang Baru", email="baru@contoh.go.id")
        assert person.id == max(row[0] for row in before["person"]) + 1, "numbers go on where they stood"
        learning.enrol(session, person.id, slug, outline=state.site.course)
        session.commit()
    state.outbox.deliver_due()


def test_nothing_is_copied_over_what_is_there(rich, target):
    assert copied(rich.folder, target).exit_code == 0
    again = copied(rich.folder, target)
    assert again.exit_code == 1
    assert "has rows already" in again.output
    engine = create_engine(target)
    with engine.begin() as connection:
        count = connection.scalar(select(func.count()).select_from(Person))
        connection.execute(insert(Unit).values(name="Dinas", code="", path="/x/"))  # still whole, and to be written to
    engine.dispose()
    assert count


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sqlite:////srv/x.db", "elearn db backup"),
        ("mysql://localhost/x", "copies into PostgreSQL"),
        ("postgresql://nobody@127.0.0.1:1/x", "refused"),
    ],
)
def test_where_it_cannot_go_is_told_in_a_line(rich, address, said):
    told = copied(rich.folder, address)
    assert told.exit_code == 1
    assert said in told.output
    assert "Traceback" not in told.output
