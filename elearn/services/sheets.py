"""Tables that an office brings (CSV or XLSX): their lines as texts by column."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from elearn.errors import Refused

MOST_UNPACKED = 50_000_000
MOST_COLUMNS = 40
EXACT = 10**15  # a spreadsheet keeps fifteen digits of a number; what is longer was rounded


def read_table(data: bytes, *, needed: Sequence[str], most: int) -> list[tuple[int, dict[str, str]]]:
    """The lines of the file, each with its number, as texts by the names in the first line (in small letters); a cell that a short line
    lacks is "". Commas or semicolons part a CSV. A number too long for a spreadsheet to keep comes as it does on its screen, "1.98E+17",
    so that it passes for no NIP. Raises ``Refused`` where the file itself will not do: ``needed`` columns that are not there, more than
    ``most`` rows, nothing to read."""
    lines = _xlsx(data, most) if data.startswith(b"PK\x03\x04") else _csv(data)
    head = [name.strip().casefold() for name in next(lines, [])]
    missing = [name for name in needed if name not in head]
    if missing:
        raise Refused("columns", "Kolom yang kurang: {names}. Baris pertama harus memuat nama kolom.", names=", ".join(missing))
    read = []
    for number, cells in enumerate(lines, 2):
        values = {name: cell.strip()[:1000] for name, cell in zip_longest(head, cells[: len(head)], fillvalue="") if name}
        if any(values.values()):
            read.append((number, values))
        if len(read) > most:
            raise Refused("rows", "Paling banyak {most} baris dalam satu berkas.", most=most)
    if not read:
        raise Refused("empty", "Berkas ini tidak memuat baris.")
    return read


def _csv(data: bytes) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")  # old spreadsheets end a line with \r alone
    first = text.partition("\n")[0]
    try:
        yield from csv.reader(io.StringIO(text), delimiter=";" if first.count(";") >= first.count(",") else ",")
    except csv.Error as error:
        raise Refused("csv", "Berkas ini bukan CSV atau XLSX yang dapat dibaca.") from error


def _xlsx(data: bytes, most: int) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # slow to load, and few sites read spreadsheets

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise Refused("file_size", "Berkas ini terlalu besar setelah dibuka.")
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        for cells in sheet.iter_rows(max_row=most + 10, max_col=MOST_COLUMNS, values_only=True):
            yield [_text(cell) for cell in cells]
    except Refused:
        raise
    except Exception as error:  # a stranger's XML makes the library fail in ways without number
        raise Refused("xlsx", "Berkas ini bukan CSV atau XLSX yang dapat dibaca.") from error


def _text(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= EXACT:
        return f"{cell:.2E}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
