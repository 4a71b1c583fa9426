"""Reads GIFT, Moodle's plain text for questions, by the grammar in Moodle's documentation (docs.moodle.org, "GIFT format")."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from elearn import said
from elearn_quizzes.exchange import rich
from elearn_quizzes.exchange.bundle import Bundle, Remark, as_quiz, with_points, with_stem
from elearn_quizzes.exchange.labels import with_tags
from elearn_quizzes.exchange.shares import options_of
from elearn_quizzes.exchange.wordings import number_answer, range_answer, wording
from elearn_quizzes.questions import Pair, Question
from elearn_quizzes.reading import ID
from elearn_quizzes.texts import plain, shortened

_COMMENT = re.compile(r"^\s*//(.*)$")
_CATEGORY = re.compile(r"^\s*\$CATEGORY:\s*(.+?)\s*$", re.IGNORECASE)
_FORMAT = re.compile(r"^\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_TITLE = re.compile(r"^\s*::(.*?)(?<!\\)::", re.DOTALL)
_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_PERCENT = re.compile(r"^\s*%(-?\d+(?:\.\d+)?)%")
_TAGGED = re.compile(r"\[(id|tag):((?:\\.|[^\]\\])*)\]")
_NUMBER = r"([-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)"
_SPAN = re.compile(rf"{_NUMBER}\s*(?:(\.\.|:)\s*{_NUMBER})?", re.IGNORECASE)
_TRUTH = {"t": True, "true": True, "f": False, "false": False}


UNPAIRED = said("kurung kurawalnya tidak berpasangan, atau lebih dari sepasang.")
Lost = Callable[[str], None]


class _Left(Exception):
    """Why an item is left out, as an Indonesian sentence."""


@dataclass
class _Item:
    """One piece between blank lines: its text and what comments said of it."""

    text: str
    comments: list[str] = field(default_factory=list)


@dataclass
class _Answer:
    """One answer in the braces: its sign (= or ~), its share (None: not given), its text and its feedback."""

    sign: str
    share: float | None
    text: str
    feedback: str


def read_gift(text: str) -> Bundle:
    """The questions of a file by category; what cannot be one is named with its reason."""
    groups: list[tuple[str, list[Question]]] = [("", [])]
    remarks: list[Remark] = []
    for item in _items(text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")):
        if isinstance(item, str):
            groups.append((_group_name(item), []))
            continue
        name = _name(item.text)
        try:
            groups[-1][1].append(_question(item, name, remarks))
        except _Left as left:
            remarks.append(Remark(item=name, reason=left.args[0], whole=True))
    return Bundle(quiz=as_quiz(groups), remarks=remarks)


def _name(text: str) -> str:
    """How messages name an item: by the beginning of its text."""
    words = _FORMAT.sub("", _TITLE.sub("", text.partition("{")[0]))
    return shortened(plain(_ESCAPE.sub(_unescaped, words)) or text.strip(), 60)


def _group_name(category: str) -> str:
    name = category.replace("//", "\0").rpartition("/")[2].replace("\0", "/").strip()
    return "" if name.startswith("$") or name.casefold() == "top" else " ".join(name.split())[:120]


def _items(text: str) -> list[_Item | str]:
    """Questions and categories in their order; a blank line ends an item."""
    found: list[_Item | str] = []
    lines: list[str] = []
    comments: list[str] = []

    def close() -> None:
        nonlocal lines, comments
        if any(line.strip() for line in lines):
            found.append(_Item("\n".join(lines), comments))
            comments = []
        lines = []

    for line in text.split("\n"):
        comment = _COMMENT.match(line)
        category = _CATEGORY.match(line) if not lines else None
        if comment:
            comments.append(comment[1].strip())
        elif category:
            close()
            found.append(category[1])
            comments = []
        elif not line.strip():
            close()
        else:
            lines.append(line)
    close()
    return found


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else match[1]


def _split(text: str, signs: str) -> list[tuple[str, str]]:
    """The text cut before each bare sign: pairs of the sign ("" for what stands before the first) and what follows it."""
    parts: list[tuple[str, str]] = []
    sign, start, at = "", 0, 0
    while at < len(text):
        if text[at] == "\\":
            at += 2
            continue
        if text[at] in signs:
            parts.append((sign, text[start:at]))
            sign, start = text[at], at + 1
        at += 1
    parts.append((sign, text[start:]))
    return parts


def _question(item: _Item, name: str, remarks: list[Remark]) -> Question:
    text = item.text.strip()
    title = _TITLE.match(text)
    if title:
        text = text[title.end() :]
    match = _FORMAT.match(text)
    form = match[1].lower() if match else "moodle"
    if match:
        text = text[match.end() :]
    opened = [at for at in range(len(text)) if text[at] == "{" and not _is_escaped(text, at)]
    closed = [at for at in range(len(text)) if text[at] == "}" and not _is_escaped(text, at)]
    if not opened or not closed:
        broken = bool(opened or closed)
        raise _Left(UNPAIRED if broken else said("ini teks tanpa pertanyaan (tidak ada kurung kurawal)."))
    if len(opened) > 1 or len(closed) > 1 or closed[0] < opened[0]:
        raise _Left(UNPAIRED)
    before, inside, after = text[: opened[0]], text[opened[0] + 1 : closed[0]], text[closed[0] + 1 :]
    stem = before.strip() + (" _____ " + after.strip() if after.strip() else "")
    inside, _mark, general = _cut(inside, "####")
    read = _answers(inside.strip(), form, lambda reason: remarks.append(Remark(item=name, reason=reason)))
    question = replace(read, explanation=_text(general, form), id=_id(title[1] if title else "", item.comments, name, remarks))
    question = with_tags(
        question, (_ESCAPE.sub(_unescaped, tag[2]) for comment in item.comments for tag in _TAGGED.finditer(comment) if tag[1] == "tag")
    )
    question = with_stem(question, _text(stem, form).replace("\\_\\_\\_\\_\\_", "_____"))
    if not question.stem:
        raise _Left(said("soal ini tidak memiliki teks."))
    return with_points(question, None)


def _is_escaped(text: str, at: int) -> bool:
    count = 0
    while at - count > 0 and text[at - count - 1] == "\\":
        count += 1
    return count % 2 == 1


def _cut(text: str, mark: str) -> tuple[str, str, str]:
    """The text before and behind the first bare mark."""
    at = text.find(mark)
    while at > 0 and _is_escaped(text, at):
        at = text.find(mark, at + 1)
    return (text, "", "") if at < 0 else (text[:at], mark, text[at + len(mark) :])


def _text(raw: str, form: str) -> str:
    """A text of the file as Markdown."""
    match = _FORMAT.match(raw)
    if match:
        form, raw = match[1].lower(), raw[match.end() :]
    text = _ESCAPE.sub(_unescaped, raw.strip())
    if form == "markdown":
        return rich.tidied(text)
    if form == "html" or (form == "moodle" and rich.looks_like_html(text)):
        return rich.to_markdown(text)
    return rich.from_plain(text)


def _id(title: str, comments: list[str], name: str, remarks: list[Remark]) -> str:
    """The id that a comment gives, or the title where it can be one; a title that cannot is told."""
    given = next((found[2].strip() for comment in comments for found in _TAGGED.finditer(comment) if found[1] == "id"), "")
    title = " ".join(_ESCAPE.sub(_unescaped, title).split())
    wanted = given or title
    if ID.fullmatch(wanted):
        return wanted
    slug = re.sub(r"[^A-Za-z0-9]+", "-", wanted).strip("-")[:64].strip("-")
    if wanted and slug != wanted.replace(" ", "-"):
        remarks.append(
            Remark(
                item=name, reason=said("nama “{wanted}” menjadi id “{slug}”.", wanted=shortened(wanted, 60), slug=slug or said("otomatis"))
            )
        )
    return slug


def _answers(inside: str, form: str, lost: Lost) -> Question:
    """The form of the question and its answers."""
    if not inside:
        return Question(id="", kind="essay")
    if inside.startswith("#"):
        return _numbers(inside[1:].strip(), form, lost)
    parts = _split(inside, "#")
    truth = _TRUTH.get(parts[0][1].strip().casefold())
    if truth is not None:
        told = [_text(part, form) for _sign, part in parts[1:3]] + ["", ""]
        return Question(id="", kind="true_false", truth=truth, if_wrong=told[0], if_right=told[1])
    answers = [_answer(sign, part, form) for sign, part in _split(inside, "=~") if sign]
    if not answers:
        raise _Left(said("isi kurung kurawalnya bukan jawaban."))
    if all(answer.sign == "=" for answer in answers):
        if any("->" in answer.text for answer in answers):
            return _match(answers)
        return _short(answers, lost)
    return _choice(answers, form)


def _answer(sign: str, part: str, form: str) -> _Answer:
    percent = _PERCENT.match(part)
    if percent:
        part = part[percent.end() :]
    text, _mark, feedback = _cut(part, "#")
    return _Answer(sign, float(percent[1]) / 100 if percent else None, text.strip(), _text(feedback, form))


def _choice(answers: list[_Answer], form: str) -> Question:
    shares = [answer.share if answer.share is not None else 1.0 if answer.sign == "=" else 0.0 for answer in answers]
    many = not any(answer.sign == "=" for answer in answers) and any(share > 0 for share in shares)
    if not any(share > 0 for share in shares):
        raise _Left(said("tidak ada jawaban yang benar."))
    texts = [(_text(answer.text, form), answer.feedback) for answer in answers]
    return Question(id="", kind="multiple" if many else "single", options=options_of(texts, shares, many=many))


def _full(answers: list[_Answer], lost: Lost) -> tuple[list[_Answer], str]:
    """The answers that earn everything, and the one feedback that such a question has; what else there is, is told."""
    full = [answer for answer in answers if answer.share is None or answer.share >= 1]
    for answer in answers:
        if answer not in full:
            lost(
                said("jawaban “{text}” bernilai sebagian; isian dan angka hanya mengenal benar dan salah.", text=shortened(answer.text, 40))
            )
    told = list(dict.fromkeys(answer.feedback for answer in full if answer.feedback))
    if len(told) > 1:
        lost(said("umpan balik berbeda untuk tiap jawaban benar; yang pertama dipakai."))
    return full, told[0] if told else ""


def _short(answers: list[_Answer], lost: Lost) -> Question:
    full, told = _full(answers, lost)
    if not full:
        raise _Left(said("tidak ada jawaban yang bernilai penuh."))
    return Question(id="", kind="short", answers=tuple(wording(_ESCAPE.sub(_unescaped, answer.text)) for answer in full), if_right=told)


def _match(answers: list[_Answer]) -> Question:
    pairs: list[Pair] = []
    distractors: list[str] = []
    for answer in answers:
        left, mark, right = answer.text.partition("->")
        if not mark or answer.feedback:
            raise _Left(said("ada baris yang bukan pasangan, atau pasangan dengan umpan balik."))
        texts = [_text(side, "moodle") for side in (left, right)]
        if texts[0]:
            pairs.append(Pair(left=texts[0], right=texts[1]))
        else:
            distractors.append(texts[1])
    return Question(id="", kind="match", pairs=tuple(pairs), distractors=tuple(distractors))


def _numbers(inside: str, form: str, lost: Lost) -> Question:
    answers = [_answer(sign, part, form) for sign, part in _split(inside, "=~") if part.strip()]
    others = [answer.feedback for answer in answers if answer.sign == "~"]
    full, told = _full([answer for answer in answers if answer.sign != "~"], lost)
    spans = []
    for answer in full:
        found = _SPAN.fullmatch(_ESCAPE.sub(_unescaped, answer.text).strip())
        if not found:
            raise _Left(said("angka tidak terbaca: “{text}”.", text=shortened(answer.text, 40)))
        spans.append(_span(found))
    if not spans:
        raise _Left(said("tidak ada angka yang benar."))
    return Question(id="", kind="number", answers=tuple(spans), if_right=told, if_wrong=others[0] if others else "")


def _span(found: re.Match[str]) -> str:
    first, mark, second = float(found[1]), found[2], float(found[3] or 0)
    if mark == "..":
        return range_answer(min(first, second), max(first, second))
    return number_answer(first, abs(second))
