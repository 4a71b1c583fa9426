"""A course as one ZIP: packed the same way each time, and unpacked from strangers without trusting a word of it."""

from __future__ import annotations

import os
import stat
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from elearn.content.folder import COURSE_FILES
from elearn.errors import BROKEN_ZIP, ContentError, Problem

MAX_FILES, MAX_TOTAL, MAX_FILE, MAX_RATIO = 3_000, 200_000_000, 40_000_000, 200
ALLOWED = {".md", ".yml", ".yaml", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".txt", ".pdf", ".csv"}
LEFT_OUT = {"__pycache__", "__macosx", ".git", ".ds_store", "thumbs.db"}
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}  # names of Windows' own
MAX_NAME, MAX_DEPTH = 120, 8
CHUNK = 65_536
EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(folder: Path, target: Path) -> int:
    """Write the course in ``folder`` to the ZIP ``target``; answers how many files. The same files give the same bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and _wanted(path.relative_to(folder)))
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".zip")
    os.close(handle)
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files:
            entry = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", date_time=EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    Path(name).chmod(0o644)
    Path(name).replace(target)
    return len(files)


def _wanted(path: Path) -> bool:
    return path.suffix.lower() in ALLOWED and not any(part.startswith(".") or part.lower() in LEFT_OUT for part in path.parts)


def unpack(source: Path, into: Path) -> Path:
    """Unpack the course in the ZIP ``source`` below ``into``; answers its folder.

    Everything is checked while it streams: names, links, kinds, counts, sizes and ratios. Raises ``ContentError``, and leaves nothing.
    """
    try:
        with (
            zipfile.ZipFile(source) as archive,
            tempfile.TemporaryDirectory(dir=into, prefix=".unpack-", ignore_cleanup_errors=True) as scratch,
        ):
            top = _extract(archive, Path(scratch))
            target = into / (top.name if top != Path(scratch) else source.stem.partition("_")[0])
            if target.exists():
                raise _refusal("Z01", "Folder “{name}” sudah ada.", "Pindahkan dahulu, atau pilih folder lain.", name=target.name)
            top.replace(target)
            return target
    except BROKEN_ZIP as error:
        raise _refusal("Z02", "Berkas ini bukan ZIP yang utuh, atau disandikan.", "Buat ulang ZIP-nya tanpa kata sandi.") from error


def _extract(archive: zipfile.ZipFile, scratch: Path) -> Path:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_FILES:
        raise _refusal("Z03", "Isi ZIP lebih dari {most} berkas.", "Kirim satu pelatihan saja.", most=MAX_FILES)
    total, seen = 0, set[str]()
    for entry in entries:
        path = _safe_path(entry)
        if path is None:
            continue
        if (known := _as_disks_know_it(path)) in seen:
            raise _refusal("Z04", "Ada dua berkas bernama “{name}”.", "", name=str(path))
        seen.add(known)
        target = scratch / path
        target.parent.mkdir(parents=True, exist_ok=True)
        total += _copy(archive, entry, target, left=MAX_TOTAL - total)
    return _course_folder(scratch)


def _as_disks_know_it(path: Path) -> str:
    """The name as a disk may know it that minds neither capitals nor how an accent is spelt."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", str(path)).casefold())


def _safe_path(entry: zipfile.ZipInfo) -> Path | None:
    """Where the entry may lie; None for what is left out in silence (what a computer adds by itself)."""
    name = entry.filename
    path = PurePosixPath(name)
    if (
        "\\" in name
        or "\0" in name
        or path.is_absolute()
        or ".." in path.parts
        or any(":" in part for part in path.parts)
        or len(name) > 300
    ):
        raise _refusal("Z05", "Nama berkas “{name}” menunjuk ke luar folder.", "Buat ulang ZIP-nya dari folder pelatihan.", name=name[:80])
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for sign in name):
        raise _refusal("Z10", "Nama berkas “{name}” memuat tanda yang tak terlihat.", "Ganti nama berkasnya.", name=ascii(name[:60])[1:-1])
    if (
        any(len(part.encode()) > MAX_NAME or part != part.rstrip(". ") or part.partition(".")[0].upper() in RESERVED for part in path.parts)
        or len(path.parts) > MAX_DEPTH
    ):
        raise _refusal(
            "Z11",
            "Nama berkas “{name}” tidak dapat disimpan di semua komputer.",
            "Pakai nama pendek dari huruf, angka, dan tanda hubung, paling dalam {most} folder.",
            name=name[:80],
            most=MAX_DEPTH,
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _refusal("Z06", "“{name}” adalah tautan, bukan berkas.", "Ganti dengan berkasnya.", name=name[:80])
    if any(part.startswith(".") or part.lower() in LEFT_OUT for part in path.parts):
        return None
    if path.suffix.lower() not in ALLOWED:
        raise _refusal(
            "Z07",
            "Berkas “{name}” tidak dikenali sebagai isi pelatihan.",
            "Yang diterima: {kinds}.",
            name=name[:80],
            kinds=", ".join(sorted(ALLOWED)),
        )
    return Path(*path.parts)


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, *, left: int) -> int:
    size = 0
    with archive.open(entry) as source, target.open("wb") as out:
        for chunk in _chunks(source):
            size += len(chunk)
            packed = max(1, entry.compress_size)
            if size > MAX_FILE or size > left or (size > 1_000_000 and size / packed > MAX_RATIO):
                raise _refusal("Z08", "“{name}” terlalu besar setelah dibuka.", "Kecilkan gambar dan lampiran.", name=entry.filename[:80])
            out.write(chunk)
    return size


def _chunks(source: object) -> Iterator[bytes]:
    read = source.read  # type: ignore[attr-defined]
    while chunk := read(CHUNK):
        yield chunk


def _course_folder(scratch: Path) -> Path:
    for folder in (scratch, *sorted(child for child in scratch.iterdir() if child.is_dir())):
        if any((folder / name).is_file() for name in COURSE_FILES):
            return folder
    raise _refusal("Z09", "Tidak ada course.yml di dalam ZIP.", "Satu ZIP memuat satu folder pelatihan.")


def _refusal(code: str, message: str, remedy: str, **values: object) -> ContentError:
    return ContentError([Problem(code=code, message=message, remedy=remedy, line=1, values=values)])
