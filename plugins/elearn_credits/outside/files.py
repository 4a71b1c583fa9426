"""Evidence files: a PDF or a picture, checked, kept under the hash of its bytes in the site's store, so that its backup holds them.

A picture is drawn anew, which drops what a camera writes into it (the place, the device) and anything hidden behind the picture.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from elearn import Refused, Site

MOST_BYTES = 5_000_000
MOST_PIXELS = 50_000_000
EDGE = 2000
MOST_UNPACKED = 20_000_000
NAME = re.compile(r"[0-9a-f]{64}\.(pdf|jpg)")
ACTIVE = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|Rendition|RichMedia)(?![A-Za-z0-9])")
LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
SHORT = re.compile(rb"/JS(?![A-Za-z0-9])")
STREAM = re.compile(rb"(?<!end)stream[\r\n]*")
HIDDEN = re.compile(rb"#([0-9A-Fa-f]{2})")


def check(data: bytes) -> tuple[str, bytes]:
    """The name to keep the file under, and its bytes as kept. Raises ``Refused``."""
    if not data:
        raise Refused("no_file", "Pilih berkas bukti dahulu.")
    if len(data) > MOST_BYTES:
        raise Refused("file_size", "Berkas paling besar 5 MB.")
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:]:
            raise Refused("pdf_cut", "PDF ini terpotong. Simpan ulang, lalu kirim lagi.")
        if any(LOCKED.search(_plain(text)) for text in _between(data)):
            raise Refused(
                "pdf_locked", "PDF ini dikunci (dienkripsi), sehingga tidak dapat diperiksa. Simpan tanpa kunci, lalu kirim lagi."
            )
        if _active(data):
            raise Refused("pdf_active", "PDF ini memuat program atau lampiran. Cetak ulang ke PDF, lalu kirim lagi.")
        return f"{hashlib.sha256(data).hexdigest()}.pdf", data
    drawn = _picture(data)
    return f"{hashlib.sha256(drawn).hexdigest()}.jpg", drawn


def _active(data: bytes) -> bool:
    """Whether the PDF names something that runs or carries another file, or packs objects in a way that cannot be looked through. Looks at
    all of it, also at packed objects and at names written in hexadecimal; only for the two letters JS not into pictures and fonts, where so
    short a word turns up by chance."""
    left, texts = MOST_UNPACKED, [data]
    for stream in _packed(data):
        unpacked = _unpacked(stream, left)
        if unpacked is None:
            return True
        texts.append(unpacked)
        left -= len(stream) + len(unpacked)
        if left <= 0:
            return True
    if any(ACTIVE.search(_plain(text)) for text in texts):
        return True
    return any(SHORT.search(_plain(text)) for text in (*_between(data), *texts[1:]))


def _plain(text: bytes) -> bytes:
    return HIDDEN.sub(lambda found: bytes([int(found[1], 16)]), text) if b"#" in text else text


def _packed(data: bytes) -> Iterator[bytes]:
    """The bytes of each stream of packed objects, wherever the word that begins it stands: a comment before it may spell that word too."""
    for begin in STREAM.finditer(data):
        if b"/ObjStm" in _plain(data[max(0, begin.start() - 2000) : begin.start()]):
            end = data.find(b"endstream", begin.end())
            if end < 0:
                return
            yield data[begin.end() : end]


def _unpacked(stream: bytes, most: int) -> bytes | None:
    """What it holds; None where it is broken, or packed in another way than every program that writes PDF does."""
    try:
        return zlib.decompressobj().decompress(stream, most)
    except zlib.error:
        return None


def _between(data: bytes) -> Iterator[bytes]:
    """The text between the streams of a PDF."""
    place = 0
    while (begin := data.find(b"stream", place)) >= 0 and (end := data.find(b"endstream", begin)) >= 0:
        yield data[place:begin]
        place = end + 9
    yield data[place:]


def _picture(data: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Refused("picture_size", "Gambar ini terlalu besar. Kirim gambar paling besar 50 megapiksel.")
            # made small first: of a picture that is turned and converted whole, four copies stand in memory
            whole = opened if opened.mode in ("L", "RGB", "RGBA", "CMYK", "YCbCr") else opened.convert("RGB")
            whole.thumbnail((EDGE, EDGE))
            picture = ImageOps.exif_transpose(whole).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused("file_type", "Berkas bukti harus PDF, JPG, PNG, atau WebP yang dapat dibuka.") from error
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def place(site: Site, name: str) -> Path:
    """Where the file of that name lies. Raises ``ValueError`` for a name that ``check`` never gave."""
    if not NAME.fullmatch(name):
        raise ValueError(name)
    return site.store.folder / "evidence" / name[:2] / name


def keep(site: Site, name: str, data: bytes) -> None:
    """Write the file, whole or not at all; the same file again is nothing new."""
    path = place(site, name)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, scratch = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(scratch, path)
