"""A badge as a picture that carries its credential: SVG and PNG baked as Open Badges 3.0 section 5.3 says."""

from __future__ import annotations

import io
import re
from importlib.resources import as_file, files
from xml.etree import ElementTree

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin, UnidentifiedImageError

from elearn import said
from elearn_certificates.facts import Facts
from elearn_certificates.words import long_date

SVG, BADGES = "http://www.w3.org/2000/svg", "https://purl.imsglobal.org/ob/v3p0"
CHUNK = "openbadgecredential"
SIDE = 600
DEEP, GOLD, PAPER = "#143a61", "#c8a24a", "#ffffff"
LARGEST = 4 << 20  # bytes of a file that is looked into


def texts(facts: Facts) -> list[tuple[str, int, int]]:
    """What the badge says: text, middle of the line, size in pixels."""
    lines, size = wrapped(facts.course_title, 22), 40
    if len(lines) > 3:
        lines, size = wrapped(facts.course_title, 28), 31
    if len(lines) > 4:
        lines = [*lines[:3], lines[3] + "…"]
    step = round(size * 1.2)
    top = 290 - step * (len(lines) - 1) // 2
    below = top + step * len(lines)
    office = [(line, below + 52 + 28 * place, 22) for place, line in enumerate(wrapped(facts.organiser, 30)[:2])]
    said = [(line, top + step * place, size) for place, line in enumerate(lines)]
    return [(f"{facts.hours} JP", 150, 34), *said, (long_date(facts.issued_on), below + 14, 24), *office]


def wrapped(text: str, width: int) -> list[str]:
    """``text`` in lines of about ``width`` letters."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def svg(facts: Facts, credential: str) -> bytes:
    """The badge as SVG with the credential in it: JSON as text, a token in the attribute ``verify``."""
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("openbadges", BADGES)
    root = ElementTree.Element(f"{{{SVG}}}svg", {"viewBox": f"0 0 {SIDE} {SIDE}", "width": str(SIDE), "height": str(SIDE), "role": "img"})
    baked = ElementTree.SubElement(root, f"{{{BADGES}}}credential")
    if credential.lstrip().startswith("{"):
        baked.text = credential
    else:
        baked.set("verify", credential)
    ElementTree.SubElement(root, f"{{{SVG}}}title").text = f"{facts.course_title} – {facts.person_name}"
    for radius, colour in ((296, GOLD), (284, DEEP), (262, PAPER)):
        ElementTree.SubElement(root, f"{{{SVG}}}circle", {"cx": "300", "cy": "300", "r": str(radius), "fill": colour})
    for text, y, size in texts(facts):
        style = {"x": "300", "y": str(y), "font-size": str(size), "fill": DEEP, "text-anchor": "middle", "dominant-baseline": "middle"}
        ElementTree.SubElement(root, f"{{{SVG}}}text", style | {"font-family": "sans-serif"}).text = text
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def png(facts: Facts, credential: str) -> bytes:
    """The badge as PNG with the credential in an iTXt chunk."""
    image = Image.new("RGBA", (SIDE, SIDE), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    for radius, colour in ((296, GOLD), (284, DEEP), (262, PAPER)):
        pen.ellipse((300 - radius, 300 - radius, 300 + radius, 300 + radius), fill=colour)
    with as_file(files("elearn_certificates") / "fonts" / "PublicSans-SemiBold.ttf") as path:
        for text, y, size in texts(facts):
            pen.text((300, y), text, fill=DEEP, font=ImageFont.truetype(path, size), anchor="mm")
    about = PngImagePlugin.PngInfo()
    about.add_itxt(CHUNK, credential)
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=about, optimize=True)
    return out.getvalue()


def taken_out(data: bytes) -> str:
    """The credential in a baked SVG or PNG; ``ValueError`` if there is none."""
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        try:
            with Image.open(io.BytesIO(data)) as image:
                image.load()
                found = str(getattr(image, "text", {}).get(CHUNK, ""))
        except (UnidentifiedImageError, OSError, SyntaxError) as error:
            raise ValueError(said("Gambar ini tidak dapat dibaca.")) from error
    else:
        found = _out_of_svg(data)
    if not found:
        raise ValueError(said("Tidak ada kredensial di dalam gambar ini."))
    return found


def _out_of_svg(data: bytes) -> str:
    if re.search(rb"<!(DOCTYPE|ENTITY)", data, re.IGNORECASE):
        raise ValueError(said("SVG dengan DOCTYPE tidak dibaca."))
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise ValueError(said("Gambar ini tidak dapat dibaca.")) from error
    baked = root.find(f"{{{BADGES}}}credential")
    return "" if baked is None else (baked.get("verify") or baked.text or "").strip()
