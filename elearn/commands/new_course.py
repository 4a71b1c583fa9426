"""Writes a course to start from into a folder."""

from __future__ import annotations

from pathlib import Path

from elearn.content.starters import starter_files
from elearn.errors import SettingError


def write_course(folder: Path, *, starter: str = "singkat") -> None:
    """Write the course into ``folder``, which must not exist or be empty; its name becomes the course's slug."""
    if folder.exists() and any(folder.iterdir()):
        raise SettingError(f"{folder} is not empty")
    for name, text in starter_files(starter, title=folder.name.replace("-", " ").capitalize()).items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
