"""What keeps some readers out, found while a text is drawn: links and pictures that say nothing to who only hears them, headings that
jump, tables without a head. Each check answers the fault as (code, message, remedy, values), or None.

Source: WCAG 2.1, criteria 1.1.1 (text alternatives), 1.3.1 (structure), 2.4.4 (what a link is for).
"""

from __future__ import annotations

import posixpath
import re
from xml.etree.ElementTree import Element

Fault = tuple[str, str, str, dict[str, str]]
FAULTS = {
    "A01": "Tautan “{text}” tidak menyebut tujuannya.",
    "A02": "Teks pengganti “{alt}” tidak menyebut isi gambarnya.",
    "A03": "Judul “{text}” melompati satu tingkat.",
    "A04": "Tabel ini tidak punya judul kolom.",
}
REMEDIES = {
    "A01": "Jadikan nama tujuannya tautan: [Formulir laporan](…).",
    "A02": "Tulis apa yang terlihat dan mengapa penting.",
    "A03": "Pakai “{marks}” di depannya.",
    "A04": "Isi baris pertamanya.",
}
SAYS_NOTHING = frozenset(
    "di sini|disini|klik|klik di sini|klik disini|sini|tautan|link|tautan ini|link ini|selengkapnya|baca selengkapnya|lihat|lihat di sini|here|click here|"
    "more|read more|this link".split("|")
)
NO_WORD = re.compile(r"(?:gambar|foto|image|img|picture|screenshot|tangkapan layar|dsc|wa)?[\W_\d]*", re.IGNORECASE)


def link(text: str) -> Fault | None:
    """A link's own text."""
    said = re.sub(r"[^\w ]+", "", text.casefold()).strip()
    if said not in SAYS_NOTHING:
        return None
    return "A01", FAULTS["A01"], REMEDIES["A01"], {"text": text[:60]}


def picture(alt: str, target: str) -> Fault | None:
    """A picture's text alternative, where there is one."""
    stem = posixpath.splitext(posixpath.basename(target))[0]
    if not alt or (not NO_WORD.fullmatch(alt) and posixpath.splitext(alt)[0].casefold() != stem.casefold()):
        return None
    return "A02", FAULTS["A02"], REMEDIES["A02"], {"alt": alt[:60]}


def heading(before: int, level: int, text: str, *, shift: int = 0) -> Fault | None:
    """A heading of ``level`` behind one of the level ``before`` (the lesson's own title has 1); ``shift`` is by how much it is shown
    smaller than it is written."""
    if level <= before + 1:
        return None
    values = {"text": text[:60], "marks": "#" * (before + 1 - shift)}
    return "A03", FAULTS["A03"], REMEDIES["A03"], values


def table(element: Element) -> Fault | None:
    """A table whose head is empty."""
    head = element.findall("thead//th")
    if not head or any("".join(cell.itertext()).strip() for cell in head):
        return None
    return "A04", FAULTS["A04"], REMEDIES["A04"], {}
