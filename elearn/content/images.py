"""Pictures of a course made fit for a thin line: WebP at 480 and 960 pixels, SVG without anything that acts.

A picture is kept under the hash of its bytes, so its address never changes its meaning and may be cached for ever.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

from PIL import Image, UnidentifiedImageError

MAX_BYTES, MAX_PIXELS = 20_000_000, 50_000_000
WIDTHS = (480, 960)
RASTER = {"PNG", "JPEG", "WEBP", "GIF"}
SVG_REFUSED = re.compile(rb"<!DOCTYPE|<!ENTITY|<\?xml-stylesheet", re.IGNORECASE)
SVG_TAGS_REFUSED = {"script", "foreignobject", "iframe", "object", "embed", "audio", "video", "animate", "set", "handler", "style"}
XHTML = "{http://www.w3.org/1999/xhtml}"
ADDRESS_OUTSIDE = re.compile(r"url\((?!\s*[\"']?#)")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
ORIENTATION = 274  # the EXIF tag that says how the camera was held
TURNS = dict(enumerate((
    Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180, Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.TRANSPOSE,
    Image.Transpose.ROTATE_270, Image.Transpose.TRANSVERSE, Image.Transpose.ROTATE_90,
), 2))  # fmt: skip
MEDIA_TYPES = {"svg": "image/svg+xml", "webp": "image/webp"}


class BadImage(Exception):
    """The file is no picture that a page may show; ``reason`` is an Indonesian message id that ``values`` fill."""

    def __init__(self, reason: str, **values: str):
        self.reason, self.values = reason, values
        super().__init__(reason)


@dataclass(frozen=True)
class Picture:
    """``name`` is the file to show; ``files`` all files by name; ``widths`` maps a width in pixels to a name."""

    name: str
    width: int
    height: int
    files: dict[str, bytes] = field(repr=False)
    widths: dict[int, str] = field(default_factory=dict)


def prepare(data: bytes) -> Picture:
    """The picture made ready. Raises ``BadImage``."""
    if len(data) > MAX_BYTES:
        raise BadImage("Gambar lebih besar dari 20 MB.")
    if data.removeprefix(BYTE_ORDER_MARK).lstrip().startswith(b"<"):
        return _svg(data)
    return _raster(data)


def _name(data: bytes, ending: str) -> str:
    return f"{hashlib.sha256(data).hexdigest()[:40]}.{ending}"


def _raster(data: bytes) -> Picture:
    try:
        with Image.open(io.BytesIO(data), formats=sorted(RASTER)) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise BadImage("Gambar lebih dari 50 megapiksel.")
            turned = _upright(opened)
            image = turned.convert("RGBA" if "A" in turned.getbands() or "transparency" in turned.info else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError, SyntaxError) as error:
        raise BadImage("Berkas ini bukan gambar PNG, JPEG, GIF, WebP, atau SVG yang utuh.") from error
    widths = [width for width in WIDTHS if width < image.width] or [image.width]
    if image.width > WIDTHS[0] and widths[-1] < image.width <= WIDTHS[-1]:
        widths.append(image.width)
    files: dict[str, bytes] = {}
    names: dict[int, str] = {}
    size = (image.width, image.height)
    for width in widths:
        height = max(1, round(size[1] * width / size[0]))
        smaller = image if width == size[0] else image.resize((width, height), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        smaller.save(out, "WEBP", quality=78, method=4)
        name = _name(out.getvalue(), "webp")
        files[name], names[width] = out.getvalue(), name
        size_out = (width, height)
    return Picture(names[widths[-1]], *size_out, files, names)


def _upright(image: Image.Image) -> Image.Image:
    """The picture as the camera was held: what says so is metadata, which no page is sent."""
    try:
        turn = TURNS.get(image.getexif().get(ORIENTATION, 1))
    except Exception:  # damaged metadata raises whatever its parser met; the picture itself is whole
        return image
    return image.transpose(turn) if turn is not None else image


def _svg(data: bytes) -> Picture:
    if SVG_REFUSED.search(data):
        raise BadImage("SVG ini memuat bagian yang tidak diizinkan (DOCTYPE atau ENTITY).")
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise BadImage("SVG ini tidak utuh.") from error
    if _local(root.tag) != "svg":
        raise BadImage("Berkas ini bukan SVG.")
    for element in root.iter():
        tag = _local(element.tag) if isinstance(element.tag, str) else ""
        if tag in SVG_TAGS_REFUSED or (isinstance(element.tag, str) and element.tag.startswith(XHTML)):
            raise BadImage("SVG ini memuat <{tag}>, yang tidak diizinkan.", tag=tag)
        for attribute, value in element.attrib.items():
            name, text = _local(attribute), value.strip().lower()
            outside = name == "href" and not text.startswith("#")
            if name.startswith("on") or outside or "javascript:" in text or ADDRESS_OUTSIDE.search(text):
                raise BadImage("SVG ini memuat atribut “{name}” yang tidak diizinkan.", name=name)
    width, height = _svg_size(root)
    name = _name(data, "svg")
    return Picture(name, width, height, {name: data})


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1].lower()


def _svg_size(root: ElementTree.Element) -> tuple[int, int]:
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        if len(box) == 4:
            return max(1, round(float(box[2]))), max(1, round(float(box[3])))
        return max(1, round(float(root.get("width", "")))), max(1, round(float(root.get("height", ""))))
    except (ValueError, OverflowError):
        return 720, 400
