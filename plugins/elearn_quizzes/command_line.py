"""elearn quizzes check, elearn quizzes tidy: for those who write questions."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from elearn_quizzes.rewriting_file import problems_of, rewritten

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
def check(file: Path, style: str) -> None:
    """Check the questions of one Markdown file; all faults at once, and exit code 1 if one of them stops publishing."""
    problems = problems_of(_text(file), file=str(file))
    errors = sum(problem.severity == "error" for problem in problems)
    if style == "json":
        rows = [
            {
                "file": one.file,
                "line": one.line,
                "column": one.column,
                "code": one.code,
                "message": one.text(),
                "remedy": one.cure(),
                "severity": one.severity,
            }
            for one in problems
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for problem in problems:
            click.echo(str(problem))
        warnings = sum(problem.severity == "warning" for problem in problems)
        click.echo(f"{errors} kesalahan, {warnings} peringatan." if problems else "Tidak ada kesalahan.")
    if errors:
        sys.exit(1)


@click.command()
@click.argument("file", type=FILE)
@click.option("--stdout", "to_output", is_flag=True, help="Print the result and leave the file alone.")
def tidy(file: Path, to_output: bool) -> None:
    """Rewrite the questions of one Markdown file to the canonical form. What is not a question, or has errors, stays as it is."""
    before = _text(file)
    try:
        after, changed = rewritten(before)
    except ValueError:
        click.echo(f"{file}:1: kepala berkas bukan YAML yang sah.", err=True)
        sys.exit(1)
    if to_output:
        click.echo(after, nl=False)
        return
    if after != before:
        temporary = file.with_name(file.name + ".tmp")
        temporary.write_text(after, "utf-8", newline="\n")
        temporary.replace(file)
    click.echo(f"{changed} soal dirapikan." if changed else "Semua soal sudah rapi.")


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        click.echo(f"{file}:1: berkas ini bukan UTF-8. Simpan ulang sebagai UTF-8.", err=True)
        sys.exit(1)
