"""A lesson's parts as HTML for whoever looks: its text as it was published, its blocks as their plugins draw them now."""

from __future__ import annotations

from markupsafe import Markup

from elearn.plugin import LessonView
from elearn.web.current import elearn
from elearn.web.database import reading
from elearn.web.language import gettext as _


def draw_lesson(view: LessonView) -> list[Markup]:
    """The parts of the lesson, in order. A block whose plugin fails is a note that says so."""
    return [Markup(part) if isinstance(part, str) else _block(view, part) for part in view.lesson.parts]


def _block(view: LessonView, index: int) -> Markup:
    drawn = elearn().registry.draw_block(view.lesson.blocks[index], view, reading())
    if drawn is not None:
        return drawn
    text = _("Bagian ini sedang tidak dapat ditampilkan. Pelajaran lainnya tetap dapat dibaca; coba lagi nanti.")
    return Markup('<div class="note warn"><p>{}</p></div>').format(text)
