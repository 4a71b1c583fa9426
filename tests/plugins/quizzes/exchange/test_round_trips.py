"""Through any format and back a question says the same, or is named with what it lost."""

import re
from collections import Counter
from dataclasses import fields, is_dataclass
from functools import lru_cache, partial

import pytest
from bs4 import BeautifulSoup
from elearn_quizzes.exchange import aiken, gift_in, gift_out, markdown, moodle_in, moodle_out, plain_json, rich, sheet
from elearn_quizzes.exchange.bundle import Bundle, label
from elearn_quizzes.exchange.formats import read_bytes
from elearn_quizzes.exchange.qti.reading import read_qti
from elearn_quizzes.exchange.qti.writing import write_qti
from elearn_quizzes.exchange.settling import settle
from elearn_quizzes.exchange.shares import shares_of
from elearn_quizzes.exchange.taking import packed
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
    "qti2": (partial(write_qti, version="2.1"), read_qti),
    "qti3": (partial(write_qti, version="3.0"), read_qti),
    "csv": (sheet.write_table, lambda data: sheet.read_table(data.decode("utf-8-sig"))),
}
# What follows from the rest, or is one of several ways to say the same.
SAYS = [one.name for one in fields(Question) if one.compare and one.name not in ("id", "title", "body", "options", "answers")]


@lru_cache(maxsize=5_000)
def drawn(text: str):
    """A text as it is shown: its words, and how often each mark, list, table or formula that holds something stands in it. A heading counts
    as bold words."""
    soup = BeautifulSoup(rich.to_html(text), "html.parser")
    full = [one for one in soup.find_all() if one.name in (*THINGS, "td", "th") or one.get_text(strip=True) or one.find(THINGS)]
    marks = Counter("strong" if one.name[0] == "h" else one.name for one in full if one.name not in ("p", "br", "span", "div"))
    words = " ".join(soup.get_text().split())
    return (words, sorted(marks.items())) if words or soup.find(THINGS) else ("", [])


THINGS = ("img", "math")


def worded(text: str):
    """The letters of a text without what stands between, its pictures, formulas and tables: what stays even where the Markdown is odd (a heading behind blanks, half a
    quote)."""
    words, marks = drawn(text)
    return re.sub(r"\W+", "", words), [(name, times) for name, times in marks if name in (*THINGS, "table")]


def said(value, draw):
    """A value with its texts as they are shown."""
    if is_dataclass(value):
        value = tuple(getattr(value, one.name) for one in fields(value) if one.compare)
    if isinstance(value, tuple):
        return tuple(said(one, draw) for one in value)
    return draw(value) if isinstance(value, str) else value


def meaning(question: Question, draw=drawn):
    """What a question says, however it is written."""
    shares = [round(share, 3) for share in shares_of(question)] if question.options and question.kind != "survey" else []
    options = [(said(option.text, draw), said(option.feedback, draw)) for option in question.options]
    ranges = [read_range(answer) for answer in question.answers]
    answers = (
        [(round(one.low, 9), round(one.high, 9)) for one in ranges if one]
        if all(ranges) and question.kind == "number"
        else [accepted(answer) for answer in question.answers]
    )
    rest = {name: said(getattr(question, name), draw) for name in SAYS}
    return question.kind, said(question.stem, draw), options, shares, answers, rest


def through(bundle: Bundle, name: str):
    """The bundle written and read again, with everything that was said on the way."""
    write, read = FORMATS[name]
    data, remarks = write(bundle)
    again = settle(read(data))
    return again, remarks


def same_or_named(bundle: Bundle, name: str, draw=drawn) -> tuple[int, int]:
    """How many came back the same, and how many were named."""
    again, remarks = through(bundle, name)
    written = list(bundle.quiz.questions())
    named = {remark.item for remark in (*remarks, *again.remarks)}
    found = [meaning(question, draw) for question in again.quiz.questions()]
    same = sum(meaning(question, draw) in found for question in written)
    lost = [
        question
        for question in written
        if meaning(question, draw) not in found and not any(item.replace("\\", "").endswith(label(question)) for item in named)
    ]
    assert not lost, (
        lost[0],
        [one for one in again.quiz.questions() if one.kind == lost[0].kind],
        str(FORMATS[name][0](bundle)[0][:1500]),
        again.remarks,
    )
    return same, len(written) - same


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILE)
def test_nothing_is_lost_in_silence(name, text):
    bundle = settle(markdown.read_markdown(text))
    same_or_named(bundle, name, draw=worded)


@settings(max_examples=150, deadline=None, derandomize=True)
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


@pytest.mark.parametrize("ending", [".moodle.xml", ".qti.zip", ".qti3.zip"])
def test_characters_that_no_xml_may_hold_spoil_no_file(ending):
    text = b"## Soal 1: Kota\x0bmana?\n- (x) Jak\x0barta\n- ( ) Bogor\n\n## Soal 2\nIsi [[(x)\x17 KPK | ( ) BPK]] ini.\n"
    _name, data, _remarks = packed(read_bytes("soal.md", text), ending, name="soal")
    assert len(list(read_bytes(f"soal{ending}", data).quiz.questions())) == 2
