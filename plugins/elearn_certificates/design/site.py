"""The designs of one site: read when a file of theirs has changed, never while a certificate is drawn from a broken one."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from elearn import Site
from elearn_certificates.design.reading import read_designs
from elearn_certificates.design.values import Design

_read: dict[Path, tuple[tuple[tuple[str, int, int], ...], tuple[Design, ...]]] = {}
_lock = Lock()


def designs_folder(site: Site) -> Path:
    """Where a site keeps them: the folder ``certificates.designs`` beside the store."""
    return Path(site.store.folder).parent / str(site.settings["certificates.designs"])


def designs_of(site: Site) -> tuple[Design, ...]:
    """All designs of the site. Raises ``ContentError`` where one is faulty: a certificate then waits rather than be drawn wrongly."""
    folder = designs_folder(site)
    state = _state(folder)
    with _lock:
        known = _read.get(folder)
        if known is None or known[0] != state:
            known = _read[folder] = (state, read_designs(folder))
        return known[1]


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    if not folder.is_dir():
        return ()
    files = [path for place in folder.iterdir() if place.is_dir() for path in place.iterdir()]
    stats = [(path, path.lstat()) for path in files[:1_000]]
    return tuple(sorted((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats))
