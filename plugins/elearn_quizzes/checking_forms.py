"""What is wrong with questions to match, to order, to fill in, to write on, with surveys, and with numbers that differ by attempt."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from elearn_quizzes.faults import Problem, fault
from elearn_quizzes.gaps import find_gaps
from elearn_quizzes.numbers import read_range
from elearn_quizzes.patterns import pattern_fault, written_pattern
from elearn_quizzes.questions import Question
from elearn_quizzes.texts import normal, shortened
from elearn_quizzes.variants import EXPRESSION, MOST_EXPRESSIONS, drawn_values, evaluate, filled_text

MOST_ROWS = 26
TRIALS = 200


def check_form(question: Question, *, whole: bool) -> Iterator[Problem]:
    """The faults of a question's own form. ``whole``: in a quiz file, not within a lesson."""
    if question.kind == "upload" and not whole:
        yield fault(
            "S26", "Soal unggah hanya dapat dipakai di berkas kuis.", "Pindahkan ke berkas dengan “jenis: kuis”.", line=question.line
        )
    yield from _CHECKS.get(question.kind, _nothing)(question)
    yield from _numbers(question)
    if question.hint_cost and not question.hint:
        yield fault("W26", "“Biaya petunjuk:” tanpa “Petunjuk:”.", "Tulis petunjuknya, atau hapus biayanya.", line=question.line)


def _nothing(_question: Question) -> Iterator[Problem]:
    yield from ()


def _match(question: Question) -> Iterator[Problem]:
    if not 2 <= len(question.pairs) <= MOST_ROWS or len(question.pairs) + len(question.distractors) > 2 * MOST_ROWS:
        yield fault("S23", "Soal pasangkan memerlukan 2 sampai 26 pasangan.", "Tambah atau kurangi barisnya.", line=question.line)
    yield from _twice([pair.left for pair in question.pairs], question.line)


def _order(question: Question) -> Iterator[Problem]:
    if not 2 <= len(question.steps) <= MOST_ROWS:
        yield fault("S23", "Soal urutkan memerlukan 2 sampai 26 langkah.", "Tambah atau kurangi barisnya.", line=question.line)
    yield from _twice([step.text for step in question.steps], question.line)


def _twice(texts: list[str], line: int) -> Iterator[Problem]:
    counts = Counter(normal(text) or text for text in texts)
    twice = next((text for text, count in counts.items() if count > 1), None)
    if twice is not None:
        yield fault("S23", "Dua baris berbunyi sama: “{text}”.", "Ubah salah satunya.", line=line, text=shortened(twice, 40))
    if any(not text.strip() for text in texts):
        yield fault("S23", "Ada baris yang kosong.", "Tulis isinya, atau hapus.", line=line)


def _cloze(question: Question) -> Iterator[Problem]:
    for number, gap in enumerate(find_gaps(question.stem), 1):
        if gap.options and sum(option.right for option in gap.options) != 1:
            yield fault(
                "S24",
                "Rumpang {number} harus punya tepat satu pilihan benar.",
                "Tulis misalnya “[[(x) KPK | ( ) BPK]]”.",
                line=question.line,
                number=number,
            )
        if not gap.options and not gap.wordings:
            yield fault("S24", "Rumpang {number} kosong.", "Tulis jawabannya di antara kurung.", line=question.line, number=number)
        for wording in gap.wordings:
            reason = pattern_fault(wording) if written_pattern(wording) else ""
            if reason:
                yield fault(
                    "S13",
                    "Pola “{pattern}” tidak dapat dipakai: {reason}.",
                    "Perbaiki polanya, atau tulis beberapa jawaban dengan “|”.",
                    line=question.line,
                    pattern=shortened(wording, 40),
                    reason=reason,
                )


def _essay(question: Question) -> Iterator[Problem]:
    total = sum(one.points or 0.0 for one in question.rubric)
    if question.rubric and abs(total - question.points) > 1e-9:
        yield fault(
            "W24",
            "Jumlah angka rubrik ({total}) tidak sama dengan poin soal ({points}); nilai dihitung sebanding.",
            "Samakan keduanya, atau hapus baris “Poin:”.",
            line=question.line,
            total=f"{total:g}",
            points=f"{question.points:g}",
        )


def _survey(question: Question) -> Iterator[Problem]:
    if len(question.options) == 1:
        yield fault("S05", "Soal pilihan memerlukan paling sedikit dua pilihan.", "Tambah pilihan.", line=question.line)
    if any(option.right for option in question.options):
        yield fault("W25", "Survei tidak punya jawaban benar; tanda x diabaikan.", "Kosongkan kurungnya.", line=question.line)


def _numbers(question: Question) -> Iterator[Problem]:
    """Expressions that name nothing known, or come to nothing for some of the numbers that may be drawn."""
    texts = (question.stem, *question.answers, *(option.text for option in question.options), question.explanation, question.hint)
    if not question.parameters:
        if any(EXPRESSION.search(answer) for answer in question.answers):
            yield fault(
                "S25", "Jawaban memakai {{…}} tanpa “Parameter:”.", "Tulis misalnya “Parameter: a = 2..9”.", line=question.answer_line
            )
        return
    expressions = {match[1] for text in (*texts, *_others(question)) for match in EXPRESSION.finditer(text)}
    if len(expressions) > MOST_EXPRESSIONS:
        yield fault("S25", "Terlalu banyak rumus dalam satu soal.", "Paling banyak 200.", line=question.line)
        return
    corners = [{one.name: pick(one.values) for one in question.parameters} for pick in (min, max)]
    chance = random.Random(question.id)  # noqa: S311  the same trial at each check
    for values in (*corners, *(drawn_values(question.parameters, chance) for _ in range(TRIALS))):
        try:
            for expression in expressions:
                evaluate(expression, values)
        except ValueError:
            yield fault(
                "S25",
                "Rumus “{expression}” tidak dapat dihitung untuk {values}.",
                "Pakai + - * / ^ ( ), abs, min, max, round, sqrt, dan nama dari “Parameter:”.",
                line=question.line,
                expression=shortened(expression, 60),
                values=", ".join(f"{name} = {value:g}" for name, value in values.items()),
            )
            return
        if question.kind == "number" and not all(read_range(filled_text(answer, values)) for answer in question.answers):
            yield fault("S25", "Jawaban tidak menjadi angka.", "Tulis misalnya “{{a * b}} ± 1%”.", line=question.answer_line)
            return


def _others(question: Question) -> Iterator[str]:
    for pair in question.pairs:
        yield from (pair.left, pair.right)
    yield from question.distractors
    yield from (step.text for step in question.steps)
    yield from (one.text for one in question.rubric)
    yield from (option.feedback for option in question.options)
    yield from (question.if_right, question.if_wrong)


_CHECKS: Mapping[str, Callable[[Question], Iterator[Problem]]] = {
    "match": _match, "order": _order, "cloze": _cloze, "essay": _essay, "upload": _essay, "survey": _survey,
}  # fmt: skip
