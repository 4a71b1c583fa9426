"""elearn quizzes check, tidy and convert: for those who write questions."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from elearn import Translate, language_option
from elearn_quizzes.banks import reader_beside
from elearn_quizzes.rewriting_file import problems_of, rewritten

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
speaking = language_option(Path(__file__).parent / "translations")


@click.command()
@click.argument("file", type=FILE)
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@speaking
def check(file: Path, style: str, _: Translate) -> None:
    """Check the questions of one Markdown file; all faults at once, and exit code 1 if one of them stops publishing."""
    problems = problems_of(_text(file, _), file=str(file), read=reader_beside(file))
    errors = sum(problem.severity == "error" for problem in problems)
    if style == "json":
        rows = [
            {
                "file": one.file,
                "line": one.line,
                "column": one.column,
                "code": one.code,
                "message": one.text(_),
                "remedy": one.cure(_),
                "severity": one.severity,
            }
            for one in problems
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for problem in problems:
            place = f"{problem.file}:{problem.line}:{problem.column}: {problem.code}"
            click.echo(" ".join(filter(None, (place, problem.text(_), problem.cure(_)))))
        warnings = sum(problem.severity == "warning" for problem in problems)
        told = _("{errors} kesalahan, {warnings} peringatan.").format(errors=errors, warnings=warnings)
        click.echo(told if problems else _("Tidak ada kesalahan."))
    if errors:
        sys.exit(1)


@click.command()
@click.argument("file", type=FILE)
@click.option("--stdout", "to_output", is_flag=True, help="Print the result and leave the file alone.")
@speaking
def tidy(file: Path, to_output: bool, _: Translate) -> None:
    """Rewrite the questions of one Markdown file to the canonical form. What is not a question, or has errors, stays as it is."""
    before = _text(file, _)
    try:
        after, changed = rewritten(before)
    except ValueError:
        click.echo(f"{file}:1: " + _("kepala berkas bukan YAML yang sah."), err=True)
        sys.exit(1)
    if to_output:
        click.echo(after, nl=False)
        return
    if after != before:
        temporary = file.with_name(file.name + ".tmp")
        temporary.write_text(after, "utf-8", newline="\n")
        temporary.replace(file)
    click.echo(_("{count} soal dirapikan.").format(count=changed) if changed else _("Semua soal sudah rapi."))


@click.command()
@click.argument("source", type=FILE, metavar="IN")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT")
@speaking
def convert(source: Path, target: Path, _: Translate) -> None:
    """Turn the questions of IN into the format that the name of OUT asks for: .gift, .aiken.txt, .moodle.xml, .qti.zip, .csv, .json or .md.

    What cannot come along is named with its reason; exit code 1 if a question was left out.
    """
    from elearn import said
    from elearn_quizzes.exchange.bundle import BadFile
    from elearn_quizzes.exchange.formats import format_of, read_file, write_file

    try:
        format_of(target.name)
        bundle = read_file(source)
        if source.resolve() == target.resolve():
            raise BadFile(said("Nama hasil sama dengan nama asalnya."))
        if not any(remark.whole for remark in bundle.remarks) and not any(bundle.quiz.questions()):
            raise BadFile(said("Tidak ada soal di berkas ini."))
        remarks = [*bundle.remarks, *write_file(bundle, target)]
    except BadFile as error:
        click.echo(f"{source}: {error.text(_)}", err=True)
        sys.exit(1)
    for remark in remarks:
        click.echo(f"{_('Tidak ikut') if remark.whole else _('Berubah')}: {remark.text(_)}", err=True)
    left_out = sum(remark.whole for remark in remarks)
    count = sum(1 for _question in bundle.quiz.questions()) - (left_out - sum(remark.whole for remark in bundle.remarks))
    told = [_("{count} soal ditulis ke {file}.").format(count=count, file=target)]
    told += [_("{count} soal tidak ikut.").format(count=left_out)] if left_out else []
    click.echo(" ".join(told))
    if left_out:
        sys.exit(1)


def _text(file: Path, _: Translate) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        click.echo(f"{file}:1: " + _("berkas ini bukan UTF-8. Simpan ulang sebagai UTF-8."), err=True)
        sys.exit(1)
