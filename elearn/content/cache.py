"""What was drawn before, kept by the hash of all it was drawn from: publishing again draws only the lessons that changed.

<folder>/lessons/ab/<key>.json     a lesson, its warnings, and what it used of other files
<folder>/pictures/ab/<key>.json    a picture's size and names; its files lie beside it under the hash of their bytes
A key holds the fingerprint of the code that draws, so that a new release draws anew. Losing the folder costs time, nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from elearn.content.images import Picture
from elearn.content.store import canonical, lesson_from
from elearn.content.values import Lesson
from elearn.errors import Problem

MOST_BYTES, PRUNE_SECONDS = 1_000_000_000, 86_400
Uses = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Drawn:
    """A lesson as it was drawn. ``uses`` are (what, file, answer): it holds as long as each file still gives that answer."""

    lesson: Lesson
    problems: tuple[Problem, ...]
    uses: Uses


@dataclass(frozen=True)
class Cache:
    """Lessons and pictures under one folder. ``fingerprint`` names the code that draws."""

    folder: Path
    fingerprint: str

    def lesson_key(self, *parts: str) -> str:
        """The key of a lesson made of ``parts``: its course's slug, its file's name, its id, its text."""
        return hashlib.sha256(canonical([self.fingerprint, *parts])).hexdigest()

    def lesson(self, key: str) -> Drawn | None:
        """What was drawn under that key, or None."""
        data = self._read("lessons", key)
        if data is None:
            return None
        try:
            problems = tuple(Problem(**problem) for problem in data["problems"])
            return Drawn(lesson_from(data["lesson"]), problems, tuple((what, file, answer) for what, file, answer in data["uses"]))
        except (KeyError, TypeError, ValueError):
            return None

    def keep_lesson(self, key: str, drawn: Drawn) -> None:
        """Keep a lesson."""
        value = {"lesson": asdict(drawn.lesson), "problems": [asdict(problem) for problem in drawn.problems], "uses": drawn.uses}
        self._write(self._path("lessons", key + ".json"), canonical(value))

    def picture(self, data: bytes) -> Picture | None:
        """The picture that was made of ``data``, or None."""
        found = self._read("pictures", self._picture_key(data))
        if found is None:
            return None
        files = {}
        for name in found["files"]:
            with suppress(OSError):
                files[name] = self._path("pictures", name).read_bytes()
            if hashlib.sha256(files.get(name, b"")).hexdigest()[:40] != name.partition(".")[0]:
                return None
        return Picture(found["name"], found["width"], found["height"], files, {int(width): name for width, name in found["widths"].items()})

    def keep_picture(self, data: bytes, picture: Picture) -> None:
        """Keep what was made of ``data``."""
        for name, content in picture.files.items():
            self._write(self._path("pictures", name), content)
        value = {
            "name": picture.name,
            "width": picture.width,
            "height": picture.height,
            "widths": picture.widths,
            "files": [*picture.files],
        }
        value["widths"] = {str(width): name for width, name in picture.widths.items()}
        self._write(self._path("pictures", self._picture_key(data) + ".json"), canonical(value))

    def prune(self, *, most: int = MOST_BYTES) -> int:
        """At most once a day: drop what was kept longest until ``most`` bytes are left; answers how many files went."""
        mark = self.folder / ".pruned"
        with suppress(OSError):
            if time.time() - mark.stat().st_mtime < PRUNE_SECONDS:
                return 0
        self._write(mark, b"")
        found = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in self.folder.glob("*/*/*") if path.is_file())
        over, gone = sum(size for _, size, _ in found) - most, 0
        for _, size, path in found:
            if over <= 0:
                break
            path.unlink(missing_ok=True)
            over, gone = over - size, gone + 1
        return gone

    def _picture_key(self, data: bytes) -> str:
        return hashlib.sha256(self.fingerprint.encode() + hashlib.sha256(data).digest()).hexdigest()

    def _path(self, shelf: str, name: str) -> Path:
        return self.folder / shelf / name[:2] / name

    def _read(self, shelf: str, key: str) -> Any:
        try:
            return json.loads(self._path(shelf, key + ".json").read_bytes())
        except (OSError, ValueError):
            return None

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(scratch, path)
