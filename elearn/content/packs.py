"""Where course packs lie: folders that hold a course.yml, and installed distributions that name one, found without running them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from elearn.content.folder import COURSE_FILES

GROUP = "elearn.courses"


def packs_in(folder: Path) -> list[Path]:
    """The course folders at or directly below ``folder``, by name."""
    if _is_pack(folder):
        return [folder]
    return sorted(child for child in folder.iterdir() if child.is_dir() and _is_pack(child)) if folder.is_dir() else []


def installed_packs() -> Iterator[tuple[str, list[Path]]]:
    """(distribution, course folders) of every wheel that brings courses. The package is located, never imported: a course
    runs no code."""
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        top = entry.value.partition(".")[0].partition(":")[0]
        spec = find_spec(top)
        name = f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.name
        if spec is None:
            continue
        roots = [Path(location) for location in spec.submodule_search_locations or ()]
        inner = Path(*entry.value.split(":")[0].split(".")[1:])
        yield name, [pack for root in roots for pack in packs_in(root / inner)]


def _is_pack(folder: Path) -> bool:
    return any((folder / name).is_file() for name in COURSE_FILES)
