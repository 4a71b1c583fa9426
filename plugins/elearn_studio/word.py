"""A Word document as lessons: mammoth reads it, markdownify writes Markdown, and what a stranger's file may hide is refused first."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

import mammoth
from markdownify import ATX, MarkdownConverter

from elearn import BadImage, ElearnError, Refused, bounded
from elearn_studio import drafts, pictures

MOST_PARTS, MOST_TOTAL, MOST_RATIO, MOST_PICTURES = 3_000, 120_000_000, 150, 200
TAG = re.compile(r"^(#{1,2}) +(.+?) *#*$", re.MULTILINE)
QUESTION = re.compile(r"^(?:\*\*)?Soal +(\d{1,3})\s*[.:)](?:\*\*)?[ \t]*(.*)$", re.MULTILINE | re.IGNORECASE)
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Judul'] => h1:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
"""


@dataclass
class Document:
    """What became of it: the document's own title, (lesson title, Markdown) in order, pictures by name, and words on what was left out."""

    title: str = ""
    lessons: list[tuple[str, str]] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    left_out: int = 0


class _Writer(MarkdownConverter):
    """Markdown of elearn's profile: no HTML, links only where they lead out by http, mail or phone."""

    def convert_a(self, el: Any, text: str, parent_tags: Any) -> str:
        href = el.get("href") or ""
        return super().convert_a(el, text, parent_tags) if href.startswith(("https://", "http://", "mailto:", "tel:")) else text  # type: ignore[misc]

    def convert_img(self, el: Any, text: str, parent_tags: Any) -> str:
        alt = " ".join((el.get("alt") or "").split()).replace("[", "(").replace("]", ")")
        return f"\n\n![{alt}]({el.get('src') or ''})\n\n"


def read_document(data: bytes) -> Document:
    """The document's lessons, in a child process within limits. Raises ``Refused`` with the reason."""
    _look_inside(data)
    try:
        document = bounded(convert, data)
    except ElearnError:
        raise
    except Exception as error:  # a stranger's XML makes the converter fail in ways without number
        raise Refused("word", "Dokumen ini tidak dapat dibaca. Simpan ulang dari Word sebagai .docx, lalu coba lagi.") from error
    if not document.lessons:
        raise Refused("word_empty", "Dokumen ini tidak memuat teks.")
    return document


def _look_inside(data: bytes) -> None:
    """Refuse what is no document, or is built to harm: too many or too large parts, entities, macros."""
    broken = Refused("word", "Dokumen ini tidak dapat dibaca. Simpan ulang dari Word sebagai .docx, lalu coba lagi.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if "word/document.xml" not in archive.namelist():
                raise broken
            if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_TOTAL:
                raise Refused("word_big", "Dokumen ini terlalu besar setelah dibuka. Kecilkan gambarnya, atau bagi dua.")
            for entry in entries:
                if entry.file_size > 1_000_000 and entry.file_size / max(1, entry.compress_size) > MOST_RATIO:
                    raise Refused("word_big", "Dokumen ini terlalu besar setelah dibuka. Kecilkan gambarnya, atau bagi dua.")
                if entry.filename.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")):
                    raise Refused("word_macro", "Dokumen ini memuat makro atau program. Simpan sebagai .docx tanpa makro.")
                if entry.filename.endswith((".xml", ".rels")) and _has_entities(archive, entry):
                    raise Refused("word_entities", "Dokumen ini memuat deklarasi yang tidak dipakai Word. Simpan ulang dari Word.")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise broken from error


def _has_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    with archive.open(entry) as part:
        head = part.read(4_096).replace(b"\0", b"")
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head


def convert(data: bytes) -> Document:
    """The work itself; runs in the child process."""
    document = Document()

    def picture(image: Any) -> dict[str, str]:
        alt = " ".join((image.alt_text or "").split())
        try:
            if len(document.pictures) >= MOST_PICTURES:
                raise BadImage("")
            with image.open() as source:
                raw = source.read(pictures.MOST_BYTES + 1)
            done = pictures.remade(raw)
        except (BadImage, OSError, KeyError, ValueError):
            document.left_out += 1
            return {"src": "", "alt": alt}
        name = f"gambar-{len(document.pictures) + 1}.webp"
        document.pictures[name] = done
        return {"src": f"../media/{name}", "alt": alt}

    result = mammoth.convert_to_html(io.BytesIO(data), convert_image=mammoth.images.img_element(picture), style_map=STYLES)
    text = _Writer(heading_style=ATX, bullets="-", escape_asterisks=True, escape_underscores=False, strip=["img[src='']"]).convert(
        result.value
    )
    text = re.sub(r"^\s*!\[[^\]]*\]\(\)\s*$", "", text, flags=re.MULTILINE)
    text = QUESTION.sub(lambda match: f"## Soal {match[1]}: {match[2].strip()}".rstrip(": "), text)
    text = re.sub(r"[ \t]+$", "", re.sub(r"\n{3,}", "\n\n", text), flags=re.MULTILINE).strip()
    _split(text, document)
    return document


def _split(text: str, document: Document) -> None:
    """Cut the text into lessons: at its largest headings, or, where the only one of those is its title, at the next smaller."""
    heads = [match for match in TAG.finditer(text) if not match[2].startswith("Soal ")]
    largest = [match for match in heads if len(match[1]) == 1]
    cuts = largest
    if len(largest) <= 1:
        document.title = _plain(largest[0][2]) if largest else ""
        cuts = [match for match in heads if len(match[1]) == 2] or largest
    if not cuts:
        document.lessons = [(document.title or "Pelajaran pertama", text)] if text else []
        return
    before = text[: cuts[0].start()]
    if largest and cuts is not largest:
        before = before.replace(largest[0][0], "", 1)
    if before.strip():
        document.lessons.append(("Pembuka", before.strip()))
    for cut, following in zip(cuts, [*cuts[1:], None], strict=True):
        body = text[cut.end() : following.start() if following else len(text)].strip()
        document.lessons.append((_plain(cut[2]), _raised(body, len(cut[1]))))


def _raised(body: str, level: int) -> str:
    """The headings of a lesson begin at the second level, whatever level the lesson's own title had in the document."""
    return re.sub(r"^(#{2,6}) (?!Soal )", lambda match: "#" * max(2, len(match[1]) - level + 1) + " ", body, flags=re.MULTILINE)


def _plain(heading: str) -> str:
    return re.sub(r"[*_`]|\\(?=[^\w\s])", "", heading).strip()[:160] or "Pelajaran"


def files_of(document: Document) -> tuple[dict[str, str], dict[str, bytes]]:
    """The lessons and pictures as files of a course, all in one module; without its course.yml."""
    texts = {"01-isi/_bagian.md": "# Isi\n"}
    seen: set[str] = set()
    for number, (title, body) in enumerate(document.lessons, 1):
        stem = drafts.slug_of(title) or "pelajaran"
        name = stem if stem not in seen else f"{stem}-{number}"
        seen.add(name)
        safe = title.replace("\\", "\\\\").replace('"', '\\"')
        texts[f"01-isi/{number:02}-{name}.md"] = f'---\njudul: "{safe}"\n---\n\n{body}\n'
    return texts, {f"media/{name}": data for name, data in document.pictures.items()}
