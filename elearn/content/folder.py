"""A course's folder: what its files are called, what plugins add to reading it, and what reading it gives.

The reading itself (``reading``) draws Markdown and pictures, which takes long to load: no page of a learner needs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from elearn.content.blocks import Owned
from elearn.content.values import BlockSource, Course, Parsed
from elearn.errors import Problem

COURSE_FILES = ("course.yml", "course.yaml", "kursus.yml")
SECTION_FILES = ("_bagian.md", "_section.md")
NOT_UTF8 = Problem(code="C37", message="Berkas ini bukan teks UTF-8.", remedy="Simpan ulang dengan pengodean UTF-8.", line=1, column=1)
NUMBERED = re.compile(r"^(\d{1,4})[-_. ]+(.+)$")


@dataclass(frozen=True, kw_only=True)
class Kinds:
    """What the plugins add to reading: whose headings, fences and kinds of lesson, how each is parsed, further extensions."""

    owned: Owned = field(default_factory=Owned)
    lesson_kinds: Mapping[str, str] = field(default_factory=dict)
    parse: Mapping[str, Callable[[BlockSource], Parsed]] = field(default_factory=dict)
    extensions: tuple[Callable[[], Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A course as read: usable where no problem is an error. ``media`` are the files of its pictures by name; ``rendered`` the ids of
    the lessons that had to be drawn, for the others lay in the cache."""

    course: Course
    media: Mapping[str, bytes]
    problems: tuple[Problem, ...]
    rendered: tuple[str, ...] = ()

    @property
    def errors(self) -> list[Problem]:
        """The problems that stop publishing."""
        return [problem for problem in self.problems if problem.severity == "error"]


def unnumbered(name: str) -> str:
    """A file's or folder's name without its number: "02-gratifikasi" is "gratifikasi"."""
    match = NUMBERED.match(name)
    return match[2] if match else name
