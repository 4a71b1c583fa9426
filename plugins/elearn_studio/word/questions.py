"""Questions as trainers type them ("1. … A. … B. … Jawaban: B"), put under the headings that make them questions. Pure.

Numbered paragraphs are questions where choices in letters follow, or an answer; a numbered list of anything else stays a list. Answers may
also stand in a list of their own at the end ("Kunci jawaban: 1. B  2. C"); that list then goes, for learners would read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BOLD = r"(?:\*\*)?"
NAMED = re.compile(rf"^{BOLD}Soal +(?:No\.? *)?(\d{{1,3}}) *[.:)]{BOLD}[ \t]*(.*)$", re.IGNORECASE)
NUMBERED = re.compile(rf"^{BOLD}(\d{{1,3}})[.)]{BOLD}[ \t]+(\S.*)$")
CHOICE = re.compile(rf"^{BOLD}([A-Fa-f]){BOLD}[.)]{BOLD}[ \t]+\S")
NESTED = re.compile(r"^ {2,5}(\d)[.)][ \t]+(\S.*)$")
ANSWER = re.compile(rf"^{BOLD}(?:Jawaban|Kunci(?: jawaban)?|Answer){BOLD} *:{BOLD} *(\S.{{0,40}})$", re.IGNORECASE)
MORE = re.compile(rf"^{BOLD}(?:Jawaban|Kunci|Pembahasan|Penjelasan|Petunjuk|Poin|Skor|Bobot|Kompetensi|Tag|Tingkat)\b", re.IGNORECASE)
EXPLAINED = re.compile(rf"^{BOLD}(?:Penjelasan|Alasan){BOLD} *:{BOLD} *", re.IGNORECASE)
KEYS = re.compile(rf"^(?:#{{1,6}} +)?{BOLD}Kunci(?: +jawaban)?{BOLD}:?{BOLD}$", re.IGNORECASE)
PAIR = re.compile(r"(\d{1,3})[ .):=-]+\*{0,2}([A-Fa-f])\b\*{0,2}[.,;]?")
HEADING = re.compile(r"^#{1,6} ")
ASKED = re.compile(r"^#{1,6} +(?:Soal|Question)\b", re.IGNORECASE)
EXPLANATION = re.compile(r"^(?:Pembahasan|Explanation) *:", re.IGNORECASE)
FENCED = re.compile(r"^ {0,3}(```|~~~)")
LOOKS_ASKING = re.compile(r"(?:\?|…|\.{3,}|_{3,})[*. ]*$")


@dataclass
class _Question:
    """What may be a question, from the line ``start`` up to ``end``; ``number`` as it stood in the document; ``named`` where it calls
    itself one; ``key`` its answer from a list at the end."""

    start: int
    end: int
    number: int
    text: str
    named: bool
    answered: bool
    letters: bool
    key: str = ""

    @property
    def asks(self) -> bool:
        """Whether it is a question, and no list with points in letters."""
        return self.named or self.answered or (self.letters and bool(self.key or LOOKS_ASKING.search(self.text)))


def with_questions(text: str) -> tuple[str, int]:
    """The text with its questions under headings "## Soal 1: …", and how many there are."""
    lines = text.split("\n")
    keys = _take_keys(lines)
    found = _candidates(lines)
    for place, number, letter in keys:
        asked = next((one for one in reversed(found) if one.start < place and one.number == number and one.letters), None)
        if asked is not None and not asked.answered:
            asked.key = asked.key or letter
    found = [question for question in found if question.asks]
    starts = {question.start for question in found}
    done: list[str] = []
    at = number = 0
    for question in found:
        between = lines[at : question.start]
        done += between
        number = 1 if any(HEADING.match(line) for line in between) else number + 1
        done += _written(question, lines, number)
        at = question.end
        following = next((place for place in range(at, len(lines)) if lines[place].strip()), None)
        if following is not None and following not in starts and not HEADING.match(lines[following]):
            done += ["", "---", ""]  # what follows is not the question's any more
    done += lines[at:]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(done)).strip(), len(found)


def _written(question: _Question, lines: list[str], number: int) -> list[str]:
    """The question as the guide shows it, its answer from the list at the end with it."""
    inner = [_inner(line) for line in lines[question.start + 1 : question.end]]
    while inner and not inner[-1].strip():
        inner.pop()
    key = ["", f"Jawaban: {question.key}"] if question.key and not question.answered else []
    return ["", f"## Soal {number}: {question.text}".rstrip(": "), "", *inner, *key, ""]


def _inner(line: str) -> str:
    """A line of a question: choices that Word numbered in letters of their own, the reason under the word that names it."""
    nested = NESTED.match(line)
    if nested and 1 <= int(nested[1]) <= 6:
        return f"{chr(ord('A') + int(nested[1]) - 1)}. {nested[2]}"
    return EXPLAINED.sub("Pembahasan: ", line)


def _candidates(lines: list[str]) -> list[_Question]:
    found: list[_Question] = []
    last = 0
    for at, line in enumerate(lines):
        if HEADING.match(line):
            last = 0
        named = NAMED.match(line)
        match = named or NUMBERED.match(line)
        if match is None:
            continue
        number = int(match[1]) if named or int(match[1]) > last else last + 1  # a list that Word cut in two counts on
        question = _read(lines, at, number, match[2].strip("* "), named=bool(named))
        if named or question.answered or question.letters:
            found.append(question)
            last = number
    return found


def _read(lines: list[str], start: int, number: int, text: str, *, named: bool) -> _Question:
    """How far the question that begins at ``start`` goes: to the next question, heading, or the paragraph after its answer."""
    letters = answered = False
    choices = 0
    at = start + 1
    while at < len(lines):
        line = lines[at]
        if HEADING.match(line) or NAMED.match(line) or NUMBERED.match(line):
            break
        if CHOICE.match(line) or NESTED.match(line):
            choices += 1
        elif ANSWER.match(line):
            answered = True
        elif line.strip() and (answered or choices) and not MORE.match(line) and not lines[at - 1].strip() and not EXPLAINED.match(line):
            break
        letters = choices > 1
        at += 1
    return _Question(start, at, number, text, named, answered, letters)


def _take_keys(lines: list[str]) -> list[tuple[int, int, str]]:
    """Take lists of answers out of the text; answers (line, number, letter)."""
    found: list[tuple[int, int, str]] = []
    at = 0
    while at < len(lines):
        if not KEYS.match(lines[at].strip()):
            at += 1
            continue
        end = at + 1
        pairs: list[tuple[int, int, str]] = []
        while end < len(lines) and (not lines[end].strip() or not PAIR.sub("", lines[end]).strip("|-: \t")):
            pairs += [(at, int(number), letter.upper()) for number, letter in PAIR.findall(lines[end])]
            end += 1
        if pairs:
            found += pairs
            lines[at:end] = [""] * (end - at)
        at = end
    return found


def typed_in(text: str) -> tuple[str, int, int]:
    """Like ``with_questions`` for a lesson that has questions under headings already: only what stands outside of them is read, or behind
    an explanation, which would swallow it. Also answers the line (from 1) of the first question found, 0 for none."""
    done: list[str] = []
    free: list[str] = []
    count = first = 0

    def close() -> None:
        nonlocal count, first
        better, found = with_questions("\n".join(free))
        if found and not first:
            first = len(done) + next((at for at, line in enumerate(free) if NAMED.match(line) or NUMBERED.match(line)), 0) + 1
        done.extend(["", *better.split("\n"), ""] if found else free)
        count += found
        free.clear()

    lines = text.split("\n")
    head = next((at for at, line in enumerate(lines[1:200], 1) if line.rstrip() == "---"), 0) if lines[0].rstrip() == "---" else -1
    done += lines[: head + 1]
    asked = explained = False
    code = ""
    for line in lines[head + 1 :]:
        fence = FENCED.match(line)
        if fence:
            code = "" if code and line.strip().startswith(code) else code or fence[1]
        if HEADING.match(line) or line.rstrip() == "---":
            asked, explained = bool(ASKED.match(line)), False
        elif asked and EXPLANATION.match(line):
            explained = True
        elif asked and explained and not line.strip():
            asked = False
        if asked or code or fence or HEADING.match(line):
            close()
            done.append(line)
        else:
            free.append(line)
    close()
    return (re.sub(r"\n{3,}", "\n\n", "\n".join(done)) if count else text), count, first
