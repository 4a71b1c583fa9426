"""elearn course: check a folder of Markdown, see how a file looks, put a course on offer."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from elearn.commands.common import data_option, make_app, session_of
from elearn.content import prose
from elearn.content.manifest import split_front_matter
from elearn.errors import ContentError, Problem
from elearn.packs import check_pack, read_pack
from elearn.registry import Registry, discover
from elearn.services.publishing import learners_now, publish

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def course() -> None:
    """Courses."""


def as_json(problem: Problem) -> dict[str, str | int]:
    """A problem as it is exchanged: file, line, column, code, message, remedy, severity."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "message": problem.text(),
        "remedy": problem.cure(),
        "severity": problem.severity,
    }


@course.command()
@click.argument("folder", type=FOLDER)
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
def check(folder: Path, style: str) -> None:
    """Check a course; all faults at once, and exit code 1 if one of them stops publishing."""
    try:
        reading = check_pack(folder.resolve(), Registry(discover()))
        problems, errors = list(reading.problems), len(reading.errors)
    except ContentError as error:
        problems, errors = error.problems, len(error.problems)
    if style == "json":
        click.echo(json.dumps([as_json(problem) for problem in problems], ensure_ascii=False, indent=1))
    else:
        for problem in problems:
            click.echo(str(problem))
        others = sum(problem.severity == "warning" for problem in problems)
        click.echo(f"{errors} kesalahan, {others} peringatan." if problems else "Tidak ada kesalahan.")
    if errors:
        sys.exit(1)


@course.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def render(file: Path) -> None:
    """Print the safe HTML of one Markdown file; its faults go to standard error."""
    text = file.read_text("utf-8-sig", errors="replace").replace("\r\n", "\n")
    _, body, line = split_front_matter(text)
    drawn = prose.render(body, file=file.name, line=line)
    for problem in drawn.problems:
        click.echo(str(problem), err=True)
    click.echo(drawn.html)
    if any(problem.severity == "error" for problem in drawn.problems):
        sys.exit(1)


@course.command("publish")
@click.argument("folder", type=FOLDER)
@data_option
def publish_command(folder: Path, data: str | None) -> None:
    """Check a course and put it on offer. With a fault in it nothing changes."""
    app = make_app(data)
    reading = read_pack(folder.resolve(), app.extensions["elearn"].registry)
    for problem in reading.problems:
        click.echo(str(problem), err=True)
    with session_of(app) as session:
        store = app.extensions["elearn"].site.store
        version, new = publish(session, store, reading.course, reading.media, by=None)
        learning = learners_now(session, reading.course.slug)
    said = f"versi {version.number} diterbitkan" if new else f"versi {version.number} sudah ditawarkan"
    click.echo(f"{reading.course.slug}: {said}. {learning} peserta sedang belajar; nilai lama tidak berubah.")
