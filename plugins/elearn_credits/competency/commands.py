"""``elearn credits index``: the index of professionalism of many people, for who hands it in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from elearn import Person, SettingError, Unit, create_app, site_of, table_bytes

from .. import ledger
from ..counting import count
from ..rules import book_of
from .ip_asn import DIMENSIONS, index
from .report import below


@click.command("index")
@click.option("--data", type=click.Path(file_okay=False), default=None, help="The site's data folder (or ELEARN_DATA).")
@click.option("--year", type=int, default=None, help="Which year. Left out: this one.")
@click.option("--unit", "code", default=None, help="Only the people of the unit with this code, and below.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def index_command(data: str | None, year: int | None, code: str | None, file: Path) -> None:
    """Write IP ASN of everybody into FILE (CSV): every dimension, every item of the competency dimension, total and category."""
    with create_app(data).extensions["elearn"].outbox.open_session() as session:
        year = year or ledger.today(session).year
        unit = session.scalar(select(Unit).where(Unit.code == code)) if code else None
        if code and unit is None:
            raise SettingError(f"There is no unit with the code {code!r}")
        statement = (
            select(Person, Unit.name).outerjoin(Unit, Unit.id == Person.unit_id).where(Person.active).order_by(Person.name, Person.id)
        )
        people = [(row[0], row[1]) for row in session.execute(statement if unit is None else statement.where(below(unit.path)))]
        book = book_of(site_of(session))
        rows: list[list[Any]] = [
            ["nip", "nama", "unit", "jabatan", *(f"dimensi_{name}" for name in DIMENSIONS), "jumlah", "kategori", "butir"]
        ]
        for person, unit_name in people:
            found = index(session, person, year=year, lines=count(ledger.entries_of(session, person.id), book).values())
            points = ["" if one.points is None else one.points for one in found.dimensions]
            items = "; ".join(f"{item.title}: {item.points:g} dari {item.most:g} ({item.jp.normalize():f} JP)" for item in found.items)
            about = [person.nip or "", person.name, unit_name or "", person.post]
            rows.append([*about, *points, "" if found.total is None else found.total, found.band, items])
            session.commit()  # between two people others get the database
        file.write_bytes(table_bytes(rows))
    click.echo(f"{len(people)} orang: {file}")
