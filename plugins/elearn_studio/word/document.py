"""The document's lessons: mammoth reads it by its styles in a process of its own, and what it says is cut at its headings."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass, field
from typing import Any

import mammoth

from elearn import BadImage, ElearnError, Refused, bounded
from elearn_studio import drafts, pictures
from elearn_studio.word import guard, letters
from elearn_studio.word.markdown import markdown_of, with_notes
from elearn_studio.word.questions import with_questions

MOST_PICTURES = 200
TAG = re.compile(r"^(#{1,6}) +(.+?) *#*$", re.MULTILINE)
ASKING = re.compile(r"Soal +\d+(?:[:.]|$)")
OWNED = re.compile(r"^(#{2,6}) +(Soal|Question)\b(?! +\d+(?:[:.]|$))", re.MULTILINE | re.IGNORECASE)
TEST = re.compile(r"(?:kuis|tes|ujian|evaluasi|pre-?test|post-?test)\b", re.IGNORECASE)
FIRST, LAST = re.compile(r"pre-?test|tes awal", re.IGNORECASE), re.compile(r"post-?test|akhir", re.IGNORECASE)
STYLES = """
p[style-name='Title'] => h1.judul-dokumen:fresh
p[style-name='Judul'] => h1.judul-dokumen:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='List Bullet 2'] => ul|ol > li > ul > li:fresh
p[style-name='List Bullet 3'] => ul|ol > li > ul|ol > li > ul > li:fresh
p[style-name='List Number 2'] => ul|ol > li > ol > li:fresh
p[style-name='List Number 3'] => ul|ol > li > ul|ol > li > ol > li:fresh
"""


@dataclass
class Document:
    """What became of it: the document's own title, (lesson title, Markdown) in order, pictures by name; how many questions were found;
    how many pictures could not be read, and how many formulas, which no converter takes along."""

    title: str = ""
    lessons: list[tuple[str, str]] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    questions: int = 0
    left_out: int = 0
    formulas: int = 0


def read_document(data: bytes) -> Document:
    """The document's lessons, in a child process within limits. Raises ``Refused`` with the reason."""
    guard.look_inside(data)
    try:
        document = bounded(convert, data)
    except ElearnError:
        raise
    except Exception as error:  # a stranger's XML makes the converter fail in ways without number
        raise guard.unreadable() from error
    if not document.lessons:
        raise Refused("word_empty", "Dokumen ini tidak memuat teks.")
    return document


def convert(data: bytes) -> Document:
    """The work itself; runs in the child process."""
    document = Document()
    known: dict[str, str] = {}

    def picture(image: Any) -> dict[str, str]:
        alt = " ".join((image.alt_text or "").split())
        try:
            with image.open() as source:
                raw = source.read(pictures.MOST_BYTES + 1)
            digest = hashlib.sha256(raw).hexdigest()
            if digest not in known and len(known) >= MOST_PICTURES:
                raise BadImage("")
            if digest not in known:
                name = f"gambar-{len(known) + 1}.webp"
                document.pictures[name] = pictures.remade(raw)
                known[digest] = name
        except (BadImage, OSError, KeyError, ValueError):
            document.left_out += 1
            return {"src": "", "alt": alt}
        return {"src": f"../media/{known[digest]}", "alt": alt}

    source = io.BytesIO(letters.written_out(data))
    result = mammoth.convert_to_html(source, convert_image=mammoth.images.img_element(picture), style_map=STYLES)
    document.formulas = sum("}oMath" in message.message for message in result.messages)
    document.title, text, notes = markdown_of(result.value)
    text, document.questions = with_questions(text)
    text = OWNED.sub(lambda match: f"{match[1]} Tentang {match[2].lower()}", text)
    _split(text, document)
    document.lessons = [(title, with_notes(body, notes)) for title, body in document.lessons]
    return document


def _split(text: str, document: Document) -> None:
    """Cut the text into lessons: at its largest headings, or, where the only one of those is its title, at the next smaller."""
    heads = [match for match in TAG.finditer(text) if not ASKING.match(match[2])]
    levels = sorted({len(match[1]) for match in heads})
    cuts = [match for match in heads if len(match[1]) == levels[0]] if levels else []
    if len(cuts) == 1 and len(levels) > 1 and not document.title:
        document.title = _plain(cuts[0][2])
        text = text.replace(cuts[0][0], "", 1)
        return _split(text, document)
    if not cuts:
        document.lessons = [(document.title or "Pelajaran pertama", text)] if text else []
        return None
    before = text[: cuts[0].start()].strip()
    if before:
        document.lessons.append(("Pembuka", before))
    for cut, following in zip(cuts, [*cuts[1:], None], strict=True):
        body = text[cut.end() : following.start() if following else len(text)].strip()
        document.lessons.append((_plain(cut[2]), _raised(body, len(cut[1]))))
    return None


def _raised(body: str, level: int) -> str:
    """The headings of a lesson begin at the second level, whatever level the lesson's own title had in the document."""
    return re.sub(r"^(#{2,6}) (?!Soal )", lambda match: "#" * max(2, len(match[1]) - level + 1) + " ", body, flags=re.MULTILINE)


def _plain(heading: str) -> str:
    return re.sub(r"[*_`]|\\(?=[^\w\s])", "", heading).strip()[:160] or "Pelajaran"


def head_of(title: str, body: str) -> dict[str, str]:
    """What the head of the lesson's file says beside its title: a lesson called a test, with questions in it, is one."""
    if not TEST.match(title) or "## Soal " not in body:
        return {}
    test = "awal" if FIRST.search(title) else "akhir" if LAST.search(title) else ""
    more = {"lulus": "80%", "percobaan": "3"} if test == "akhir" else {}
    return {"jenis": "kuis"} | ({"tes": test} if test else {}) | more


def text_of(title: str, body: str) -> str:
    """The lesson as a file. What stands before the first question of a test goes for all of them."""
    safe = title.replace("\\", "\\\\").replace('"', '\\"')
    head = head_of(title, body)
    if head and not body.startswith("## Soal "):
        body = f"# Kelompok: {title}\n\n{body}"
    lines = "".join(f"{name}: {value}\n" for name, value in head.items())
    return f'---\njudul: "{safe}"\n{lines}---\n\n{body}\n'


def files_of(document: Document) -> tuple[dict[str, str], dict[str, bytes]]:
    """The lessons and pictures as files of a course, all in one module; without its course.yml."""
    texts = {"01-isi/_bagian.md": "# Isi\n"}
    seen: set[str] = set()
    for number, (title, body) in enumerate(document.lessons, 1):
        stem = drafts.slug_of(title) or "pelajaran"
        name = stem if stem not in seen else f"{stem}-{number}"
        seen.add(name)
        texts[f"01-isi/{number:02}-{name}.md"] = text_of(title, body)
    return texts, {f"media/{name}": data for name, data in document.pictures.items()}
