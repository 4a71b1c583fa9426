"""From frozen facts to the bytes of a certificate: a front to hang up, and a back that says what was learnt."""

from __future__ import annotations

from elearn_certificates.back import draw_back
from elearn_certificates.design.values import Design
from elearn_certificates.facts import Facts
from elearn_certificates.front import HEADLINES, draw_front
from elearn_certificates.ornament import DEEP, PALE
from elearn_certificates.sheet import Sheet
from elearn_certificates.typesetting import Colour
from elearn_certificates.words import hours_in_words


def draw(facts: Facts, design: Design | None = None) -> bytes:
    """The certificate as PDF/A-2u and PDF/UA-1: A4 landscape, a front and a back (more backs only for very long module lists).

    ``design`` is the organisation's: its colours and its logo. The same facts and design give the same bytes under the same versions of fpdf2, HarfBuzz and segno.
    """
    heading = HEADLINES[facts.kind].capitalize()
    hours = f", {hours_in_words(facts.hours)}" if facts.kind == "certificate" else ""
    sheet = Sheet(
        recolour=_colours(design),
        identifier=facts.number,
        title=f"{heading} {facts.course_title} – {facts.person_name}",
        subject=f"{heading} nomor {facts.number}{hours}",
        author=facts.organiser,
        issued_on=facts.issued_on,
    )
    draw_front(sheet, facts, design)
    draw_back(sheet, facts)
    return sheet.output()


def _colours(design: Design | None) -> dict[Colour, Colour]:
    pairs = ((DEEP, design.deep), (PALE, design.pale)) if design else ()
    return {ours: theirs for ours, theirs in pairs if theirs is not None}
