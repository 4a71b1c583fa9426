"""A quiz as it is kept with a published version: texts drawn to HTML, keys in the form that marking reads.

What stands here holds the answer keys, and never leaves the server as it is: pages get their texts from ``Item`` field by field.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from html import escape
from typing import Any

from elearn import Placed
from elearn_quizzes.numbers import Range
from elearn_quizzes.rules import Rule
from elearn_quizzes.settings import Settings
from elearn_quizzes.texts import Accepted, words
from elearn_quizzes.variants import Parameter, named

FIRST_GAP = 0xE200  # private-use characters stand for gaps in the drawn text
MOST_READ = 200
_READ: dict[int, tuple[Placed, Published]] = {}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An option. ``share`` is the part of the question's points that choosing it brings: 1.0 for "x", less than 0 for a penalty."""

    id: str
    html: str
    right: bool = False
    share: float = 0.0
    feedback: str = ""

    @property
    def text(self) -> str:
        """Its words alone, for lists that can hold nothing else."""
        return words(self.html)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a question to match or to order, or a gap's place: the id of the choice that belongs to it, or its place (from 1)."""

    id: str
    html: str
    key: str


@dataclass(frozen=True, kw_only=True)
class GapKey:
    """A gap in the text: words to write (``accepted``, or numbers in ``ranges``), or ``choices`` to choose from."""

    id: str
    choices: tuple[Choice, ...] = ()
    answers: tuple[str, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    ranges: tuple[Range, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """A line of a rubric: what to look for, and its points at most."""

    id: str
    html: str
    points: float


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question. ``html`` is what is asked; ``label`` the same in plain words, shortened. ``answers`` are the right wordings as
    written; ``accepted`` and ``ranges`` what marking compares with.

    match: ``rows`` are the left sides, ``choices`` the right ones with the distractors. order: ``rows`` are the steps. cloze: each of
    ``gaps`` has its place in ``html`` (see ``pieces``). essay: ``rubric``, ``words`` (fewest, most; 0 for no bound), ``answers`` as a
    model. survey: ``choices``, ``many`` of them or one, or none. ``parameters`` and ``expressions``: see ``variants``; ``hint_cost`` is
    the share of what was earned that opening the hint takes.
    """

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
    tags: tuple[str, ...] = ()
    level: str = ""
    rows: tuple[Row, ...] = ()
    gaps: tuple[GapKey, ...] = ()
    rubric: tuple[Criterion, ...] = ()
    words: tuple[int, int] = (0, 0)
    many: bool = False
    parameters: tuple[Parameter, ...] = ()
    expressions: tuple[str, ...] = ()
    hint_cost: float = 0.0
    hint: str = ""
    if_right: str = ""
    if_wrong: str = ""
    explanation: str = ""

    @property
    def rich(self) -> bool:
        """Whether its choices hold what a list to choose from cannot: pictures, formulas, tables, paragraphs."""
        return any(mark in choice.html for choice in self.choices for mark in ("<img", "<math", "<p", "<table", "<svg", "<figure", "<ul"))

    @property
    def pieces(self) -> list[tuple[str, GapKey | None]]:
        """What is asked, cut at its gaps: a piece of HTML and the gap behind it, None behind the last."""
        found: list[tuple[str, GapKey | None]] = []
        rest = self.html
        for at, gap in enumerate(self.gaps):
            before, _, rest = rest.partition(chr(FIRST_GAP + at))
            found.append((before, gap))
        return [*found, (rest, None)]

    @property
    def shown(self) -> str:
        """What is asked, to be read and not answered: gaps are drawn as lines with their numbers."""
        return self.html.translate({FIRST_GAP + at: f"[{at + 1}: ……]" for at in range(len(self.gaps))})

    @property
    def as_written(self) -> Item:
        """The question for those who teach: where numbers differ between attempts, their names stand."""
        if not self.expressions:
            return self
        html, label = named(self.html, [escape(one) for one in self.expressions]), named(self.label, self.expressions)
        choices = tuple(replace(one, html=named(one.html, [escape(each) for each in self.expressions])) for one in self.choices)
        return replace(self, html=html, label=label, choices=choices)


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Items of which ``draw`` are asked (None: all), below a text shared by them. Where there are ``rules``, they say which, and ``draw``
    is their sum."""

    name: str = ""
    intro: str = ""
    draw: int | None = None
    items: tuple[Item, ...] = ()
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Published:
    """A quiz of a version. ``whole`` is false for questions within a lesson, where one checks oneself and nothing is counted. ``source`` is
    all of it as its author may write it, and ``pictures`` the address of each picture that it names: for taking it to other systems."""

    settings: Settings = field(default_factory=Settings)
    pools: tuple[Pool, ...] = ()
    whole: bool = False
    source: str = field(default="", repr=False)
    pictures: Mapping[str, str] = field(default_factory=dict, repr=False)

    def items(self) -> Iterator[Item]:
        """All items in the order of the file."""
        for pool in self.pools:
            yield from pool.items

    def item(self, item_id: str) -> Item | None:
        """The item of that id, or None."""
        return next((item for item in self.items() if item.id == item_id), None)

    @cached_property
    def alike(self) -> bool:
        """Whether its questions are surely the same for everybody who reads them."""
        return not any(item.shuffle or item.parameters or item.kind in {"match", "order"} for item in self.items())

    @property
    def count(self) -> int:
        """How many questions an attempt asks."""
        if any(pool.draw for pool in self.pools):
            return sum(pool.draw or len(pool.items) for pool in self.pools)
        return self.settings.draw or sum(1 for _ in self.items())

    @property
    def minutes(self) -> int:
        """The minutes that an attempt takes: its time limit, else one for each question; 0 for questions within a lesson."""
        if not self.whole:
            return 0
        return math.ceil(self.settings.seconds / 60) if self.settings.seconds else self.count

    def to_json(self) -> dict[str, Any]:
        """The quiz in values that JSON knows."""
        return asdict(self)


def quiz_of(placed: Placed) -> Published:
    """The quiz of a block. A published version stays as it is, so it is made of its data once for each block that is kept in memory."""
    known = _READ.get(id(placed))
    if known is None or known[0] is not placed:
        if len(_READ) >= MOST_READ:
            _READ.clear()
        known = _READ[id(placed)] = (placed, published(placed.data))
    return known[1]


def published(data: Mapping[str, Any]) -> Published:
    """The quiz that ``to_json`` wrote."""
    pools = tuple(
        Pool(
            **{**pool, "items": tuple(_item(item) for item in pool["items"]), "rules": tuple(Rule(**one) for one in pool.get("rules", ()))}
        )
        for pool in data["pools"]
    )
    return Published(
        settings=_settings(data["settings"]),
        pools=pools,
        whole=data["whole"],
        source=data.get("source", ""),
        pictures=data.get("pictures", {}),
    )


def _settings(data: Mapping[str, Any]) -> Settings:
    """The settings of a version, whichever release wrote it: what is no setting any more is left out."""
    known = {one.name for one in fields(Settings)}
    return Settings(**{name: value for name, value in data.items() if name in known})


def _item(data: Mapping[str, Any]) -> Item:
    return Item(
        **{
            **data,
            "choices": _choices(data["choices"]),
            "ranges": _ranges(data["ranges"]),
            "rows": tuple(Row(**one) for one in data.get("rows", ())),
            "gaps": tuple(_gap(one) for one in data.get("gaps", ())),
            "rubric": tuple(Criterion(**one) for one in data.get("rubric", ())),
            "parameters": tuple(Parameter(name=one["name"], values=tuple(one["values"])) for one in data.get("parameters", ())),
            **{name: tuple(data.get(name, ())) for name in ("answers", "accepted", "competencies", "tags", "expressions")},
            "words": tuple(data.get("words", (0, 0))),
        }
    )


def _gap(data: Mapping[str, Any]) -> GapKey:
    return GapKey(
        id=data["id"],
        choices=_choices(data["choices"]),
        answers=tuple(data["answers"]),
        accepted=tuple(data["accepted"]),
        ranges=_ranges(data["ranges"]),
    )


def _choices(data: Any) -> tuple[Choice, ...]:
    return tuple(Choice(**choice) for choice in data)


def _ranges(data: Any) -> tuple[Range, ...]:
    return tuple(Range(**one) for one in data)
