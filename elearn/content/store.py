"""Where published versions lie: written once under the hash of their content, never changed, so that no cache ever goes stale.

<folder>/versions/ab/abcdef…/course.json          the outline: everything but the lessons' bodies
<folder>/versions/ab/abcdef…/lessons/<id>.json    one lesson whole, with its blocks' answer keys: never served as it is
<folder>/media/ab/abcdef….webp                    pictures, by their own hash, shared between versions
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from elearn.content.values import (
    Author,
    Citation,
    CompetencyAim,
    Course,
    Heading,
    LegalBasis,
    Lesson,
    Placed,
    Section,
)

OUTLINES_KEPT, LESSONS_KEPT = 128, 512
LEFT_SECONDS = 86_400


def canonical(value: Any) -> bytes:
    """JSON with one spelling for one value, so that equal content has an equal hash."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(course: Course) -> str:
    """The SHA-256 of all that a version says, pictures by their own hashes."""
    return _digest(*_written(course))


def _written(course: Course) -> tuple[bytes, dict[str, bytes]]:
    """The outline and the lessons by id, as they lie on the disk."""
    lessons = {lesson.id: canonical(_plain(lesson)) for lesson in course.lessons()}
    return canonical(_plain(_outline(course))), lessons


def _digest(outline: bytes, lessons: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(outline)
    for lesson_id, data in lessons.items():
        digest.update(f"\n{lesson_id} {len(data)}\n".encode() + data)
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    """What ``dataclasses.asdict`` answers, without copying every text of a course."""
    if isinstance(value, str | int | float | None):
        return value
    if is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value]


class Store:
    """Versions and pictures under one folder. ``course`` and ``lesson`` keep what they read, for it cannot change. A store that is not
    ``durable`` waits for no disk: what it holds need not outlive the machine's fall."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder, self.durable = folder, durable
        self.course = lru_cache(maxsize=OUTLINES_KEPT)(self._read_course)
        self.lesson = lru_cache(maxsize=LESSONS_KEPT)(self._read_lesson)

    def put(self, course: Course, media: Mapping[str, bytes]) -> str:
        """Keep a version with its pictures (by file name); answers its digest. Keeping it twice is keeping it once.

        The version appears by one rename after everything in it has reached the disk: nobody ever sees half of it.
        """
        outline, lessons = _written(course)
        digest = _digest(outline, lessons)
        self._sweep()
        for name, data in media.items():
            self._put_file(self.media_path(name), data)
        target = self._version(digest)
        if target.is_dir():
            return digest
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
        try:
            (scratch / "lessons").mkdir()
            for lesson_id, data in lessons.items():
                self._write(scratch / "lessons" / f"{lesson_id}.json", data)
            self._write(scratch / "course.json", outline)
            self._sync_folder(scratch / "lessons")
            self._sync_folder(scratch)
            try:
                scratch.rename(target)
            except OSError:
                if not target.is_dir():  # somebody else put the same version meanwhile, which is as good
                    raise
            self._sync_folder(target.parent)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return digest

    def media_path(self, name: str) -> Path:
        """Where the picture of that name (hash and ending) lies, whether or not it is there."""
        return self.folder / "media" / name[:2] / name

    def _version(self, digest: str) -> Path:
        return self.folder / "versions" / digest[:2] / digest

    def _put_file(self, path: Path, data: bytes) -> None:
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                self._reach_the_disk(file, data)
            os.chmod(scratch, 0o644)
            os.replace(scratch, path)
        except BaseException:
            Path(scratch).unlink(missing_ok=True)
            raise
        self._sync_folder(path.parent)

    def _sweep(self) -> None:
        """Take away what a process left that was killed while it wrote, more than a day ago."""
        for scratch in self.folder.glob("*/*/.new-*"):
            with suppress(OSError):
                if time.time() - scratch.lstat().st_mtime > LEFT_SECONDS:
                    shutil.rmtree(scratch) if scratch.is_dir() else scratch.unlink()

    def _write(self, path: Path, data: bytes) -> None:
        with open(path, "wb") as file:
            self._reach_the_disk(file, data)

    def _reach_the_disk(self, file: IO[bytes], data: bytes) -> None:
        file.write(data)
        if self.durable:
            file.flush()
            os.fsync(file.fileno())

    def _sync_folder(self, path: Path) -> None:
        if not self.durable:
            return
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _read_course(self, digest: str) -> Course:
        return course_from(json.loads((self._version(digest) / "course.json").read_bytes()))

    def _read_lesson(self, digest: str, lesson_id: str) -> Lesson:
        """A lesson whole; KeyError where the version has none of that id."""
        path = self._version(digest) / "lessons" / f"{lesson_id}.json"
        if not lesson_id.replace("-", "").isalnum() or not path.is_file():
            raise KeyError(lesson_id)
        return lesson_from(json.loads(path.read_bytes()))


def _outline(course: Course) -> Course:
    sections = tuple(
        replace(section, lessons=tuple(replace(lesson, parts=(), blocks=(), headings=()) for lesson in section.lessons))
        for section in course.sections
    )
    return replace(course, sections=sections)


def lesson_from(data: Mapping[str, Any]) -> Lesson:
    """A lesson from its JSON."""
    return Lesson(
        **{
            **data,
            "parts": tuple(data["parts"]),
            "blocks": tuple(Placed(**block) for block in data["blocks"]),
            "headings": tuple(Heading(**heading) for heading in data["headings"]),
            "legal_basis": tuple(data["legal_basis"]),
            "cited": tuple(Citation(**one) for one in data.get("cited", ())),
        }
    )


def course_from(data: Mapping[str, Any]) -> Course:
    """A course from its JSON."""
    return Course(
        **{
            **data,
            "competencies": tuple(CompetencyAim(**aim) for aim in data["competencies"]),
            "objectives": tuple(data["objectives"]),
            "authors": tuple(Author(**author) for author in data["authors"]),
            "legal_basis": tuple(LegalBasis(**basis) for basis in data["legal_basis"]),
            "prerequisites": tuple(data["prerequisites"]),
            "sections": tuple(
                Section(**{**section, "lessons": tuple(lesson_from(lesson) for lesson in section["lessons"])})
                for section in data["sections"]
            ),
        }
    )
