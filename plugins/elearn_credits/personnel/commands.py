"""``elearn credits personnel …``: the same as the page, for whoever has a shell or a timer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from elearn import Person, Refused, SettingError, create_app, job_progress, site_of

from . import files, records, sending, words
from .codes import codes_of
from .models import STATES, PersonnelRecord
from .service import RowRefused, ServiceAway

data_option = click.option("--data", type=click.Path(file_okay=False), default=None, help="The site's data folder (or ELEARN_DATA).")
year_option = click.option("--year", type=int, default=None, help="Only learning that ended in this year.")


@click.group("personnel")
def personnel_group() -> None:
    """Courses that count, to the personnel system."""


@contextmanager
def _session(data: str | None) -> Iterator[Session]:
    with create_app(data).extensions["elearn"].outbox.open_session() as session:
        yield session
        session.commit()


def _of_year(year: int | None) -> tuple[ColumnElement[bool], ...]:
    return () if year is None else (PersonnelRecord.year == year,)


@personnel_group.command("prepare")
@data_option
def prepare_command(data: str | None) -> None:
    """Look for new and corrected entries, and again at what lacks something; say how many are in each state."""
    with _session(data) as session:
        for person_id in records.people_to_look_at(session):
            records.refresh(session, person_id)
            session.commit()
        counted = select(PersonnelRecord.state, func.count()).group_by(PersonnelRecord.state)
        counts = {row[0]: row[1] for row in session.execute(counted)}
    for state in STATES:
        click.echo(f"{words.state(state)}: {counts.get(state, 0)}")


@personnel_group.command("send")
@data_option
@year_option
@click.option("--refused", is_flag=True, help="Send what was refused once more, instead of what is ready.")
def send_command(data: str | None, year: int | None, refused: bool) -> None:
    """Send what is ready, at most 20,000 at a time, and wait until it is done."""
    app = create_app(data)
    outbox = app.extensions["elearn"].outbox
    wanted = select(PersonnelRecord.id).where(PersonnelRecord.state == ("refused" if refused else "ready"), *_of_year(year))
    with outbox.open_session() as session:
        if sending.service_of(site_of(session)) is None:
            raise SettingError("credits.personnel_url is not set: there is no service to send to")
        ids = list(session.scalars(wanted.order_by(PersonnelRecord.id).limit(sending.MOST_ITEMS)))
        try:
            job_id = sending.start(session, ids, by=None)
        except Refused as nothing:
            click.echo(str(nothing))
            return
        session.commit()
    outbox.deliver_due(limit=1_000_000)
    with outbox.open_session() as session:
        progress = job_progress(session, job_id)
        rows = session.execute(
            select(PersonnelRecord, Person.name).join(Person, Person.id == PersonnelRecord.person_id).where(PersonnelRecord.id.in_(ids))
        )
        for record, name in rows:
            if record.state != "accepted":
                click.echo(f"{record.id}  {name}: {words.state(record.state)}. {record.reason}")
    if progress is not None:
        click.echo(f"Pekerjaan {job_id}: {progress.done} selesai, {progress.refused} ditolak aturan, {progress.failed} gagal.")


@personnel_group.command("export")
@data_option
@year_option
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_command(data: str | None, year: int | None, file: Path) -> None:
    """Write all records into FILE as JSON."""
    with _session(data) as session:
        told = files.told(session, *_of_year(year))
        file.write_text(files.as_json(told, codes_of(site_of(session))), "utf-8")
    click.echo(f"{len(told)} rekaman: {file}")


@personnel_group.command("try")
@data_option
@click.argument("nip")
def try_command(data: str | None, nip: str) -> None:
    """Draw both tokens and ask the service for the person of that NIP. Sends nothing."""
    with _session(data) as session:
        service = sending.service_of(site_of(session))
    if service is None:
        raise SettingError("credits.personnel_url is not set: there is no service to try")
    try:
        click.echo(f"Layanan menjawab: {service.person(nip)}")
    except (RowRefused, ServiceAway) as error:
        raise SettingError(str(error)) from error
