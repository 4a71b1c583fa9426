"""elearn course new, stats, tidy, diff, pack, import: an author's day at the command line."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from elearn.authoring import tidy_with
from elearn.commands.new_course import write_course
from elearn.commands.speech import _
from elearn.commands.wording import say_problem
from elearn.content import archive
from elearn.content.difference import changes
from elearn.content.figures import LONG_SENTENCE, MOST_IMAGE, Figures, figures_of
from elearn.content.folder import NOT_UTF8
from elearn.content.manifest import SLUG
from elearn.content.starters import STARTERS
from elearn.errors import SettingError
from elearn.packs import check_pack
from elearn.registry import Registry, discover

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--template", type=click.Choice(sorted(STARTERS)), default="singkat", show_default=True, help="What to start from.")
def new(folder: Path, template: str) -> None:
    """Write a course to start from; the folder's name becomes its address."""
    if not SLUG.fullmatch(folder.name):
        raise SettingError(f"{folder.name!r}: use lower-case letters, digits and dashes, such as etika-pelayanan")
    write_course(folder, starter=template)
    click.echo(_("{folder}: sunting course.yml dan pelajarannya, lalu: elearn course check {folder}", folder=folder))


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
def stats(folder: Path, style: str) -> None:
    """Words, minutes, hours honest or not, weight, reading level and picture sizes, lesson by lesson."""
    reading = check_pack(folder.resolve(), Registry(discover()))
    figures = figures_of(reading.course, reading.media)
    if style == "json":
        click.echo(json.dumps(as_json(figures), ensure_ascii=False, indent=1))
        return
    heads = (_("pelajaran"), _("kata"), _("menit"), "kB", _("gambar"), _("kata/kalimat"), _("bacaan"))
    click.echo(f"{heads[0]:<40}{heads[1]:>7}{heads[2]:>7}{heads[3]:>8}{heads[4]:>8}{heads[5]:>14}  {heads[6]}")
    levels = {"easy": _("mudah"), "middle": _("sedang"), "hard": _("sukar"), "": "-"}
    for one in figures.lessons:
        mark = "*" if one.sentence > LONG_SENTENCE else " "
        click.echo(
            f"{one.id:<40}{one.words:>7}{one.minutes:>7}{one.weight / 1000:>8.1f}{one.pictures:>8}{one.sentence:>13.1f}{mark}"
            f"  {levels[one.level]} ({one.readability})"
        )
    _say_hours(figures)
    _say_images(figures)


def as_json(figures: Figures) -> dict[str, object]:
    """The figures as they are exchanged; weights in bytes, JP as numbers."""
    lessons = [asdict(one) | {"readability": one.readability, "level": one.level} for one in figures.lessons]
    images = [{"lesson": lesson, "bytes": size} for lesson, size in figures.images]
    return {
        "lessons": lessons,
        "words": figures.words,
        "minutes": figures.minutes,
        "jp": figures.hours,
        "jp_by_minutes": round(figures.honest_hours, 2),
        "jp_honest": figures.is_honest,
        "images": images,
    }


def _say_hours(figures: Figures) -> None:
    said = _("sesuai") if figures.is_honest else _("tidak sesuai; ubah jp atau menit")
    words = {"words": figures.words, "minutes": figures.minutes, "honest": f"{figures.honest_hours:.1f}", "jp": figures.hours, "said": said}
    click.echo("\n" + _("{words} kata, {minutes} menit = {honest} JP; ditulis {jp} JP: {said}", **words))
    if any(one.sentence > LONG_SENTENCE for one in figures.lessons):
        click.echo(_("* rata-rata lebih dari {most} kata per kalimat: pecah kalimatnya", most=LONG_SENTENCE))


def _say_images(figures: Figures) -> None:
    if not figures.images:
        click.echo(_("gambar: tidak ada"))
        return
    total = sum(size for _lesson, size in figures.images) / 1000
    click.echo(_("gambar: {count}, {total} kB seluruhnya; terbesar:", count=len(figures.images), total=f"{total:.0f}"))
    for lesson, size in figures.images[:5]:
        mark = _("  terlalu besar") if size > MOST_IMAGE else ""
        click.echo(f"  {size / 1000:>7.1f} kB  {lesson}{mark}")


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing; exit code 1 where there is anything.")
def tidy(folder: Path, dry_run: bool) -> None:
    """Put all lessons into the form the guide shows: what Word leaves behind goes, questions get their ids. A file that is no UTF-8
    stays as it is, and makes the exit code 1."""
    registry = Registry(discover())
    found = unread = 0
    for path in sorted(folder.resolve().rglob("*.md")):
        if path.is_symlink() or not path.is_file():
            continue
        name = path.relative_to(folder.resolve()).as_posix()
        try:
            text = path.read_text("utf-8-sig")
        except UnicodeDecodeError:
            click.echo(say_problem(NOT_UTF8.at(file=name)))
            unread += 1
            continue
        better, fixed = tidy_with(registry, text)
        for problem in fixed:
            click.echo(say_problem(problem.at(file=name)))
        found += len(fixed)
        if better != text and not dry_run:
            path.write_text(better, "utf-8")
    if not found and not unread:
        click.echo(_("Semua naskah sudah rapi."))
    sys.exit(bool(unread or (found and dry_run)))


@click.command()
@click.argument("old", type=FOLDER)
@click.argument("new_folder", metavar="NEW", type=FOLDER)
def diff(old: Path, new_folder: Path) -> None:
    """What changed between two folders of a course; exit code 1 where anything did."""
    kinds = {"added": _("+ baru"), "removed": _("- hilang"), "moved": _("> pindah"), "changed": _("~ berubah")}
    found = changes(old, new_folder)
    for change in found:
        was = " " + _("(dahulu {name})", name=change.before) if change.before else ""
        click.echo(f"{kinds[change.kind]:<10} {change.file}{was}")
        for line in change.lines:
            click.echo(f"    {line}")
    if not found:
        click.echo(_("Tidak ada perubahan."))
    sys.exit(bool(found))


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--version", "number", default="1", show_default=True, help="Part of the file's name.")
def pack(folder: Path, number: str) -> None:
    """Check a course and write it as NAME-VERSION.zip beside its folder."""
    folder = folder.resolve()
    reading = check_pack(folder, Registry(discover()))
    for problem in reading.errors:
        click.echo(say_problem(problem), err=True)
    if reading.errors:
        sys.exit(1)
    target = folder.parent / f"{folder.name}-{number}.zip"
    count = archive.pack(folder, target)
    click.echo(_("{target}: {count} berkas, {size} kB", target=target, count=count, size=f"{target.stat().st_size / 1000:.0f}"))


@click.command("import")
@click.argument("source", metavar="ZIP", type=FILE)
@click.argument("into", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), default=Path())
def import_command(source: Path, into: Path) -> None:
    """Unpack a course from a ZIP below DIR; nothing is left behind where anything in it is refused."""
    made = not into.exists()
    into.mkdir(parents=True, exist_ok=True)
    try:
        folder = archive.unpack(source, into)
    except BaseException:
        if made:
            into.rmdir()
        raise
    click.echo(_("{folder}: periksa dengan elearn course check", folder=folder))


COMMANDS = (new, stats, tidy, diff, pack, import_command)
