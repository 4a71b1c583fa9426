"""elearn course new, stats, diff, pack, import: an author's day at the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from elearn.commands.new_course import write_course
from elearn.content import archive
from elearn.content.difference import changes
from elearn.content.figures import LONG_SENTENCE, Figures, figures_of
from elearn.content.manifest import SLUG
from elearn.errors import SettingError
from elearn.packs import check_pack
from elearn.registry import Registry, discover

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
KINDS = {"added": "+ baru", "removed": "- hilang", "moved": "> pindah", "changed": "~ berubah"}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Write a course to start from; the folder's name becomes its address."""
    if not SLUG.fullmatch(folder.name):
        raise SettingError(f"{folder.name!r}: use lower-case letters, digits and dashes, such as etika-pelayanan")
    write_course(folder)
    click.echo(f"{folder}: sunting course.yml dan pelajarannya, lalu: elearn course check {folder}")


@click.command()
@click.argument("folder", type=FOLDER)
def stats(folder: Path) -> None:
    """Words, minutes, hours honest or not, weight, and how long the sentences are, lesson by lesson."""
    reading = check_pack(folder.resolve(), Registry(discover()))
    figures = figures_of(reading.course, reading.media)
    click.echo(f"{'pelajaran':<40}{'kata':>7}{'menit':>7}{'kB':>8}{'gambar':>8}{'kata/kalimat':>14}")
    for one in figures.lessons:
        mark = " *" if one.sentence > LONG_SENTENCE else ""
        click.echo(f"{one.id:<40}{one.words:>7}{one.minutes:>7}{one.weight / 1000:>8.1f}{one.pictures:>8}{one.sentence:>14.1f}{mark}")
    _say_hours(figures)
    largest = sorted(((len(data), name) for name, data in reading.media.items()), reverse=True)[:3]
    click.echo("gambar terbesar: " + (", ".join(f"{size / 1000:.0f} kB" for size, _ in largest) or "tidak ada"))


def _say_hours(figures: Figures) -> None:
    said = "sesuai" if figures.is_honest else "tidak sesuai; ubah jp atau menit"
    click.echo(f"\n{figures.words} kata, {figures.minutes} menit = {figures.honest_hours:.1f} JP; ditulis {figures.hours} JP: {said}")
    if any(one.sentence > LONG_SENTENCE for one in figures.lessons):
        click.echo(f"* rata-rata lebih dari {LONG_SENTENCE} kata per kalimat: pecah kalimatnya")


@click.command()
@click.argument("old", type=FOLDER)
@click.argument("new_folder", metavar="NEW", type=FOLDER)
def diff(old: Path, new_folder: Path) -> None:
    """What changed between two folders of a course; exit code 1 where anything did."""
    found = changes(old, new_folder)
    for change in found:
        was = f" (dahulu {change.before})" if change.before else ""
        click.echo(f"{KINDS[change.kind]:<10} {change.file}{was}")
        for line in change.lines:
            click.echo(f"    {line}")
    if not found:
        click.echo("Tidak ada perubahan.")
    sys.exit(bool(found))


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--version", "number", default="1", show_default=True, help="Part of the file's name.")
def pack(folder: Path, number: str) -> None:
    """Check a course and write it as NAME-VERSION.zip beside its folder."""
    folder = folder.resolve()
    reading = check_pack(folder, Registry(discover()))
    for problem in reading.errors:
        click.echo(str(problem), err=True)
    if reading.errors:
        sys.exit(1)
    target = folder.parent / f"{folder.name}-{number}.zip"
    count = archive.pack(folder, target)
    click.echo(f"{target}: {count} berkas, {target.stat().st_size / 1000:.0f} kB")


@click.command("import")
@click.argument("source", metavar="ZIP", type=FILE)
@click.argument("into", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), default=Path())
def import_command(source: Path, into: Path) -> None:
    """Unpack a course from a ZIP below DIR; nothing is left behind where anything in it is refused."""
    into.mkdir(parents=True, exist_ok=True)
    click.echo(f"{archive.unpack(source, into)}: periksa dengan elearn course check")


COMMANDS = (new, stats, diff, pack, import_command)
