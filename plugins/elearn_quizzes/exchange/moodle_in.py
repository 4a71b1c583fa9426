"""Reads Moodle XML, by Moodle's documentation ("Moodle XML format") and what its own export writes."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from elearn import said
from elearn_quizzes.exchange import moodle_forms, rich
from elearn_quizzes.exchange.bundle import BadFile, Bundle, Remark, as_quiz, with_points, with_stem
from elearn_quizzes.exchange.labels import with_tags
from elearn_quizzes.exchange.moodle_forms import Left
from elearn_quizzes.exchange.xml import parse
from elearn_quizzes.numbers import number_text
from elearn_quizzes.questions import Question
from elearn_quizzes.reading import ID
from elearn_quizzes.texts import plain, shortened

_FILE = re.compile(r"@@PLUGINFILE@@/([^\s)\"'>]+)")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
MOST_FILES = 2_000


@dataclass
class Reading:
    """One question on its way: its element, the pictures that came with it, and what was lost."""

    element: Element
    name: str
    files: dict[str, bytes]
    remarks: list[Remark]
    renamed: dict[str, str] = field(default_factory=dict)

    def lost(self, reason: str) -> None:
        """Something of this question did not come along."""
        self.remarks.append(Remark(item=self.name, reason=reason))

    def text(self, parent: Element | None) -> str:
        """The text below an element as Markdown, its pictures taken along."""
        if parent is None:
            return ""
        raw = parent.findtext("text") or ""
        self._take_files(parent)
        form = parent.get("format", "html")
        raw = _FILE.sub(lambda match: "media/" + self.renamed.get(unquote(match[1]), match[1]), raw)
        if form == "markdown":
            return rich.tidied(raw)
        if form == "plain_text":
            return rich.from_plain(raw)
        return rich.to_markdown(raw) if form == "html" or rich.looks_like_html(raw) else rich.from_plain(raw)

    def plain(self, path: str) -> str:
        """The text at a path as it stands, on one line."""
        return " ".join((self.element.findtext(path) or "").split())

    def _take_files(self, parent: Element) -> None:
        for file in parent.findall("file"):
            name = file.get("name") or ""
            try:
                content = base64.b64decode(file.text or "", validate=False)
            except (binascii.Error, ValueError):
                content = b""
            if not content or file.get("encoding", "base64") != "base64" or len(self.files) >= MOST_FILES:
                self.lost(said("berkas “{name}” tidak terbaca.", name=name[:60]))
                continue
            taken = _UNSAFE.sub("-", PurePosixPath(name).name).strip("-.") or "gambar"
            while self.files.get(f"media/{taken}", content) != content:
                stem, dot, end = taken.rpartition(".")
                taken = f"{stem or end}-2{dot}{end if stem else ''}"
            self.files[f"media/{taken}"] = content
            self.renamed[name] = taken


def read_moodle(data: bytes) -> Bundle:
    """The questions of a file by category. Raises ``BadFile`` for what is no Moodle XML."""
    root = parse(data)
    if root.tag != "quiz":
        raise BadFile(said("Berkas XML ini bukan ekspor soal Moodle (unsur pertamanya bukan <quiz>)."))
    bundle = Bundle(quiz=as_quiz([]))
    groups: list[tuple[str, list[Question]]] = [("", [])]
    for element in root.findall("question"):
        kind = element.get("type", "")
        if kind == "category":
            groups.append((_group_name(element.findtext("category/text") or ""), []))
            continue
        reading = Reading(element, _name(element), bundle.files, bundle.remarks)
        try:
            groups[-1][1].append(_question(reading, kind))
        except Left as left:
            bundle.remarks.append(Remark(item=reading.name, reason=left.args[0], whole=True))
    bundle.quiz = as_quiz(groups)
    return bundle


def _group_name(category: str) -> str:
    name = category.replace("//", "\0").rpartition("/")[2].replace("\0", "/").strip()
    return "" if name.startswith("$") or name.casefold() == "top" else " ".join(name.split())[:120]


def _name(element: Element) -> str:
    name = " ".join((element.findtext("name/text") or "").split())
    text = plain(re.sub(r"<[^>]*>", " ", element.findtext("questiontext/text") or ""))
    return shortened(name or text or element.get("type", "soal"), 60)


READERS: dict[str, Callable[[Reading], Question]] = {
    "multichoice": moodle_forms.choice,
    "multichoiceset": moodle_forms.choice,
    "truefalse": moodle_forms.true_false,
    "shortanswer": moodle_forms.short,
    "numerical": moodle_forms.number,
    "matching": moodle_forms.match,
    "ddmatch": moodle_forms.match,
    "ordering": moodle_forms.order,
    "essay": moodle_forms.essay,
    "cloze": moodle_forms.cloze,
    "multianswer": moodle_forms.cloze,
    "gapselect": moodle_forms.gaps,
    "ddwtos": moodle_forms.gaps,
}
NAMES = {
    "description": said("ini teks tanpa pertanyaan."),
    "calculated": said("angka yang berubah ditulis lain di Moodle; tulis ulang dengan “Parameter:”."),
    "calculatedsimple": said("angka yang berubah ditulis lain di Moodle; tulis ulang dengan “Parameter:”."),
    "calculatedmulti": said("angka yang berubah ditulis lain di Moodle; tulis ulang dengan “Parameter:”."),
    "randomsamatch": said("pasangan acak dari soal lain tidak ada padanannya."),
    "ddimageortext": said("seret ke gambar tidak ada padanannya."),
    "ddmarker": said("seret ke gambar tidak ada padanannya."),
}


def _question(reading: Reading, kind: str) -> Question:
    reader = READERS.get(kind)
    if reader is None:
        raise Left(NAMES.get(kind, said("jenis soal “{kind}” tidak dikenal.", kind=kind[:40])))
    question = reader(reading)
    element = reading.element
    if not question.stem:
        question = with_stem(question, reading.text(element.find("questiontext")))
    if not question.stem:
        raise Left(said("soal ini tidak memiliki teks."))
    hints = [text for hint in element.findall("hint") if (text := reading.text(hint))]
    if len(hints) > 1:
        reading.lost(said("{count} petunjuk menjadi satu.", count=len(hints)))
    shuffle = element.findtext("shuffleanswers")
    question = replace(
        question,
        id=_id(reading),
        explanation=reading.text(element.find("generalfeedback")),
        hint="\n\n".join(hints),
        if_right=question.if_right or reading.text(element.find("correctfeedback")),
        if_wrong=question.if_wrong or reading.text(element.find("incorrectfeedback")),
        shuffle=False if shuffle is not None and shuffle.strip().casefold() in ("0", "false") else None,
    )
    question = with_tags(question, (tag.findtext("text") or "" for tag in element.findall("tags/tag")))
    for reason in _unheard(reading, question):
        reading.lost(reason)
    grade = reading.plain("defaultgrade")
    try:
        return with_points(question, float(grade) if grade else None)
    except ValueError:
        reading.lost(
            said(
                "poin “{grade}” tidak terbaca; menjadi {points}.", grade=grade[:20], points=number_text(with_points(question, None).points)
            )
        )
        return with_points(question, None)


def _unheard(reading: Reading, question: Question) -> Iterator[str]:
    """What a question says that ours have no place for."""
    element = reading.element
    if reading.text(element.find("partiallycorrectfeedback")) not in ("", question.if_right, question.if_wrong):
        yield said("umpan balik untuk jawaban yang benar sebagian.")
    penalty = reading.plain("penalty")
    if question.hint and penalty.replace(".", "", 1).isdecimal() and float(penalty) > 0:
        yield said("potongan nilai {penalty} untuk mencoba lagi; tulis “Biaya petunjuk:” bila perlu.", penalty=penalty)


def _id(reading: Reading) -> str:
    given = reading.plain("idnumber")
    if ID.fullmatch(given):
        return given
    if given:
        reading.lost(said("nomor id “{given}” tidak dapat dipakai sebagai id.", given=given[:40]))
    return ""
