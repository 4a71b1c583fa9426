"""Many activities at once from a spreadsheet (CSV or XLSX): every row checked, all faults named, then all kept or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from elearn import Refused, read_table, tidy_nip

from ..rules import RuleBook
from .claims import Claim, read_claim

COLUMNS = ("nip", "bentuk", "judul", "penyelenggara", "mulai", "selesai", "jumlah", "internasional", "nomor", "bukti", "tetap")
NEEDED = ("nip", "bentuk", "judul", "penyelenggara", "mulai", "jumlah")
MOST_ROWS = 1_000
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


def read(data: bytes, book: RuleBook, *, today: date, nip_is_known: Callable[[Iterable[str]], set[str]]) -> tuple[list[Row], list[Told]]:
    """The good rows, and every fault with its line. ``nip_is_known`` keeps of some numbers those one may enter for."""
    lines = read_table(data, needed=NEEDED, most=MOST_ROWS)
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
        twin = seen.setdefault(f"{nip} {claim.fact}", line)
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
