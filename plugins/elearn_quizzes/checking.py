"""What is wrong with a quiz that can be read: questions nobody could answer (errors), and those that give themselves away (warnings)."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator

from elearn_quizzes.checking_forms import check_form
from elearn_quizzes.faults import Problem, fault
from elearn_quizzes.patterns import pattern_fault, written_pattern
from elearn_quizzes.questions import Group, Question, Quiz
from elearn_quizzes.rules import chosen
from elearn_quizzes.texts import normal, plain, shortened

MOST_QUESTIONS, MOST_OPTIONS, LONGEST_OPTION = 2_000, 26, 2_000
_ALL_ABOVE = re.compile(r"\b(semua|seluruh|tidak ada|bukan salah satu|all|none)\b.*\b(di ?atas|tersebut|above)\b", re.IGNORECASE)


def check(quiz: Quiz, *, line: int, whole: bool = True) -> Iterator[Problem]:
    """All faults of the quiz, in the order of its questions; ``line`` is where it begins, ``whole`` whether it is a file of its own."""
    questions = list(quiz.questions())
    if not questions:
        yield fault("S17", "Kuis ini tidak memuat soal.", "Tulis “## Soal 1: …”.", line=line)
    if len(questions) > MOST_QUESTIONS:
        yield fault("S20", "Lebih dari 2.000 soal dalam satu kuis.", "Bagi menjadi beberapa kuis.", line=line)
    seen: dict[str, int] = {}
    for question in questions:
        if question.id in seen:
            yield fault(
                "S15",
                "Id “{id}” sudah dipakai soal pada baris {other}.",
                "Beri id lain, atau ubah soalnya bila keduanya sama.",
                line=question.line,
                id=question.id,
                other=seen[question.id],
            ).at(file=question.file)
        seen.setdefault(question.id, question.line)
        shuffled = quiz.settings.shuffle_options if question.shuffle is None else question.shuffle
        for one in (*_question(question, shuffled=shuffled), *check_form(question, whole=whole)):
            yield one.at(file=question.file) if question.file else one
    for group in quiz.groups:
        yield from _group(group)
    draw = quiz.settings.draw
    if draw and any(group.draw for group in quiz.groups):
        yield fault("W23", "“ambil” di kepala berkas tidak dipakai karena kelompok punya “Ambil:” sendiri.", "Hapus salah satunya.", line=1)
    elif draw and draw > len(questions):
        yield fault(
            "S21",
            "Diambil {draw} soal, padahal hanya ada {count}.",
            "Kurangi “ambil”, atau tambah soal.",
            line=1,
            draw=draw,
            count=len(questions),
        )


def _group(group: Group) -> Iterator[Problem]:
    if group.draw and group.draw > len(group.questions):
        yield fault(
            "S21",
            "Kelompok “{name}” mengambil {draw} soal, padahal hanya ada {count}.",
            "Kurangi “Ambil:”, atau tambah soal.",
            line=group.line,
            name=shortened(group.name, 40),
            draw=group.draw,
            count=len(group.questions),
        )
    elif group.rules and chosen(group.rules, group.questions, random.Random(0)) is None:  # noqa: S311  any choice will do
        yield fault(
            "S21",
            "Kelompok “{name}” tidak punya cukup soal untuk “Ambil: {rules}”.",
            "Kurangi “Ambil:”, atau beri tag, kompetensi, atau tingkat yang sama pada lebih banyak soal.",
            line=group.line,
            name=shortened(group.name, 40),
            rules="; ".join(rule.written() for rule in group.rules),
        )


def _question(question: Question, *, shuffled: bool) -> Iterator[Problem]:
    if not question.stem.strip():
        yield fault("S01", "Soal ini tidak punya pertanyaan.", "Tulis pertanyaannya sesudah “Soal:” atau di bawahnya.", line=question.line)
    if question.kind in ("single", "multiple"):
        yield from _options(question, shuffled=shuffled)
    for answer in question.answers:
        reason = pattern_fault(answer) if question.kind == "short" and written_pattern(answer) else ""
        if reason:
            yield fault(
                "S13",
                "Pola “{pattern}” tidak dapat dipakai: {reason}.",
                "Perbaiki polanya, atau tulis beberapa jawaban dengan “|”.",
                line=question.answer_line,
                pattern=shortened(answer, 40),
                reason=reason,
            )


def _options(question: Question, *, shuffled: bool) -> Iterator[Problem]:
    options = question.options
    right = [option for option in options if option.right]
    if len(options) < 2:
        yield fault("S05", "Soal pilihan memerlukan paling sedikit dua pilihan.", "Tambah pilihan.", line=question.line)
        return
    if len(options) > MOST_OPTIONS:
        yield fault("S05", "Lebih dari 26 pilihan.", "Kurangi pilihannya.", line=question.line)
    if not right:
        yield fault("S06", "Belum ada pilihan yang ditandai benar.", "Tulis “x” di dalam kurung pilihan yang benar.", line=question.line)
    if question.kind == "single" and not question.weighted and len(right) > 1:
        yield fault(
            "S07", "Dua pilihan ditandai benar pada soal satu jawaban ( ).", "Pakai [ ] bila boleh lebih dari satu.", line=right[1].line
        )
    for option in options:
        if not option.text.strip():
            yield fault("S08", "Pilihan ini kosong.", "Tulis isinya, atau hapus.", line=option.line)
        if len(option.text) > LONGEST_OPTION:
            yield fault("S08", "Pilihan ini terlalu panjang.", "Ringkas menjadi paling banyak 2.000 huruf.", line=option.line)
    if question.kind == "multiple" and len(right) == len(options):
        yield fault("W08", "Semua pilihan benar.", "Tambah pengecoh, atau periksa tandanya.", line=question.line)
    twice = [text for text, count in Counter(normal(option.text) or option.text for option in options).items() if count > 1]
    if twice:
        yield fault("W09", "Dua pilihan berbunyi sama: “{text}”.", "Ubah salah satunya.", line=question.line, text=shortened(twice[0], 40))
    if shuffled and any(_ALL_ABOVE.search(option.text) for option in options):
        yield fault("W11", "“Semua di atas” kehilangan arti bila pilihan diacak.", "Tulis “Acak: tidak” pada soal ini.", line=question.line)
    if question.kind == "single" and len(right) == 1:
        others = [len(plain(option.text)) for option in options if not option.right]
        if len(plain(right[0].text)) > 40 and len(plain(right[0].text)) > 2 * max(others):
            yield fault(
                "W12", "Jawaban benar lebih dari dua kali lebih panjang daripada pengecohnya.", "Samakan panjangnya.", line=right[0].line
            )
