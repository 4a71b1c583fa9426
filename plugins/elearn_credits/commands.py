"""``elearn credits …``: the rules and what differs in them, counting anew, IP ASN of many, the personnel system."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import Person, create_app, note, site_of, table_bytes

from . import recounting
from .competency.commands import index_command
from .models import LedgerEntry
from .personnel.commands import personnel_group
from .rule_differences import base_of, differences
from .rules import RuleBook, RuleSet, book_of, read_rule_set
from .words import basis_words, cap_words, duty_words, number, part_words, unit_words, value_words

data_option = click.option("--data", type=click.Path(file_okay=False), default=None, help="The site's data folder (or ELEARN_DATA).")
file_option = click.option(
    "--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="A rule set (TOML) not in place yet."
)


def _book(session: Session, file: Path | None) -> RuleBook:
    book = book_of(site_of(session))
    return RuleBook([*book.sets, read_rule_set(file, own=True, known=book.sets)]) if file else book


@click.command("rules")
@data_option
@file_option
def rules_command(data: str | None, file: Path | None) -> None:
    """The site's rule sets: from when they hold, what they rest on, how sure that is, and what a set of the site's own changes."""
    with create_app(data).extensions["elearn"].outbox.open_session() as session:
        book = _book(session, file)
    for rules in book.sets:
        until = f" sampai {rules.valid_to}" if rules.valid_to else ""
        click.echo(f"{rules.id}  {rules.title}  (berlaku sejak {rules.valid_from}{until})")
        click.echo(f"  {basis_words(rules.basis)}")
        base = base_of(rules, book)
        if base:
            _say_differences(rules, base)
        else:
            _say_all(rules)


def _say_differences(rules: RuleSet, base: RuleSet) -> None:
    click.echo(f"  Yang berbeda dari {base.id}:")
    for each in differences(base, rules):
        about = " ".join(part for part in (each.code, each.title) if part)
        click.echo(f"    {about} [{part_words(each)}]: {value_words(each.part, each.before)} → {value_words(each.part, each.after)}")


def _say_all(rules: RuleSet) -> None:
    for form in rules.forms.values():
        abroad = f"; internasional {number(form.international)}" if form.international != form.national else ""
        cap = f"; paling banyak {cap_words(form.cap)}" if form.cap else ""
        click.echo(
            f"  {form.code:<4} {form.title}: {number(form.national)} JP per {unit_words(form.unit)}{abroad}{cap} [{form.basis.certainty}]"
        )
    for duty in rules.duties:
        click.echo(f"  {', '.join(duty.kinds)}: {duty_words(duty)} [{basis_words(duty.basis)}]")


@click.command("recount")
@data_option
@file_option
@click.option("--apply", "act", is_flag=True, help="Do it. Without this the command only says what it would change.")
@click.option("--csv", "table", type=click.Path(dir_okay=False, path_type=Path), default=None, help="Write who changes by how much here.")
def recount_command(data: str | None, file: Path | None, act: bool, table: Path | None) -> None:
    """Count the ledger anew by the rules in force: a dry run that says whom it changes and by how much, or with --apply the act."""
    if act and file:
        raise click.UsageError("--file is for a dry run: put the rule set into the site's folder first, then --apply.")
    app = create_app(data)
    rows: list[tuple[object, ...]] = []
    people = moved = stuck = stale = 0
    with app.extensions["elearn"].outbox.open_session() as session:
        book = _book(session, file)
        names = {
            row.id: (row.nip or row.email or "", row.name)
            for row in session.execute(select(Person.id, Person.nip, Person.email, Person.name))
        }
        for person_id in list(session.scalars(select(LedgerEntry.person_id).distinct().order_by(LedgerEntry.person_id))):
            found = recounting.recount(session, person_id, by=None) if act else recounting.plan(session, person_id, book)
            rows += [(*names.get(person_id, ("", "")), year, *pair) for year, pair in found.years.items()]
            moved += sum(not move.stuck for move in found.moves)
            stuck += sum(move.stuck for move in found.moves)
            people, stale = people + (not found.idle), stale + found.stale
            session.commit()  # a dry run too gives the database back between two people
        if act and people:
            note(session, "credits.recount", actor=None, detail=f"{people} orang, {moved} catatan")
            session.commit()
    _say_outcome(rows, people=people, moved=moved, stuck=stuck, stale=stale, act=act)
    if table:
        table.write_bytes(table_bytes([("nip", "nama", "tahun", "jp_sebelum", "jp_sesudah"), *rows]))


def _say_outcome(rows: list[tuple[object, ...]], *, people: int, moved: int, stuck: int, stale: int, act: bool) -> None:
    for login, name, year, before, after in rows[:50]:
        click.echo(f"{login}  {name}  {year}: {before} → {after} JP")
    if len(rows) > 50:
        click.echo(f"… dan {len(rows) - 50} baris lagi (--csv BERKAS memuat semuanya)")
    done = "Dihitung ulang" if act else "Akan dihitung ulang"
    click.echo(f"{done}: {people} orang, {moved} catatan; JP berubah pada {len(rows)} tahun orang; {stale} jumlah tidak selaras.")
    if stuck:
        click.echo(f"{stuck} catatan tidak dapat dipindahkan: satuannya berbeda. Perbaiki satu per satu.")
    if not act and people:
        click.echo("Belum ada yang diubah. Jalankan dengan --apply untuk melakukannya.")


COMMANDS: tuple[click.Command, ...] = (rules_command, recount_command, index_command, personnel_group)
