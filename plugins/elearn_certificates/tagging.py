"""What is what on the page, for who has it read out: the structure tree of a tagged PDF (ISO 32000-1, 14.7 and 14.8; PDF/UA-1).

fpdf2 tags pictures alone, in a flat list. This stands in for its builder (``FPDF.struct_builder``) with a real tree: headings, paragraphs,
tables and figures in the order in which they are read. What belongs to none of them is an artifact, which is not read out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fpdf import FPDF
from fpdf.actions import URIAction
from fpdf.annotations import PDFAnnotation
from fpdf.syntax import Name, PDFObject, PDFString

ATTRIBUTES = {"TH": "<</O /Table /Scope /Column>>"}


class Element(PDFObject):
    """One element of the tree. ``kids`` are elements, numbers of marked content on ``page``, and references to annotations."""

    def __init__(self, kind: str, parent: Element | Root, *, page: PDFObject | None = None, alt: str = "") -> None:
        super().__init__()
        self._kind, self._parent, self._page, self._alt = kind, parent, page, alt
        self.kids: list[Element | int | _Reference] = []
        self.k = ()  # what fpdf2 looks through for elements of its own

    def serialize(self, obj_dict: Any = None, _security_handler: Any = None) -> str:
        """The object as the file has it."""
        told: dict[str, object] = {"/Type": "/StructElem", "/S": f"/{self._kind}", "/P": self._parent.ref}
        if self._page is not None:
            told["/Pg"] = self._page.ref
        if self._alt:
            told["/Alt"] = PDFString(self._alt).serialize()
        if self._kind in ATTRIBUTES:
            told["/A"] = ATTRIBUTES[self._kind]
        told["/K"] = f"[{' '.join(kid.ref if isinstance(kid, Element) else str(kid) for kid in self.kids)}]"
        return super().serialize(told)


class Root(PDFObject):
    """The tree's root, with the index from marked content and annotations to their elements."""

    def __init__(self) -> None:
        super().__init__()
        self.document = Element("Document", self)
        self.index: list[list[Element] | Element] = []  # by StructParents of pages and StructParent of annotations

    def serialize(self, obj_dict: Any = None, _security_handler: Any = None) -> str:
        """The object as the file has it."""
        told = [f"{n} {one.ref if isinstance(one, Element) else f'[{_refs(one)}]'}" for n, one in enumerate(self.index)]
        numbers = f"<</Nums [{' '.join(told)}]>>"
        return super().serialize(
            {"/Type": "/StructTreeRoot", "/K": f"[{self.document.ref}]", "/ParentTree": numbers, "/ParentTreeNextKey": str(len(told))}
        )


def _refs(elements: list[Element]) -> str:
    return " ".join(element.ref for element in elements)


class Tags:
    """The tags of one document, instead of fpdf2's own builder."""

    def __init__(self, pdf: FPDF) -> None:
        self._pdf = pdf
        self._root = Root()
        self._open = [self._root.document]
        self._all: list[Element] = [self._root.document]
        pdf.struct_builder = self  # type: ignore[assignment]

    # -- what fpdf2 asks -----------------------------------------------------------------------------------------------

    @property
    def doc_struct_elem(self) -> Element:
        """The element of the whole document."""
        return self._root.document

    def empty(self) -> bool:
        """Whether nothing is tagged."""
        return not self._root.document.kids

    def __iter__(self) -> Iterator[PDFObject]:
        yield self._root
        yield from self._all

    # -- what a sheet asks ---------------------------------------------------------------------------------------------

    @contextmanager
    def group(self, kind: str) -> Iterator[None]:
        """An element around those that the block adds, such as "Table" and "TR"."""
        self._open.append(self._add(Element(kind, self._open[-1])))
        try:
            yield
        finally:
            self._open.pop()

    @contextmanager
    def content(self, kind: str, *, alt: str = "") -> Iterator[None]:
        """An element that is what the block draws: a heading, a paragraph, a cell, a figure with its text."""
        page = self._pdf.pages[self._pdf.page]
        element = self._add(Element(kind, self._open[-1], page=page, alt=alt))
        if page.struct_parents is None:
            page.struct_parents = len(self._root.index)
            self._root.index.append([])
        on_page = self._root.index[page.struct_parents]
        assert isinstance(on_page, list)
        element.kids.append(len(on_page))
        self._pdf._out(f"/{kind} <</MCID {len(on_page)}>> BDC")
        on_page.append(element)
        yield
        self._pdf._out("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What the block draws is ornament."""
        self._pdf._out("/Artifact BMC")
        yield
        self._pdf._out("EMC")

    def link(self, *, x: float, y: float, w: float, h: float, address: str, text: str) -> None:
        """A link over a part of the page in mm; ``text`` says where it goes."""
        pdf = self._pdf
        page = pdf.pages[pdf.page]
        annotation = PDFAnnotation(
            "Link", x=x * pdf.k, y=pdf.h_pt - y * pdf.k, width=w * pdf.k, height=h * pdf.k, action=URIAction(address), contents=text
        )
        element = self._add(Element("Link", self._open[-1], page=page, alt=text))
        annotation.struct_parent = len(self._root.index)  # type: ignore[attr-defined]
        self._root.index.append(element)
        element.kids.append(_Reference(annotation))
        page.add_annotation(annotation)
        page.tabs = Name("S")  # type: ignore[attr-defined]

    def _add(self, element: Element) -> Element:
        self._open[-1].kids.append(element)
        self._all.append(element)
        return element


class _Reference:
    """An annotation as a kid of its element; its number is known when it is written."""

    def __init__(self, annotation: PDFAnnotation) -> None:
        self._annotation = annotation

    def __str__(self) -> str:
        return f"<</Type /OBJR /Obj {self._annotation.ref}>>"
