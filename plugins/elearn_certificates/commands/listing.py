"""elearn certificates list: the register, a line each."""

from __future__ import annotations

import click
from sqlalchemy import select

from elearn import now, site_of
from elearn_certificates.commands.common import data_option, session_of
from elearn_certificates.issuing import day_of
from elearn_certificates.models import STANDINGS, Certificate


@click.command("list")
@click.option("--year", type=int, default=None, help="Of this year only.")
@click.option("--state", type=click.Choice(STANDINGS), default=None, help="In this state only.")
@click.option("--course", default=None, help="Of the course with this slug only.")
@data_option
def list_command(year: int | None, state: str | None, course: str | None, data: str | None) -> None:
    """Number, day of issue, state, holder and course, in the order of issue."""
    with session_of(data) as session:
        rows = select(Certificate).order_by(Certificate.id)
        if year is not None:
            rows = rows.where(Certificate.year == year)
        if course is not None:
            rows = rows.where(Certificate.course_slug == course)
        today = day_of(site_of(session), now())
        for row in session.scalars(rows.execution_options(yield_per=500)):
            facts, standing = row.facts, row.standing(today)
            if state in (None, standing):
                click.echo("\t".join((row.number, facts["issued_on"], standing, facts["person_name"], facts["course_title"])))
