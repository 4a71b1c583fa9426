"""Reads a course folder with what the installed plugins add to the language, in a child process that cannot outlast its limits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from elearn.content import sandbox
from elearn.content.blocks import Owned
from elearn.content.reading import Kinds, Reading, read_course
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


def check_pack(folder: Path, registry: Registry) -> Reading:
    """The course in ``folder`` with all faults that the core and the plugins find. Never raises for what an author wrote."""
    kinds = kinds_of(registry)
    try:
        reading = sandbox.run(read_course, folder, kinds, cpu_seconds=CPU_SECONDS, memory_bytes=MEMORY_BYTES)
    except sandbox.Killed as error:
        problem = Problem(code="C41", message="Pelatihan ini terlalu berat untuk diolah: {reason}", values={"reason": str(error)}, line=1)
        raise ContentError([problem]) from error
    return replace(reading, problems=(*reading.problems, *registry.lint(reading.course)))


def read_pack(folder: Path, registry: Registry) -> Reading:
    """Like ``check_pack``, but raises ``ContentError`` with every fault where one of them stops publishing."""
    reading = check_pack(folder, registry)
    if reading.errors:
        raise ContentError(reading.problems)
    return reading
