"""What no document that somebody wrote in Word holds, refused before anything reads it."""

from __future__ import annotations

import io
import zipfile

from elearn import BROKEN_ZIP, Refused

MOST_PARTS, MOST_TOTAL, MOST_RATIO = 3_000, 120_000_000, 150


def look_inside(data: bytes) -> None:
    """Refuse what is no document, or is built to harm: too many or too large parts, entities, macros."""
    broken = unreadable()
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
    except BROKEN_ZIP as error:
        raise broken from error


def unreadable() -> Refused:
    """What to say of a file that is no document."""
    return Refused("word", "Dokumen ini tidak dapat dibaca. Simpan ulang dari Word sebagai .docx, lalu coba lagi.")


def _has_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    with archive.open(entry) as part:
        head = part.read(4_096).replace(b"\0", b"")
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head
