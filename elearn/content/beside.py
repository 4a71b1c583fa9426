"""What stands beside the lessons in a course's folder: a module's own file (_bagian.md), and texts that nobody would read."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Collection
from pathlib import Path

from elearn.content import manifest, yaml_read
from elearn.content.fields import Fields
from elearn.content.folder import NUMBERED
from elearn.errors import Problem

LONGEST_TITLE, LONGEST_SUMMARY = 160, 600
LONGEST_FILE = 20_000
LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()]{0,500}\)")
MARKS = re.compile(r"\*\*|__|`|^(?:[-*+>]|\d{1,3}[.)]|>? ?\[![A-Z ]{1,20}\])\s+")
LIKE_A_LESSON = re.compile(r"\.(?:md|markdown|docx?|odt|rtf)$|^\d.*\.txt$", re.IGNORECASE)


def about_module(text: str, *, file: str) -> tuple[str, str, list[Problem]]:
    """A module's title and summary, both plain text ("" where it gives none), and what is wrong. It is written as a heading with a text
    below, or with front matter as a lesson is."""
    yaml_text, body, _ = manifest.split_front_matter(text)
    value, problems = yaml_read.read(yaml_text, file=file, line=2) if yaml_text else (yaml_read.Value({}, 1, 1), [])
    fields = Fields(value, file=file, problems=problems)
    title, summary = fields.text("judul", "title", longest=LONGEST_TITLE), fields.text("ringkasan", "summary", longest=LONGEST_SUMMARY)
    fields.rest()
    lines = [line.strip() for line in body[:LONGEST_FILE].split("\n")]
    title = next((line.lstrip("# ") for line in lines if line.startswith("#")), title)
    summary = " ".join(filter(None, (summary, *(_plain(line) for line in lines if not line.startswith("#")))))
    if len(summary) > LONGEST_SUMMARY:
        problems.append(
            Problem(
                code="C43",
                message="Ringkasan modul lebih dari {most} huruf dan terpotong.",
                remedy="Ringkas; yang selebihnya tulis di pelajaran pertama modul ini.",
                severity="warning",
                file=file,
                line=1,
                column=1,
                values={"most": LONGEST_SUMMARY},
            )
        )
    return title[:LONGEST_TITLE], summary[:LONGEST_SUMMARY], problems


def _plain(line: str) -> str:
    """A line of Markdown without its marks."""
    return MARKS.sub("", LINK.sub(r"\1", line)).strip()


def unused(folder: Path, used: Collection[str]) -> list[Problem]:
    """A warning for each text that looks like a lesson and is none, for want of a number or for its ending. ``used`` are the files that
    were read; README.md and the like, whose names are in capitals, are nobody's lessons."""
    found = []
    for place, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if not name.startswith((".", "_")))
        inside = Path(place).relative_to(folder).as_posix()
        for name in sorted(files):
            file = posixpath.normpath(posixpath.join(inside, name))
            if file not in used and _looks_like_a_lesson(name):
                found.append(
                    Problem(
                        code="C42",
                        message="Berkas ini tidak menjadi pelajaran.",
                        remedy="Namai seperti 01-pembukaan.md, langsung di folder pelatihan atau di folder modul bernomor seperti 01-dasar.",
                        severity="warning",
                        file=file,
                        line=1,
                        column=1,
                    )
                )
    return found


def _looks_like_a_lesson(name: str) -> bool:
    stem = name.partition(".")[0]
    if name.startswith((".", "_", "~")) or not LIKE_A_LESSON.search(name):
        return False
    return bool(NUMBERED.match(name)) or (name.endswith(".md") and stem != stem.upper())
