"""elearn person: accounts and roles from the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from sqlalchemy import select

from elearn import erasure
from elearn.commands.common import data_option, make_app, session_of
from elearn.errors import SettingError
from elearn.models.learning import CourseRow
from elearn.models.people import Unit
from elearn.services import audit, people, roster
from elearn.services.viewer import ROLES


@click.group()
def person() -> None:
    """Accounts and roles."""


@person.command()
@click.option("--name", required=True)
@click.option("--nip", default="", help="18 digits; spaces and dots are forgiven.")
@click.option("--email", default="")
@click.option("--role", type=click.Choice(ROLES), default="learner", show_default=True)
@click.option("--unit", "unit_name", default="", help="The unit's name or code; made if it is new.")
@click.option("--scope", default="site", help="Where the role holds: site, unit (the one given), or course:SLUG.")
@click.password_option(help="Asked for where it is left out.")
@data_option
def add(name: str, nip: str, email: str, role: str, unit_name: str, scope: str, password: str, data: str | None) -> None:
    """Add a person, and give them a role."""
    app = make_app(data)
    with session_of(app) as session:
        unit = session.scalar(select(Unit).where((Unit.name == unit_name) | (Unit.code == unit_name))) if unit_name else None
        if unit_name and unit is None:
            unit = people.add_unit(session, unit_name)
        added = people.add_person(session, name=name, nip=nip, email=email, password=password, unit=unit)
        if role != "learner":
            kind, scope_id = _scope(session, scope, unit)
            people.grant(session, added.id, role, scope=kind, scope_id=scope_id)
        audit.note(session, "person.add", actor=None, subject=f"person:{added.id}", detail=role)
        click.echo(f"{added.name} ({added.nip or added.email}): {role}")


@person.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what the file would do.")
@data_option
def import_command(file: Path, dry_run: bool, data: str | None) -> None:
    """Bring many people from a CSV or XLSX (columns nip, nama, surel, status, jabatan, pangkat, unit, aktif): all rows or none."""
    app = make_app(data)
    lines = roster.read(file.read_bytes())
    with app.extensions["elearn"].outbox.open_session() as session:
        plan = roster.plan(session, lines, by=0)
        for line, fault in plan.faults:
            click.echo(f"{file.name}:{line}: {fault.text()}", err=True)
        if plan.faults:
            sys.exit(1)
        if not dry_run:
            roster.carry_out(session, plan)
            audit.note(session, "person.file", actor=None, detail=f"+{len(plan.new)} ~{len(plan.changed)}")
            session.commit()
    units = f", {len(plan.units)} unit baru: {'; '.join(plan.units)}" if plan.units else ""
    click.echo(f"{len(plan.new)} orang baru, {len(plan.changed)} berubah, {plan.same} tetap{units}")
    if dry_run:
        click.echo("Belum ada yang diubah.")


@person.command("erase")
@click.argument("login")
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_option
def erase_command(login: str, yes: bool, data: str | None) -> None:
    """Erase what need not be kept about the person with that NIP or e-mail address. It cannot be undone."""
    app = make_app(data)
    with session_of(app) as session:
        found = people.find_by_login(session, login, closed=True)
        if found is None:
            raise SettingError(f"There is nobody with the login {login!r}")
        if not yes:
            click.confirm(f"Hapus data {found.name} ({login})? Ini tidak dapat dibatalkan.", abort=True)
        erasure.erase(session, app.extensions["elearn"].registry, found, by=None)
    click.echo("Terhapus: surel, jabatan, pangkat, kata sandi, perangkat, peran, dan jawaban.")
    click.echo("Tetap: sertifikat dan buku JP, sebagai catatan kedinasan, dengan nama dan NIP; pelatihan yang ditempuh.")


def _scope(session, scope: str, unit: Unit | None) -> tuple[str, int]:  # type: ignore[no-untyped-def]
    if scope == "site":
        return "site", 0
    if scope == "unit":
        if unit is None:
            raise SettingError("--scope unit needs --unit")
        return "unit", unit.id
    slug = scope.removeprefix("course:")
    course_id = session.scalar(select(CourseRow.id).where(CourseRow.slug == slug))
    if course_id is None:
        raise SettingError(f"There is no course {slug!r}")
    return "course", course_id
