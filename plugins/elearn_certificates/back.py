"""The back: the modules with their hours, the sum, how to check the paper, and by which rules the hours were counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from elearn_certificates.facts import Facts
from elearn_certificates.front import HAIR, HEADLINES, INSIDE, LABEL, SIDE, SOFT
from elearn_certificates.ornament import DEEP, INNER, plain_frame
from elearn_certificates.sheet import HEIGHT, Box, Paragraph, Sheet
from elearn_certificates.typesetting import Fitted, Style

HEAD = Box(x=SIDE, y=INNER + 11, w=INSIDE, h=30)
TABLE_Y = HEAD.y + HEAD.h
FOOT = HEIGHT - INNER - 9
TABLE = Box(x=SIDE, y=TABLE_Y, w=158, h=FOOT - TABLE_Y)
ASIDE = Box(x=SIDE + TABLE.w + 14, y=TABLE_Y + 2.6, w=INSIDE - TABLE.w - 14, h=FOOT - TABLE_Y - 2.6)
COUNT_W, HOURS_W, AIR = 10.0, 20.0, 5.0  # mm; AIR stands above and below a row's text together
SCALES = (1.0, 0.95, 0.9, 0.85, 0.8)

OVERLINE = Style(face="sans-semibold", size=8, colour=SOFT, tracking=60)
TITLE = Style(face="serif-medium", size=20, smallest=16, lines=2, colour=DEEP, leading=1.15)
HOLDER = Style(face="sans", size=8.5, smallest=7.5, lines=2, colour=SOFT, leading=1.4)
CELL = Style(face="sans", size=10, lines=4, leading=1.35)
STRONG = replace(CELL, face="sans-semibold")
NOTES = Style(face="sans", size=8, smallest=8, lines=8, leading=1.5)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One module, fitted."""

    title: Fitted
    hours: Fitted
    height: float


def draw_back(sheet: Sheet, facts: Facts) -> None:
    """Adds the back page; and more like it while modules are left that do not fit at four fifths of the size."""
    scale, pages = _paginated(sheet, facts)
    done = 0
    for page, rows in enumerate(pages):
        sheet.pdf.add_page()
        plain_frame(sheet)
        _head(sheet, facts, page=page + 1, pages=len(pages))
        with sheet.tags.group("Table"):
            y = _table(sheet, rows, first=done + 1, scale=scale, unit="JP" if facts.kind == "certificate" else "Pelajaran")
            done += len(rows)
            if page == len(pages) - 1 and facts.kind == "certificate":
                _sum(sheet, facts, y=y, scale=scale)
        _aside(sheet, facts)


def _paginated(sheet: Sheet, facts: Facts) -> tuple[float, list[list[Row]]]:
    """The scale of the table and its rows by page: the largest scale at which one page is enough, else the smallest and more pages."""
    for scale in SCALES:
        rows = [_row(sheet, title=title, hours=hours, scale=scale) for title, hours in facts.modules]
        free = TABLE.h - 2 * _line(scale)
        if sum(row.height for row in rows) <= free:
            return scale, [rows]
    pages: list[list[Row]] = [[]]
    used = 0.0
    for row in rows:
        if used + row.height > free:
            pages.append([])
            used = 0.0
        pages[-1].append(row)
        used += row.height
    return scale, pages


def _line(scale: float) -> float:
    """The height of the table's head and of its last line, in mm."""
    return 9.0 * scale


def _row(sheet: Sheet, *, title: str, hours: str, scale: float) -> Row:
    fitted = sheet.fit(title, style=CELL, width=TABLE.w - COUNT_W - HOURS_W - 6, scale=scale)
    return Row(title=fitted, hours=sheet.fit(hours, style=CELL, width=HOURS_W, scale=scale), height=fitted.height + AIR * scale)


def _head(sheet: Sheet, facts: Facts, *, page: int, pages: int) -> None:
    leaf = f" ({page} dari {pages})" if pages > 1 else ""
    sheet.column(
        [
            Paragraph(text=f"LAMPIRAN {HEADLINES[facts.kind]}{leaf}", style=OVERLINE),
            Paragraph(text=facts.course_title, style=TITLE, gap=1.6, tag="H2"),
            Paragraph(text=f"Nomor {facts.number}, atas nama {facts.person_name}", style=HOLDER, gap=1.6),
        ],
        box=HEAD,
    )


def _table(sheet: Sheet, rows: Sequence[Row], *, first: int, scale: float, unit: str) -> float:
    """Draws head and rows and answers the y below them."""
    air = AIR * scale / 2
    y = _cells(sheet, count="No.", title="Mata pelatihan", hours=unit, style=LABEL, y=TABLE.y, scale=scale, tag="TH")
    sheet.rule(x=TABLE.x, y=y, w=TABLE.w, colour=DEEP, thickness=0.3)
    for count, row in enumerate(rows, start=first):
        line = sheet.fit(str(count), style=replace(CELL, colour=SOFT), width=COUNT_W, scale=scale)
        with sheet.tags.group("TR"):
            sheet.set(line, box=Box(x=TABLE.x, y=y + air, w=COUNT_W, h=line.height), tag="TD")
            sheet.set(row.title, box=Box(x=TABLE.x + COUNT_W, y=y + air, w=TABLE.w, h=row.title.height), tag="TD")
            sheet.set(row.hours, box=Box(x=TABLE.x + TABLE.w - HOURS_W, y=y + air, w=HOURS_W, h=row.hours.height), align="R", tag="TD")
        y += row.height
        sheet.rule(x=TABLE.x, y=y, w=TABLE.w, colour=HAIR, thickness=0.12)
    return y


def _sum(sheet: Sheet, facts: Facts, *, y: float, scale: float) -> None:
    sheet.rule(x=TABLE.x, y=y, w=TABLE.w, colour=DEEP, thickness=0.3)
    _cells(sheet, count="", title="Jumlah", hours=str(facts.hours), style=STRONG, y=y, scale=scale)


def _cells(sheet: Sheet, *, count: str, title: str, hours: str, style: Style, y: float, scale: float, tag: str = "TD") -> float:
    """One line of fixed height with its texts in the middle; answers the y below it."""
    height = _line(scale)
    places = (
        (count, TABLE.x, COUNT_W, "L"),
        (title, TABLE.x + COUNT_W, TABLE.w / 2, "L"),
        (hours, TABLE.x + TABLE.w - HOURS_W, HOURS_W, "R"),
    )
    with sheet.tags.group("TR"):
        for text, x, width, align in places:
            fitted = sheet.fit(text, style=style, width=width, scale=scale)
            sheet.set(fitted, box=Box(x=x, y=y + (height - fitted.height) / 2, w=width, h=height), align=align, tag=tag)
    return y + height


def _aside(sheet: Sheet, facts: Facts) -> None:
    paragraphs: list[Paragraph] = []
    for heading, *texts in _sections(facts):
        paragraphs.append(Paragraph(text=heading, style=LABEL, gap=5, tag="H3"))
        paragraphs.extend(Paragraph(text=text, style=NOTES, gap=0.8) for text in texts)
    sheet.column(paragraphs, box=ASIDE)


def _sections(facts: Facts) -> list[tuple[str, ...]]:
    """Heading and paragraphs of each note beside the table."""
    notes: list[tuple[str, ...]] = [
        (
            "Cara memeriksa",
            "Pindai kode di halaman depan atau buka alamatnya. Cocokkan nomor, nama, dan pelatihan dengan yang tampil di sana;"
            " halaman itu juga menyebutkan bila sertifikat sudah dicabut atau diganti. NIP di sana disamarkan.",
        ),
        ("Kode periksa", facts.check_code),
        ("Isi pelatihan", f"{facts.course_slug}, versi {facts.course_version}"),
    ]
    if facts.replaces:
        notes.insert(1, ("Pengganti", f"Menggantikan nomor {facts.replaces}, yang tidak berlaku lagi."))
    if facts.rule_set.strip():
        notes.insert(2, ("Dasar penghitungan JP", facts.rule_set))
    return notes
