"""Reads a course folder with what the installed plugins add to the language, in a child process that cannot outlast its limits."""

from __future__ import annotations

import hashlib
import platform
import sys
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from elearn.content import sandbox
from elearn.content.blocks import Owned
from elearn.content.cache import Cache
from elearn.content.folder import Kinds, Reading
from elearn.errors import ContentError, Problem
from elearn.registry import Registry

CPU_SECONDS, MEMORY_BYTES = 120, 1_500_000_000


def kinds_of(registry: Registry) -> Kinds:
    """What the plugins add to reading a course."""
    return Kinds(
        owned=Owned(headings=registry.headings, fences=registry.fences),
        lesson_kinds=registry.lesson_kinds,
        parse={kind: block.parse for kind, (_, block) in registry.blocks.items()},
        extensions=tuple(make for plugin in registry.plugins.values() for make in plugin.markdown),
    )


LIBRARIES = ("markdown", "pymdown-extensions", "pygments", "bleach", "nh3", "latex2mathml", "pyyaml", "pillow")


def cache_in(folder: Path, registry: Registry) -> Cache:
    """The cache of drawn lessons in ``folder``, for the code that is installed now."""
    functions = [block.parse for _, block in registry.blocks.values()]
    functions += [make for plugin in registry.plugins.values() for make in plugin.markdown]  # type: ignore[misc]
    packages = sorted({getattr(function, "__module__", "").partition(".")[0] for function in functions} - {"elearn", ""})
    owned = repr((sorted(registry.headings.items()), sorted(registry.fences.items()), sorted(registry.lesson_kinds.items())))
    return Cache(folder, _fingerprint(tuple(packages), owned))


@lru_cache(maxsize=32)
def _fingerprint(packages: tuple[str, ...], owned: str) -> str:
    """The hash of all code that draws: elearn's reading, the packages of the plugins, the libraries' versions."""
    digest = hashlib.sha256(f"{platform.python_version()} {owned}".encode())
    for library in LIBRARIES:
        try:
            digest.update(f"{library} {version(library)}".encode())
        except PackageNotFoundError:
            digest.update(f"{library} none".encode())
    folders = [Path(__file__).parent / "content"]
    for package in packages:
        file = getattr(sys.modules.get(package), "__file__", None)
        folders += [Path(file).parent] if file else []
    for folder in folders:
        for path in sorted(folder.glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def check_pack(folder: Path, registry: Registry, *, cache: Cache | None = None, only: str = "") -> Reading:
    """The course in ``folder`` with all faults that the core and the plugins find. Never raises for what an author wrote.

    ``only`` reads a single file of it, without the checks of the course as a whole.
    """
    from elearn.content.reading import read_course

    kinds = kinds_of(registry)
    sandbox.preload({function.__module__ for function in kinds.parse.values()})
    try:
        reading = sandbox.run(read_course, folder, kinds, cache, only, cpu_seconds=CPU_SECONDS, memory_bytes=MEMORY_BYTES)
    except sandbox.Killed as error:
        problem = Problem(code="C41", message="Pelatihan ini terlalu berat untuk diolah: {reason}", values={"reason": str(error)}, line=1)
        raise ContentError([problem]) from error
    if cache:
        cache.prune()
    return reading if only else replace(reading, problems=(*reading.problems, *registry.lint(reading.course)))


def read_pack(folder: Path, registry: Registry, *, cache: Cache | None = None) -> Reading:
    """Like ``check_pack``, but raises ``ContentError`` with every fault where one of them stops publishing."""
    reading = check_pack(folder, registry, cache=cache)
    if reading.errors:
        raise ContentError(reading.problems)
    return reading
