"""Everything a certificate says, frozen on the day it was issued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

DATES = ("started_on", "completed_on", "issued_on")
KINDS = ("certificate", "statement")
REQUIRED = ("number", "check_code", "person_name", "course_title", "organiser")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is printed, and nothing that is not.

    ``person_name`` carries the titles; ``person_number`` is the whole NIP or NI PPPK (the paper is the holder's own; public pages
    mask it) and ``person_number_label`` says which ("NIP", "NI PPPK", "" for neither). ``hours`` is the JP that count, a whole number;
    ``modules`` are (title, hours as text) in the order learnt. ``score`` is None where the course gives none. ``rule_set`` names
    the rules by which the JP were counted; ``design`` the organisation's design and its digest; ``replaces`` the number it stands in for.
    ``kind`` is "certificate" or "statement" (attended, not passed: no JP). ``expires_on`` is the last day it holds, None for ever.
    ``mode`` is an adverb that follows "secara" ("daring", "luring"). ``claim`` is the signed claim that the QR code carries
    behind the address, "" where the issuer had no key.
    ``ValueError`` if a certificate could not stand on these facts.
    """

    number: str
    check_code: str
    verify_url: str
    person_name: str
    person_number_label: str = ""
    person_number: str = ""
    post: str = ""
    rank: str = ""
    unit: str = ""
    course_title: str
    course_slug: str
    course_version: int
    hours: int
    score: float | None = None
    predicate: str = ""
    started_on: date
    completed_on: date
    issued_on: date
    modules: tuple[tuple[str, str], ...] = ()
    organiser: str
    place: str = ""
    signatory_name: str = ""
    signatory_post: str = ""
    signatory_number: str = ""
    rule_set: str = ""
    mode: str = "daring"
    claim: str = ""
    kind: str = "certificate"
    expires_on: date | None = None
    replaces: str = ""
    design: str = ""

    def __post_init__(self) -> None:
        missing = [name for name in REQUIRED if not getattr(self, name).strip()]
        if missing:
            raise ValueError(f"Sertifikat tidak dapat dibuat: {', '.join(missing)} kosong.")
        if not self.verify_url.startswith(("https://", "http://")):
            raise ValueError(f"Alamat pemeriksaan harus diawali https:// atau http://, bukan {self.verify_url!r}.")
        if not 0 <= self.hours <= 9999:
            raise ValueError(f"Jam pelajaran harus 0 sampai 9999, bukan {self.hours}.")
        if self.expires_on is not None and self.expires_on < self.completed_on:
            raise ValueError("Sertifikat tidak dapat kedaluwarsa sebelum pelatihan selesai.")
        if self.kind not in KINDS:
            raise ValueError(f"Jenis {self.kind!r} tidak dikenal.")
        if not self.started_on <= self.completed_on <= self.issued_on:
            raise ValueError("Tanggal mulai, selesai, dan terbit tidak berurutan.")

    def to_json(self) -> dict[str, Any]:
        """The same facts in values that JSON knows: dates as ``YYYY-MM-DD``, modules as pairs in a list."""
        data: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        data["expires_on"] = self.expires_on.isoformat() if self.expires_on else None
        return data | {name: data[name].isoformat() for name in DATES} | {"modules": [list(module) for module in self.modules]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Facts:
        """The facts that ``to_json`` wrote; ``ValueError`` if a fact is missing, unknown or not what it should be."""
        values = dict(data)
        try:
            values |= {name: date.fromisoformat(values[name]) for name in DATES}
            values["expires_on"] = date.fromisoformat(values["expires_on"]) if values.get("expires_on") else None
            values["modules"] = tuple((str(title), str(hours)) for title, hours in values.get("modules", ()))
            return cls(**values)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"Fakta sertifikat tidak dapat dibaca: {error}") from error
