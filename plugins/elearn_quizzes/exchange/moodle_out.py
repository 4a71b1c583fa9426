"""Writes Moodle XML. Texts go as Markdown, which Moodle draws itself; so they come back as they were."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement, indent

from elearn import said
from elearn_quizzes.exchange import rich
from elearn_quizzes.exchange.bundle import Bundle, Remark, label
from elearn_quizzes.exchange.labels import tags_of
from elearn_quizzes.exchange.shares import shares_of
from elearn_quizzes.exchange.wordings import plain_number, starred
from elearn_quizzes.exchange.xml import as_bytes
from elearn_quizzes.gaps import find_gaps
from elearn_quizzes.numbers import read_range
from elearn_quizzes.questions import Question
from elearn_quizzes.texts import plain, shortened

_PICTURE = re.compile(r"(!\[[^\]\n]*\]\()(?!https?:)([^)\s]+)(\))")
_TYPES = {
    "single": "multichoice", "multiple": "multichoice", "true_false": "truefalse", "short": "shortanswer", "number": "numerical",
    "match": "matching", "order": "ordering", "cloze": "cloze", "essay": "essay", "upload": "essay",
}  # fmt: skip
# The shares that Moodle takes (question/engine/bank.php, its list of grade options), in percent.
_GRADES = (0, 5, 10, 11.11111, 12.5, 14.28571, 16.66667, 20, 25, 30, 33.33333, 40, 50, 60, 66.66667, 70, 75, 80, 83.33333, 90, 100)


class _CannotHold(Exception):
    """Why Moodle XML holds no such question, as an Indonesian sentence."""


def write_moodle(bundle: Bundle) -> tuple[bytes, list[Remark]]:
    """The questions as Moodle XML by category with their pictures, and what of them it cannot hold."""
    root = Element("quiz")
    remarks: list[Remark] = []
    for group in bundle.quiz.groups:
        if group.name or len(bundle.quiz.groups) > 1:
            category = SubElement(root, "question", {"type": "category"})
            name = group.name.replace("/", "//")
            SubElement(SubElement(category, "category"), "text").text = f"$course$/top{'/' + name if name else ''}"
        if group.intro or group.draw:
            reason = said("Moodle XML tidak memuat teks bersama dan banyaknya soal yang diambil.")
            remarks.append(Remark(item=group.name or said("Kelompok"), reason=reason))
        for question in group.questions:
            try:
                root.append(_Writer(question, bundle.files, remarks).element())
            except _CannotHold as reason_of:
                remarks.append(Remark(item=label(question), reason=reason_of.args[0], whole=True))
    indent(root)
    return as_bytes(root), remarks


class _Writer:
    """One question as its element."""

    def __init__(self, question: Question, files: Mapping[str, bytes], remarks: list[Remark]) -> None:
        self.question, self.files, self.remarks = question, files, remarks

    def _lost(self, reason: str) -> None:
        self.remarks.append(Remark(item=label(self.question), reason=reason))

    def element(self) -> Element:
        question = self.question
        write = _WRITERS.get(question.kind)
        if write is None:
            raise _CannotHold(said("Moodle XML tidak mengenal soal survei."))
        if question.parameters:
            raise _CannotHold(said("angka yang berubah untuk tiap peserta ditulis lain di Moodle."))
        root = Element("question", {"type": _TYPES[question.kind]})
        name = shortened(plain(question.stem.partition("\n\n")[0]), 80) or question.id
        SubElement(SubElement(root, "name"), "text").text = re.sub(r"\[\[.*?\]\]", "…", name)
        stem = _cloze_text(question) if question.kind == "cloze" else question.stem
        self.text(root, "questiontext", stem)
        self.text(root, "generalfeedback", question.explanation, always=True)
        SubElement(root, "defaultgrade").text = plain_number(question.points)
        SubElement(root, "hidden").text = "0"
        SubElement(root, "idnumber").text = "" if question.id_derived else question.id
        write(self, root)
        if question.kind not in ("true_false", "short", "number", "essay", "upload"):
            self.text(root, "correctfeedback", question.if_right)
            self.text(root, "incorrectfeedback", question.if_wrong)
        if question.hint:
            self.text(root, "hint", question.hint)
        tags = tags_of(question)
        if tags:
            box = SubElement(root, "tags")
            for tag in tags:
                SubElement(SubElement(box, "tag"), "text").text = tag
        for reason in self._unheld():
            self._lost(reason)
        return root

    def _unheld(self) -> Iterator[str]:
        question = self.question
        if question.hint_cost:
            yield said("Moodle XML tidak memuat biaya petunjuk.")
        if question.all_or_nothing:
            yield said("“Penilaian: semua” tidak ada di Moodle; di sana bernilai sebagian.")
        if question.shuffle or (question.shuffle is False and question.kind not in ("single", "multiple", "match")):
            yield said("Moodle mengacak menurut kuisnya, bukan menurut soal ini.")
        if (question.words and question.kind != "essay") or (question.unit and question.kind != "number"):
            yield said("“Kata:” atau “Satuan:” pada soal ini tidak ada artinya di Moodle.")
        if question.kind in ("essay", "upload") and (question.if_right or question.if_wrong):
            yield said("Moodle tidak mengenal umpan balik benar dan salah pada soal yang dinilai orang.")

    def text(self, parent: Element, tag: str, markdown: str, *, always: bool = False, **attributes: str) -> Element | None:
        """A text and its pictures below ``parent``; nothing for an empty one unless ``always``."""
        if not markdown and not always:
            return None
        element = SubElement(parent, tag, {**attributes, "format": "markdown"})
        self.fill(element, markdown)
        return element

    def fill(self, element: Element, markdown: str) -> None:
        """Put a text and its pictures into an element."""
        taken: dict[str, bytes] = {}

        def name(match: re.Match[str]) -> str:
            path = match[2]
            if path not in self.files:
                self._lost(said("gambar “{path}” tidak ditemukan.", path=path[:60]))
                return match[0]
            taken[path.rpartition("/")[2]] = self.files[path]
            return f"{match[1]}@@PLUGINFILE@@/{path.rpartition('/')[2]}{match[3]}"

        SubElement(element, "text").text = _PICTURE.sub(name, markdown)
        for file, content in taken.items():
            entry = SubElement(element, "file", {"name": file, "path": "/", "encoding": "base64"})
            entry.text = base64.b64encode(content).decode()

    # -- the forms -----------------------------------------------------------------------------------------------------

    def choice(self, root: Element) -> None:
        question = self.question
        SubElement(root, "single").text = "true" if question.kind == "single" else "false"
        SubElement(root, "shuffleanswers").text = "false" if question.shuffle is False else "true"
        SubElement(root, "answernumbering").text = "abc"
        shares = shares_of(question)
        if not any(share > 0 for share in shares):
            raise _CannotHold(said("tidak ada pilihan yang bernilai."))
        for option, share in zip(question.options, shares, strict=True):
            answer = SubElement(root, "answer", {"fraction": self._grade(share), "format": "markdown"})
            self.fill(answer, option.text)
            self.text(answer, "feedback", option.feedback, always=True)

    def _grade(self, share: float) -> str:
        percent = min(100.0, max(-100.0, share * 100))
        nearest = min(_GRADES, key=lambda grade: abs(grade - abs(percent)))
        if abs(nearest - abs(percent)) > 0.001 or abs(share) > 1.00001:
            self._lost(
                said(
                    "nilai pilihan {share}% menjadi {nearest}%, yang terdekat di Moodle.",
                    share=f"{share * 100:.4g}",
                    nearest=f"{'-' if percent < 0 else ''}{nearest:g}",
                )
            )
        return ("-" if percent < 0 and nearest else "") + plain_number(nearest)

    def true_false(self, root: Element) -> None:
        question = self.question
        for value in (True, False):
            answer = SubElement(root, "answer", {"fraction": "100" if value == question.truth else "0", "format": "plain_text"})
            SubElement(answer, "text").text = "true" if value else "false"
            self.text(answer, "feedback", question.if_right if value == question.truth else question.if_wrong, always=True)

    def _answers(self, root: Element, texts: list[str]) -> Iterator[Element]:
        for text in texts:
            answer = SubElement(root, "answer", {"fraction": "100", "format": "plain_text"})
            SubElement(answer, "text").text = text
            yield answer
            self.text(answer, "feedback", self.question.if_right, always=True)

    def _otherwise(self, root: Element) -> None:
        if self.question.if_wrong:
            answer = SubElement(root, "answer", {"fraction": "0", "format": "plain_text"})
            SubElement(answer, "text").text = "*"
            self.text(answer, "feedback", self.question.if_wrong)

    def short(self, root: Element) -> None:
        read = [(raw, starred(raw)) for raw in self.question.answers]
        known = [found for _raw, found in read if found]
        if not known:
            raise _CannotHold(said("semua jawabannya pola, dan Moodle tidak mengenal pola."))
        for raw, found in read:
            if found is None:
                self._lost(said("Moodle tidak mengenal pola {raw}.", raw=raw))
        exact = all(one[1] for one in known)
        if not exact and any(one[1] for one in known):
            self._lost(said("huruf besar dan kecil dibedakan untuk semua jawaban atau tidak sama sekali; di sini tidak."))
        SubElement(root, "usecase").text = "1" if exact else "0"
        list(self._answers(root, [text for text, _exact in known]))
        self._otherwise(root)

    def number(self, root: Element) -> None:
        question = self.question
        values = []
        for raw in question.answers:
            read = read_range(raw)
            if read is None:
                raise _CannotHold(said("angka tidak terbaca: {raw}.", raw=raw))
            middle = read.value if read.value is not None else (read.low + read.high) / 2
            values.append((middle, round(read.high - middle, 12)))
            if read.value is None:
                self._lost(
                    said(
                        "rentang {raw} menjadi {middle} dengan toleransi {tolerance}.",
                        raw=raw,
                        middle=plain_number(middle),
                        tolerance=plain_number(values[-1][1]),
                    )
                )
        for answer, (_middle, tolerance) in zip(self._answers(root, [plain_number(one) for one, _t in values]), values, strict=True):
            SubElement(answer, "tolerance").text = plain_number(tolerance)
        self._otherwise(root)
        unit = question.unit
        if unit:
            entry = SubElement(SubElement(root, "units"), "unit")
            SubElement(entry, "multiplier").text = "1"
            SubElement(entry, "unit_name").text = unit
            SubElement(root, "unitgradingtype").text = "0"
            SubElement(root, "unitpenalty").text = "0"
            SubElement(root, "showunits").text = "3"

    def match(self, root: Element) -> None:
        question = self.question
        SubElement(root, "shuffleanswers").text = "false" if question.shuffle is False else "true"
        for left, right in [*((pair.left, pair.right) for pair in question.pairs), *(("", text) for text in question.distractors)]:
            row = SubElement(root, "subquestion", {"format": "markdown"})
            self.fill(row, left)
            words = rich.to_plain(right)
            if words is None:
                raise _CannotHold(said("sisi kanan pasangan di Moodle hanya teks biasa."))
            SubElement(SubElement(row, "answer"), "text").text = words

    def order(self, root: Element) -> None:
        for tag, value in (("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("selectcount", "0"), ("gradingtype", "ALL_ORDERED")):
            SubElement(root, tag).text = value
        SubElement(root, "showgrading").text = "SHOW"
        for at, step in enumerate(self.question.steps, 1):
            answer = SubElement(root, "answer", {"fraction": f"{at}", "format": "markdown"})
            self.fill(answer, step.text)

    def essay(self, root: Element) -> None:
        question = self.question
        upload = question.kind == "upload"
        fewest, most = question.words or (0, 0)
        for tag, value in (
            ("responseformat", "noinline" if upload else "editor"),
            ("responserequired", "0" if upload else "1"),
            ("responsefieldlines", "15"),
            ("minwordlimit", str(fewest or "")),
            ("maxwordlimit", str(most or "")),
            ("attachments", "1" if upload else "0"),
            ("attachmentsrequired", "1" if upload else "0"),
        ):
            SubElement(root, tag).text = value
        rows = [f"- ({plain_number(one.points)}) {one.text}" if one.points is not None else f"- {one.text}" for one in question.rubric]
        self.text(root, "graderinfo", "\n".join(rows))
        if question.answers:
            self._lost(said("contoh jawaban untuk penilai."))

    def nothing_more(self, root: Element) -> None:
        """Gaps stand in the text."""


def _cloze_text(question: Question) -> str:
    """The text with its gaps as Moodle writes them."""
    stem, pieces, at = question.stem, [], 0
    for gap in find_gaps(stem):
        pieces += [stem[at : gap.start], _cloze_gap(gap.wordings, [(one.text, one.right) for one in gap.options])]
        at = gap.end
    return "".join([*pieces, stem[at:]])


def _cloze_gap(wordings: tuple[str, ...], options: list[tuple[str, bool]]) -> str:
    if options:
        rows = [("=" if right else "") + _escaped(plain(text)) for text, right in options]
        return "{1:MULTICHOICE:" + "~".join(rows) + "}"
    ranges = [read_range(raw) for raw in wordings]
    if all(ranges):
        spans = []
        for read in ranges:
            assert read is not None
            middle = read.value if read.value is not None else (read.low + read.high) / 2
            spans.append(f"={plain_number(middle)}:{plain_number(round(read.high - middle, 12))}")
        return "{1:NUMERICAL:" + "~".join(spans) + "}"
    read_all = [starred(raw) for raw in wordings]
    if any(one is None for one in read_all):
        raise _CannotHold(said("ada rumpang dengan pola, dan Moodle tidak mengenal pola."))
    exact = all(one[1] for one in read_all if one)
    rows = ["=" + _escaped(one[0]) for one in read_all if one]
    return "{1:" + ("SHORTANSWER_C" if exact else "SHORTANSWER") + ":" + "~".join(rows) + "}"


def _escaped(text: str) -> str:
    return re.sub(r"([}~=#\\/\"])", r"\\\1", text)


_WRITERS: dict[str, Callable[[_Writer, Element], None]] = {
    "single": _Writer.choice,
    "multiple": _Writer.choice,
    "true_false": _Writer.true_false,
    "short": _Writer.short,
    "number": _Writer.number,
    "match": _Writer.match,
    "order": _Writer.order,
    "cloze": _Writer.nothing_more,
    "essay": _Writer.essay,
    "upload": _Writer.essay,
}
