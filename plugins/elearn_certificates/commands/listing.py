"""elearn certificates list: the register, a line each."""

from __future__ import annotations

import click
from sqlalchemy import select

from elearn_certificates.commands.common import data_option, session_of
from elearn_certificates.models import Certificate


@click.command("list")
@click.option("--year", type=int, default=None, help="Of this year only.")
@click.option("--state", default=None, help="In this state only: valid, expired, revoked or replaced.")
@click.option("--course", default=None, help="Of the course with this slug only.")
@data_option
def list_command(year: int | None, state: str | None, course: str | None, data: str | None) -> None:
    """Number, day of issue, state, holder and course, in the order of issue."""
    with session_of(data) as session:
        rows = select(Certificate).order_by(Certificate.id)
        if year is not None:
            rows = rows.where(Certificate.year == year)
        for row in session.scalars(rows.execution_options(yield_per=500)):
            if state not in (None, row.state) or course not in (None, row.facts["course_slug"]):
                continue
            facts = row.facts
            click.echo("\t".join((row.number, facts["issued_on"], row.state, facts["person_name"], facts["course_title"])))
