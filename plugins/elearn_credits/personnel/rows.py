"""One entry of the ledger as a row of riwayat kursus: its fields as the service wants them, and what is missing before it can go. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import ROUND_DOWN
from typing import Any

from ..counting import Line
from .codes import Codes

FIELDS = (
    "id",
    "pnsOrangId",
    "instansiId",
    "institusiPenyelenggara",
    "jenisDiklatId",
    "jenisKursus",
    "jenisKursusSertipikat",
    "jumlahJam",
    "namaKursus",
    "nomorSertipikat",
    "tahunKursus",
    "tanggalKursus",
    "tanggalSelesaiKursus",
    "lokasiId",
    "rumpunDiklatId",
    "path",
)
LACKS = ("nip", "certificate", "organiser", "hours")
Row = dict[str, Any]


def row_of(line: Line, *, codes: Codes, nip: str, certificate: str, agency: str) -> tuple[Row, tuple[str, ...]]:
    """The row, without the ids that only the service knows (``id``, ``pnsOrangId``), and which of ``LACKS`` it lacks.

    The form of the entry must be one that the codes send."""
    entry = line.entry
    kind = codes.forms[entry.form].kind
    hours = int((line.counted if codes.counted else line.claimed).to_integral_value(ROUND_DOWN))
    row = {name: "" for name in FIELDS if name not in ("id", "pnsOrangId")} | {
        **codes.fixed,
        "instansiId": agency,
        "institusiPenyelenggara": entry.organiser,
        "jenisDiklatId": kind.id,
        "jenisKursusSertipikat": kind.letter,
        "jumlahJam": hours,
        "namaKursus": entry.title,
        "nomorSertipikat": certificate,
        "tahunKursus": entry.ended_on.year,
        "tanggalKursus": f"{entry.started_on:%d-%m-%Y}",
        "tanggalSelesaiKursus": f"{entry.ended_on:%d-%m-%Y}",
        "path": [],
    }
    missing = {"nip": not nip, "certificate": not certificate, "organiser": not entry.organiser, "hours": hours < codes.least}
    return row, tuple(name for name in LACKS if missing[name])


def digest_of(row: Mapping[str, Any]) -> str:
    """What the row says, as a hash: the same row is not sent twice."""
    return hashlib.sha256(json.dumps(row, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
