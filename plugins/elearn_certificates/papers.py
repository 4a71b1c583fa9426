"""Papers of other plugins (a transcript) on the organisation's sheet: A4 upright, a table over as many pages as it takes, signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from elearn import Paper, site_of
from elearn import gettext as _
from elearn_certificates import proving
from elearn_certificates.front import HAIR, SOFT
from elearn_certificates.ornament import DEEP
from elearn_certificates.sheet import Box, Paragraph, Sheet
from elearn_certificates.typesetting import Fitted, Style
from elearn_certificates.words import long_date

WIDTH, HEIGHT, SIDE, TOP, FOOT = 210.0, 297.0, 18.0, 18.0, 276.0
INSIDE = WIDTH - 2 * SIDE
GAP, AIR = 4.0, 3.4  # mm between columns; above and below a row's text together
OVERLINE = Style(face="sans-semibold", size=8.5, smallest=7.5, lines=2, colour=SOFT, tracking=40)
TITLE = Style(face="serif-medium", size=24, smallest=18, lines=2, colour=DEEP, leading=1.15)
LABEL = Style(face="sans-semibold", size=8, smallest=6.5, lines=2, colour=DEEP)
CELL = Style(face="sans", size=9, smallest=8.5, lines=6, leading=1.35)
STRONG = replace(CELL, face="sans-semibold")
NOTES = Style(face="sans", size=8, smallest=8, lines=12, colour=SOFT, leading=1.45)


def print_paper(session: Session, paper: Paper) -> bytes:
    """The paper as PDF/A-2u and PDF/UA-1, signed with the organisation's key where the site has one; the same paper gives the same pages."""
    site = site_of(session)
    record = proving.ring_of(site).active("document")
    organisation = site.organiser
    sheet = Sheet(
        identifier=paper.identifier,
        title=paper.title,
        subject=", ".join(value for _name, value in paper.about),
        author=organisation,
        issued_on=paper.issued_on,
        upright=True,
    )
    signed = _(
        "Berkas ini ditandatangani kunci %(name)s (tanda tangan elektronik tidak tersertifikasi); periksa berkasnya di %(address)s."
    ) % {
        "name": organisation,
        "address": site.url_for_path("/v"),
    }
    unsigned = _("Dokumen ini tidak ditandatangani secara elektronik.")
    _Printing(sheet, paper, organisation).draw([*paper.notes, signed if record else unsigned])
    pdf = sheet.output()
    return proving.sealed_by(site, pdf, record.id) if record else pdf


class _Printing:
    """One paper on its way, page by page."""

    def __init__(self, sheet: Sheet, paper: Paper, organisation: str) -> None:
        self.sheet, self.paper, self.organisation = sheet, paper, organisation
        shares = sum(column.share for column in paper.columns)
        room = INSIDE - GAP * (len(paper.columns) - 1)
        self.widths = [room * column.share / shares for column in paper.columns]
        self.page = 0
        self.y = TOP

    def draw(self, notes: Iterable[str]) -> None:
        """All pages."""
        self._begin()
        paragraphs = [
            Paragraph(text=self.organisation.upper(), style=OVERLINE),
            Paragraph(text=self.paper.title, style=TITLE, gap=2, tag="H1"),
        ]
        self.y = self.sheet.column(paragraphs, box=Box(x=SIDE, y=self.y, w=INSIDE, h=34)) + 5
        for name, value in self.paper.about:
            self._pair(name, value)
        self.y += 5
        with self.sheet.tags.group("Table"):
            self._head()
            for row in self.paper.rows:
                self._row(row, CELL)
            if self.paper.last:
                self._row(self.paper.last, STRONG, colour=DEEP)
        self.y += 5
        for note in notes:
            fitted = self.sheet.fit(note, style=NOTES, width=INSIDE)
            self._room(fitted.height + 2)
            self.y = self.sheet.set(fitted, box=Box(x=SIDE, y=self.y, w=INSIDE, h=fitted.height)) + 2

    def _begin(self) -> None:
        """A fresh page with its foot."""
        self.page += 1
        self.sheet.pdf.add_page()
        self.y = TOP
        about = f"{self.paper.title} · {self.paper.about[0][1] if self.paper.about else ''}"
        left = self.sheet.fit(about, style=replace(NOTES, lines=1, smallest=5), width=INSIDE - 60)
        right = self.sheet.fit(f"{long_date(self.paper.issued_on)} · {self.page}", style=replace(NOTES, lines=1), width=58)
        self.sheet.rule(x=SIDE, y=FOOT + 3, w=INSIDE, colour=HAIR)
        self.sheet.set(left, box=Box(x=SIDE, y=FOOT + 5, w=INSIDE - 60, h=left.height), tag="")
        self.sheet.set(right, box=Box(x=SIDE, y=FOOT + 5, w=INSIDE, h=right.height), align="R", tag="")

    def _room(self, height: float) -> bool:
        """Whether a new page was begun because ``height`` mm did not fit."""
        if self.y + height <= FOOT:
            return False
        self._begin()
        return True

    def _pair(self, name: str, value: str) -> None:
        shown = self.sheet.fit(value, style=CELL, width=INSIDE - 46)
        label = self.sheet.fit(name, style=replace(LABEL, lines=1), width=42)
        self.sheet.set(label, box=Box(x=SIDE, y=self.y + 0.4, w=42, h=label.height))
        self.y = self.sheet.set(shown, box=Box(x=SIDE + 46, y=self.y, w=INSIDE - 46, h=shown.height)) + 1

    def _head(self) -> None:
        self._cells([column.name for column in self.paper.columns], LABEL, tag="TH")
        self.sheet.rule(x=SIDE, y=self.y, w=INSIDE, colour=DEEP, thickness=0.3)

    def _row(self, row: Sequence[str], style: Style, colour: tuple[int, int, int] = HAIR) -> None:
        fitted = self._fitted(row, style)
        if self._room(max(one.height for one in fitted) + AIR):
            self._head()
        self._cells(row, style)
        self.sheet.rule(x=SIDE, y=self.y, w=INSIDE, colour=colour, thickness=0.3 if colour == DEEP else 0.12)

    def _fitted(self, row: Sequence[str], style: Style) -> list[Fitted]:
        return [self.sheet.fit(text, style=style, width=width) for text, width in zip(row, self.widths, strict=True)]

    def _cells(self, row: Sequence[str], style: Style, tag: str = "TD") -> None:
        fitted = self._fitted(row, style)
        x = SIDE
        with self.sheet.tags.group("TR"):
            for one, width, column in zip(fitted, self.widths, self.paper.columns, strict=True):
                self.sheet.set(one, box=Box(x=x, y=self.y + AIR / 2, w=width, h=one.height), align=column.align, tag=tag)
                x += width + GAP
        self.y += max(one.height for one in fitted) + AIR
