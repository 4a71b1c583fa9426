"""Files from outside as a draft: a ZIP, a Word document, a git address. All of it is taken, or nothing."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from elearn import ContentError, Refused, starter_files, unpack_course
from elearn_studio import drafts, pictures, remote
from elearn_studio.contribution.signing import MANIFEST, SIGNATURE, files_in, signer_of
from elearn_studio.models import Draft
from elearn_studio.outline import Outline

if TYPE_CHECKING:
    from elearn_studio.word.document import Document

TEXTS = {".md", ".yml", ".yaml", ".txt", ".csv"}
PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"}
COURSE_FILES = ("course.yml", "course.yaml", "kursus.yml")
MOST_TEXTS = 20_000_000


@dataclass(frozen=True)
class Brought:
    """What was brought: the address and title it suggests, its texts and pictures by path; how many questions were found in a document,
    how many files or pictures were left out, and how many formulas."""

    slug: str
    title: str
    texts: dict[str, str]
    blobs: dict[str, bytes]
    left_out: int = 0
    signed_by: str = ""
    questions: int = 0
    formulas: int = 0


def from_zip(data: bytes, *, keys: Mapping[str, str] | None = None) -> Brought:
    """The course in a ZIP. ``keys``: organisations by public key, to check a signed pack with. Raises ``ContentError`` or ``Refused``;
    nothing stays on the disk either way."""
    with tempfile.TemporaryDirectory(prefix="elearn-import-") as scratch:
        place = Path(scratch)
        (place / "kiriman.zip").write_bytes(data)
        (place / "isi").mkdir()
        return from_pack(unpack_course(place / "kiriman.zip", place / "isi"), keys=keys or {})


def from_pack(folder: Path, *, keys: Mapping[str, str]) -> Brought:
    """The course in a folder that may be signed; ``keys`` are organisations by public key. Raises ``Refused`` where it is not what was
    signed."""
    signed_by = signer_of(files_in(folder), keys, course=folder.name)
    brought = from_folder(folder)
    texts = {path: text for path, text in brought.texts.items() if path not in (MANIFEST, SIGNATURE)}
    return replace(brought, texts=texts, signed_by=signed_by)


def from_git(address: str, *, allowed: list[str], inner: bool, branch: str = "") -> Brought:
    """The course at a git address. Raises ``Refused``."""
    with tempfile.TemporaryDirectory(prefix="elearn-import-") as scratch:
        folder = remote.fetch(address, Path(scratch), allowed=allowed, inner=inner, branch=branch)
        packs = [place for place in (folder, *sorted(folder.glob("*/"))) if any((place / name).is_file() for name in COURSE_FILES)]
        if not packs:
            raise Refused("git_no_course", "Tidak ada course.yml di alamat ini.")
        name = packs[0].name if packs[0] != folder else address.rstrip("/").rpartition("/")[2].removesuffix(".git")
        return from_folder(packs[0], name=name)


def from_folder(folder: Path, *, name: str = "") -> Brought:
    """The course in a folder: its texts as they are, its pictures made anew, all else left out."""
    texts: dict[str, str] = {}
    blobs: dict[str, bytes] = {}
    left_out = total = 0
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file() or any(part.startswith(".") for part in Path(inside).parts):
            continue
        ending = path.suffix.lower()
        if len(inside) > 300 or not inside.isprintable() or ending not in TEXTS | PICTURES:
            left_out += 1
        elif ending in TEXTS:
            total += path.stat().st_size
            if total > MOST_TEXTS:
                raise Refused("texts_big", "Teks pelatihan ini lebih dari {most} MB.", most=MOST_TEXTS // 1_000_000)
            texts[inside] = path.read_bytes().decode("utf-8-sig", "replace")
        else:
            blobs[inside] = pictures.taken_in(inside, path.read_bytes())
        if len(texts) + len(blobs) > drafts.MOST_FILES:
            raise Refused("files", "Pelatihan ini memuat lebih dari {most} berkas.", most=drafts.MOST_FILES)
    manifest = next((texts[one] for one in COURSE_FILES if one in texts), "")
    if "course.yml" not in texts:
        texts["course.yml"] = next((texts.pop(one) for one in COURSE_FILES[1:] if one in texts), "")
    title = drafts.title_in(manifest)
    return Brought(drafts.slug_of(name or folder.name) or drafts.slug_of(title), title, texts, blobs, left_out)


def from_word(data: bytes, *, file_name: str, author: str, organisation: str) -> Brought:
    """A Word document as a course with one module, its headings as lessons. Raises ``Refused``."""
    from elearn_studio.word import document as word  # its converters are slow to load

    document = word.read_document(data)
    plain = Path(file_name.replace("\\", "/")).stem.replace("-", " ").replace("_", " ").strip()
    title = (document.title or plain.capitalize() or "Pelatihan baru")[:160]
    texts, blobs = word.files_of(document)
    texts["course.yml"] = starter_files("kosong", title=title, author=author or "Nama Anda", organisation=organisation or "Instansi Anda")[
        "course.yml"
    ]
    return Brought(
        drafts.slug_of(title),
        title,
        texts,
        blobs,
        document.left_out,
        questions=document.questions,
        formulas=document.formulas,
    )


def add_document(session: Session, draft: Draft, document: Document, folder: str, *, tidy: Callable[[str], str], by: int) -> None:
    """The document's lessons at the end of the module ``folder``, its pictures beside those there are. Raises ``Refused``."""
    from elearn_studio.word import document as word

    plan = Outline(session, draft, by=by)
    known = {file.path for file in plan.files}
    names: dict[str, str] = {}
    for name, content in document.pictures.items():
        path, number = f"media/{name}", 2
        while path in known:
            path, number = f"media/{name.removesuffix('.webp')}-{number}.webp", number + 1
        known.add(path)
        names[name] = path
        drafts.add_blob(session, draft, path, content, by=by, act="import")
    for title, body in document.lessons:
        file = plan.add_lesson(folder, title)
        body = re.sub(r"\]\(\.\./media/([\w.-]+)\)", lambda match: f"](../{names.get(match[1], 'media/' + match[1])})", body)
        file.text = drafts.clean_text(tidy(word.text_of(title, body)))
        file.revision += 1
        drafts.note_change(session, file, act="import")
    plan.apply()


def in_words(error: ContentError | Refused) -> str:
    """The reason of a refusal as one text."""
    if isinstance(error, Refused):
        return error.text()
    return " ".join(filter(None, (part for problem in error.problems for part in (problem.text(), problem.cure()))))
