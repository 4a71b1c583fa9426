"""Makes sure that what was read can be kept: every question is written in the syntax, read again, and must say the same."""

from __future__ import annotations

from dataclasses import fields, replace

from elearn import said
from elearn_quizzes.checking import check
from elearn_quizzes.exchange.bundle import Bundle, Remark, label
from elearn_quizzes.exchange.said import of_problem
from elearn_quizzes.questions import Group, Question, Quiz
from elearn_quizzes.syntax import read_quiz
from elearn_quizzes.writing import write_question

PARTS = {
    "title": said("teks"), "body": said("teks"), "options": said("pilihan"), "answers": said("jawaban"), "pairs": said("pasangan"), "distractors": said("pengecoh"), "steps": said("langkah"),
    "rubric": said("rubrik"), "hint": said("petunjuk"), "explanation": said("pembahasan"), "if_right": said("umpan balik"), "if_wrong": said("umpan balik"), "kind": said("bentuk"),
}  # fmt: skip

# Forms that have parts to be right one by one; in the others all or nothing says nothing.
IN_PARTS = ("multiple", "match", "order", "cloze")


def settle(bundle: Bundle) -> Bundle:
    """The bundle without the questions that the syntax cannot hold; each is named with its reason."""
    remarks = list(bundle.remarks)
    groups = []
    for group in bundle.quiz.groups:
        kept = []
        for question in group.questions:
            many = question.many or question.kind == "multiple"
            whole = question.all_or_nothing and question.kind in IN_PARTS and not question.weighted
            settled = _settled(replace(question, many=many, all_or_nothing=whole))
            if isinstance(settled, str):
                remarks.append(Remark(item=label(question), reason=settled, whole=True))
            else:
                kept.append(settled)
        groups.append(replace(group, questions=tuple(kept)))
    return Bundle(quiz=replace(bundle.quiz, groups=tuple(groups)), files=bundle.files, remarks=remarks)


def _settled(question: Question) -> Question | str:
    """The question as it reads from its own Markdown, or why it does not."""
    quiz, problems = read_quiz(write_question(replace(question, id_derived=False), number=1), meta={})
    read = list(quiz.questions())
    if len(read) != 1:
        return said("teksnya akan terbaca sebagai beberapa soal, atau tidak sebagai soal.")
    again = replace(read[0], id=question.id, id_derived=question.id_derived)
    alone = Quiz(groups=(Group(questions=(again,)),))
    wrong = next((one for one in (*problems, *check(alone, line=1)) if one.severity == "error"), None)
    if wrong:
        return of_problem(wrong)
    changed = [
        one.name for one in fields(Question) if one.compare and words_of(getattr(again, one.name)) != words_of(getattr(question, one.name))
    ]
    if {"title", "body"} & set(changed) and words_of(again.stem) == words_of(question.stem):
        changed = [name for name in changed if name not in ("title", "body")]
    if changed:
        return said("{part} ini tidak dapat ditulis sebagai Soal tanpa berubah.", part=PARTS.get(changed[0], changed[0]))
    return again


def words_of(value: object) -> object:
    """A text for comparing: blanks at the ends of lines and between them do not count."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, tuple):
        return tuple(words_of(one) for one in value)
    if hasattr(value, "__dataclass_fields__"):
        return tuple(words_of(getattr(value, one.name)) for one in fields(value) if one.compare)  # type: ignore[arg-type]
    return value
