"""What an author wrote, as frozen values: a quiz has groups, a group has questions.

Texts are Markdown as written. Lines, and the ``file`` of a question that came from a bank, are for messages only and do not count when
values are compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from elearn_quizzes.rules import Rule
from elearn_quizzes.settings import Settings
from elearn_quizzes.texts import normal
from elearn_quizzes.variants import Parameter

Kind = Literal[
    "single", "multiple", "true_false", "short", "number", "match", "order", "cloze", "essay", "upload", "survey"
]  # fmt: skip
KINDS: tuple[Kind, ...] = ("single", "multiple", "true_false", "short", "number", "match", "order", "cloze", "essay", "upload", "survey")
CHOOSING: frozenset[str] = frozenset({"single", "multiple", "survey"})


def letter_id(number: int) -> str:
    """The id of the n-th thing within a question, from 0: "a" … "z", "aa", "ab" …"""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


@dataclass(frozen=True, kw_only=True)
class Option:
    """A choice. ``weight`` is what stands in its bracket: points, or a percentage if ``percent``; None for x and for nothing."""

    id: str
    text: str
    right: bool = False
    weight: float | None = None
    percent: bool = False
    feedback: str = ""
    line: int = field(default=0, compare=False)
    feedback_line: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two texts that belong together."""

    left: str
    right: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One of the things to put in order."""

    text: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """A line of a rubric; ``points`` is None where the author gave none."""

    text: str
    points: float | None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. Which fields are filled follows from ``kind``.

    single, multiple: ``options``. survey: ``options`` or none, ``many`` for square brackets. true_false: ``truth``. short, number:
    ``answers`` as written, ``unit``. match: ``pairs`` and ``distractors``. order: ``steps`` in the right order. cloze: its gaps stand in
    ``title`` and ``body``. essay, upload: ``rubric``; essay: ``words`` (fewest, most; 0 = no bound), ``answers`` as a model. ``shuffle`` is None where the quiz decides.
    ``hint_cost`` is what opening the hint takes: points, or a percentage of what was earned where the second is true.
    """

    id: str
    kind: Kind
    title: str = ""
    body: str = ""
    points: float = 1.0
    options: tuple[Option, ...] = ()
    many: bool = False
    truth: bool | None = None
    answers: tuple[str, ...] = ()
    unit: str = ""
    pairs: tuple[Pair, ...] = ()
    distractors: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    rubric: tuple[Criterion, ...] = ()
    words: tuple[int, int] | None = None
    all_or_nothing: bool = False
    shuffle: bool | None = None
    competencies: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    level: str = ""
    hint: str = ""
    if_right: str = ""
    if_wrong: str = ""
    explanation: str = ""
    hint_cost: tuple[float, bool] | None = None
    parameters: tuple[Parameter, ...] = ()
    line: int = field(default=0, compare=False)
    body_line: int = field(default=0, compare=False)
    answer_line: int = field(default=0, compare=False)
    explanation_line: int = field(default=0, compare=False)
    id_derived: bool = field(default=False, compare=False)
    file: str = field(default="", compare=False)

    @property
    def stem(self) -> str:
        """Title and body as one text."""
        return f"{self.title}\n\n{self.body}" if self.title and self.body else self.title or self.body

    @property
    def stem_line(self) -> int:
        """The line to count the stem's from, so that those of the body are right whatever stands between it and the title."""
        return max(self.line, self.body_line - 2 * bool(self.title)) if self.body else self.line

    @property
    def weighted(self) -> bool:
        """Whether options carry points or percentages."""
        return any(option.weight is not None for option in self.options)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Questions that belong together. ``draw`` is how many of them are asked; None for all. ``rules`` say by what they
    are drawn, where it is not by chance alone. ``intro`` is a text shared by all. ``source`` names the bank whose questions join its own,
    those with one of ``tags`` where there are any (see ``banks``)."""

    name: str = ""
    intro: str = ""
    draw: int | None = None
    rules: tuple[Rule, ...] = ()
    questions: tuple[Question, ...] = ()
    source: str = ""
    tags: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)
    intro_line: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class Quiz:
    """A quiz file, or the run of questions in a lesson. Questions under no group stand in groups without a name."""

    settings: Settings = field(default_factory=Settings)
    groups: tuple[Group, ...] = ()

    def questions(self) -> Iterator[Question]:
        """All questions in the order of the file."""
        for group in self.groups:
            yield from group.questions


def derived_id(*texts: str) -> str:
    """An id for a question that has none: it survives moving, not rewording."""
    digest = hashlib.sha256("\x1f".join(normal(text) for text in texts).encode()).hexdigest()
    return f"q-{digest[:12]}"


def default_points(kind: Kind, options: tuple[Option, ...] = (), rubric: tuple[Criterion, ...] = ()) -> float:
    """What a question is worth where the author does not say: the most its numbers can give, else 1; a survey nothing."""
    if kind == "survey":
        return 0.0
    weights = [option.weight or 0.0 for option in options if not option.percent and option.weight is not None]
    best = max(weights, default=0.0) if kind == "single" else sum(weight for weight in weights if weight > 0)
    if kind in ("single", "multiple") and best > 0:
        return best
    rubric_points = sum(criterion.points or 0.0 for criterion in rubric)
    return rubric_points if kind in ("essay", "upload") and rubric_points > 0 else 1.0
