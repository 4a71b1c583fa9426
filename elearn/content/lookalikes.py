"""Paragraphs that were meant as something else, and are shown as they were typed: tables without their row of dashes, lists with letters.

Each check answers the fault as (code, message, remedy, values), or None; see ``accessible``.
"""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree.ElementTree import Element

from elearn.content.accessible import Fault

FAULTS = {
    "M13": "Baris “{line}” tampil apa adanya, bukan sebagai tabel.",
    "M14": "Butir “{line}” tampil menyatu dengan baris di atasnya.",
}
REMEDIES = {
    "M13": "Di bawah judul kolom tulis baris pemisah, satu “---” untuk tiap kolom: |---|---|.",
    "M14": "Pakai “1.” atau “- ” di depan tiap butir, atau beri baris kosong di antaranya.",
}
BLOCKS = frozenset({"p", "ul", "ol", "dl", "pre", "blockquote", "div", "table", "details"})
ROW = re.compile(r"^\s*\|.*\|\s*$")
LETTERED = re.compile(r"^\s*\(?([a-hA-H])[.)]\s+\S")


def paragraph(element: Element) -> Fault | None:
    """A paragraph, or a list item that holds its text itself."""
    lines = _own_text(element).split("\n")
    rows = [line for line in lines if ROW.match(line)]
    if len(rows) > 1:
        return "M13", FAULTS["M13"], REMEDIES["M13"], {"line": rows[0].strip()[:60]}
    for first, second in pairwise(lines):
        before, here = LETTERED.match(first), LETTERED.match(second)
        if before and here and ord(here[1].lower()) == ord(before[1].lower()) + 1:
            return "M14", FAULTS["M14"], REMEDIES["M14"], {"line": second.strip()[:60]}
    return None


def _own_text(element: Element) -> str:
    """The text up to the first block within; a hard break parts no lines here, for it does so on the page."""
    parts = [element.text or ""]
    for child in element:
        if child.tag in BLOCKS:
            break
        tail = child.tail or ""
        parts += [" ", tail.lstrip("\n")] if child.tag == "br" else [*child.itertext(), tail]
    return "".join(parts)
