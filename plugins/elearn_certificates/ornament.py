"""What is drawn and not written: the frame of the page and the QR code, both as vectors."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import segno
from fpdf import FPDF
from fpdf.drawing import PaintedPath
from fpdf.enums import PathPaintRule

from elearn_certificates.sheet import HEIGHT, WIDTH, Box, Sheet
from elearn_certificates.typesetting import Colour

DEEP: Colour = (20, 58, 97)
PALE: Colour = (188, 203, 219)
EDGE, BAND = 9.0, 4.2  # mm from the paper's edge to the outer line, and from there to the inner one
INNER = EDGE + BAND
PHASES = 6
PERIOD = 12.0  # mm, about
BYTES, ALPHANUMERIC = 4, 2  # modes of ISO/IEC 18004: the claim's letters take 5.5 bits each
QUIET = 4  # modules of white that ISO/IEC 18004 asks for around a QR code


def rich_frame(sheet: Sheet) -> None:
    """Two lines around the page and, between them, fine waves that cross as on official papers."""
    pdf = sheet.pdf
    across, down = WIDTH - 2 * INNER, HEIGHT - 2 * INNER
    with sheet.tags.artifact():
        pdf.set_line_width(0.1)
        pdf.set_draw_color(*sheet.colour(PALE))
        for near in (EDGE, HEIGHT - INNER):
            with pdf.rect_clip(INNER, near, across, BAND):
                _draw(sheet, [[(INNER + along, near + BAND / 2 + off) for along, off in curve] for curve in _waves(across)])
        for near in (EDGE, WIDTH - INNER):
            with pdf.rect_clip(near, INNER, BAND, down):
                _draw(sheet, [[(near + BAND / 2 + off, INNER + along) for along, off in curve] for curve in _waves(down)])
    plain_frame(sheet)
    with sheet.tags.artifact():
        pdf.set_line_width(0.15)
        pdf.rect(INNER, INNER, across, down)
        for x in (EDGE, WIDTH - INNER):
            for y in (EDGE, HEIGHT - INNER):
                _corner(sheet, x=x, y=y)


def _draw(sheet: Sheet, curves: list[list[tuple[float, float]]]) -> None:
    """All curves as one path: a path of its own for each costs six times the time and twice the bytes."""
    path = PaintedPath(*curves[0][0])
    path.style.paint_rule = PathPaintRule.STROKE
    path.style.auto_close = False
    at = curves[0][0]
    for start, one, two, end in curves:
        if start != at:
            path.move_to(*start)
        path.curve_to(*one, *two, *end)
        at = end
    with sheet.pdf.drawing_context() as context:
        context.add_item(path, clone=False)


def plain_frame(sheet: Sheet) -> None:
    """The outer line alone."""
    with sheet.tags.artifact():
        sheet.pdf.set_draw_color(*sheet.colour(DEEP))
        sheet.pdf.set_line_width(0.45)
        sheet.pdf.rect(EDGE, EDGE, WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE)


def _waves(length: float) -> Iterator[list[tuple[float, float]]]:
    """Half waves as Bézier curves of four (along, off) in mm, in ``PHASES`` that follow one another; they begin before 0 and end after ``length``.

    4/3 of the height and 4/(3 pi) of the half period for the handles give a sine's height and its slope at the ends.
    """
    half = length / round(length / PERIOD) / 2
    height = (BAND / 2 - 0.55) * 4 / 3
    handle = half * 4 / (3 * math.pi)
    for phase in range(PHASES):
        for count in range(-2, round(length / half)):
            start = (count + 2 * phase / PHASES) * half
            off = height if count % 2 else -height
            yield [(start, 0.0), (start + handle, off), (start + half - handle, off), (start + half, 0.0)]


def _corner(sheet: Sheet, *, x: float, y: float) -> None:
    """A square with a diamond in it where two bands meet."""
    pdf = sheet.pdf
    pdf.set_fill_color(255, 255, 255)
    pdf.rect(x, y, BAND, BAND, style="DF")
    half, reach = BAND / 2, BAND / 2 - 0.9
    centre_x, centre_y = x + half, y + half
    pdf.set_fill_color(*sheet.colour(DEEP))
    pdf.polygon(
        [(centre_x, centre_y - reach), (centre_x + reach, centre_y), (centre_x, centre_y + reach), (centre_x - reach, centre_y)], style="F"
    )


def qr_code(sheet: Sheet, *, address: str, claim: str, box: Box) -> None:
    """``address`` as a QR code: black rectangles that fill ``box``, white around it for the quiet zone, a link on top.

    Level M; with a claim behind the address level L, for there larger squares help a camera more than redundancy does.
    """
    if claim:
        parts: Any = [(f"{address}#", BYTES), (claim, ALPHANUMERIC)]  # segno takes parts; its types do not know it
        matrix = segno.make(parts, error="l", boost_error=False, micro=False).matrix
    else:
        matrix = segno.make(address, error="m", boost_error=False, micro=False).matrix
    with sheet.tags.content("Figure", alt=f"Kode QR: {address}"):
        _squares(sheet.pdf, matrix, box=box)
    sheet.tags.link(x=box.x, y=box.y, w=box.w, h=box.w, address=address, text=f"Halaman pemeriksaan: {address}")


def _squares(pdf: FPDF, matrix: Sequence[Sequence[int]], *, box: Box) -> None:
    module = box.w / len(matrix)
    quiet = QUIET * module
    pdf.set_fill_color(255, 255, 255)
    pdf.rect(box.x - quiet, box.y - quiet, box.w + 2 * quiet, box.w + 2 * quiet, style="F")
    pdf.set_fill_color(0, 0, 0)
    for row, cells in enumerate(matrix):
        column = 0
        for dark, run in groupby(cells):
            count = len(list(run))
            if dark:
                pdf.rect(box.x + column * module, box.y + row * module, count * module, module, style="F")
            column += count
