"""Files handed in as answers: of which kinds, how large, where they lie, and who may fetch them.

What a file is, is told by what stands in it and never by its name. It lies in the data folder under the hash of its content, outside
anything the web server offers; only the view that asks who wants it hands it out.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
import unicodedata
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn import BROKEN_ZIP, Refused, site_of
from elearn_quizzes.models import AnswerFile

LARGEST = 10_000_000  # bytes; a photographed page is 2 to 5 MB
MOST_VERSIONS = 20
MOST_ENTRIES = 2_000
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "png": "image/png",
    "jpeg": "image/jpeg",
}
ACCEPT = ".pdf,.docx,.png,.jpg,.jpeg"
_UNSAFE = re.compile(r"[^\w.()\- ]+")


def type_of(data: bytes) -> str:
    """ "pdf", "docx", "png" or "jpeg". Raises ``Refused`` for anything else, for what is empty, too large, or carries macros."""
    if not data:
        raise Refused("file_empty", "Berkas ini kosong.")
    if len(data) > LARGEST:
        raise Refused("file_size", "Berkas lebih besar dari 10 MB. Perkecil, atau bagi.")
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _picture(data)
    if data.startswith(b"PK\x03\x04"):
        return _docx(data)
    raise _unknown()


def _unknown() -> Refused:
    return Refused("file_type", "Berkas ini bukan PDF, DOCX, PNG, atau JPG. Simpan dalam salah satu bentuk itu, lalu unggah lagi.")


def _picture(data: bytes) -> str:
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            form = (picture.format or "").lower()
            picture.verify()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _unknown() from error
    return form


def _docx(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except BROKEN_ZIP as error:
        raise _unknown() from error
    if len(names) > MOST_ENTRIES or "[Content_Types].xml" not in names or "word/document.xml" not in names:
        raise _unknown()
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) for name in names):
        raise Refused("file_macro", "Berkas ini memuat makro. Simpan sebagai PDF, lalu unggah lagi.")
    return "docx"


def tidy_name(name: str, kind: str) -> str:
    """A name that is safe to show and to save under, its ending told by what the file is."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    stem = base.rsplit(".", 1)[0] if "." in base else base
    stem = " ".join(_UNSAFE.sub(" ", stem).split()).strip(". ")[:80]
    return f"{stem or 'berkas'}.{'jpg' if kind == 'jpeg' else kind}"


def path_of(session: Session, digest: str) -> Path:
    """Where the file of that hash lies."""
    return site_of(session).settings.data / "answers" / digest[:2] / digest


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A file that lies on the disk: its name, tidied, its size in bytes, its type (a key of ``TYPES``) and its hash."""

    name: str
    size: int
    type: str
    digest: str


def store(session: Session, data: bytes, *, name: str) -> Stored:
    """Put a file where it belongs, whole or not at all, and synced. Raises ``Refused`` for a file that is not taken."""
    kind = type_of(data)
    found = Stored(name=tidy_name(name, kind), size=len(data), type=kind, digest=hashlib.sha256(data).hexdigest())
    path = path_of(session, found.digest)
    if path.exists():
        return found
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return found


def may_replace(session: Session, attempt_id: int, item_id: str) -> None:
    """Raises ``Refused`` where so many files were handed in for a question that no further one is taken."""
    mine = select(func.count()).select_from(AnswerFile).where(AnswerFile.attempt_id == attempt_id, AnswerFile.item_id == item_id)
    if session.execute(mine).scalar_one() >= MOST_VERSIONS:
        raise Refused("file_many", "Berkas untuk soal ini sudah 20 kali diganti.")


def keep(session: Session, attempt_id: int, person_id: int, item_id: str, stored: Stored) -> dict[str, Any]:
    """Keep a stored file as an answer, and answer what names it. Raises ``Refused`` as ``may_replace`` does."""
    may_replace(session, attempt_id, item_id)
    row = AnswerFile(attempt_id=attempt_id, item_id=item_id, person_id=person_id, **asdict(stored))
    session.add(row)
    session.flush()
    return {"file": row.id, **asdict(stored)}


def forget(session: Session, person_id: int) -> None:
    """Remove a person's files; one that somebody else handed in as well stays for them."""
    for row in list(session.scalars(select(AnswerFile).where(AnswerFile.person_id == person_id))):
        others = select(AnswerFile.id).where(AnswerFile.digest == row.digest, AnswerFile.person_id != person_id).limit(1)
        if session.execute(others).first() is None:
            path_of(session, row.digest).unlink(missing_ok=True)
        session.delete(row)
    session.flush()
