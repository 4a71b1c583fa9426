"""XML from strangers: no document type, so no entities and nothing fetched; bounded in size and depth."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser, tostring

from elearn import said
from elearn_quizzes.exchange.bundle import MOST_BYTES, BadFile

MOST_ELEMENTS, DEEPEST = 500_000, 100
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class _Builder(TreeBuilder):
    """Builds the tree and minds the bounds."""

    def __init__(self) -> None:
        super().__init__()
        self.count = self.depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self.count += 1
        self.depth += 1
        if self.count > MOST_ELEMENTS or self.depth > DEEPEST:
            raise BadFile(said("Berkas XML ini terlalu besar atau terlalu dalam."))
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self.depth -= 1
        return super().end(tag)

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise BadFile(said("Berkas XML ini memuat deklarasi DOCTYPE, yang tidak diterima."))


def parse(data: bytes) -> Element:
    """The root of a document. Raises ``BadFile``: no XML, a document type, or beyond the bounds."""
    if len(data) > MOST_BYTES:
        raise BadFile(said("Berkas ini lebih dari {size} MB.", size=MOST_BYTES // 1_000_000))
    parser = XMLParser(target=_Builder())
    try:
        parser.feed(data)
        root: Element = parser.close()
    except ParseError as error:
        line, column = error.position
        raise BadFile(said("Berkas ini bukan XML yang sah: baris {line}, kolom {column}.", line=line, column=column + 1)) from error
    except (ValueError, LookupError) as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile(said("Berkas ini bukan XML yang sah.")) from error
    return root


def fit(text: str) -> str:
    """A text without the characters that no XML may hold, such as the upright tabs of Word."""
    return _UNFIT.sub("", text)


def as_bytes(root: Element) -> bytes:
    """A whole document."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + fit(tostring(root, encoding="unicode")).encode() + b"\n"
