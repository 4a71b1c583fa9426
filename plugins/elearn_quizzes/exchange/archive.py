"""ZIP packages in memory: read within bounds and never outside themselves, written the same way each time."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from elearn import BROKEN_ZIP, said
from elearn_quizzes.exchange.bundle import MOST_BYTES, BadFile

MOST_FILES, MOST_UNPACKED, MOST_RATIO = 5_000, 200_000_000, 200
EPOCH = (1980, 1, 1, 0, 0, 0)


def read_archive(data: bytes) -> dict[str, bytes]:
    """The files by their path. Raises ``BadFile``: no ZIP, too many or too large, or a path that leads out of it."""
    if len(data) > MOST_BYTES:
        raise BadFile(said("Berkas ini lebih dari {size} MB.", size=MOST_BYTES // 1_000_000))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES:
                raise BadFile(said("Arsip ini memuat terlalu banyak berkas."))
            files: dict[str, bytes] = {}
            left = MOST_UNPACKED
            for entry in entries:
                path = safe_path(entry.filename)
                if path is None or stat.S_ISLNK(entry.external_attr >> 16):
                    raise BadFile(said("Arsip ini memuat alamat berkas yang tidak diterima: {filename}", filename=entry.filename[:80]))
                files[path] = _content(archive, entry, left)
                left -= len(files[path])
            return files
    except BROKEN_ZIP as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile(said("Berkas ini bukan arsip ZIP yang utuh.")) from error


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """What an entry holds: counted while it is read, whatever its header says."""
    with archive.open(entry) as part:
        content = part.read(left + 1)
    if len(content) > left or (len(content) > 1_000_000 and len(content) > MOST_RATIO * max(1, entry.compress_size)):
        raise BadFile(said("Arsip ini terlalu besar setelah dibuka."))
    return content


def safe_path(name: str) -> str | None:
    """A path that stays below where it is taken from, in plain form; None for any other."""
    if "\\" in name or "\0" in name or name.startswith("/") or ":" in name.partition("/")[0]:
        return None
    parts = [part for part in PurePosixPath(name).parts if part != "."]
    return "/".join(parts) if parts and ".." not in parts and len(name) <= 300 else None


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """The files as a ZIP; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, date_time=EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, files[path])
    return out.getvalue()
