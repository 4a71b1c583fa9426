"""What changed between two course folders, file by file, for whoever must decide about it."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from elearn.content.folder import unnumbered

TEXT = {".md", ".yml", ".yaml", ".txt", ".csv", ".svg"}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One file: ``kind`` is "added", "removed", "moved" or "changed"; ``lines`` a unified diff where it is text."""

    kind: str
    file: str
    before: str = ""
    lines: tuple[str, ...] = ()


def changes(old: Path, new: Path) -> list[Change]:
    """The changes from the course in ``old`` to the course in ``new``. A file that only got another number is "moved"."""
    return sorted(_changes(_files(old), _files(new)), key=lambda change: change.file)


def _files(folder: Path) -> dict[str, Path]:
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    inside = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path for name, path in inside.items() if not any(part.startswith(".") for part in Path(name).parts)}


def _changes(old: dict[str, Path], new: dict[str, Path]) -> Iterator[Change]:
    gone = {name: path for name, path in old.items() if name not in new}
    come = {name: path for name, path in new.items() if name not in old}
    partners = {_identity(name): name for name in gone}
    for name, path in come.items():
        partner = partners.get(_identity(name), "")
        if partner in gone:
            before = gone.pop(partner)
            yield Change(kind="moved", file=name, before=partner, lines=_diff(before, path, partner, name))
        else:
            yield Change(kind="added", file=name)
    yield from (Change(kind="removed", file=name) for name in gone)
    for name in old.keys() & new.keys():
        if _hash(old[name]) != _hash(new[name]):
            yield Change(kind="changed", file=name, lines=_diff(old[name], new[name], name, name))


def _identity(name: str) -> str:
    """A lesson is the same wherever it stands and whatever its number."""
    path = Path(name)
    return unnumbered(path.name) if path.suffix == ".md" and not path.name.startswith("_") else name


def _hash(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def _diff(old: Path, new: Path, old_name: str, new_name: str) -> tuple[str, ...]:
    if new.suffix.lower() not in TEXT:
        return ()
    before, after = (path.read_text("utf-8", errors="replace").splitlines() for path in (old, new))
    return tuple(difflib.unified_diff(before, after, old_name, new_name, lineterm="", n=2))
