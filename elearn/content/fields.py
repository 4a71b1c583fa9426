"""Takes typed values out of a YAML mapping by their Indonesian or English key, and gathers every fault with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from elearn.content.yaml_read import Value
from elearn.errors import Problem

YES, NO = {"ya", "yes", "true", "benar"}, {"tidak", "no", "false", "salah"}


class Fields:
    """One mapping being read. Each getter takes the key's names, the first of which is shown to authors."""

    def __init__(self, value: Value, *, file: str, problems: list[Problem]) -> None:
        self.file, self.problems = file, problems
        self.value = value
        self.entries: Mapping[str, Value] = value.content if isinstance(value.content, dict) else {}
        self.used: set[str] = set()

    def _take(self, names: tuple[str, ...]) -> Value | None:
        found = [name for name in names if name in self.entries]
        self.used.update(names)
        if len(found) > 1:
            self._wrong("C02", "“{first}” dan “{second}” berarti sama.", "Pakai salah satu.", found[1], first=found[0], second=found[1])
        return self.entries[found[0]] if found else None

    def _wrong(self, code: str, message: str, remedy: str, place: str | Value | None = None, **values: Any) -> None:
        line, column = self.value.line, self.value.column
        if isinstance(place, Value):
            line, column = place.line, place.column
        elif place in self.value.keys:
            line, column = self.value.keys[place]
        self.problems.append(Problem(code=code, message=message, remedy=remedy, file=self.file, line=line, column=column, values=values))

    def _missing(self, name: str) -> None:
        self._wrong("C01", "“{name}” belum diisi.", "Tambahkan baris “{name}: …”.", None, name=name)

    def text(self, *names: str, longest: int, required: bool = False) -> str:
        """A text of at most ``longest`` characters; "" where it is left out."""
        value = self._take(names)
        if value is None or value.content == "":
            if required:
                self._missing(names[0])
            return ""
        if not isinstance(value.content, str):
            self._wrong("C03", "“{name}” harus berupa teks.", "Tulis dalam satu baris.", value, name=names[0])
            return ""
        text = " ".join(value.content.split())
        if len(text) > longest:
            self._wrong(
                "C04",
                "“{name}” terlalu panjang: {length} huruf.",
                "Paling banyak {longest} huruf.",
                value,
                name=names[0],
                length=len(text),
                longest=longest,
            )
        return text

    def number(self, *names: str, lowest: int, highest: int, default: int) -> int:
        """A whole number between the bounds."""
        value = self._take(names)
        if value is None or value.content == "":
            return default
        text = value.content if isinstance(value.content, str) else ""
        match = re.fullmatch(r"(\d{1,6})(\s*(menit|jp|minutes?))?", text.strip(), re.IGNORECASE)
        if not match or not lowest <= int(match[1]) <= highest:
            self._wrong("C05", "“{name}” harus angka {lowest} sampai {highest}.", "", value, name=names[0], lowest=lowest, highest=highest)
            return default
        return int(match[1])

    def share(self, *names: str, default: float) -> float:
        """A percentage as a share from 0 to 1: "80%", "80" and "0,8" are the same."""
        value = self._take(names)
        if value is None or value.content == "":
            return default
        text = value.content if isinstance(value.content, str) else ""
        match = re.fullmatch(r"(\d{1,3}(?:[.,]\d+)?)\s*(%?)", text.strip())
        given = float(match[1].replace(",", ".")) if match else -1.0
        share = given if match and not match[2] and given <= 1 else given / 100
        if not 0 <= share <= 1:
            self._wrong("C06", "“{name}” harus persentase, misalnya 80%.", "", value, name=names[0])
            return default
        return share

    def yes(self, *names: str, default: bool) -> bool:
        """Ya or tidak."""
        value = self._take(names)
        if value is None or value.content == "":
            return default
        text = value.content.casefold() if isinstance(value.content, str) else ""
        if text not in YES | NO:
            self._wrong("C07", "“{name}” diisi ya atau tidak.", "", value, name=names[0])
            return default
        return text in YES

    def choice(self, *names: str, choices: Mapping[str, str], default: str) -> str:
        """One of the words in ``choices``, answered by what it stands for."""
        value = self._take(names)
        if value is None or value.content == "":
            return default
        text = value.content.strip().casefold() if isinstance(value.content, str) else ""
        if text not in choices:
            self._wrong(
                "C08", "“{name}: {text}” tidak dikenali.", "Pilih: {choices}.", value, name=names[0], text=text, choices=", ".join(choices)
            )
            return default
        return choices[text]

    def day(self, *names: str) -> str:
        """A date as written in ISO form (2026-11-01); "" where it is left out."""
        text = self.text(*names, longest=80)
        if not text:
            return ""
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            value = next((self.entries[name] for name in names if name in self.entries), None)
            self._wrong("C09", "“{name}” bukan tanggal yang benar.", "Tulis tahun-bulan-hari, misalnya 2026-11-01.", value, name=names[0])
            return ""

    def orcid(self, name: str) -> str:
        """Somebody's ORCID iD as 0000-0002-1825-0097, with or without the address before it; its last sign is a check sum (ISO 7064
        MOD 11-2). "" where it is left out or wrong."""
        given = self.text(name, longest=60)
        digits = re.sub(r"[\s-]", "", given.removeprefix("https://orcid.org/")).upper()
        total = 0
        for digit in digits[:-1] if re.fullmatch(r"\d{15}[\dX]", digits) else "":
            total = (total + int(digit)) * 2
        if digits and (len(digits) != 16 or not total or "0123456789X"[(12 - total % 11) % 11] != digits[-1]):
            remedy = "Salin dari orcid.org, misalnya 0000-0002-1825-0097."
            self._wrong("C14", "ORCID “{given}” tidak benar.", remedy, self.entries.get(name), given=given[:40])
            return ""
        return "-".join(digits[at : at + 4] for at in range(0, 16, 4)) if digits else ""

    def texts(self, *names: str, longest: int = 400, most: int = 50) -> tuple[str, ...]:
        """A list of texts; one text alone, or separated by commas, counts as a list."""
        value = self._take(names)
        if value is None or value.content == "":
            return ()
        if isinstance(value.content, str):
            return tuple(part.strip()[:longest] for part in value.content.split(",") if part.strip())
        if not isinstance(value.content, list) or not all(isinstance(item.content, str) for item in value.content):
            self._wrong("C10", "“{name}” harus berupa daftar teks.", "Satu baris “- …” untuk tiap butir.", value, name=names[0])
            return ()
        if len(value.content) > most:
            self._wrong("C11", "“{name}” memuat terlalu banyak butir.", "Paling banyak {most}.", value, name=names[0], most=most)
        return tuple(" ".join(str(item.content).split())[:longest] for item in value.content[:most])

    def groups(self, *names: str, most: int = 50) -> Iterable[Fields]:
        """A list of mappings, each as ``Fields`` of its own."""
        value = self._take(names)
        if value is None or value.content == "":
            return []
        items = value.content if isinstance(value.content, list) else [value]
        if not all(isinstance(item.content, dict) for item in items):
            self._wrong("C12", "“{name}” harus berupa daftar “- kunci: nilai”.", "", value, name=names[0])
            return []
        return [Fields(item, file=self.file, problems=self.problems) for item in items[:most]]

    def rest(self, *, known_elsewhere: Iterable[str] = ()) -> None:
        """Warn of keys nobody asked for, with the nearest that would have been."""
        for name in self.entries:
            if name in self.used or name in known_elsewhere:
                continue
            near = get_close_matches(name, sorted(self.used), n=1)
            line, column = self.value.keys.get(name, (self.value.line, 1))
            self.problems.append(
                Problem(
                    code="C13",
                    message="Kunci “{name}” tidak dikenali dan dilewati.",
                    remedy="Mungkin maksud Anda “{near}”?" if near else "Hapus baris itu atau periksa ejaannya.",
                    severity="warning",
                    file=self.file,
                    line=line,
                    column=column,
                    values={"name": name, "near": near[0] if near else ""},
                )
            )
