"""A quiz as it is kept with a published version: texts drawn to HTML, keys in the form that marking reads.

What stands here holds the answer keys, and never leaves the server as it is: pages get their texts from ``Item`` field by field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from elearn import BlockSource
from elearn_quizzes.numbers import Range, read_range
from elearn_quizzes.questions import Option, Question, Quiz
from elearn_quizzes.settings import Settings
from elearn_quizzes.texts import Accepted, accepted, plain, shortened


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An option. ``share`` is the part of the question's points that choosing it brings: 1.0 for "x", less than 0 for a penalty."""

    id: str
    html: str
    right: bool = False
    share: float = 0.0
    feedback: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question. ``html`` is what is asked; ``label`` the same in plain words, shortened. ``answers`` are the right wordings as
    written; ``accepted`` and ``ranges`` what marking compares with."""

    id: str
    kind: str
    html: str
    label: str
    points: float = 1.0
    choices: tuple[Choice, ...] = ()
    weighted: bool = False
    all_or_nothing: bool = False
    shuffle: bool = False
    truth: bool | None = None
    answers: tuple[str, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    ranges: tuple[Range, ...] = ()
    unit: str = ""
    competencies: tuple[str, ...] = ()
    hint: str = ""
    if_right: str = ""
    if_wrong: str = ""
    explanation: str = ""


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Items of which ``draw`` are asked (None: all), below a text shared by them."""

    name: str = ""
    intro: str = ""
    draw: int | None = None
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Published:
    """A quiz of a version. ``whole`` is false for questions within a lesson, where one checks oneself and nothing is counted."""

    settings: Settings = field(default_factory=Settings)
    pools: tuple[Pool, ...] = ()
    whole: bool = False

    def items(self) -> Iterator[Item]:
        """All items in the order of the file."""
        for pool in self.pools:
            yield from pool.items

    def item(self, item_id: str) -> Item | None:
        """The item of that id, or None."""
        return next((item for item in self.items() if item.id == item_id), None)

    @property
    def count(self) -> int:
        """How many questions an attempt asks."""
        if any(pool.draw for pool in self.pools):
            return sum(pool.draw or len(pool.items) for pool in self.pools)
        return self.settings.draw or sum(1 for _ in self.items())

    def to_json(self) -> dict[str, Any]:
        """The quiz in values that JSON knows."""
        return asdict(self)


def published(data: Mapping[str, Any]) -> Published:
    """The quiz that ``to_json`` wrote."""
    pools = tuple(Pool(**{**pool, "items": tuple(_item(item) for item in pool["items"])}) for pool in data["pools"])
    return Published(settings=Settings(**data["settings"]), pools=pools, whole=data["whole"])


def _item(data: Mapping[str, Any]) -> Item:
    return Item(
        **{
            **data,
            "choices": tuple(Choice(**choice) for choice in data["choices"]),
            "ranges": tuple(Range(**one) for one in data["ranges"]),
            **{name: tuple(data[name]) for name in ("answers", "accepted", "competencies")},
        }
    )


def publish(quiz: Quiz, source: BlockSource) -> Published:
    """Draw all texts of a quiz without errors, and make its keys ready."""
    pools = tuple(
        Pool(
            name=group.name,
            intro=source.markdown(group.intro, line=group.intro_line) if group.intro else "",
            draw=group.draw,
            items=tuple(_publish_item(question, quiz.settings, source) for question in group.questions),
        )
        for group in quiz.groups
    )
    return Published(settings=quiz.settings, pools=pools, whole=source.whole_file)


def _publish_item(question: Question, settings: Settings, source: BlockSource) -> Item:
    def drawn(text: str, line: int) -> str:
        return source.markdown(text, line=line) if text else ""

    return Item(
        id=question.id,
        kind=question.kind,
        html=drawn(question.stem, question.line),
        label=shortened(plain(question.title or question.body.split("\n")[0]), 120),
        points=question.points,
        choices=tuple(_choice(option, question, source) for option in question.options),
        weighted=question.weighted,
        all_or_nothing=question.all_or_nothing,
        shuffle=settings.shuffle_options if question.shuffle is None else question.shuffle,
        truth=question.truth,
        answers=question.answers,
        accepted=tuple(accepted(answer) for answer in question.answers) if question.kind == "short" else (),
        ranges=tuple(found for answer in question.answers if (found := read_range(answer))) if question.kind == "number" else (),
        unit=question.unit,
        competencies=question.competencies,
        hint=drawn(question.hint, question.line),
        if_right=drawn(question.if_right, question.line),
        if_wrong=drawn(question.if_wrong, question.line),
        explanation=drawn(question.explanation, question.explanation_line),
    )


def _choice(option: Option, question: Question, source: BlockSource) -> Choice:
    text = option.text
    return Choice(
        id=option.id,
        html=source.markdown(text, line=option.line, inline="\n" not in text),
        right=option.right,
        share=_share(option, question),
        feedback=source.markdown(option.feedback, line=option.feedback_line) if option.feedback else "",
    )


def _share(option: Option, question: Question) -> float:
    if option.weight is None:
        return 1.0 if option.right else 0.0
    return option.weight / 100 if option.percent else option.weight / (question.points or 1.0)
