"""Results of exchanges that wait to be fetched: for a day, by whoever asked for them, under a name that nobody can guess."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

KEPT_SECONDS = 86_400


def put(shelf: Path, person_id: int, *, file: str, data: bytes) -> str:
    """Keep a result that is to be downloaded as ``file``; answers the name to fetch it by. What is older than a day goes."""
    shelf.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in shelf.iterdir():
        if not _fresh(old):
            old.unlink(missing_ok=True)
    name = f"{person_id}-{secrets.token_hex(16)}-{file}"
    (shelf / name).write_bytes(data)
    return name


def _fresh(path: Path) -> bool:
    """Whether it is there, and of the last day."""
    try:
        return time.time() - path.stat().st_mtime <= KEPT_SECONDS
    except FileNotFoundError:
        return False


def get(shelf: Path, person_id: int, name: str) -> tuple[Path, str] | None:
    """Where the person's own result lies, and the name to download it as; None for anything else, and after a day."""
    if not name.startswith(f"{person_id}-") or set(name) & set("/\\") or ".." in name or not _fresh(shelf / name):
        return None
    return shelf / name, name.split("-", 2)[2]


def forget(shelf: Path, person_id: int) -> None:
    """Remove what the person has not fetched."""
    for path in shelf.glob(f"{person_id}-*"):
        path.unlink(missing_ok=True)
