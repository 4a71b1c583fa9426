"""Reads a text of questions ("Soal") into a ``Quiz``, going through its lines once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from elearn_quizzes.faults import Problem, fault, stray_option
from elearn_quizzes.keywords import CANONICAL, keyword
from elearn_quizzes.lines import HEADING, ITEM, RULE, Line, code_after, joined, outside_code
from elearn_quizzes.lists import BOX
from elearn_quizzes.questions import Group, Question, Quiz
from elearn_quizzes.reading import ID_LINE, read_question
from elearn_quizzes.rules import Rule, read_rule
from elearn_quizzes.settings import Settings, read_settings
from elearn_quizzes.texts import shortened
from elearn_quizzes.values import read_names

QUESTION = re.compile(
    r"^ {0,3}(#{1,6})[ \t]+(?:soal|question)(?:[ \t]+(?:no\.?|nomor)?[ \t]*\d+[a-z]?)?[ \t]*(?:[.:)—–-](?=\s|$))?(?:[ \t]+(.*))?$",
    re.IGNORECASE,
)
GROUP = re.compile(r"^ {0,3}(#{1,6})[ \t]+(?:kelompok|group)[ \t]*(?:[.:—–-](?=\s|$))?(?:[ \t]+(.*))?$", re.IGNORECASE)
LOOKS_LIKE_QUESTION = re.compile(r"^ {0,3}(#{1,6})\s*(?:\*\*|__)?(?:soal|question)(?![^\W\d])", re.IGNORECASE)
TITLE_ID = re.compile(r"[ \t]*\{#([A-Za-z0-9][A-Za-z0-9_-]{0,63})\}$")
CLOSING_HASHES = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")


@dataclass
class Section:
    """A heading that means something, and the lines below it. ``what`` is "question", "group", "outside" or "no question" (told already);
    ``heading`` the whole line it begins with, "" for the first."""

    what: str
    title: str
    line: int
    level: int
    lines: list[Line] = field(default_factory=list)
    heading: str = ""


def read_quiz(text: str, *, line: int = 1, meta: Mapping[str, Any] | None = None) -> tuple[Quiz, tuple[Problem, ...]]:
    """The quiz that ``text`` holds, and what cannot be read in it. ``line`` is the file's line at which ``text`` begins; ``meta`` the
    front matter, None for questions within a lesson (a practice quiz). What is unwise though readable is ``lint``'s to say."""
    problems: list[Problem] = []
    settings = Settings(practice=True)
    if meta is not None:
        settings, problems = read_settings(meta)
    groups: list[Group] = []
    questions: list[Question] = []
    group = Group(line=line)
    for section in sections(text, line, problems):
        if section.what == "question":
            title, given_id = title_and_id(section.title)
            question, faults = read_question(section.lines, title=title, line=section.line, given_id=given_id)
            questions.append(question)
            problems += faults
            continue
        if section.what == "no question":
            continue
        if section.what == "outside":
            _tell_outside(section, problems)
            if not section.level or not group.name:
                continue
        if questions or group.name or group.source:
            groups.append(replace(group, questions=tuple(questions)))
        questions = []
        group = _group(section, problems) if section.what == "group" else Group(line=section.line)
    if questions or group.name or group.source:
        groups.append(replace(group, questions=tuple(questions)))
    return Quiz(settings=settings, groups=tuple(groups)), tuple(problems)


def sections(text: str, first: int, problems: list[Problem]) -> list[Section]:
    """The text cut at the headings of questions and groups, at headings that end one, and at lines of three dashes."""
    current = Section("outside", "", first, 0)
    found = [current]
    code, blank_before = "", True
    for number, line in enumerate(text.split("\n"), first):
        was_code, code = code, code_after(line, code)
        if was_code or code:
            current.lines.append(Line(number, line))
            blank_before = False
            continue
        section = _begins(line, number, current, problems) if line.lstrip(" ").startswith("#") else None
        if section is None and blank_before and RULE.match(line):
            section = Section("outside", "", number, 0)
        if section is not None:
            section.heading = line
            current = section
            found.append(current)
        else:
            current.lines.append(Line(number, line))
        blank_before = not line.strip()
    return found


def _begins(text: str, number: int, current: Section, problems: list[Problem]) -> Section | None:
    """The section that a heading begins; None where it is but part of the current one."""
    for what, pattern in (("question", QUESTION), ("group", GROUP)):
        match = pattern.match(text)
        if match:
            return Section(what, (match[2] or "").strip(), number, len(match[1]))
    looks = LOOKS_LIKE_QUESTION.match(text)
    if looks:
        problems.append(
            fault(
                "S18",
                "Judul “{title}” diawali kata Soal, tetapi bukan soal.",
                "Tulis “## Soal 1: …”, atau ganti kata pertamanya.",
                line=number,
                title=shortened(text.strip(" #"), 60),
            )
        )
        return Section("no question", "", number, len(looks[1]))
    heading = HEADING.match(text)
    if heading is None:
        return None
    level = len(heading[1])
    if current.what != "outside" and level > current.level:
        return None
    return Section("outside", text.strip(" #\t"), number, level)


def title_and_id(text: str) -> tuple[str, str]:
    """A heading's title without its closing hashes and its {#id}, and that id."""
    given = ""
    while True:
        shorter = CLOSING_HASHES.sub("", text).rstrip()
        match = TITLE_ID.search(shorter)
        if match:
            given, shorter = given or match[1], shorter[: match.start()].rstrip()
        if shorter == text:
            return text, given
        text = shorter


def _tell_outside(section: Section, problems: list[Problem]) -> None:
    """Warn of what stands outside any question: nobody would see it."""
    lost = next(
        (line for line, outside in zip(section.lines, outside_code(section.lines), strict=True) if outside and _is_option(line)), None
    )
    if lost:
        problems.append(stray_option(lost.text, line=lost.number))
        return
    first = next((line for line in section.lines if line.text.strip() and not ID_LINE.match(line.text)), None)
    if section.title or first:
        problems.append(
            fault(
                "W21",
                "Teks di luar soal tidak ditampilkan: “{text}”.",
                "Pindahkan ke dalam soal, atau ke bawah “# Kelompok: …” bila berlaku untuk beberapa soal.",
                line=section.line if section.title else first.number if first else section.line,
                text=shortened(section.title or (first.text.strip() if first else ""), 40),
            )
        )


def _is_option(line: Line) -> bool:
    item = ITEM.match(line.text)
    box = BOX.match(item[4] or "") if item else None
    return bool(box and box[1] == "(" and box[2] in ("", "x", "X"))


def _group(section: Section, problems: list[Problem]) -> Group:
    """A group's heading and what stands below it: "Ambil: n", "Sumber: bank/etika", and a text shared by its questions."""
    rules: list[Rule] = []
    kept: list[Line] = []
    code = source = ""
    tags: tuple[str, ...] = ()
    for line in section.lines:
        was_code, code = code, code_after(line.text, code)
        found = None if was_code or code else keyword(line.text)
        if found is None:
            kept.append(line)
        elif found[0] == "draw":
            rules += _rule(found[1], line.number, problems)
        elif found[0] == "source":
            source = found[1].strip()
        elif found[0] == "tags":
            tags = read_names(found[1])
        else:
            problems.append(
                fault("W22", "“{word}:” tidak berlaku untuk kelompok.", "Tulis di tiap soal.", line=line.number, word=CANONICAL[found[0]])
            )
    if tags and not source:
        problems.append(
            fault("W22", "“{word}:” tidak berlaku untuk kelompok.", "Tulis di tiap soal.", line=section.line, word=CANONICAL["tags"])
        )
    intro = joined(line.text for line in kept)
    return Group(
        name=title_and_id(section.title)[0],
        intro=intro,
        draw=sum(rule.count for rule in rules) or None,
        rules=tuple(rules) if any(rule.by for rule in rules) or len(rules) > 1 else (),
        source=source,
        tags=tags if source else (),
        line=section.line,
        intro_line=next((line.number for line in kept if line.text.strip()), section.line),
    )


def _rule(text: str, line: int, problems: list[Problem]) -> list[Rule]:
    try:
        return [read_rule(text)]
    except ValueError:
        problems.append(
            fault(
                "S10",
                "Ambil bukan angka di atas 0: “{value}”.",
                "Tulis misalnya “Ambil: 2” atau “Ambil: 2 tag gratifikasi”.",
                line=line,
                value=shortened(text, 40),
            )
        )
        return []
