"""The front: who learnt what, for how many hours, by whose word, and where to check it."""

from __future__ import annotations

from dataclasses import replace

from elearn_certificates.design.values import Design
from elearn_certificates.facts import Facts
from elearn_certificates.numbering import spaced_nip
from elearn_certificates.ornament import DEEP, INNER, qr_code, rich_frame
from elearn_certificates.sheet import HEIGHT, WIDTH, Box, Paragraph, Sheet
from elearn_certificates.typesetting import Colour, Style
from elearn_certificates.words import decimal, hours_in_words, long_date, period

SOFT: Colour = (80, 88, 98)
HAIR: Colour = (170, 180, 191)
SIDE = INNER + 11
INSIDE = WIDTH - 2 * SIDE
HEAD = Box(x=SIDE, y=INNER + 11, w=INSIDE, h=38)
BODY = Box(x=SIDE + 8, y=65, w=INSIDE - 16, h=80)
FOOT_Y, FOOT_H = 148.0, HEIGHT - INNER - 7 - 148.0
QR = Box(x=SIDE, y=FOOT_Y, w=31, h=31)
NOTE = Box(x=QR.x + QR.w + 5.5, y=QR.y, w=84, h=QR.h)
ADDRESS = Box(x=SIDE, y=QR.y + QR.h + 2.6, w=116, h=FOOT_Y + FOOT_H - QR.y - QR.h - 2.6)
SIGNED = Box(x=WIDTH - SIDE - 84, y=FOOT_Y + 1, w=84, h=FOOT_H - 1)

ORGANISER = Style(face="sans-semibold", size=10.5, smallest=9, lines=2, tracking=70, colour=DEEP, leading=1.4, balanced=True)
HEADLINE = Style(face="serif-medium", size=40, tracking=85, colour=DEEP, leading=1.05)
NUMBER = Style(face="sans", size=9.5, smallest=8, lines=2, colour=SOFT, tracking=20)
PHRASE = Style(face="serif-italic", size=13, colour=SOFT)
NAME = Style(face="serif-medium", size=36, smallest=24, lines=2, leading=1.12, balanced=True)
DATA = Style(face="sans", size=9.5, smallest=8.5, lines=2, leading=1.45, balanced=True)
TITLE = Style(face="serif-medium", size=22, smallest=17, lines=3, colour=DEEP, leading=1.15, balanced=True)
DETAIL = Style(face="serif", size=13, smallest=13, lines=3, leading=1.3, balanced=True)
LABEL = Style(face="sans-semibold", size=7.5, colour=DEEP, tracking=20)
NOTES = Style(face="sans", size=7.5, smallest=7, lines=6, colour=SOFT, leading=1.5)
ADDRESSES = Style(face="sans", size=7.25, smallest=6.5, lines=2, leading=1.4)
PLACE = Style(face="sans", size=9, smallest=8.75, lines=3, leading=1.4, balanced=True)
SIGNATORY = Style(face="serif-medium", size=14, smallest=12, lines=2, leading=1.2)

UNSEALED = (
    "{kind} ini sah menurut catatan penerbit pada alamat tersebut. Saat diterbitkan, dokumen ini belum dibubuhi"
    " tanda tangan elektronik tersertifikasi."
)
SEALED = (
    "Sah menurut catatan penerbit pada alamat itu. Kode dan berkasnya ditandatangani kunci penerbit (tanda tangan elektronik tidak"
    " tersertifikasi), sehingga dapat diperiksa tanpa jaringan."
)


HEADLINES = {"certificate": "SERTIFIKAT", "statement": "SURAT KETERANGAN"}
LOGO = Box(x=SIDE, y=HEAD.y - 3, w=34, h=24)


def draw_front(sheet: Sheet, facts: Facts, design: Design | None = None) -> None:
    """Adds the front page."""
    sheet.pdf.add_page()
    rich_frame(sheet)
    sheet.column(
        [
            Paragraph(text=facts.organiser.upper(), style=ORGANISER),
            Paragraph(text=HEADLINES[facts.kind], style=replace(HEADLINE, smallest=24), gap=4.5, tag="H1"),
            Paragraph(text=f"Nomor {facts.number}", style=NUMBER, gap=1.5),
        ],
        box=_head(sheet, design),
        align="C",
    )
    sheet.column(_body(facts), box=BODY, align="C", upright=0.45)
    _verification(sheet, facts)
    _signature(sheet, facts)


def _head(sheet: Sheet, design: Design | None) -> Box:
    """The room for the head, after the logo was set; it stays in the middle of the page."""
    if design is None or not design.logo:
        return HEAD
    sheet.picture(design.logo, size=design.logo_size, text=design.logo_text or f"Logo {design.organiser}".strip(), box=LOGO)
    aside = LOGO.w + 4
    return Box(x=HEAD.x + aside, y=HEAD.y, w=HEAD.w - 2 * aside, h=HEAD.h)


def _body(facts: Facts) -> list[Paragraph]:
    number = f"{facts.person_number_label} {spaced_nip(facts.person_number)}".strip() if facts.person_number else ""
    return [
        Paragraph(text="diberikan kepada", style=PHRASE),
        Paragraph(text=facts.person_name, style=NAME, gap=1.5),
        Paragraph(text=number, style=DATA, gap=2.5),
        Paragraph(text=", ".join(filter(None, (facts.rank, facts.post))), style=DATA, gap=0.2),
        Paragraph(text=facts.unit, style=DATA, gap=0.2),
        Paragraph(
            text="yang telah menyelesaikan pelatihan" if facts.kind == "certificate" else "yang telah mengikuti pelatihan",
            style=PHRASE,
            gap=7,
        ),
        Paragraph(text=facts.course_title, style=TITLE, gap=1.5),
        Paragraph(text=_detail(facts), style=DETAIL, gap=3),
    ]


def _detail(facts: Facts) -> str:
    held = f"secara {facts.mode} pada {period(facts.started_on, facts.completed_on)}"
    result = ""
    if facts.predicate:
        result = f", dengan predikat {facts.predicate}"
    if facts.score is not None:
        result += f" (nilai {decimal(facts.score)})" if facts.predicate else f", dengan nilai {decimal(facts.score)}"
    if facts.kind == "statement":
        return f"{held}, dan belum memenuhi syarat kelulusannya. Surat keterangan ini bukan tanda lulus dan tidak dihitung sebagai JP."
    if facts.expires_on is not None:
        result += f". Berlaku sampai {long_date(facts.expires_on)}"
    return f"{held}, meliputi {hours_in_words(facts.hours)}{result}."


def _verification(sheet: Sheet, facts: Facts) -> None:
    qr_code(sheet, address=facts.verify_url, claim=facts.claim, box=QR)
    sheet.column(
        [
            Paragraph(text="Periksa keaslian", style=LABEL, tag="H2"),
            Paragraph(text="Pindai kode ini atau buka alamat di bawahnya, lalu cocokkan isinya.", style=NOTES, gap=0.8),
            Paragraph(
                text=SEALED if facts.claim else UNSEALED.format(kind="Sertifikat" if facts.kind == "certificate" else "Surat"),
                style=NOTES,
                gap=1.2,
            ),
        ],
        box=NOTE,
        upright=0.5,
    )
    sheet.column(
        [
            Paragraph(text=facts.verify_url, style=ADDRESSES, link=facts.verify_url),
            Paragraph(text=f"Kode periksa {facts.check_code}", style=ADDRESSES),
        ],
        box=ADDRESS,
    )


def _signature(sheet: Sheet, facts: Facts) -> None:
    """Place and date at the top, the signatory at the foot; what is free between them is for a visible signature."""
    half = SIGNED.h / 2 - 4
    sheet.column(
        [
            Paragraph(text=", ".join(filter(None, (facts.place, long_date(facts.issued_on)))), style=PLACE),
            Paragraph(text=facts.signatory_post or facts.organiser, style=PLACE, gap=0.4),
        ],
        box=Box(x=SIGNED.x, y=SIGNED.y, w=SIGNED.w, h=half),
    )
    number = f"NIP {spaced_nip(facts.signatory_number)}" if facts.signatory_number else ""
    sheet.column(
        [Paragraph(text=facts.signatory_name, style=SIGNATORY), Paragraph(text=number, style=PLACE, gap=0.4)],
        box=Box(x=SIGNED.x, y=SIGNED.y + SIGNED.h - half, w=SIGNED.w, h=half),
        upright=1.0,
    )
