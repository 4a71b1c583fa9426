"""A picture that comes with a form: checked and made anew before anything is written."""

from __future__ import annotations

from flask import request

from elearn import Refused, viewer, writing
from elearn import gettext as _
from elearn_studio import pictures
from elearn_studio.models import Draft
from elearn_studio.pictures import Kept
from elearn_studio.views.common import sent_file, the_draft


def take_in(draft: Draft, beside: str) -> Kept:
    """Keep the picture ``gambar`` of the form with its words ``alt``; ``beside`` is the lesson it is for. Raises ``Refused``."""
    name, raw = sent_file("gambar", most=pictures.MOST_BYTES + 1)
    alt = request.form.get("alt", "")
    if not " ".join(alt.split()):
        raise Refused("alt", "Tulis teks pengganti: apa yang terlihat dan mengapa penting, dalam satu kalimat.")
    ending, data = pictures.prepared(name, raw)
    with writing() as session:
        return pictures.keep(
            session,
            the_draft(draft.slug, session=session),
            name=name,
            alt=alt,
            ending=ending,
            data=data,
            before=len(raw),
            by=viewer().id,
            beside=beside,
        )


def say_kept(kept: Kept) -> str:
    """The sizes before and after."""
    return _("Gambar diperkecil: %(before)s → %(after)s", before=say_size(kept.before), after=say_size(kept.after))


def say_size(size: int) -> str:
    """3,4 MB or 62 kB"""
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f} MB".replace(".", ",")
    return f"{max(1, round(size / 1000))} kB"
