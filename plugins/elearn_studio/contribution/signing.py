"""A pack signed by its organisation: a manifest with the course's slug and the SHA-256 of every file, and an Ed25519 signature over the
manifest's bytes.

Both lie in the pack: ``elearn-manifest.txt`` (JSON) and ``elearn-signature.txt`` (the signature in hexadecimal). Who holds the pack can check
it without this site.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import IO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from elearn import BROKEN_ZIP, Refused

MANIFEST, SIGNATURE = "elearn-manifest.txt", "elearn-signature.txt"
MOST_ENTRIES, MOST_MANIFEST = 5_000, 2_000_000
PACKED = frozenset(
    {".md", ".yml", ".yaml", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".txt", ".pdf", ".csv"}
)  # what a pack may hold


def new_key(path: Path) -> str:
    """Make a private key in a file that only its owner may read; answers the public key in hexadecimal. Raises ``FileExistsError``."""
    key = Ed25519PrivateKey.generate()
    data = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    return _hex(key.public_key())


def _hex(key: Ed25519PublicKey) -> str:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()


def manifest_of(files: Mapping[str, bytes], *, course: str) -> bytes:
    """The manifest of these files: the same bytes for the same files of the same course."""
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items()) if path not in (MANIFEST, SIGNATURE)}
    return json.dumps({"elearn": 1, "course": course, "files": digests}, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def files_in(folder: Path) -> dict[str, bytes]:
    """The files of a course folder that go into its pack, by path."""
    found = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if path.suffix.lower() in PACKED and path.is_file() and not path.is_symlink() and not hidden:
            found[inside.as_posix()] = path.read_bytes()
    return found


def sign_folder(folder: Path, key_file: Path) -> str:
    """Write the manifest and its signature into the folder; answers the public key. Raises ``Refused`` for a file that is no such key."""
    try:
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise Refused("key", "Berkas ini bukan kunci pribadi Ed25519.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused("key", "Berkas ini bukan kunci pribadi Ed25519.")
    manifest = manifest_of(files_in(folder), course=folder.resolve().name)
    (folder / MANIFEST).write_bytes(manifest)
    (folder / SIGNATURE).write_text(key.sign(manifest).hex() + "\n")
    return _hex(key.public_key())


def signer_of(files: Mapping[str, bytes], keys: Mapping[str, str], *, course: str) -> str:
    """Which of ``keys`` (organisation by public key) signed these files of ``course``; "" where they bear no signature at all. Raises
    ``Refused`` where the signature, or a file, is not what was signed: such a pack was tampered with or cut."""
    if MANIFEST not in files and SIGNATURE not in files:
        return ""
    manifest = files.get(MANIFEST, b"")
    signature = _signature(files.get(SIGNATURE, b""))
    if manifest != manifest_of(files, course=course):
        raise Refused("signed_files", "Isi paket ini tidak sama dengan yang ditandatangani. Minta paket yang utuh dari pengirimnya.")
    return keys[key_behind(manifest, signature, keys)]


def _signature(text: bytes) -> bytes:
    try:
        return bytes.fromhex(text.decode("ascii").strip())
    except ValueError as error:
        raise Refused("signature", "Tanda tangan paket ini rusak.") from error


def key_behind(manifest: bytes, signature: bytes, keys: Iterable[str]) -> str:
    """The one of the public keys that made the signature. Raises ``Refused`` where it is none of them."""
    for public in keys:
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, manifest)
        except (InvalidSignature, ValueError):
            continue
        return public
    raise Refused(
        "signer",
        "Paket ini ditandatangani dengan kunci yang tidak terdaftar di situs ini. Mintalah pengelolanya mendaftarkan kunci publik Anda.",
    )


def key_of_zip(source: IO[bytes], keys: Iterable[str]) -> str:
    """The public key that signed the manifest in a ZIP, found without unpacking anything else: who knocks, before the door is opened.
    Raises ``Refused``."""
    try:
        with zipfile.ZipFile(source) as archive:
            entries = {PurePosixPath(entry.filename).name: entry for entry in archive.infolist()[:MOST_ENTRIES]}
            if MANIFEST not in entries or SIGNATURE not in entries:
                raise Refused("unsigned", "Paket ini tidak ditandatangani. Tanda tangani dahulu dengan elearn studio sign.")
            manifest, signature = (_entry(archive, entries[name]) for name in (MANIFEST, SIGNATURE))
    except BROKEN_ZIP as error:
        raise Refused("zip", "Berkas ini bukan ZIP yang utuh.") from error
    return key_behind(manifest, _signature(signature), keys)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as part:
        data = part.read(MOST_MANIFEST + 1)
    if len(data) > MOST_MANIFEST:
        raise Refused("zip", "Berkas ini bukan ZIP yang utuh.")
    return data
