"""Pictures of a draft: made anew by Pillow in a process of its own, smaller, and without what a file may hide."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image
from sqlalchemy.orm import Session

from elearn import BadImage, Refused, bounded, prepare_picture
from elearn_studio import drafts
from elearn_studio.models import Draft, File

WIDEST, QUALITY, MOST_BYTES = 1_600, 80, 20_000_000
RASTER = {"PNG", "JPEG", "WEBP", "GIF"}
ENDINGS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".gif": "PNG"}


@dataclass(frozen=True)
class Kept:
    """A picture as it was taken in: sizes in bytes before and after, and the line that shows it in a lesson."""

    file: File
    before: int
    after: int
    line: str


class PictureRefused(Refused):
    """A picture that may not be shown, with the name of its file."""

    def __init__(self, name: str, error: BadImage) -> None:
        super().__init__("picture", error.reason, **error.values)
        self.name = name

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The file's name and the reason."""
        return f"{self.name}: {super().text(translate)}"


def remade(data: bytes, kind: str = "WEBP") -> bytes:
    """The picture drawn anew as ``kind`` and at most 1600 pixels wide; an SVG as it is, once it was found to hold nothing that acts.

    Raises ``BadImage``. Nothing but pixels survives: no place of a photograph, no comment, no file behind the file.
    """
    prepare_picture(data)
    if is_svg(data):
        return data
    with Image.open(io.BytesIO(data), formats=sorted(RASTER)) as opened:
        turned = _upright(opened)
        image = turned.convert("RGBA" if "A" in turned.getbands() or "transparency" in turned.info else "RGB")
    if image.width > WIDEST:
        image = image.resize((WIDEST, max(1, round(image.height * WIDEST / image.width))), Image.Resampling.LANCZOS)
    if kind == "JPEG":
        image = image.convert("RGB")
    out = io.BytesIO()
    image.save(out, kind, **({"quality": QUALITY} if kind != "PNG" else {"optimize": True}))
    return out.getvalue()


def is_svg(data: bytes) -> bool:
    """Whether the bytes begin as an SVG does."""
    return data.lstrip()[:200].lower().startswith((b"<svg", b"<?xml"))


def _upright(image: Image.Image) -> Image.Image:
    """The picture as the camera was held: what says so goes with the rest of the metadata."""
    turns = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_270, 8: Image.Transpose.ROTATE_90}
    turn = turns.get(image.getexif().get(274, 1))
    return image.transpose(turn) if turn is not None else image


def taken_in(name: str, data: bytes, kind: str = "") -> bytes:
    """A picture that comes under its own name, as in a ZIP: made anew as ``kind``, or in the kind its name says. Raises ``Refused``."""
    ending = posixpath.splitext(name)[1].lower()
    try:
        return bounded(remade, data, kind or ENDINGS.get(ending, "WEBP"))
    except BadImage as error:
        raise PictureRefused(name, error) from error


def prepared(name: str, data: bytes) -> tuple[str, bytes]:
    """(ending, bytes) of a picture that somebody sends by itself. Slow: call it before ``writing()``. Raises ``Refused``."""
    if len(data) > MOST_BYTES:
        raise Refused("picture_big", "Gambar ini lebih dari {most} MB.", most=MOST_BYTES // 1_000_000)
    if not data:
        raise Refused("no_picture", "Pilih berkas gambarnya dahulu.")
    done = taken_in(posixpath.basename(name) or "gambar", data, "WEBP")
    return ("svg" if is_svg(data) else "webp"), done


def keep(session: Session, draft: Draft, *, name: str, alt: str, ending: str, data: bytes, before: int, by: int, beside: str) -> Kept:
    """Keep a prepared picture in media/ and answer the line for the lesson at ``beside``. Raises ``Refused`` without an ``alt``."""
    alt = " ".join(alt.split())[:300].replace("[", "(").replace("]", ")")
    if not alt:
        raise Refused("alt", "Tulis teks pengganti: apa yang terlihat dan mengapa penting, dalam satu kalimat.")
    stem = drafts.slug_of(posixpath.splitext(posixpath.basename(name.replace("\\", "/")))[0]) or drafts.slug_of(alt)[:40] or "gambar"
    path, number = f"media/{stem}.{ending}", 2
    while (there := drafts.file_at(session, draft, path)) is not None:
        if there.blob == drafts.keep_blob(session, data):
            return Kept(there, before, len(data), line_for(alt, path, beside))
        path, number = f"media/{stem}-{number}.{ending}", number + 1
    file = drafts.add_blob(session, draft, path, data, by=by)
    return Kept(file, before, len(data), line_for(alt, path, beside))


def line_for(alt: str, path: str, beside: str) -> str:
    """The Markdown that shows the picture in the lesson at ``beside``."""
    return f"![{alt}]({posixpath.relpath(path, posixpath.dirname(beside) or '.')})"


def used_in(files: list[File], picture: File) -> list[File]:
    """The texts that show the picture."""
    name = re.escape(picture.path.rpartition("/")[2])
    return [file for file in files if file.text and re.search(rf"[/(]{name}[)\s#]", file.text)]
