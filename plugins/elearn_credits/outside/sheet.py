"""Many activities at once from a spreadsheet (CSV or XLSX): every row checked, all faults named, then all kept or none."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from elearn import Refused, tidy_nip

from ..rules import RuleBook
from .claims import Claim, read_claim

COLUMNS = ("nip", "bentuk", "judul", "penyelenggara", "mulai", "selesai", "jumlah", "internasional", "nomor", "bukti", "tetap")
NEEDED = ("nip", "bentuk", "judul", "penyelenggara", "mulai", "jumlah")
MOST_ROWS = 1_000
MOST_UNPACKED = 50_000_000
Told = tuple[int, Refused]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A good row: its line in the file, whose it is, what they did, where the evidence lies, and whether it is to be kept although it
    looks like something that is there already."""

    line: int
    nip: str
    claim: Claim
    evidence: str
    anyway: bool


def rows_of(data: bytes, *, needed: Sequence[str] = NEEDED, most: int = MOST_ROWS) -> list[tuple[int, dict[str, str]]]:
    """The lines of the file (CSV or XLSX) as texts by column. Raises ``Refused`` where the file itself will not do: ``needed`` columns
    that are not there, more than ``most`` rows, nothing to read."""
    lines = _xlsx(data, most) if data.startswith(b"PK\x03\x04") else _csv(data)
    head = [name.strip().casefold() for name in next(lines, [])]
    missing = [name for name in needed if name not in head]
    if missing:
        raise Refused("columns", "Kolom yang kurang: {names}. Baris pertama harus memuat nama kolom.", names=", ".join(missing))
    read = []
    for number, cells in enumerate(lines, 2):
        values = {name: cell.strip()[:1000] for name, cell in zip(head, cells, strict=False) if name}
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
    first = text.partition("\n")[0]
    try:
        yield from csv.reader(io.StringIO(text), delimiter=";" if first.count(";") >= first.count(",") else ",")
    except csv.Error as error:
        raise Refused("csv", "Berkas ini bukan CSV atau XLSX yang dapat dibaca.") from error


def _xlsx(data: bytes, most: int) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # slow to load, and few sites read spreadsheets
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise Refused("file_size", "Berkas ini terlalu besar setelah dibuka.")
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        for cells in sheet.iter_rows(max_row=most + 10, max_col=40, values_only=True):
            yield [_text(cell) for cell in cells]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError) as error:
        raise Refused("xlsx", "Berkas ini bukan CSV atau XLSX yang dapat dibaca.") from error


def _text(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def read(data: bytes, book: RuleBook, *, today: date, nip_is_known: Callable[[Iterable[str]], set[str]]) -> tuple[list[Row], list[Told]]:
    """The good rows, and every fault with its line. ``nip_is_known`` keeps of some numbers those one may enter for."""
    lines = rows_of(data)
    known = nip_is_known({tidy_nip(values["nip"]) for _line, values in lines})
    good: list[Row] = []
    faults: list[Told] = []
    seen: dict[str, int] = {}
    for line, values in lines:
        nip = tidy_nip(values["nip"])
        if nip not in known:
            faults.append((line, Refused("nip", "NIP {nip} tidak ada di unit Anda.", nip=values["nip"][:30])))
            continue
        try:
            claim = _claim(values, book, today)
        except Refused as refused:
            faults.append((line, refused))
            continue
        twin = seen.setdefault(f"{nip} {claim.key(0)}", line)
        if twin != line:
            faults.append((line, Refused("twin_row", "Baris ini sama dengan baris {line}.", line=twin)))
            continue
        good.append(Row(line=line, nip=nip, claim=claim, evidence=values.get("bukti", "")[:300], anyway=_yes(values.get("tetap", ""))))
    return good, faults


def _claim(values: dict[str, str], book: RuleBook, today: date) -> Claim:
    return read_claim(
        book,
        form=values["bentuk"].upper(),
        title=values["judul"],
        organiser=values["penyelenggara"],
        first=values["mulai"],
        last=values.get("selesai", ""),
        units=values["jumlah"],
        international=_yes(values.get("internasional", "")),
        certificate=values.get("nomor", ""),
        today=today,
    )


def _yes(text: str) -> bool:
    return text.casefold() in ("ya", "y", "1", "x")
