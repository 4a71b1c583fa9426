"""The paper a certificate is set on: an archival PDF with its own letters, on which texts are placed by millimetres."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from importlib.resources import as_file, files

from fpdf import FPDF
from fpdf.enums import DocumentCompliance
from fpdf.fonts import TTFFont
from fpdf.prefs import ViewerPreferences

from elearn_certificates.metadata import xmp
from elearn_certificates.tagging import Tags
from elearn_certificates.typesetting import MM_PER_POINT, Colour, Fitted, Measure, Style, fit

WIDTH, HEIGHT = 297.0, 210.0
TOOL = "elearn"
FACES = {
    "serif": "EBGaramond-Regular.ttf",
    "serif-italic": "EBGaramond-Italic.ttf",
    "serif-medium": "EBGaramond-Medium.ttf",
    "sans": "PublicSans-Regular.ttf",
    "sans-semibold": "PublicSans-SemiBold.ttf",
}
STAND_INS = {"ʿ": "‘", "ʾ": "’", "ʼ": "’", "‐": "-", "‑": "-", "−": "–", "―": "—"}
MEASURED_AT = 100.0  # pt
MOST_WIDTHS = 20_000
_widths: dict[tuple[str, str], float] = {}  # of texts by face, in mm at 1 pt: most of a certificate says what the last one said
# How a column gives way where it is too high: (size of the letters, size of the gaps), the gaps first.
PRESSURES = ((1.0, 1.0), (1.0, 0.8), (1.0, 0.6), (0.95, 0.5), *((step / 20, 0.4) for step in range(18, 5, -1)))


@dataclass(frozen=True, kw_only=True)
class Box:
    """A part of the page in mm from its upper left corner."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A text in a column, ``gap`` mm below the one before; ``tag`` says what it is ("H1", "H2", "H3", "P"), ``link`` where it leads."""

    text: str
    style: Style
    gap: float = 0.0
    tag: str = "P"
    link: str = ""


class Sheet:
    """One PDF/A-2u and PDF/UA-1 file in the making. Texts are shaped by HarfBuzz, so letters are kerned; no text is taken as markup.

    ``tags`` says what each text is; what is drawn outside of it must be an artifact.
    """

    def __init__(
        self,
        *,
        identifier: str,
        title: str,
        subject: str,
        author: str,
        issued_on: date,
        recolour: Mapping[Colour, Colour] | None = None,
        upright: bool = False,
    ):
        self.recolour = dict(recolour or {})
        self.pdf = FPDF(
            orientation="portrait" if upright else "landscape", unit="mm", format="A4", enforce_compliance=DocumentCompliance.PDFA_2U
        )
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.c_margin = 0
        self.pdf.alias_nb_pages("")  # else a title with "{nb}" in it would print the number of pages
        for face, name in FACES.items():
            with as_file(files("elearn_certificates") / "fonts" / name) as path:
                self.pdf.add_font(face, "", path)
            self._font(face).ttfont.recalcBBoxes = False  # a third of the time; the boxes of the few glyphs kept are in the font
        self.pdf.set_text_shaping(True, script="latn", language="ind")
        self.tags = Tags(self.pdf)
        self._describe(
            title=readable(title), subject=readable(subject), author=readable(author), identifier=readable(identifier), issued_on=issued_on
        )

    def _describe(self, *, title: str, subject: str, author: str, identifier: str, issued_on: date) -> None:
        moment = datetime(issued_on.year, issued_on.month, issued_on.day, tzinfo=UTC)
        self.pdf.set_title(title)
        self.pdf.set_subject(subject)
        self.pdf.set_author(author)
        self.pdf.set_creator(TOOL)
        self.pdf.set_producer(TOOL)
        self.pdf.set_lang("id-ID")
        self.pdf.set_creation_date(moment)
        self.pdf.set_xmp_metadata(xmp(identifier=identifier, title=title, subject=subject, author=author, tool=TOOL, moment=moment))
        self.pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.pdf.set_display_mode("fullpage")

    def clean(self, text: str, *, face: str) -> str:
        """``text`` on one line with what ``face`` cannot draw put in its nearest letters, at last "?"."""
        return "".join(self._drawable(char, face=face) for char in readable(text))

    def _drawable(self, char: str, *, face: str) -> str:
        cmap = self._font(face).cmap
        if ord(char) in cmap:
            return char
        bare = STAND_INS.get(char) or "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
        return bare if bare and all(ord(part) in cmap for part in bare) else ("" if unicodedata.combining(char) else "?")

    def _font(self, face: str) -> TTFFont:
        font = self.pdf.fonts[face]
        assert isinstance(font, TTFFont)
        return font

    def measure(self, style: Style) -> Measure:
        """The function that says how wide a text in ``style`` is at 1 pt, in mm."""
        return partial(self._width, style)

    def _width(self, style: Style, text: str) -> float:
        known = _widths.get((style.face, text))
        if known is None:
            if len(_widths) >= MOST_WIDTHS:
                _widths.clear()
            self.pdf.set_font(style.face, size=MEASURED_AT)
            known = _widths[(style.face, text)] = self.pdf.get_string_width(text) / MEASURED_AT
        return known + style.tracking / 1000 * MM_PER_POINT * max(len(text) - 1, 0)

    def fit(self, text: str, *, style: Style, width: float, scale: float = 1.0) -> Fitted:
        """``text`` made to fit ``width`` mm."""
        return fit(self.clean(text, face=style.face), style=style, width=width, measure=self.measure(style), scale=scale)

    def set(self, fitted: Fitted, *, box: Box, align: str = "L", tag: str = "P") -> float:
        """Draws the lines from the top of ``box`` on (its height does not matter) as one ``tag`` ("" for what is not
        read out, such as a page's foot) and answers the y below them."""
        with self.tags.content(tag) if tag else self.tags.artifact():
            return self._lines(fitted, box=box, align=align)

    def _lines(self, fitted: Fitted, *, box: Box, align: str) -> float:
        style = fitted.style
        self.pdf.set_font(style.face, size=fitted.size)
        self.pdf.set_text_color(*self.colour(style.colour))
        self.pdf.set_char_spacing(style.tracking / 1000 * fitted.size)
        y = box.y
        for place, line in enumerate(fitted.lines, start=1):
            spare = box.w - self._width(style, line) * fitted.size
            self.pdf.set_xy(box.x + spare * {"L": 0.0, "C": 0.5, "R": 1.0}[align], y)
            space = " " if place < len(fitted.lines) else ""  # unseen; else who reads aloud joins the words on either side
            self.pdf.cell(w=box.w, h=fitted.line_height, text=line + space)
            y += fitted.line_height
        self.pdf.set_char_spacing(0)
        return y

    def column(self, paragraphs: list[Paragraph], *, box: Box, align: str = "L", upright: float = 0.0) -> float:
        """Sets paragraphs below one another, closer and then smaller where the box is too low, and answers the y below the last.

        ``upright`` is the share of the spare height that is left above: 0 puts the column at the top, 0.5 in the middle, 1 at the foot.
        Empty texts are left out with their gaps.
        """
        filled = [paragraph for paragraph in paragraphs if paragraph.text.strip()]
        for scale, squeeze in PRESSURES:
            fitted = [self.fit(paragraph.text, style=paragraph.style, width=box.w, scale=scale) for paragraph in filled]
            gaps = [paragraph.gap * squeeze if place else 0.0 for place, paragraph in enumerate(filled)]
            spare = box.h - sum(gaps) - sum(one.height for one in fitted)
            if spare >= 0:
                break
        y = box.y + max(spare, 0) * upright
        for gap, one, paragraph in zip(gaps, fitted, filled, strict=True):
            top = y + gap
            y = self.set(one, box=Box(x=box.x, y=top, w=box.w, h=one.height), align=align, tag=paragraph.tag)
            if paragraph.link:
                self.tags.link(x=box.x, y=top, w=box.w, h=one.height, address=paragraph.link, text=paragraph.link)
        return y

    def rule(self, *, x: float, y: float, w: float, colour: Colour, thickness: float = 0.15) -> None:
        """A level line of ``thickness`` mm."""
        with self.tags.artifact():
            self.pdf.set_draw_color(*self.colour(colour))
            self.pdf.set_line_width(thickness)
            self.pdf.line(x, y, x + w, y)

    def colour(self, colour: Colour) -> Colour:
        """What stands for ``colour`` in the organisation's design."""
        return self.recolour.get(colour, colour)

    def picture(self, data: bytes, *, size: tuple[int, int], text: str, box: Box) -> None:
        """A PNG of ``size`` (height, width in px) as large as ``box`` allows, at its upper left; ``text`` says what it shows."""
        height, width = size
        scale = min(box.w / width, box.h / height)
        with self.tags.content("Figure", alt=text):
            self.pdf.image(io.BytesIO(data), x=box.x, y=box.y, w=width * scale, h=height * scale)

    def output(self) -> bytes:
        """The finished file."""
        return bytes(self.pdf.output())


def readable(text: str) -> str:
    """``text`` composed and on one line, without control, formatting and unassigned characters."""
    kept = "".join(" " if char.isspace() else char for char in unicodedata.normalize("NFC", text))
    return " ".join("".join(char for char in kept if not unicodedata.category(char).startswith("C")).split())
