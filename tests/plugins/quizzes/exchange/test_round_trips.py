"""Through any format and back a question says the same, or is named with what it lost."""

from dataclasses import fields

import pytest
from elearn_quizzes.exchange import aiken, gift_in, gift_out, markdown, moodle_in, moodle_out, plain_json, rich, sheet
from elearn_quizzes.exchange.bundle import Bundle, label
from elearn_quizzes.exchange.settling import settle, words_of
from elearn_quizzes.exchange.shares import shares_of
from elearn_quizzes.numbers import read_range
from elearn_quizzes.questions import Question
from elearn_quizzes.texts import accepted
from hypothesis import HealthCheck, given, settings

from tests.plugins.quizzes.test_round_trip import COURSES, FILE, FORMS

FORMATS = {
    "json": (plain_json.write_json, lambda data: plain_json.read_json(data.decode())),
    "gift": (gift_out.write_gift, lambda data: gift_in.read_gift(data.decode())),
    "aiken": (aiken.write_aiken, lambda data: aiken.read_aiken(data.decode())),
    "moodle": (moodle_out.write_moodle, moodle_in.read_moodle),
    "csv": (sheet.write_table, lambda data: sheet.read_table(data.decode("utf-8-sig"))),
}
# What follows from the rest, or is one of several ways to say the same.
SAYS = [one.name for one in fields(Question) if one.compare and one.name not in ("id", "title", "body", "options", "answers")]


def said(value):
    """A value with its words as they are shown: an escaped sign is that sign."""
    if isinstance(value, tuple):
        return tuple(said(one) for one in value)
    return words_of(rich.to_plain(value) or value) if isinstance(value, str) else value


def meaning(question: Question):
    """What a question says, however it is written."""
    shares = [round(share, 3) for share in shares_of(question)] if question.options and question.kind != "survey" else []
    options = [(said(option.text), said(option.feedback)) for option in question.options]
    ranges = [read_range(answer) for answer in question.answers]
    answers = (
        [(one.low, one.high) for one in ranges if one]
        if all(ranges) and question.kind == "number"
        else [accepted(answer) for answer in question.answers]
    )
    rest = {name: said(words_of(getattr(question, name))) for name in SAYS}
    return question.kind, said(question.stem), options, shares, answers, rest


def through(bundle: Bundle, name: str):
    """The bundle written and read again, with everything that was said on the way."""
    write, read = FORMATS[name]
    data, remarks = write(bundle)
    again = settle(read(data))
    return again, remarks


def same_or_named(bundle: Bundle, name: str) -> tuple[int, int]:
    """How many came back the same, and how many were named."""
    again, remarks = through(bundle, name)
    written = list(bundle.quiz.questions())
    named = {remark.item for remark in (*remarks, *again.remarks)}
    found = [meaning(question) for question in again.quiz.questions()]
    same = sum(meaning(question) in found for question in written)
    lost = [question for question in written if meaning(question) not in found and label(question) not in named]
    assert not lost, (
        lost[0],
        [one for one in again.quiz.questions() if one.kind == lost[0].kind],
        FORMATS[name][0](bundle)[0].decode(),
        again.remarks,
    )
    return same, len(written) - same


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILE)
def test_nothing_is_lost_in_silence(name, text):
    bundle = settle(markdown.read_markdown(text))
    same_or_named(bundle, name)


@settings(max_examples=200, deadline=None)
@given(FILE)
def test_json_is_without_loss(text):
    bundle = settle(markdown.read_markdown(text))
    again, remarks = through(bundle, "json")
    assert (again.quiz, remarks, again.remarks) == (bundle.quiz, [], [])


@pytest.mark.parametrize("name", FORMATS)
def test_the_bundled_courses_go_through(name):
    same = other = 0
    for path in COURSES:
        found = same_or_named(settle(markdown.read_markdown(path.read_text("utf-8"))), name)
        same, other = same + found[0], other + found[1]
    print(f"{name}: {same} the same, {other} named")
    assert same + other > 60
    assert name not in ("json", "moodle", "csv") or same > 0.8 * (same + other)


def test_every_form_goes_through_json():
    bundle = settle(markdown.read_markdown(FORMS))
    again, remarks = through(bundle, "json")
    assert (again.quiz, remarks) == (bundle.quiz, [])
