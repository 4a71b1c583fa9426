"""Tables that a clerk brings (CSV, separated by commas or semicolons): read, checked as a whole, then kept or not at all.

Every reader answers rows and all faults, each fault naming its line; nothing is written while there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from elearn import Refused, read_table, tidy_nip

from .framework import GROUPS, LEVELS, Competency
from .ip_asn import DIMENSIONS, Method
from .standards import post_key

MOST_ROWS = 20_000
GROUP_NAMES = dict(zip(("manajerial", "sosial kultural", "teknis"), GROUPS, strict=True))
Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class Read(Generic[Row]):
    """What was read: good rows, and faults as (line, what is wrong)."""

    rows: tuple[Row, ...]
    faults: tuple[tuple[int, Refused], ...]


def _read(text: str, wanted: tuple[str, ...], make: Callable[[dict[str, str]], Row], about: Callable[[Row], Hashable]) -> Read[Row]:
    """``about`` says what a row speaks of: two rows that say different things about the same are a fault, the same twice counts once."""
    rows: dict[Hashable, tuple[int, Row]] = {}
    faults: list[tuple[int, Refused]] = []
    for line, values in read_table(text.encode(), needed=wanted, most=MOST_ROWS):
        try:
            row = make(values)
            first, said = rows.setdefault(about(row), (line, row))
            if said != row:
                raise Refused("twin_row", "Baris {line} sudah memuat hal ini dengan isi lain.", line=first)
        except Refused as refused:
            faults.append((line, refused))
    return Read(rows=tuple(row for _line, row in rows.values()), faults=tuple(faults))


def _level(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= LEVELS:
        raise Refused("level_range", "Tingkat harus 1 sampai 5.")
    return int(text)


def _day(text: str) -> date:
    for reader in (date.fromisoformat, _written_day):
        try:
            return reader(text)
        except ValueError:
            continue
    raise Refused("date", "Tanggal belum benar. Tulis tahun-bulan-hari, misalnya 2024-03-01.")


def _written_day(text: str) -> date:
    day, month, year = text.replace("/", "-").split("-")
    return date(int(year), int(month), int(day))


def competencies(text: str) -> Read[Competency]:
    """Columns kode, nama, kelompok (manajerial, sosial kultural, teknis, or a code of ``GROUPS``; empty: teknis), tingkat1 to tingkat5,
    sumber."""

    def make(row: dict[str, str]) -> Competency:
        code, said = row["kode"].casefold(), row.get("kelompok", "").casefold() or "teknis"
        group = GROUP_NAMES.get(said, said)
        if not code or len(code) > 80 or not all(sign.isalnum() or sign in "-_." for sign in code):
            raise Refused("code", "Kode harus terdiri atas huruf, angka, titik, atau tanda hubung.")
        if not row["nama"]:
            raise Refused("name", "Nama kompetensi belum diisi.")
        if group not in GROUPS:
            raise Refused("group", "Kelompok harus salah satu dari: {names}.", names=", ".join(GROUP_NAMES))
        levels = tuple(row[f"tingkat{number}"] for number in range(1, LEVELS + 1))
        return Competency(code=code, name=row["nama"][:200], group=group, levels=levels, source=row.get("sumber", "")[:300], own=True)

    return _read(text, ("kode", "nama", *(f"tingkat{number}" for number in range(1, LEVELS + 1))), make, lambda row: row.code)


@dataclass(frozen=True, kw_only=True)
class StandardRow:
    """A post's level in one competency."""

    post: str
    code: str
    level: int
    source: str


def post_standards(text: str, known: dict[str, Competency]) -> Read[StandardRow]:
    """Columns jabatan, kode, tingkat, sumber."""

    def make(row: dict[str, str]) -> StandardRow:
        if not post_key(row["jabatan"]):
            raise Refused("post", "Nama jabatan belum diisi.")
        return StandardRow(
            post=post_key(row["jabatan"]), code=_code(row["kode"], known), level=_level(row["tingkat"]), source=row.get("sumber", "")[:300]
        )

    return _read(text, ("jabatan", "kode", "tingkat"), make, lambda row: (row.post, row.code))


def _code(text: str, known: dict[str, Competency]) -> str:
    if text.casefold() not in known:
        raise Refused("competency_unknown", "Kompetensi {name} tidak ada dalam kamus.", name=text[:80])
    return text.casefold()


@dataclass(frozen=True, kw_only=True)
class AssessmentRow:
    """One official assessment of one competency."""

    nip: str
    code: str
    level: int
    shown_on: date
    source: str


def assessments(text: str, known: dict[str, Competency]) -> Read[AssessmentRow]:
    """Columns nip, kode, tingkat, tanggal, penilai."""
    columns = ("nip", "kode", "tingkat", "tanggal", "penilai")
    return _read(text, columns, lambda row: assessment(row, known), lambda row: (row.nip, row.code, row.shown_on))


def assessment(row: Mapping[str, str], known: dict[str, Competency]) -> AssessmentRow:
    """One assessment from its texts by column. Raises ``Refused``."""
    if not row["penilai"]:
        raise Refused("assessed_by", "Tulis siapa atau apa yang menilai, misalnya nama pusat penilaian.")
    return AssessmentRow(
        nip=_nip(row["nip"]),
        code=_code(row["kode"], known),
        level=_level(row["tingkat"]),
        shown_on=_day(row["tanggal"]),
        source=row["penilai"],
    )


def _nip(text: str) -> str:
    digits = tidy_nip(text)
    if len(digits) != 18 or not digits.isdecimal():
        raise Refused("nip_length", "NIP harus 18 angka. Anda mengetik {count} angka.", count=len(digits))
    return digits


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """A dimension of IP ASN of one person in one year."""

    nip: str
    year: int
    dimension: str
    value: str
    points: float
    source: str


def figures(text: str, method_of: Callable[[int], Method]) -> Read[FigureRow]:
    """Columns nip, tahun, dimensi (kualifikasi, kinerja, disiplin), nilai (S2, Baik, …), sumber. ``method_of`` gives a year's method."""

    def make(row: dict[str, str]) -> FigureRow:
        if not row["tahun"].isdecimal() or not 2000 <= int(row["tahun"]) <= 2100:
            raise Refused("year", "Tahun belum benar.")
        dimensions = method_of(int(row["tahun"]))["dimensions"]
        titles = {str(dimensions[code]["title"]).casefold(): code for code in DIMENSIONS if "values" in dimensions[code]}
        code = titles.get(row["dimensi"].casefold())
        if code is None:
            raise Refused("dimension", "Dimensi harus salah satu dari: {names}.", names=", ".join(titles))
        values = dimensions[code]["values"]
        value = next((name for name in values if name.casefold() == row["nilai"].casefold()), None)
        if value is None:
            raise Refused("value", "Nilai harus salah satu dari: {names}.", names=", ".join(values))
        return FigureRow(
            nip=_nip(row["nip"]),
            year=int(row["tahun"]),
            dimension=code,
            value=value,
            points=float(values[value]),
            source=row.get("sumber", "")[:300],
        )

    return _read(text, ("nip", "tahun", "dimensi", "nilai"), make, lambda row: (row.nip, row.year, row.dimension))
