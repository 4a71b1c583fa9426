"""The order of modules and lessons, read from the files' names; and every change of it, with the links between lessons kept right."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from elearn import Refused
from elearn_studio import drafts
from elearn_studio.models import Draft, File, Presence

NUMBERED = re.compile(r"^(\d{1,4})[-_. ]+(.+)$")
SUMMARY = "_bagian.md"
HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
KIND = re.compile(r"^(?:jenis|kind):[ \t]*(\S+)", re.MULTILINE)
LINK = re.compile(r"(\]\()([^()\s#?]+)([#?][^()\s]*)?(\)|\s)")
LESSON = "---\njudul: {title}\nmenit: 5\n---\n\nTulis di sini. Paragraf dipisah satu baris kosong.\n"
QUIZ = """---
judul: {title}
menit: 15
jenis: kuis
tes: akhir
lulus: 80%
percobaan: 3
---

## Soal 1: Tulis pertanyaannya di sini?

- (x) Jawaban yang benar
- ( ) Jawaban yang lain

Pembahasan: Jelaskan mengapa.
"""
TASK = "---\njudul: {title}\nmenit: 20\njenis: tugas\n---\n\n1. Tulis langkah pertama tugas ini.\n2. Tulis langkah berikutnya.\n"
STARTS = {"pelajaran": LESSON, "kuis": QUIZ, "tugas": TASK}


@dataclass(frozen=True)
class LessonRow:
    """A lesson in the outline. ``kind`` is the word behind "jenis:" ("pelajaran" where there is none)."""

    file: File
    title: str
    kind: str


@dataclass(frozen=True)
class SectionRow:
    """A module: its folder ("" for lessons outside any), its title, the file of its summary, its lessons in order."""

    folder: str
    title: str
    summary: File | None
    lessons: tuple[LessonRow, ...]


def order(name: str) -> tuple[int, str]:
    """How the core orders names: by their number, those without one last."""
    match = NUMBERED.match(name)
    return (int(match[1]) if match else 10_000, name)


def unnumbered(name: str) -> str:
    """A name without its number."""
    match = NUMBERED.match(name)
    return match[2] if match else name


def read(files: Iterable[File]) -> list[SectionRow]:
    """The outline that the files' names say."""
    folders: dict[str, list[File]] = {}
    for file in files:
        folder, _, name = file.path.rpartition("/")
        if name.endswith(".md") and "/" not in folder and (NUMBERED.match(folder) or (not folder and NUMBERED.match(name))):
            folders.setdefault(folder, []).append(file)
    return [_section(folder, folders[folder]) for folder in sorted(folders, key=lambda folder: (bool(folder), order(folder)))]


def banks(files: Iterable[File]) -> list[File]:
    """The texts that are no lesson and that lessons may take from, such as "bank/etika.md": they lie in a folder without a number."""
    return sorted(
        (file for file in files if file.path.endswith(".md") and "/" in file.path and not NUMBERED.match(file.path)),
        key=lambda file: file.path,
    )


def titles(files: Iterable[File], *, course: str, module: str) -> dict[str, str]:
    """What an author calls each text, by its path: a lesson by its title; ``course`` and ``module`` say what the others are."""
    sections = read(files)
    named = {lesson.file.path: lesson.title for section in sections for lesson in section.lessons}
    summaries = {section.summary.path: f"{module}: {section.title}" for section in sections if section.summary}
    return named | summaries | {"course.yml": course}


def plain_title(path: str) -> str:
    """What a lesson is called whose text is not at hand, by its file's name: "02/04-menjawab-aduan.md" is "Menjawab aduan"."""
    return unnumbered(path.rpartition("/")[2]).removesuffix(".md").replace("-", " ").capitalize()


def _section(folder: str, files: list[File]) -> SectionRow:
    summary = next((file for file in files if file.path.rpartition("/")[2] == SUMMARY), None)
    lessons = sorted((file for file in files if not file.path.rpartition("/")[2].startswith("_")), key=lambda file: order(_name(file)))
    heading = HEADING.search(summary.text or "") if summary else None
    title = heading[1] if heading else unnumbered(folder).replace("-", " ").capitalize()
    return SectionRow(folder, title, summary, tuple(_lesson(file) for file in lessons))


def _lesson(file: File) -> LessonRow:
    text = file.text or ""
    heading = HEADING.search(text)
    kind = KIND.search(text[:2_000])
    return LessonRow(
        file, drafts.title_in(text[:2_000]) or (heading[1] if heading else plain_title(file.path)), kind[1] if kind else "pelajaran"
    )


def _name(file: File) -> str:
    return file.path.rpartition("/")[2]


@dataclass
class _Part:
    """A module while the outline is changed."""

    folder: str
    files: list[File]


class Outline:
    """The outline of one draft while it is changed. ``by`` is who changes it; ``apply`` writes the new names."""

    def __init__(self, session: Session, draft: Draft, *, by: int) -> None:
        self.session, self.draft, self.by = session, draft, by
        self.files = drafts.files_of(session, draft)
        self.sections = [_Part(row.folder, [lesson.file for lesson in row.lessons]) for row in read(self.files)]

    def _taken(self, name: str) -> str:
        """``name`` with a number behind it where another lesson bears it already: lessons are known by their names."""
        known = {unnumbered(_name(file)).removesuffix(".md") for file in self.files} | {unnumbered(part.folder) for part in self.sections}
        candidate, number = name or "pelajaran", 2
        while candidate in known:
            candidate, number = f"{name}-{number}", number + 1
        return candidate

    def _place(self, file_id: int) -> tuple[int, int]:
        for at, part in enumerate(self.sections):
            for index, file in enumerate(part.files):
                if file.id == file_id:
                    return at, index
        raise Refused("no_lesson_here", "Pelajaran itu sudah tidak ada. Muat ulang halaman ini.")

    def _index(self, folder: str) -> int:
        for at, part in enumerate(self.sections):
            if part.folder == folder:
                return at
        raise Refused("no_section", "Modul itu sudah tidak ada. Muat ulang halaman ini.")

    def add_section(self, title: str) -> None:
        """A module at the end, with a first lesson, for one without lessons does not show."""
        title = _line(title)
        folder = f"{sum(bool(part.folder) for part in self.sections) + 1:02}-{self._taken(drafts.slug_of(title))}"
        text = f"# {title}\n\nApa yang dipelajari di modul ini, dalam satu kalimat.\n"
        self.files.append(drafts.add_text(self.session, self.draft, f"{folder}/{SUMMARY}", text, by=self.by))
        self.sections.append(_Part(folder, []))
        self.add_lesson(folder, "Pelajaran baru")

    def add_lesson(self, folder: str, title: str, *, kind: str = "pelajaran") -> File:
        """A lesson at the end of a module, from what its kind starts with."""
        title = _line(title)
        files = self.sections[self._index(folder)].files
        name = f"{len(files) + 1:02}-{self._taken(drafts.slug_of(title))}.md"
        text = STARTS.get(kind, LESSON).replace("{title}", _yaml(title))
        file = drafts.add_text(self.session, self.draft, f"{folder}/{name}" if folder else name, text, by=self.by)
        self.files.append(file)
        files.append(file)
        return file

    def move_lesson(self, file_id: int, step: int) -> None:
        """Move a lesson up (-1) or down (1); over the edge of a module it goes to the next one."""
        at, index = self._place(file_id)
        files = self.sections[at].files
        file = files.pop(index)
        to = index + step
        if 0 <= to <= len(files):
            files.insert(to, file)
        elif 0 <= at + step < len(self.sections):
            near = self.sections[at + step].files
            near.insert(len(near) if step < 0 else 0, file)
        else:
            files.insert(index, file)

    def put_lesson(self, file_id: int, folder: str) -> None:
        """Move a lesson to the end of another module."""
        to = self._index(folder)
        at, index = self._place(file_id)
        self.sections[to].files.append(self.sections[at].files.pop(index))

    def move_section(self, folder: str, step: int) -> None:
        """Move a module up or down."""
        at = self._index(folder)
        if 0 <= at + step < len(self.sections) and self.sections[at + step].folder:
            self.sections.insert(at + step, self.sections.pop(at))

    def arrange(self, sections: list[tuple[str, list[str]]]) -> None:
        """Put modules and lessons, known by their names without numbers ("lesson x.md"), into this order; what it does not name comes
        last."""
        folders = {unnumbered(part.folder): part.folder for part in self.sections}
        known = {f"lesson {unnumbered(_name(file))}": file for part in self.sections for file in part.files}
        found = [
            _Part(folders[module], [known.pop(lesson) for lesson in lessons if lesson in known])
            for module, lessons in sections
            if module in folders
        ]
        named = {part.folder for part in found}
        rest = [_Part(part.folder, [file for file in part.files if file in known.values()]) for part in self.sections]
        for part in rest:
            if part.folder in named:
                next(one for one in found if one.folder == part.folder).files.extend(part.files)
        self.sections = found + [part for part in rest if part.folder not in named]

    def rename_lesson(self, file_id: int, title: str) -> None:
        """Give a lesson another title. Its name stays: learners' progress hangs on it."""
        at, index = self._place(file_id)
        file = self.sections[at].files[index]
        self._write(file, with_title(file.text or "", _line(title)))

    def rename_section(self, folder: str, title: str) -> None:
        """Give a module another title."""
        path = f"{folder}/{SUMMARY}"
        file = next((file for file in self.files if file.path == path), None)
        line = f"# {_line(title)}"
        if file is None:
            self.files.append(drafts.add_text(self.session, self.draft, path, line + "\n", by=self.by))
        else:
            text = file.text or ""
            self._write(file, HEADING.sub(lambda match: line, text, count=1) if HEADING.search(text) else f"{line}\n\n{text}")

    def delete(self, file_id: int) -> str:
        """Take a lesson out; answers its title. Its last state stays in the history."""
        at, index = self._place(file_id)
        title = _lesson(self.sections[at].files[index]).title
        self._remove(self.sections[at].files.pop(index))
        return title

    def delete_section(self, folder: str) -> None:
        """Take an empty module out."""
        at = self._index(folder)
        if self.sections[at].files:
            raise Refused("not_empty", "Modul ini masih memuat pelajaran. Pindahkan atau hapus pelajarannya dahulu.")
        for file in [file for file in self.files if file.path.startswith(f"{folder}/")]:
            self._remove(file)
        self.sections.pop(at)

    def _remove(self, file: File) -> None:
        file.revision, file.changed_by = file.revision + 1, self.by
        drafts.note_change(self.session, file, act="delete")
        self.session.execute(delete(Presence).where(Presence.file_id == file.id))
        self.session.execute(delete(File).where(File.id == file.id))
        self.files.remove(file)

    def _write(self, file: File, text: str, *, act: str = "save") -> None:
        if text != file.text:
            file.text, file.revision, file.changed_by = drafts.clean_text(text), file.revision + 1, self.by
            drafts.note_change(self.session, file, act=act)

    def apply(self) -> None:
        """Number folders and files in the order they have now, and put right every link that leads to a file that moved."""
        moved: dict[str, str] = {}
        number = 0
        for part in self.sections:
            folder, files = part.folder, part.files
            number += bool(folder)
            home = f"{number:02}-{unnumbered(folder)}" if folder else ""
            for file in self.files if folder else ():
                if file.path.startswith(f"{folder}/") and file not in files:
                    moved[file.path] = home + file.path[len(folder) :]
            for index, file in enumerate(files, 1):
                name = f"{index:02}-{unnumbered(_name(file))}"
                moved[file.path] = f"{home}/{name}" if home else name
        moved = {old: new for old, new in moved.items() if old != new}
        if moved:
            self._move(moved)
        drafts.touch(self.session, self.draft)

    def _move(self, moved: dict[str, str]) -> None:
        texts = {
            file.id: relinked(file.text, file.path, moved) for file in self.files if file.text is not None and file.path.endswith(".md")
        }
        leaving = [file for file in self.files if file.path in moved]
        goals = {file.id: moved[file.path] for file in leaving}
        for file in leaving:  # by way of names that nothing bears: two files may change places
            file.path = f".{file.id}/{goals[file.id]}"[:300]
        self.session.flush()
        for file in self.files:
            text = texts.get(file.id, file.text)
            goal = goals.get(file.id, file.path)
            if goal != file.path or text != file.text:
                file.path, file.text, file.revision, file.changed_by = goal, text, file.revision + 1, self.by
                drafts.note_change(self.session, file, act="move")


def relinked(text: str, path: str, moved: dict[str, str]) -> str:
    """The text of the file at ``path`` with its links leading to where files are after the move."""
    home, new_home = posixpath.dirname(path), posixpath.dirname(moved.get(path, path))

    def link(match: re.Match[str]) -> str:
        target = match[2]
        if ":" in target or target.startswith("/"):
            return match[0]
        inside = posixpath.normpath(posixpath.join(home, target))
        if inside not in moved and home == new_home:
            return match[0]
        better = posixpath.relpath(moved.get(inside, inside), new_home or ".")
        return f"{match[1]}{better}{match[3] or ''}{match[4]}"

    return LINK.sub(link, text)


def with_title(text: str, title: str) -> str:
    """The lesson's text with another title in its head."""
    line = f"judul: {_yaml(title)}"
    if not text.startswith("---\n"):
        return f"---\n{line}\n---\n\n{text}"
    head, _, body = text[4:].partition("\n---")
    better = drafts.TITLE.sub(lambda match: line, head, count=1) if drafts.TITLE.search(head) else f"{line}\n{head}"
    return f"---\n{better}\n---{body}"


def with_course_title(text: str, title: str) -> str:
    """The text of course.yml with another title."""
    line = f"judul: {_yaml(_line(title))}"
    return drafts.TITLE.sub(lambda match: line, text, count=1) if drafts.TITLE.search(text) else f"{line}\n{text}"


def _line(title: str) -> str:
    title = " ".join(title.split())[:160]
    if not title:
        raise Refused("no_title", "Tulis judulnya dahulu.")
    return title


def _yaml(title: str) -> str:
    """A title as YAML holds it: in quotes where it needs them."""
    if title[0].isalnum() and not any(sign in title for sign in (": ", " #")) and not title.endswith(":"):
        return title
    escaped = title.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
