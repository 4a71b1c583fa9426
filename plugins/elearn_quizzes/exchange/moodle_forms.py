"""The forms of Moodle's questions, each read into ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from elearn import said
from elearn_quizzes.exchange import rich
from elearn_quizzes.exchange.bundle import with_stem
from elearn_quizzes.exchange.shares import options_of
from elearn_quizzes.exchange.wordings import number_answer, wording
from elearn_quizzes.numbers import number_text
from elearn_quizzes.questions import Criterion, Pair, Question, Step
from elearn_quizzes.texts import plain, shortened

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from elearn_quizzes.exchange.moodle_in import Reading

_GAP = re.compile(r"(?<!\\)\{(\d*):([A-Z_]+):((?:\\.|[^{}\\])*)\}")
_PLACE = re.compile(r"\[\[(\d+)\]\]")
_CRITERION = re.compile(r"^\s*[-*]?\s*\((\d+(?:[.,]\d+)?)\)\s*(\S.*)$")
CHOICES = {"MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MCHS"}
TEXTS = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"}
NUMBERS = {"NUMERICAL", "NM"}


class Left(Exception):
    """Why an item is left out, as an Indonesian sentence."""


def _share(reading: Reading, answer: Element) -> float:
    raw = answer.get("fraction", "0")
    try:
        return float(raw) / 100
    except ValueError:
        raise Left(said("nilai pilihan “{raw}” tidak terbaca.", raw=raw[:20])) from None


def choice(reading: Reading) -> Question:
    """One or several of some options; the fractions are shares."""
    element = reading.element
    answers = element.findall("answer")
    shares = [_share(reading, answer) for answer in answers]
    whole = element.get("type") == "multichoiceset"
    many = whole or (element.findtext("single") or "true").strip().casefold() in ("false", "0")
    if not any(share > 0 for share in shares):
        raise Left(said("tidak ada jawaban yang benar."))
    texts = [(reading.text(answer), reading.text(answer.find("feedback"))) for answer in answers]
    if whole:
        shares = [(1.0 if share > 0 else -1.0) / sum(one > 0 for one in shares) for share in shares]
    return Question(id="", kind="multiple" if many else "single", options=options_of(texts, shares, many=many), all_or_nothing=whole)


def true_false(reading: Reading) -> Question:
    """True or false; the feedback of the right one is for those who are right."""
    told: dict[bool, str] = {}
    truth = None
    for answer in reading.element.findall("answer"):
        value = (answer.findtext("text") or "").strip().casefold() == "true"
        told[value] = reading.text(answer.find("feedback"))
        if _share(reading, answer) > 0:
            truth = value
    if truth is None:
        raise Left(said("tidak ada jawaban yang benar."))
    return Question(id="", kind="true_false", truth=truth, if_right=told.get(truth, ""), if_wrong=told.get(not truth, ""))


def _accepted(reading: Reading) -> Iterator[tuple[str, Element]]:
    """The fully right answers; those worth a part, and feedback on wrong ones, are told."""
    for answer in reading.element.findall("answer"):
        share, text = _share(reading, answer), (answer.findtext("text") or "").strip()
        if share >= 1:
            yield text, answer
        elif share > 0:
            reading.lost(said("jawaban “{text}” bernilai sebagian; isian hanya mengenal benar dan salah.", text=shortened(text, 40)))
        elif reading.text(answer.find("feedback")) and text != "*":
            reading.lost(said("umpan balik untuk jawaban salah “{text}”.", text=shortened(text, 40)))


def _told(reading: Reading, right: list[Element]) -> tuple[str, str]:
    """What is said to those who are right, and to all others (the answer "*" worth nothing)."""
    feedback = list(dict.fromkeys(text for answer in right if (text := reading.text(answer.find("feedback")))))
    if len(feedback) > 1:
        reading.lost(said("umpan balik berbeda untuk tiap jawaban benar; yang pertama dipakai."))
    others = [one for one in reading.element.findall("answer") if (one.findtext("text") or "").strip() == "*" and _share(reading, one) <= 0]
    return feedback[0] if feedback else "", reading.text(others[0].find("feedback")) if others else ""


def short(reading: Reading) -> Question:
    """A few words to write."""
    exact = (reading.element.findtext("usecase") or "0").strip() in ("1", "true")
    found = list(_accepted(reading))
    if not found:
        raise Left(said("tidak ada jawaban yang benar."))
    right, wrong = _told(reading, [answer for _text, answer in found])
    return Question(id="", kind="short", answers=tuple(wording(text, exact=exact) for text, _a in found), if_right=right, if_wrong=wrong)


def number(reading: Reading) -> Question:
    """A number with its tolerance, and the unit whose factor is one."""
    found = list(_accepted(reading))
    answers = []
    for text, answer in found:
        try:
            answers.append(number_answer(float(text.replace(",", ".")), abs(float(answer.findtext("tolerance") or 0))))
        except ValueError:
            raise Left(said("angka tidak terbaca: “{text}”.", text=text[:40])) from None
    if not answers:
        raise Left(said("tidak ada angka yang benar."))
    units = [(one.findtext("unit_name") or "", one.findtext("multiplier") or "1") for one in reading.element.findall("units/unit")]
    unit = next((name for name, factor in units if float(factor or 1) == 1), "")
    if len(units) > (1 if unit else 0):
        reading.lost(said("satuan lain dengan pengali."))
    right, wrong = _told(reading, [answer for _text, answer in found])
    return Question(id="", kind="number", answers=tuple(answers), unit=unit, if_right=right, if_wrong=wrong)


def match(reading: Reading) -> Question:
    """Pairs; a right side without a left one is a distractor."""
    pairs, distractors = [], []
    for row in reading.element.findall("subquestion"):
        left, right = reading.text(row), rich.from_plain(row.findtext("answer/text") or "")
        if left:
            pairs.append(Pair(left=left, right=right))
        elif right:
            distractors.append(right)
    if not pairs:
        raise Left(said("tidak ada pasangan."))
    return Question(id="", kind="match", pairs=tuple(pairs), distractors=tuple(distractors))


def order(reading: Reading) -> Question:
    """Steps in the right order, as the file has them."""
    steps = tuple(Step(text=reading.text(answer)) for answer in reading.element.findall("answer"))
    if len(steps) < 2:
        raise Left(said("kurang dari dua langkah."))
    return Question(id="", kind="order", steps=steps)


def essay(reading: Reading) -> Question:
    """A text to write, or a file to hand in; what Moodle tells graders becomes the rubric."""
    element = reading.element
    form = (element.findtext("responseformat") or "editor").strip()
    fewest, most = (int(text) if text.isdecimal() else 0 for text in (reading.plain("minwordlimit"), reading.plain("maxwordlimit")))
    if reading.text(element.find("responsetemplate")):
        reading.lost(said("contoh isian di kotak jawaban."))
    rows = [row for row in reading.text(element.find("graderinfo")).split("\n") if row.strip()]
    upload = form == "noinline"
    if not upload and reading.plain("attachments") not in ("", "0"):
        reading.lost(said("lampiran pada esai."))
    return Question(
        id="",
        kind="upload" if upload else "essay",
        rubric=tuple(_criterion(row) for row in rows),
        words=(fewest, most) if (fewest or most) and not upload else None,
    )


def _criterion(row: str) -> Criterion:
    found = _CRITERION.match(row)
    if found:
        return Criterion(text=found[2].strip(), points=float(found[1].replace(",", ".")))
    return Criterion(text=re.sub(r"^\s*[-*]\s+", "", row).strip(), points=None)


def cloze(reading: Reading) -> Question:
    """Gaps within a text, "{1:SHORTANSWER:=KPK~BPK}"."""
    text = reading.element.findtext("questiontext/text") or ""
    found = list(_GAP.finditer(text))
    if not found:
        raise Left(said("tidak ada rumpang di teksnya."))
    if len({match[1] or "1" for match in found}) > 1:
        reading.lost(said("rumpang dengan bobot berbeda; semua bernilai sama."))
    gaps: list[str] = []
    for match in found:
        gaps.append(_cloze_gap(reading, match[2], match[3]))
    numbers = iter(range(len(gaps)))
    marked = _GAP.sub(lambda match: f"\ue010{next(numbers)}\ue011", text)
    parent = reading.element.find("questiontext")
    assert parent is not None
    inner = parent.find("text")
    assert inner is not None
    inner.text = marked
    drawn = reading.text(parent)
    inner.text = text
    return with_stem(Question(id="", kind="cloze"), re.sub("\ue010(\\d+)\ue011", lambda match: gaps[int(match[1])], drawn))


def _cloze_gap(reading: Reading, kind: str, body: str) -> str:
    right: list[str] = []
    options: list[tuple[bool, str]] = []
    for raw in re.split(r"(?<!\\)~", body):
        answer = raw.strip()
        percent = re.match(r"%(-?\d+(?:\.\d+)?)%", answer)
        share = float(percent[1]) / 100 if percent else 1.0 if answer.startswith("=") else 0.0
        answer = answer[percent.end() :] if percent else answer.removeprefix("=")
        answer, mark, told = re.sub(r"\\([}~=#\\/\"])", r"\1", answer).partition("#")
        answer = plain(rich.to_markdown(answer.strip()))
        if mark and told.strip():
            reading.lost(said("umpan balik di rumpang: “{feedback}”.", feedback=shortened(told.strip(), 40)))
        if 0 < share < 1:
            raise Left(said("ada jawaban rumpang yang bernilai sebagian."))
        options.append((share >= 1, answer))
        if share >= 1:
            right.append(answer)
    if not right or any(set(text) & set("[]|\n") for _right, text in options):
        raise Left(said("rumpang tanpa jawaban benar, atau dengan tanda [, ], atau |."))
    if kind in CHOICES:
        return "[[" + " | ".join(f"({'x' if one else ' '}) {text}" for one, text in options) + "]]"
    if kind in NUMBERS:
        return "[[" + "|".join(_cloze_number(text) for text in right) + "]]"
    if kind in TEXTS:
        if len(right) < len(options):
            reading.lost(said("jawaban salah yang disebut di rumpang."))
        return "[[" + "|".join(wording(text, exact=kind.endswith("C")) for text in right) + "]]"
    raise Left(said("rumpang jenis “{kind}” tidak ada padanannya.", kind=kind))


def _cloze_number(text: str) -> str:
    value, _mark, tolerance = text.partition(":")
    try:
        if tolerance and float(tolerance):
            return number_answer(float(value), abs(float(tolerance)))
        return number_text(float(value))
    except ValueError:
        raise Left(said("angka tidak terbaca: “{text}”.", text=text[:40])) from None


def gaps(reading: Reading) -> Question:
    """Gaps "[[1]]" filled from groups of words, by choosing or by dragging."""
    rows = reading.element.findall("selectoption") or reading.element.findall("dragbox")
    words = [((row.findtext("text") or "").strip(), (row.findtext("group") or "1").strip()) for row in rows]
    if any(set(text) & set("[]|\n") for text, _group in words):
        raise Left(said("kata pilihan dengan tanda [, ], atau |."))
    parent = reading.element.find("questiontext")
    inner = parent.find("text") if parent is not None else None
    if parent is None or inner is None:
        raise Left(said("soal ini tidak memiliki teks."))
    text = inner.text or ""
    inner.text = _PLACE.sub(lambda match: f"\ue010{match[1]}\ue011", text)
    drawn = reading.text(parent)
    inner.text = text

    def gap(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        if not 0 <= at < len(words):
            raise Left(said("rumpang [[{match}]] tidak memiliki kata.", match=match[1]))
        group = [text for text, name in words if name == words[at][1]]
        return "[[" + " | ".join(f"({'x' if text == words[at][0] else ' '}) {plain(rich.to_markdown(text))}" for text in group) + "]]"

    return replace(with_stem(Question(id="", kind="cloze"), re.sub("\ue010(\\d+)\ue011", gap, drawn)), shuffle=None)
