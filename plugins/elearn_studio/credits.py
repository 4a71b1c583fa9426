"""Whose pictures these are: ``media/lisensi.csv`` names each that is not the authors' own, with its licence and source. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

PATH = "media/lisensi.csv"
HEAD = ["nama", "lisensi", "sumber"]
Credits = dict[str, tuple[str, str]]


def read(text: str) -> Credits:
    """(licence, source) by the picture's file name; an empty one where it is missing."""
    found: Credits = {}
    for row in csv.reader(io.StringIO(text), delimiter=";"):
        cells = [cell.strip() for cell in row] + ["", "", ""]
        if cells[0] and [cell.casefold() for cell in row[:1]] != HEAD[:1]:
            found[cells[0]] = (cells[1], cells[2])
    return found


def written(credits: Mapping[str, tuple[str, str]]) -> str:
    """The text of the file."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\n")
    table.writerow(HEAD)
    table.writerows([name, *credits[name]] for name in sorted(credits))
    return out.getvalue()
