"""Aiken: single choice in plain lines, "A. …" to "Z. …" and "ANSWER: B"."""

from __future__ import annotations

import re

from elearn import said
from elearn_quizzes.exchange import rich
from elearn_quizzes.exchange.bundle import Bundle, Remark, as_quiz, label, with_points, with_stem
from elearn_quizzes.exchange.shares import options_of
from elearn_quizzes.questions import Question
from elearn_quizzes.texts import shortened

_OPTION = re.compile(r"^\s*([A-Z])[.)]\s+(\S.*)$")
_ANSWER = re.compile(r"^\s*ANSWER:\s*([A-Z])\s*$", re.IGNORECASE)


def read_aiken(text: str) -> Bundle:
    """The questions of a file; what is no question is named."""
    questions: list[Question] = []
    remarks: list[Remark] = []
    stem: list[str] = []
    options: list[tuple[str, str]] = []
    for line in [*text.split("\n"), ""]:
        option, answer = _OPTION.match(line), _ANSWER.match(line)
        if answer:
            found = _question(stem, options, answer[1].upper(), remarks)
            if found:
                questions.append(found)
            stem, options = [], []
        elif option and stem and option[1] == chr(ord("A") + len(options)):
            options.append((option[1], option[2].strip()))
        elif line.strip() and options:
            options[-1] = (options[-1][0], f"{options[-1][1]} {line.strip()}")
        elif line.strip() or stem:
            stem.append(line.rstrip())
    if any(line.strip() for line in stem):
        remarks.append(_left("\n".join(stem), said("tidak ada baris “ANSWER:” di bawahnya.")))
    return Bundle(quiz=as_quiz([("", questions)]), remarks=remarks)


def _question(stem: list[str], options: list[tuple[str, str]], key: str, remarks: list[Remark]) -> Question | None:
    text = "\n".join(stem).strip()
    if not text or len(options) < 2 or key not in [letter for letter, _text in options]:
        reason = (
            said("tidak ada teks soal.")
            if not text
            else said("kurang dari dua pilihan.")
            if len(options) < 2
            else said("tidak ada pilihan {key}.", key=key)
        )
        remarks.append(_left(text, reason))
        return None
    shares = [1.0 if letter == key else 0.0 for letter, _text in options]
    made = options_of([(rich.from_plain(one), "") for _letter, one in options], shares, many=False)
    return with_points(with_stem(Question(id="", kind="single", options=made), rich.from_plain(text)), None)


def _left(text: str, reason: str) -> Remark:
    first = text.strip().partition("\n")[0]
    return Remark(item=shortened(first, 60), reason=reason, whole=True)


def write_aiken(bundle: Bundle) -> tuple[bytes, list[Remark]]:
    """The single choice questions as Aiken, and what of them and of the others it cannot hold."""
    blocks: list[str] = []
    remarks: list[Remark] = []
    for question in bundle.quiz.questions():
        name = label(question)
        lines = _lines(question)
        if isinstance(lines, str):
            remarks.append(Remark(item=name, reason=lines, whole=True))
            continue
        lost = [
            word
            for word, value in (
                (said("pembahasan"), question.explanation),
                (said("umpan balik"), any(option.feedback for option in question.options) or question.if_right or question.if_wrong),
                (said("petunjuk"), question.hint),
                (said("label"), question.tags or question.competencies or question.level or question.legal_basis),
                (said("poin"), question.points != 1),
                (said("acak"), question.shuffle is not None),
                (said("id"), not question.id_derived),
            )
            if value
        ]
        if lost:
            remarks.append(Remark(item=name, reason=said("Aiken tidak memuat {lost}.", lost=lost)))
        blocks.append("\n".join(lines))
    return ("\n\n".join(blocks) + "\n").encode(), remarks


def _lines(question: Question) -> list[str] | str:
    """The lines of a question, or why there are none."""
    if question.kind != "single" or question.weighted:
        return said("Aiken hanya memuat pilihan ganda dengan satu jawaban benar.")
    if question.parameters:
        return said("Aiken tidak memuat angka yang berubah.")
    texts = [rich.to_plain(text.replace("\n", " ")) for text in (*([question.stem]), *(option.text for option in question.options))]
    if any(text is None for text in texts):
        return said("Aiken hanya memuat teks biasa, tanpa gambar, tabel, atau huruf tebal.")
    lines = [" ".join(str(texts[0]).split())]
    if _OPTION.match(lines[0]) or _ANSWER.match(lines[0]):
        return said("teks soal ini akan terbaca sebagai pilihan.")
    lines += [f"{chr(ord('A') + at)}. {' '.join(str(text).split())}" for at, text in enumerate(texts[1:])]
    key = next(chr(ord("A") + at) for at, option in enumerate(question.options) if option.right)
    return [*lines, f"ANSWER: {key}"]
