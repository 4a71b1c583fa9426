"""What is exchanged with other systems: a quiz, its pictures, and a word on everything that could not come along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from elearn import in_words
from elearn_quizzes.questions import Group, Question, Quiz, default_points, derived_id
from elearn_quizzes.texts import plain, shortened

MOST_BYTES = 50_000_000


class BadFile(ValueError):
    """A file that cannot be read at all; the message is an Indonesian sentence, to be translated by ``text``."""

    def text(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of ``translate``."""
        return in_words(self.args[0], translate)


@dataclass(frozen=True, kw_only=True)
class Remark:
    """What of an item did not come along, and why (an Indonesian sentence). ``whole``: the item was left out.

    Both may be sentences that ``in_words`` translates (see ``said``).
    """

    item: str
    reason: str
    whole: bool = False

    def text(self, translate: Callable[[str], str]) -> str:
        """Both in the language of ``translate``."""
        return f"{in_words(self.item, translate)} – {in_words(self.reason, translate)}"


@dataclass(kw_only=True)
class Bundle:
    """A quiz on its way. ``files`` are its pictures by the relative path that its Markdown names ("media/alur.png")."""

    quiz: Quiz
    files: dict[str, bytes] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


def label(question: Question) -> str:
    """How messages name a question: its id where the author gave one, and the beginning of its text."""
    text = shortened(plain(question.stem.partition("\n\n")[0]), 60)
    return text if question.id_derived or not text else f"{question.id}: {text}"


def as_quiz(groups: Sequence[tuple[str, Sequence[Question]]], *, into: Quiz | None = None) -> Quiz:
    """The questions under the names of their groups ("" for none), every one with an id of its own."""
    seen: set[str] = set()
    made = []
    for name, questions in groups:
        if questions:
            made.append(Group(name=name, questions=tuple(_named(question, seen) for question in questions)))
    return replace(into or Quiz(), groups=tuple(made))


def _named(question: Question, seen: set[str]) -> Question:
    """The question with an id: its own, or one that follows from its text; a number behind it where that is taken."""
    derived = not question.id
    base = question.id or derived_id(question.stem, *(option.text for option in question.options))
    name, number = base, 1
    while name in seen:
        number += 1
        name = f"{base[:60]}-{number}"
    seen.add(name)
    return replace(question, id=name, id_derived=derived and name == base)


def with_stem(question: Question, text: str) -> Question:
    """The question with this text: its first line becomes the title where it is a paragraph of its own, the rest the body."""
    first, _blank, rest = text.strip().partition("\n\n")
    single = "\n" not in first and len(first) <= 300 and not first.startswith(("#", ">", "-", "*", "+", "`", "|", "<", "!", "$"))
    return replace(question, title=first if single else "", body=rest.strip() if single else text.strip())


def with_points(question: Question, points: float | None) -> Question:
    """The question worth so many points; what its form is worth by itself where nothing is given."""
    if question.kind == "survey" or not points or points <= 0:
        return replace(question, points=default_points(question.kind, question.options, question.rubric))
    return replace(question, points=round(min(points, 1000.0), 5))
