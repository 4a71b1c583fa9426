"""Reading a design's folder: ``design.toml`` and at most one picture, nothing else, nothing outside, nothing large."""

from __future__ import annotations

import hashlib
import io
import re
import tomllib
import warnings
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image

from elearn import ContentError, Problem
from elearn_certificates.design.values import Design, Signatory
from elearn_certificates.typesetting import Colour

FILE = "design.toml"
MOST_TOML, MOST_LOGO, MOST_SIDE, MOST_DESIGNS, MOST_SIGNATORIES = 64_000, 1_000_000, 4_000, 100, 50
SIDE = 1_200  # px: 30 mm at 1000 dpi; a larger logo is made smaller
LEAST_CONTRAST = 4.5
TOP = {"organiser", "place", "courses", "colours", "logo", "signatories", "valid_months", "renew_days"}
SHORT, LONG = 160, 300


def read_designs(folder: Path) -> tuple[Design, ...]:
    """All designs of a site, by name; none where the folder does not exist. Raises ``ContentError`` with every fault of all of them."""
    if not folder.is_dir():
        return ()
    designs, problems = [], []
    for place in sorted(path for path in folder.iterdir() if not path.name.startswith("."))[:MOST_DESIGNS]:
        try:
            designs.append(read_design(place))
        except ContentError as error:
            problems.extend(error.problems)
    if problems:
        raise ContentError(problems)
    return tuple(designs)


def read_design(folder: Path) -> Design:
    """The design in a folder. Raises ``ContentError`` with every fault found."""
    reader = _Reader(folder)
    design = reader.read()
    if design is None or reader.problems:
        raise ContentError(reader.problems)
    return design


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []

    def fault(self, message: str, remedy: str = "", **values: Any) -> None:
        self.problems.append(Problem(code="CERT3", message=message, remedy=remedy, file=f"{self.folder.name}/{FILE}", values=values))

    def read(self) -> Design | None:
        if self.folder.is_symlink() or not self.folder.is_dir():
            self.fault("Rancangan harus berupa folder biasa, bukan tautan.")
            return None
        raw = self.file(FILE, MOST_TOML)
        if raw is None:
            return None
        try:
            data = tomllib.loads(raw.decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self.fault("TOML tidak terbaca: {reason}", reason=str(error))
            return None
        self.unknown(data, TOP, "")
        colours = self.table(data, "colours", {"deep", "pale"})
        logo_data = self.table(data, "logo", {"file", "text"})
        logo, size = self.logo(self.text(logo_data, "file", 80)) if logo_data else (b"", (0, 0))
        self.strangers({FILE, str(logo_data.get("file", FILE))})
        return Design(
            name=self.folder.name,
            digest=hashlib.sha256(raw + logo).hexdigest()[:16],
            organiser=self.text(data, "organiser", LONG),
            place=self.text(data, "place", SHORT),
            courses=self.patterns(data),
            deep=self.colour(colours, "deep", dark=True),
            pale=self.colour(colours, "pale"),
            logo=logo,
            logo_size=size,
            logo_text=self.text(logo_data, "text", LONG),
            signatories=tuple(self.signatories(data)),
            valid_months=self.number(data, "valid_months", default=0, most=600),
            renew_days=self.number(data, "renew_days", default=90, most=3_650),
        )

    def file(self, name: str, most: int) -> bytes | None:
        """A plain file of the folder itself; a link, a path or too many bytes is a fault."""
        path = self.folder / name
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", name) or path.is_symlink() or not path.is_file():
            self.fault("Berkas {name} tidak ada di folder ini sebagai berkas biasa.", name=name)
            return None
        if path.stat().st_size > most:
            self.fault("Berkas {name} lebih besar dari {most} byte.", name=name, most=most)
            return None
        return path.read_bytes()

    def strangers(self, known: set[str]) -> None:
        for path in sorted(self.folder.iterdir()):
            if path.name not in known:
                self.fault("{name} tidak dikenal; folder rancangan hanya berisi design.toml dan logonya.", name=path.name)

    def unknown(self, data: Mapping[str, Any], known: set[str], where: str) -> None:
        for name in sorted(set(data) - known):
            self.fault("{name} tidak dikenal.", "Yang ada: {known}.", name=f"{where}{name}", known=", ".join(sorted(known)))

    def table(self, data: Mapping[str, Any], name: str, known: set[str]) -> dict[str, Any]:
        value = data.get(name, {})
        if not isinstance(value, dict):
            self.fault("{name} harus berupa tabel.", name=name)
            return {}
        self.unknown(value, known, f"{name}.")
        return value

    def text(self, data: Mapping[str, Any], name: str, most: int, *, required: bool = False) -> str:
        value = data.get(name, "")
        if not isinstance(value, str) or len(value) > most:
            self.fault("{name} harus berupa teks paling panjang {most} huruf.", name=name, most=most)
            return ""
        if required and not value.strip():
            self.fault("{name} kosong.", name=name)
        return " ".join(value.split())

    def number(self, data: Mapping[str, Any], name: str, *, default: int, most: int) -> int:
        value = data.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            self.fault("{name} harus bilangan bulat 0 sampai {most}.", name=name, most=most)
            return default
        return value

    def patterns(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        value = data.get("courses", [])
        if not isinstance(value, list) or not all(isinstance(one, str) and re.fullmatch(r"[a-z0-9*-]{1,80}", one) for one in value):
            self.fault("courses harus berupa daftar slug pelatihan; * mewakili huruf apa saja.")
            return ()
        return tuple(value)

    def colour(self, data: Mapping[str, Any], name: str, *, dark: bool = False) -> Colour | None:
        value = data.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            self.fault("Warna {name} harus berbentuk #rrggbb.", name=name)
            return None
        colour = (int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16))
        if dark and contrast_on_white(colour) < LEAST_CONTRAST:
            self.fault(
                "Warna {name} terlalu pucat untuk tulisan (kontras {seen}, paling sedikit 4,5).",
                name=name,
                seen=f"{contrast_on_white(colour):.1f}",
            )
        return colour

    def logo(self, name: str) -> tuple[bytes, tuple[int, int]]:
        raw = self.file(name, MOST_LOGO)
        if raw is None:
            return b"", (0, 0)
        try:
            return clean_logo(raw)
        except ValueError as error:
            self.fault("Logo {name} tidak dapat dipakai: {reason}", "Pakai PNG atau JPEG.", name=name, reason=str(error))
            return b"", (0, 0)

    def signatories(self, data: Mapping[str, Any]) -> Iterable[Signatory]:
        rows = data.get("signatories", [])
        if not isinstance(rows, list) or len(rows) > MOST_SIGNATORIES or not all(isinstance(row, dict) for row in rows):
            self.fault("signatories harus berupa daftar tabel, paling banyak {most}.", most=MOST_SIGNATORIES)
            return
        for row in rows:
            self.unknown(row, {"name", "post", "nip", "courses", "from", "until"}, "signatories.")
            yield Signatory(
                name=self.text(row, "name", SHORT, required=True),
                post=self.text(row, "post", LONG, required=True),
                number=self.text(row, "nip", 40),
                courses=self.patterns(row),
                since=self.day(row, "from"),
                until=self.day(row, "until"),
            )

    def day(self, row: Mapping[str, Any], name: str) -> date | None:
        value = row.get(name)
        if value is not None and (not isinstance(value, date) or hasattr(value, "hour")):
            self.fault("{name} harus berupa tanggal seperti 2026-12-04, tanpa tanda kutip.", name=name)
            return None
        return value


def clean_logo(raw: bytes) -> tuple[bytes, tuple[int, int]]:
    """The picture decoded and written anew as an opaque RGB PNG, so that nothing of the file but its pixels goes into a certificate.

    Raises ``ValueError`` for what is no PNG or JPEG, is broken, or has a side over 4000 px.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=("PNG", "JPEG")) as picture:
                if max(picture.size) > MOST_SIDE:
                    raise ValueError(f"sisinya lebih dari {MOST_SIDE} px")
                coloured = picture.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValueError("gambarnya tidak terbaca") from error
    coloured.thumbnail((SIDE, SIDE))
    paper = Image.new("RGB", coloured.size, "white")
    paper.paste(coloured, mask=coloured.getchannel("A"))
    out = io.BytesIO()
    paper.save(out, "PNG", optimize=True)
    return out.getvalue(), (paper.height, paper.width)


def contrast_on_white(colour: Colour) -> float:
    """WCAG 2.2's contrast of a colour on white, 1 to 21."""
    linear = [part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
