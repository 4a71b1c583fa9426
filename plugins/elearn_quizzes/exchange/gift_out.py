"""Writes GIFT, Moodle's plain text for questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from elearn import said
from elearn_quizzes.exchange import rich
from elearn_quizzes.exchange.bundle import Bundle, Remark, label
from elearn_quizzes.exchange.labels import tags_of
from elearn_quizzes.exchange.shares import shares_of
from elearn_quizzes.exchange.wordings import plain_number, starred
from elearn_quizzes.numbers import read_range
from elearn_quizzes.questions import Question

_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\~=#{}:"} | {"\n": "\\n"})


class CannotHold(Exception):
    """Why GIFT holds no such question, as an Indonesian sentence."""


def write_gift(bundle: Bundle) -> tuple[bytes, list[Remark]]:
    """The questions as GIFT by category, and what of them it cannot hold."""
    blocks: list[str] = []
    remarks: list[Remark] = []
    for group in bundle.quiz.groups:
        if group.name or len(bundle.quiz.groups) > 1:
            name = group.name.replace("/", "//")
            blocks.append(f"$CATEGORY: $course$/top{'/' + name if name else ''}")
        if group.intro or group.draw:
            remarks.append(
                Remark(item=group.name or said("Kelompok"), reason=said("GIFT tidak memuat teks bersama dan banyaknya soal yang diambil."))
            )
        for question in group.questions:
            try:
                blocks.append(_block(question))
            except CannotHold as reason:
                remarks.append(Remark(item=label(question), reason=reason.args[0], whole=True))
                continue
            lost = list(_lost(question))
            if lost:
                remarks.append(Remark(item=label(question), reason=said("GIFT tidak memuat {lost}.", lost=lost)))
    return ("\n\n".join(blocks) + "\n").encode(), remarks


def _lost(question: Question) -> Iterator[str]:
    if question.points != 1 and question.kind != "survey":
        yield said("poin")
    if question.hint or question.hint_cost:
        yield said("petunjuk dan biayanya")
    if question.shuffle is not None:
        yield said("acak")
    if question.all_or_nothing:
        yield said("“Penilaian: semua”")
    if question.unit:
        yield said("satuan")
    if question.rubric or question.words or (question.kind == "essay" and question.answers):
        yield said("rubrik, contoh jawaban, dan banyaknya kata")
    if question.kind not in ("true_false", "short", "number") and (question.if_right or question.if_wrong):
        yield said("umpan balik untuk seluruh soal")
    if question.kind == "short" and question.if_wrong:
        yield said("umpan balik bila salah")
    if "](" in question.stem + "".join(option.text for option in question.options):
        yield said("berkas gambar")


def _block(question: Question) -> str:
    if question.parameters:
        raise CannotHold(said("GIFT tidak memuat angka yang berubah untuk tiap peserta."))
    write = _WRITERS.get(question.kind)
    if write is None:
        raise CannotHold(said("GIFT tidak mengenal soal {kind}.", kind=_NAMES[question.kind]))
    marks = [f"[id:{question.id}]"] if not question.id_derived else []
    marks += [f"[tag:{tag.replace(']', ')')}]" for tag in tags_of(question)]
    head = f"// {' '.join(marks)}\n" if marks else ""
    named = "" if question.id_derived else f"::{question.id}::"
    after = f"####{_text(question.explanation)}" if question.explanation else ""
    return f"{head}{named}{_text(question.stem)} {{{write(question)}{after}}}"


def _text(markdown: str) -> str:
    """A text with its form: plain words stand alone, anything else says that it is Markdown."""
    words = rich.to_plain(markdown)
    if words is not None and words == words.strip() and not rich.looks_like_html(words):
        return words.translate(_ESCAPED)
    return "[markdown]" + markdown.translate(_ESCAPED)


def _feedback(text: str) -> str:
    return f"#{_text(text)}" if text else ""


def _choice(question: Question) -> str:
    shares = shares_of(question)
    if max(shares) < (1 - 1e-6 if question.kind == "single" else 1e-6):
        raise CannotHold(said("tidak ada pilihan yang bernilai penuh."))
    rows = []
    for option, share in zip(question.options, shares, strict=True):
        if question.kind == "single":
            sign = "=" if share >= 1 - 1e-6 else "~" if abs(share) < 1e-6 else f"~%{_percent(share)}%"
        else:
            sign = f"~%{_percent(share)}%"
        rows.append(f"\n{sign}{_text(option.text)}{_feedback(option.feedback)}")
    return "".join(rows) + "\n"


def _percent(share: float) -> str:
    return plain_number(round(share * 100, 5))


def _true_false(question: Question) -> str:
    told = f"#{_text(question.if_wrong)}" if question.if_wrong or question.if_right else ""
    return ("TRUE" if question.truth else "FALSE") + told + _feedback(question.if_right)


def _short(question: Question) -> str:
    rows = []
    for raw in question.answers:
        read = starred(raw)
        if read is None:
            raise CannotHold(said("GIFT tidak memuat pola {raw}.", raw=raw))
        if read[1]:
            raise CannotHold(said("GIFT tidak membedakan huruf besar dan kecil: {raw}.", raw=raw))
        words = read[0].translate(_ESCAPED)
        rows.append(f"\n={words}{_feedback(question.if_right)}")
    return "".join(rows) + "\n"


def _number(question: Question) -> str:
    rows = []
    for raw in question.answers:
        read = read_range(raw)
        if read is None:
            raise CannotHold(said("angka tidak terbaca: {raw}.", raw=raw))
        if read.value is None:
            span = f"{plain_number(read.low)}..{plain_number(read.high)}"
        else:
            tolerance = round(read.high - read.value, 12)
            span = plain_number(read.value) + (f":{plain_number(tolerance)}" if tolerance else "")
        rows.append(f"\n={span}{_feedback(question.if_right)}")
    return "#" + "".join(rows) + (f"\n~{_feedback(question.if_wrong)}" if question.if_wrong else "") + "\n"


def _match(question: Question) -> str:
    rows = [(pair.left, pair.right) for pair in question.pairs] + [("", text) for text in question.distractors]
    if any("->" in text for row in rows for text in row):
        raise CannotHold(said("GIFT tidak memuat pasangan yang berisi tanda “->”."))
    return "".join(f"\n={_text(left) if left else ''} -> {_text(right)}" for left, right in rows) + "\n"


_WRITERS: dict[str, Callable[[Question], str]] = {
    "single": _choice,
    "multiple": _choice,
    "true_false": _true_false,
    "short": _short,
    "number": _number,
    "match": _match,
    "essay": lambda question: "",
}
_NAMES = {"order": said("urutan"), "cloze": said("rumpang"), "upload": said("unggah"), "survey": said("survei")}
