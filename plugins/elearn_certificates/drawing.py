"""From frozen facts to the bytes of a certificate: a front to hang up, and a back that says what was learnt."""

from __future__ import annotations

from elearn_certificates.back import draw_back
from elearn_certificates.facts import Facts
from elearn_certificates.front import draw_front
from elearn_certificates.sheet import Sheet
from elearn_certificates.words import hours_in_words


def draw(facts: Facts) -> bytes:
    """The certificate as PDF/A-2u: A4 landscape, a front and a back (more backs only for very long module lists).

    The same facts give the same bytes under the same versions of fpdf2, HarfBuzz and segno.
    """
    sheet = Sheet(
        identifier=facts.number,
        title=f"Sertifikat {facts.course_title} – {facts.person_name}",
        subject=f"Sertifikat nomor {facts.number}, {hours_in_words(facts.hours)}",
        author=facts.organiser,
        issued_on=facts.issued_on,
    )
    draw_front(sheet, facts)
    draw_back(sheet, facts)
    return sheet.output()
