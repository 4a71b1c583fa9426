"""Makes a quiz without errors ready to be asked: all texts drawn to HTML, keys in the form that marking reads.

Ids of things that are matched or put in order are given by the hash of their texts: an id must not tell where a thing belongs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from html import escape

from elearn import BlockSource
from elearn_quizzes.gaps import Gap, find_gaps
from elearn_quizzes.numbers import Range, read_range
from elearn_quizzes.pictures import PICTURE
from elearn_quizzes.published import FIRST_GAP, Choice, Criterion, GapKey, Item, Pool, Published, Row
from elearn_quizzes.questions import Option, Question, Quiz, letter_id
from elearn_quizzes.settings import Settings
from elearn_quizzes.texts import Accepted, accepted, plain, shortened
from elearn_quizzes.variants import marked, sample
from elearn_quizzes.writing import write_question, write_quiz

Draw = Callable[..., str]


def publish(quiz: Quiz, source: BlockSource) -> Published:
    """Draw all texts of a quiz without errors, and make its keys ready."""
    pools = tuple(
        Pool(
            name=group.name,
            intro=source.markdown(group.intro, line=group.intro_line) if group.intro else "",
            draw=group.draw,
            items=tuple(_item(question, quiz.settings, source) for question in group.questions),
            rules=group.rules,
        )
        for group in quiz.groups
    )
    return Published(
        settings=quiz.settings, pools=pools, whole=source.whole_file, source=write_quiz(quiz), pictures=_pictures(quiz, source)
    )


def _pictures(quiz: Quiz, source: BlockSource) -> dict[str, str]:
    """The address of each picture that the quiz names, by its path as written."""
    texts = [(write_question(question), question.file) for question in quiz.questions()]
    texts += [(group.intro, "") for group in quiz.groups]
    found = ((path, source.picture(path, file)) for text, file in texts for path in PICTURE.findall(text))
    return {path: address for path, address in found if address}


def _item(question: Question, settings: Settings, source: BlockSource) -> Item:
    expressions: list[str] = []

    def drawn(text: str, line: int, *, inline: bool = False) -> str:
        if not text:
            return ""
        text = marked(text, expressions) if question.parameters else text
        return source.markdown(text, line=line, inline=inline, file=question.file)

    stem = question.stem
    gaps = find_gaps(stem) if question.kind == "cloze" else ()
    choices, rows = _things(question, drawn)
    label = _dots(question.title or question.body.split("\n")[0])
    label = shortened(
        plain(marked(label, expressions) if question.parameters else label), 120
    )  # marked first: "*" is emphasis to ``plain``
    return Item(
        id=question.id,
        kind=question.kind,
        html=drawn(_tokens(stem, gaps), question.stem_line),
        label=label,
        points=question.points,
        choices=choices,
        weighted=question.weighted,
        all_or_nothing=question.all_or_nothing,
        shuffle=settings.shuffle_options if question.shuffle is None else question.shuffle,
        truth=question.truth,
        answers=question.answers,
        accepted=words_of(question.answers) if question.kind == "short" else (),
        ranges=ranges_of(question.answers) if question.kind == "number" else (),
        unit=question.unit,
        competencies=question.competencies,
        tags=question.tags,
        level=question.level,
        rows=rows,
        gaps=tuple(_gap(at, gap) for at, gap in enumerate(gaps)),
        rubric=tuple(
            Criterion(id=letter_id(at), html=drawn(one.text, one.line, inline="\n" not in one.text), points=one.points or 0.0)
            for at, one in enumerate(question.rubric)
        ),
        words=question.words or (0, 0),
        many=question.many,
        hint_cost=_hint_cost(question),
        hint=drawn(question.hint, question.line),
        if_right=drawn(question.if_right, question.line),
        if_wrong=drawn(question.if_wrong, question.line),
        explanation=drawn(question.explanation, question.explanation_line),
        parameters=question.parameters,
        expressions=tuple(expressions),
    )


def _things(question: Question, drawn: Draw) -> tuple[tuple[Choice, ...], tuple[Row, ...]]:
    """What is chosen from, and what is put in rows."""
    if question.kind == "match":
        return _matching(question, drawn)
    if question.kind == "order":
        return (), _steps(question, drawn)
    return tuple(_choice(one, question, drawn) for one in question.options), ()


def _hint_cost(question: Question) -> float:
    cost, percent = question.hint_cost or (0.0, False)
    return min(1.0, cost / 100 if percent else cost / (question.points or 1.0))


def words_of(answers: Iterable[str]) -> tuple[Accepted, ...]:
    """Wordings in the form that marking compares."""
    return tuple(accepted(answer) for answer in answers)


def ranges_of(answers: Iterable[str]) -> tuple[Range, ...]:
    """Numbers in the form that marking compares; answers that still hold expressions have none."""
    return tuple(found for answer in answers if (found := read_range(answer)))


def _opaque(texts: Iterable[str], salt: str) -> dict[str, str]:
    """An id for each text that says nothing about where the author put it."""
    ordered = sorted(set(texts), key=lambda text: hashlib.sha256(f"{salt}\x1f{text}".encode()).hexdigest())
    return {text: letter_id(at) for at, text in enumerate(ordered)}


def _matching(question: Question, drawn: Draw) -> tuple[tuple[Choice, ...], tuple[Row, ...]]:
    rights = _opaque([*(pair.right for pair in question.pairs), *question.distractors], question.id)
    choices = tuple(
        Choice(id=name, html=drawn(text, question.line, inline="\n" not in text))
        for text, name in sorted(rights.items(), key=lambda one: one[1])
    )
    rows = tuple(
        Row(id=str(at), html=drawn(pair.left, pair.line, inline="\n" not in pair.left), key=rights[pair.right])
        for at, pair in enumerate(question.pairs, 1)
    )
    return choices, rows


def _steps(question: Question, drawn: Draw) -> tuple[Row, ...]:
    names = _opaque([step.text for step in question.steps], question.id)
    return tuple(
        Row(id=names[step.text], html=drawn(step.text, step.line, inline="\n" not in step.text), key=str(place))
        for place, step in enumerate(question.steps, 1)
    )


def _tokens(stem: str, gaps: Iterable[Gap]) -> str:
    """The stem with a character in the place of each gap, which Markdown leaves where it is."""
    parts, at = [], 0
    for number, gap in enumerate(gaps):
        parts += [stem[at : gap.start], chr(FIRST_GAP + number)]
        at = gap.end
    return "".join([*parts, stem[at:]])


def _dots(text: str) -> str:
    """A text with dots for its gaps: a label must not tell what belongs there."""
    parts, at = [], 0
    for gap in find_gaps(text):
        parts += [text[at : gap.start], "…"]
        at = gap.end
    return "".join([*parts, text[at:]])


def _gap(at: int, gap: Gap) -> GapKey:
    choices = tuple(
        Choice(id=one.id, html=escape(plain(one.text)), right=one.right, share=1.0 if one.right else 0.0) for one in gap.options
    )
    numeric = bool(gap.wordings) and all(read_range(sample(wording)) for wording in gap.wordings)
    return GapKey(
        id=str(at + 1),
        choices=choices,
        answers=gap.wordings,
        accepted=words_of(gap.wordings) if not numeric else (),
        ranges=ranges_of(gap.wordings) if numeric else (),
    )


def _choice(option: Option, question: Question, drawn: Draw) -> Choice:
    return Choice(
        id=option.id,
        html=drawn(option.text, option.line, inline="\n" not in option.text),
        right=option.right,
        share=_share(option, question),
        feedback=drawn(option.feedback, option.feedback_line),
    )


def _share(option: Option, question: Question) -> float:
    if option.weight is None:
        return 1.0 if option.right else 0.0
    return option.weight / 100 if option.percent else option.weight / (question.points or 1.0)
