"""Writes questions in the canonical form of the syntax: what is written reads back as the same question."""

from __future__ import annotations

from collections.abc import Iterator

from elearn_quizzes.keywords import TYPE_WORDS
from elearn_quizzes.kinds import key_to_nothing, shown_kind
from elearn_quizzes.lines import code_after
from elearn_quizzes.lists import begins_list
from elearn_quizzes.numbers import number_text, read_range
from elearn_quizzes.questions import Group, Option, Question, Quiz, default_points
from elearn_quizzes.settings import written_settings
from elearn_quizzes.variants import Parameter, sample


def write_quiz(quiz: Quiz, *, whole: bool = True) -> str:
    """A quiz as a file; with its front matter where it is ``whole``."""
    pieces = []
    if whole:
        head = "\n".join(f"{key}: {_yaml(value)}" for key, value in {"jenis": "kuis", **written_settings(quiz.settings)}.items())
        pieces.append(f"---\n{head}\n---")
    number = 0
    for at, group in enumerate(quiz.groups):
        if at or group.name or group.draw or group.intro or group.source:
            pieces.append(_group(group))
        for question in group.questions:
            number += 1
            pieces.append(write_question(question, number=number))
    return "\n\n".join(pieces) + "\n"


def _yaml(value: str) -> str:
    """A value as YAML reads it: in quotes where it is no plain word."""
    plain = value.replace(" ", "").replace("-", "").replace("%", "").replace(",", "").isalnum() and value[0] not in "-%,"
    return value if plain else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _group(group: Group) -> str:
    lines = [f"# Kelompok: {group.name}" if group.name else "# Kelompok"]
    if group.rules:
        lines += [f"Ambil: {rule.written()}" for rule in group.rules]
    elif group.draw:
        lines.append(f"Ambil: {group.draw}")
    if group.source:
        lines.append(f"Sumber: {group.source}")
        lines += [f"Tag: {', '.join(group.tags)}"] if group.tags else []
    return "\n".join(lines) + (f"\n\n{group.intro}" if group.intro else "")


def write_question(question: Question, *, number: int = 0, level: int = 2) -> str:
    """One question under its heading of that level, without a line break at the end."""
    heading = " ".join(part for part in ("#" * level, "Soal", str(number or "")) if part)
    blocks = [f"{heading}: {question.title}" if question.title else heading]
    apart = _ends_in_list(question.body) and bool(question.options)
    if not question.id_derived and not apart:
        blocks[0] += f"\n<!-- id: {question.id} -->"
    if question.body:
        blocks.append(question.body)
    if apart:
        blocks.append(f"<!-- id: {question.id} -->")
    blocks += [block for block in (_things(question), "\n".join(keyword_lines(question)).strip("\n")) if block]
    if question.explanation:
        blocks.append(f"Pembahasan: {question.explanation}")
    return "\n\n".join(blocks)


def _ends_in_list(body: str) -> bool:
    """Whether a list below the body would be read as going on with the body's own."""
    code, last = "", False
    for line in body.split("\n"):
        was, code = code, code_after(line, code)
        if was or code:
            last = last and line.startswith("  ")
        elif begins_list(line):
            last = True
        elif line.strip() and not line.startswith("  "):
            last = False
    return last


def _item(marker: str, text: str) -> str:
    return f"{marker} " + text.replace("\n", "\n" + " " * (len(marker) + 1)) if text else marker


def _unblank(text: str) -> str:
    """Without spaces on lines that hold nothing else."""
    return "\n".join(line if line.strip() else "" for line in text.split("\n"))


def _things(question: Question) -> str:
    """Options, pairs or steps, with the word that announces them where one is needed."""
    if question.options:
        brackets = "[]" if question.many or question.kind == "multiple" else "()"
        return _unblank("\n".join(_option(option, brackets) for option in question.options))
    if question.kind == "match":
        rows = [_item("-", f"{pair.left} => {pair.right}") for pair in question.pairs]
        rows += [_item("-", f"=> {text}") for text in question.distractors]
        return _unblank("Pasangkan:\n" + "\n".join(rows))
    if question.kind == "order":
        return _unblank("Urutkan:\n" + "\n".join(_item(f"{at}.", step.text) for at, step in enumerate(question.steps, 1)))
    return ""


def _option(option: Option, brackets: str) -> str:
    mark = "x" if option.right else " "
    if option.weight is not None:
        mark = _plain(option.weight) + ("%" if option.percent else "")
    text = _item("-", f"{brackets[0]}{mark}{brackets[1]} {option.text}")
    if option.feedback:
        text += "\n" + "\n".join(f"  > {line}".rstrip() for line in option.feedback.split("\n"))
    return text


def _plain(value: float) -> str:
    """A number without groups of thousands, as boxes hold it."""
    return number_text(value).replace(".", "")


def keyword_lines(question: Question) -> Iterator[str]:
    """The lines "Poin: 2" and the like, without the explanation."""
    kind = question.kind
    named = {"essay": "esai", "upload": "unggah", "survey": "survei"}.get(kind, "")
    if kind in ("short", "number") and (
        shown_kind(question.answers, has_gaps=False) != kind or key_to_nothing(question.stem, question.answers)
    ):
        named = TYPE_WORDS[kind]
    if named:
        yield f"Tipe: {named}"
    yield from (f"Parameter: {written_parameter(one)}" for one in question.parameters)
    if kind == "true_false":
        yield f"Jawaban: {'Benar' if question.truth else 'Salah'}"
    elif question.answers:
        yield f"Jawaban: {' | '.join(question.answers)}"
    ranges = [read_range(sample(answer)) for answer in question.answers]
    if question.unit and question.unit != next((found.unit for found in ranges if found and found.unit), ""):
        yield f"Satuan: {question.unit}"
    if question.words is not None:
        fewest, most = question.words
        yield f"Kata: {f'{fewest}-{most or str()}' if fewest or not most else f'maks {most}'}"
    if kind != "survey" and question.points != default_points(kind, question.options, question.rubric):
        yield f"Poin: {_plain(question.points)}"
    if question.all_or_nothing:
        yield "Penilaian: semua"
    if question.shuffle is not None:
        yield f"Acak: {'ya' if question.shuffle else 'tidak'}"
    for word, names in (("Kompetensi", question.competencies), ("Tag", question.tags)):
        if names:
            yield f"{word}: {', '.join(names)}"
    if question.legal_basis:
        yield f"Dasar: {'; '.join(question.legal_basis)}"
    texts = (("Tingkat", question.level), ("Petunjuk", question.hint), ("Jika-benar", question.if_right), ("Jika-salah", question.if_wrong))
    for word, text in texts:
        if text:
            yield f"{word}: {text}"
            if "\n" in text:
                yield ""
    if question.hint_cost is not None:
        yield f"Biaya petunjuk: {_plain(question.hint_cost[0])}{'%' if question.hint_cost[1] else ''}"
    if question.rubric:
        rows = (_item("-", f"({_plain(one.points)}) {one.text}" if one.points is not None else one.text) for one in question.rubric)
        yield _unblank("\nRubrik:\n" + "\n".join(rows))


def written_parameter(parameter: Parameter) -> str:
    """A parameter as an author writes it: a range where its values are evenly spaced, else all of them."""
    values = parameter.values
    step = round(values[1] - values[0], 9) if len(values) > 2 else 0.0
    if step > 0 and all(abs(values[0] + at * step - value) < 1e-9 for at, value in enumerate(values)):
        pace = "" if step == 1 else f" langkah {number_text(step)}"
        return f"{parameter.name} = {number_text(values[0])}..{number_text(values[-1])}{pace}"
    return parameter.written()
