"""The letters that Word puts before the choices of a question by itself, written out.

Who types "A." and presses Enter gets a numbered list from Word; the letter is then no longer in the text but in ``numbering.xml``, and
whatever reads the text sees a list without letters. Source of the elements: ECMA-376 part 1, 17.9 (numbering).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
FIRST = {"upperLetter": "A", "lowerLetter": "a"}


def written_out(data: bytes) -> bytes:
    """The document with "A. ", "B. ", … as text where Word would draw them; the letters begin anew after any other paragraph."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if "word/numbering.xml" not in names:
            return data
        lettered = dict(_lettered(ElementTree.fromstring(archive.read("word/numbering.xml"))))
        if not lettered:
            return data
        main = ElementTree.fromstring(archive.read("word/document.xml"))
        _write(main, lettered)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as copy:
            for name in dict.fromkeys(names):
                copy.writestr(name, ElementTree.tostring(main) if name == "word/document.xml" else archive.read(name))
        return out.getvalue()


def _lettered(numbering: ElementTree.Element) -> Iterator[tuple[tuple[str, str], str]]:
    """((list, level), its first letter) of every level that is counted in letters."""
    levels: dict[str, dict[str, str]] = {}
    for abstract in numbering.iter(f"{W}abstractNum"):
        formats = {level.get(f"{W}ilvl", "0"): _value(level, "numFmt") for level in abstract.iter(f"{W}lvl")}
        levels[abstract.get(f"{W}abstractNumId", "")] = {level: FIRST[kind] for level, kind in formats.items() if kind in FIRST}
    for number in numbering.iter(f"{W}num"):
        for level, first in levels.get(_value(number, "abstractNumId"), {}).items():
            yield (number.get(f"{W}numId", ""), level), first


def _write(main: ElementTree.Element, lettered: dict[tuple[str, str], str]) -> None:
    before, count = ("", ""), 0
    for paragraph in main.iter(f"{W}p"):
        properties = paragraph.find(f"{W}pPr")
        numbered = properties.find(f"{W}numPr") if properties is not None else None
        place = (_value(numbered, "numId"), _value(numbered, "ilvl") or "0") if numbered is not None else ("", "")
        if place not in lettered or properties is None or numbered is None:
            before = ("", "")
            continue
        count = count + 1 if place == before else 0
        before = place
        properties.remove(numbered)
        run = ElementTree.Element(f"{W}r")
        text = ElementTree.SubElement(run, f"{W}t", {SPACE: "preserve"})
        text.text = f"{chr(ord(lettered[place]) + count % 26)}. "
        paragraph.insert(1, run)


def _value(element: ElementTree.Element, name: str) -> str:
    found = element.find(f"{W}{name}")
    return found.get(f"{W}val", "") if found is not None else ""
