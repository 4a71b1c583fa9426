"""elearn course: check a folder of Markdown, see how a file looks, put a course on offer."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from elearn.commands.authoring import COMMANDS
from elearn.commands.common import data_option, make_app, session_of
from elearn.commands.preview import preview
from elearn.commands.speech import LANGUAGES, _, speak
from elearn.commands.wording import as_github, as_json, say_problem
from elearn.content import prose
from elearn.content.manifest import split_front_matter
from elearn.content.packs import installed_packs
from elearn.errors import ContentError, SettingError
from elearn.packs import cache_in, check_pack, read_pack
from elearn.registry import Registry, discover
from elearn.services.publishing import learners_now, numbers_on_offer, offer

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
@click.option("--language", type=click.Choice(LANGUAGES), default="id", envvar="ELEARN_LANGUAGE", show_default=True, help="id or en.")
def course(language: str) -> None:
    """Courses."""
    speak(language, discover() if language != "id" else ())


@course.command()
@click.argument("folder", type=FOLDER)
@click.option("--format", "style", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
def check(folder: Path, style: str) -> None:
    """Check a course; all faults at once, and exit code 1 if one of them stops publishing."""
    try:
        reading = check_pack(folder.resolve(), Registry(discover()))
        problems, errors = list(reading.problems), len(reading.errors)
    except ContentError as error:
        problems, errors = error.problems, len(error.problems)
    if style == "json":
        click.echo(json.dumps([as_json(problem) for problem in problems], ensure_ascii=False, indent=1))
    for problem in problems if style != "json" else ():
        click.echo(say_problem(problem) if style == "text" else as_github(problem, folder=folder.as_posix()))
    if style == "text":
        others = sum(problem.severity == "warning" for problem in problems)
        words = {"errors": errors, "warnings": others}
        click.echo(_("{errors} kesalahan, {warnings} peringatan.", **words) if problems else _("Tidak ada kesalahan."))
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
        click.echo(say_problem(problem), err=True)
    click.echo(drawn.html)
    if any(problem.severity == "error" for problem in drawn.problems):
        sys.exit(1)


@course.command("list")
@data_option
def list_command(data: str | None) -> None:
    """The courses that installed packages bring, and which version of each is on offer."""
    app = make_app(data)
    with session_of(app) as session:
        offered = numbers_on_offer(session)
    for distribution, packs in installed_packs():
        for pack in packs:
            state = _("versi {number} ditawarkan", number=offered[pack.name]) if pack.name in offered else _("belum ditawarkan")
            click.echo(f"{pack.name:<32} {distribution:<24} {state}")


def pack_folder(name: str) -> Path:
    """The folder ``name`` names: a path, or the slug of a course that an installed package brings."""
    path = Path(name)
    if path.is_dir():
        return path.resolve()
    found = [pack for _, packs in installed_packs() for pack in packs if pack.name == name]
    if not found:
        raise SettingError(f"{name} is neither a folder nor an installed course (see: elearn course list)")
    return found[0]


@course.command("publish")
@click.argument("course_or_folder", metavar="DIR|SLUG")
@data_option
def publish_command(course_or_folder: str, data: str | None) -> None:
    """Check a course and put it on offer: a folder, or a course that an installed package brings. With a fault in it nothing changes."""
    folder = pack_folder(course_or_folder)
    app = make_app(data)
    site, registry = app.extensions["elearn"].site, app.extensions["elearn"].registry
    reading = read_pack(folder, registry, cache=cache_in(site.cache, registry))
    for problem in reading.problems:
        click.echo(say_problem(problem), err=True)
    digest = site.store.put(reading.course, reading.media)
    with session_of(app) as session:
        version, new = offer(session, reading.course, digest, by=None)
        learning = learners_now(session, reading.course.slug)
    words = {"number": version.number, "drawn": len(reading.rendered)}
    said = _("versi {number} diterbitkan ({drawn} pelajaran disusun)", **words) if new else _("versi {number} sudah ditawarkan", **words)
    click.echo(f"{reading.course.slug}: {said}. " + _("{count} peserta sedang belajar; nilai lama tidak berubah.", count=learning))


for command in (*COMMANDS, preview):
    course.add_command(command)
