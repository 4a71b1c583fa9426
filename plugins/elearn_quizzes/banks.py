"""Questions that several quizzes share: a group takes them from a bank ("Sumber: bank/etika"), a Markdown file of the same course."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from elearn_quizzes.faults import Problem, fault
from elearn_quizzes.parts import parts_of
from elearn_quizzes.questions import Group, Question, Quiz
from elearn_quizzes.syntax import read_quiz
from elearn_quizzes.texts import shortened

COURSE_FILES = ("course.yml", "course.yaml", "kursus.yml")
Read = Callable[[str], "str | None"]


def with_banks(quiz: Quiz, read: Read) -> tuple[Quiz, list[Problem]]:
    """The quiz with the questions of its banks in their groups, and what is wrong with those. ``read(path)`` gives a file of the course by
    its path from the course's folder, None for none. A fault within a bank names the bank's file and line."""
    if not any(group.source for group in quiz.groups):
        return quiz, []
    problems: list[Problem] = []
    known: dict[str, list[Question] | None] = {}
    for file in dict.fromkeys(bank_file(group.source) for group in quiz.groups if group.source):
        text = read(file)
        found, faults = _bank(text) if text is not None else (None, [])
        known[file] = found
        problems += [one.at(file=file) for one in faults]
    groups = tuple(_joined(group, known, problems) if group.source else group for group in quiz.groups)
    return replace(quiz, groups=groups), problems


def _joined(group: Group, known: Mapping[str, list[Question] | None], problems: list[Problem]) -> Group:
    file = bank_file(group.source)
    found = known[file]
    if found is None:
        problems.append(
            fault(
                "S19",
                "Bank soal “{bank}” tidak ditemukan.",
                "Tulis letaknya dari folder pelatihan, misalnya “Sumber: bank/etika” untuk berkas bank/etika.md.",
                line=group.line,
                bank=shortened(group.source, 60),
            )
        )
        return replace(group, source="", tags=())
    wanted = {tag.casefold() for tag in group.tags}
    taken = [one for one in found if not wanted or wanted & {tag.casefold() for tag in one.tags}]
    if not taken:
        problems.append(
            fault(
                "S19",
                "Bank soal “{bank}” tidak memuat soal yang cocok.",
                "Periksa “Tag:” kelompok ini dan soal di bank.",
                line=group.line,
                bank=shortened(group.source, 60),
            )
        )
    questions = (*group.questions, *(replace(one, file=file) for one in taken))
    return replace(group, questions=questions, source="", tags=())


def _bank(text: str) -> tuple[list[Question], list[Problem]]:
    try:
        parts = parts_of(text)
    except ValueError:
        return [], [fault("S30", "Kepala berkas bukan YAML yang sah.", "Periksa baris di antara kedua “---”.", line=1)]
    quiz, problems = read_quiz(parts.body, line=parts.line, meta={})
    faults = list(problems)
    for group in quiz.groups:
        if group.source:
            faults.append(fault("S19", "Bank soal tidak dapat mengambil dari bank lain.", "Salin soalnya ke sini.", line=group.line))
        if group.intro or group.draw:
            faults.append(
                fault(
                    "W27", "Teks bersama dan “Ambil:” di dalam bank tidak ikut.", "Tulis di kelompok kuis yang memakainya.", line=group.line
                )
            )
    return list(quiz.questions()), faults


def bank_file(source: str) -> str:
    """The file of a bank: its name may leave out the ending."""
    return source if source.endswith(".md") else f"{source}.md"


def course_folder(file: Path) -> Path | None:
    """The folder of the course that a file belongs to, the nearest above it with a course.yml; None outside of one."""
    above = file.resolve().parents
    return next((folder for folder in above if any((folder / name).is_file() for name in COURSE_FILES)), None)


def reader_beside(file: Path) -> Read:
    """Reads banks for a file on disk: from the course's folder, else from its own."""
    root = course_folder(file) or file.resolve().parent

    def read(path: str) -> str | None:
        target = (root / path).resolve()
        if not target.is_relative_to(root) or not path.endswith(".md") or not target.is_file():
            return None
        try:
            return target.read_text("utf-8-sig")
        except UnicodeDecodeError:
            return None

    return read
