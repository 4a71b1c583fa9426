"""The further forms: each formula against its definition for any answer, and what people mark."""

import itertools
import random

import pytest
from elearn_quizzes import answers, grading, human
from elearn_quizzes.asked import as_drawn
from elearn_quizzes.doubts import doubt
from elearn_quizzes.drawing import draw, draw_one
from elearn_quizzes.numbers import read_range
from elearn_quizzes.published import Choice, Criterion, GapKey, Item, Pool, Published, Row
from elearn_quizzes.rules import Rule, chosen
from elearn_quizzes.texts import accepted
from elearn_quizzes.variants import evaluate, filled_text, read_parameters
from hypothesis import given
from hypothesis import strategies as st


def item(kind, **more):
    return Item(id="s", kind=kind, html="?", label="?", **more)


def letters(count):
    return [chr(97 + at) for at in range(count)]


def matching(count, distractors=1, **more):
    names = letters(count + distractors)
    return item(
        "match",
        choices=tuple(Choice(id=name, html=name.upper()) for name in names),
        rows=tuple(Row(id=str(at + 1), html=f"baris {at}", key=names[at]) for at in range(count)),
        **more,
    )


def ordering(count, **more):
    names = letters(count)
    return item("order", rows=tuple(Row(id=name, html=name, key=str(at)) for at, name in enumerate(names, 1)), **more)


GAPS = item(
    "cloze",
    gaps=(
        GapKey(id="1", answers=("30",), ranges=(read_range("30 hari"),)),
        GapKey(id="2", choices=(Choice(id="a", html="KPK", right=True), Choice(id="b", html="BPK"))),
        GapKey(id="3", answers=("UPG", "/upg .*/i"), accepted=(accepted("UPG"), accepted("/upg .*/i"))),
    ),
)


def share(thing, answer, **more):
    return grading.grade(thing, answers.clean(thing, answer), **more).share


@given(st.integers(1, 8).flatmap(lambda count: st.tuples(st.just(count), st.lists(st.integers(0, count), min_size=count, max_size=count))))
def test_matching_is_right_pairs_of_all_pairs(case):
    count, picked = case
    names = letters(count + 1)
    given_ = [f"{at + 1}:{names[pick]}" for at, pick in enumerate(picked)]
    right = sum(at == pick for at, pick in enumerate(picked))
    assert share(matching(count), given_) == pytest.approx(right / count, abs=1e-6)
    assert share(matching(count, all_or_nothing=True), given_) == float(right == count)


@given(st.integers(2, 7).flatmap(lambda count: st.tuples(st.just(count), st.lists(st.integers(0, count), min_size=count, max_size=count))))
def test_ordering_is_pairs_in_their_order_of_all_pairs(case):
    """Against the definition by counting inversions; 0 stands for a place left open, equal places are in no order."""
    count, places = case
    names = letters(count)
    given_ = [f"{name}:{place}" if place else "" for name, place in zip(names, places, strict=True)]
    pairs = list(itertools.combinations(places, 2))
    wrong = sum(first == 0 or second == 0 or first >= second for first, second in pairs)
    assert share(ordering(count), given_) == pytest.approx(1 - wrong / len(pairs), abs=1e-6)


def test_ordering_by_hand():
    assert share(ordering(4), ["a:1", "b:2", "c:3", "d:4"]) == 1
    assert share(ordering(4), ["a:4", "b:3", "c:2", "d:1"]) == 0
    assert share(ordering(4), ["a:2", "b:1", "c:3", "d:4"]) == pytest.approx(5 / 6, abs=1e-6)
    assert share(ordering(4, all_or_nothing=True), ["a:2", "b:1", "c:3", "d:4"]) == 0
    assert share(ordering(3), ["a:0", "b:9", "zz:1", "c:x"]) == 0


@pytest.mark.parametrize(
    ("given_", "worth"),
    [(["30 hari", "a", "upg"], 1), (["30", "b", "UPG kota"], 2 / 3), (["", "a", ""], 1 / 3), (["31", "", "KPK"], 0), (["30"], 1 / 3), ([], 0)],
)  # fmt: skip
def test_gaps_count_one_by_one(given_, worth):
    assert share(GAPS, given_) == pytest.approx(worth, abs=1e-6)


VALUES = st.one_of(
    st.none(),
    st.text(max_size=300),
    st.lists(st.text(max_size=5), max_size=9),
    st.lists(st.sampled_from(["a", "b", "1:a", "a:1", "a:2", "1:zz", ":", "a:", "30", ""]), max_size=9),
    st.integers(),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3)),
    st.dictionaries(st.sampled_from(sorted(answers.FILE_KEYS)), st.text(max_size=3)),
)
THINGS = (
    matching(3), ordering(4), GAPS, item("essay"), item("upload"), item("survey"), item("survey", choices=(Choice(id="a", html=""),)),
    item("survey", choices=(Choice(id="a", html=""),), many=True),
)  # fmt: skip


@given(st.sampled_from(THINGS), VALUES, st.booleans())
def test_no_answer_breaks_reading_marking_or_saying(thing, value, hinted):
    answer = answers.clean(thing, value)
    mark = grading.grade(thing, answer, hinted=hinted)
    assert 0 <= mark.share <= 1
    assert isinstance(answers.spoken(thing, answer), str)
    assert isinstance(doubt(thing, answer), str)
    assert answers.clean(thing, answer) == answer, "reading twice is reading once"
    assert grading.Mark(**mark.to_json()) == mark
    if answer is None:
        assert mark.share == 0
        assert not mark.waits


@pytest.mark.parametrize(
    ("thing", "given_", "said"),
    [
        (item("number", unit="rupiah"), "satu juta", "no number"),
        (item("number", unit="rupiah"), "Rp1.250.000", ""),
        (item("number", unit="rupiah"), "1.250.000 rupiah", ""),
        (matching(2), ["1:a"], "parts"),
        (matching(2), ["1:a", "2:a"], ""),
        (ordering(3), ["a:1", "b:2"], "parts"),
        (ordering(3), ["a:1", "b:1", "c:2"], "places"),
        (ordering(3), ["a:3", "b:1", "c:2"], ""),
        (GAPS, ["30", "", "KPK"], "parts"),
        (GAPS, ["30", "a", "KPK"], ""),
        (item("essay", words=(5, 6)), "tiga kata saja", "few words"),
        (item("essay", words=(5, 6)), "ini sudah lima kata, cukup", ""),
        (item("essay", words=(0, 2)), "tiga kata saja", "many words"),
        (item("essay"), "bebas", ""),
        (item("essay", words=(5, 6)), "", ""),
    ],
)
def test_what_looks_unfinished_is_told_and_nothing_else(thing, given_, said):
    assert doubt(thing, answers.clean(thing, given_)) == said


def test_a_hint_takes_its_share_of_what_was_earned():
    thing = matching(4, hint_cost=0.25)
    full = ["1:a", "2:b", "3:c", "4:d"]
    assert share(thing, full) == 1
    assert share(thing, full, hinted=True) == 0.75
    assert share(thing, full[:2], hinted=True) == 0.375
    assert share(matching(4), full, hinted=True) == 1, "a hint without a cost costs nothing"
    assert grading.grade(thing, answers.clean(thing, full), hinted=True).right, "cheaper, and still right"
    assert not grading.grade(thing, answers.clean(thing, full[:2]), hinted=True).right
    assert not grading.grade(matching(4, hint_cost=1.0), answers.clean(thing, full[:2]), hinted=True).right


def test_essays_and_files_wait_for_a_human_and_no_answer_does_not():
    for kind, answer in (("essay", "Saya menolak."), ("upload", dict.fromkeys(answers.FILE_KEYS, 1))):
        mark = grading.grade(item(kind), answers.clean(item(kind), answer))
        assert mark.waits
        assert (mark.share, mark.points) == (0, 1)
        assert human.waiting([mark]) == [mark]
        assert not grading.grade(item(kind), None).waits


RUBRIC = (Criterion(id="a", html="", points=5.0), Criterion(id="b", html="", points=3.0))


@given(st.floats(0, 5), st.floats(0, 3), st.sampled_from([0.0, 0.2, 1.0]))
def test_a_grader_gives_points_by_criterion(first, second, cost):
    thing = item("essay", rubric=RUBRIC, points=16.0, hint_cost=cost)
    waits = grading.grade(thing, "Jawaban.", hinted=True)
    mark = human.award(thing, waits, {"a": first, "b": second})
    assert not mark.waits
    assert mark.share == pytest.approx((first + second) / 8 * (1 - cost), abs=1e-5)
    assert mark.points == 16


@pytest.mark.parametrize("points", [{"a": 5.1}, {"a": -1}, {"c": 1}, {"": 1}])
def test_points_that_the_rubric_does_not_know_are_refused(points):
    thing = item("essay", rubric=RUBRIC)
    with pytest.raises(ValueError, match="no such points"):
        human.award(thing, grading.grade(thing, "x"), points)
    assert human.most(item("upload", points=4.0)) == {"": 4.0}


@given(st.lists(st.tuples(st.sets(st.sampled_from("XYZ")), st.floats(0, 1), st.sampled_from([0.0, 1.0, 2.5])), max_size=12))
def test_scores_by_competency_add_up(cases):
    items = [Item(id=str(at), kind="single", html="", label="", competencies=tuple(names)) for at, (names, _, _) in enumerate(cases)]
    marks = {str(at): grading.Mark(item=str(at), answer=None, share=part, points=points) for at, (_, part, points) in enumerate(cases)}
    found = grading.by_competency(items, marks)
    for name in "XYZ":
        mine = [(part, points) for names, part, points in cases if name in names and points]
        if mine:
            assert found[name] == pytest.approx((sum(p * n for p, n in mine), sum(n for _, n in mine)), abs=1e-4)
        else:
            assert name not in found


# -- draws -----------------------------------------------------------------------------------------------------------------


def tagged(*groups):
    return [item("survey", tags=tuple(tags)) for tags in groups]


def test_rules_that_overlap_are_met_whenever_they_can_be():
    """The question with both tags is needed for "b", whatever "a" took first."""
    questions = tagged("a", "ab", "c")
    for seed in range(50):
        assert chosen((Rule(count=1, by="tags", value="A"), Rule(count=1, by="tags", value="b")), questions, random.Random(seed)) == [0, 1]
    assert chosen((Rule(count=2, by="tags", value="b"),), questions, random.Random(0)) is None


@given(
    st.lists(st.sets(st.sampled_from("ab")), max_size=6),
    st.lists(st.tuples(st.integers(1, 2), st.sampled_from(["a", "b", ""])), max_size=3),
    st.integers(0, 99),
)
def test_a_draw_by_rules_is_found_exactly_where_there_is_one(tags, wishes, seed):
    questions = tagged(*tags)
    rules = tuple(Rule(count=count, by="tags" if tag else "", value=tag) for count, tag in wishes)
    found = chosen(rules, questions, random.Random(seed))
    slots = [rule for rule in rules for _ in range(rule.count)]
    possible = any(
        all(rule.fits(questions[at]) for rule, at in zip(slots, places, strict=True))
        for places in itertools.permutations(range(len(questions)), len(slots))
    )
    assert (found is not None) == possible
    if found is not None:
        assert len(set(found)) == len(found) == len(slots)


def test_by_tag_every_question_comes_up_alike():
    quiz = Published(
        pools=(Pool(draw=3, rules=(Rule(count=2, by="level", value="mudah"), Rule(count=1, by="level", value="sulit")), items=tuple(
            Item(id=f"{level}{at}", kind="survey", html="", label="", level=level) for level in ("mudah", "sulit") for at in range(5)
        )),)
    )  # fmt: skip
    rounds = [[one["item"] for one in draw(quiz, seed)] for seed in range(1_000)]
    assert all(sum(name.startswith("mudah") for name in drawn) == 2 for drawn in rounds)
    counts = [sum(f"mudah{at}" in drawn for drawn in rounds) for at in range(5)]
    assert all(330 < count < 470 for count in counts), counts


def test_steps_never_begin_in_the_right_order_and_come_back_as_drawn():
    thing = ordering(3)
    for seed in range(60):
        drawn = draw_one(thing, random.Random(seed))
        assert drawn["rows"] != ["a", "b", "c"]
        assert [row.id for row in as_drawn(thing, drawn).rows] == drawn["rows"]


# -- numbers ---------------------------------------------------------------------------------------------------------------


@given(st.integers(-50, 50), st.integers(1, 50))
def test_expressions_are_arithmetic(a, b):
    values = {"a": float(a), "b": float(b)}
    assert evaluate("a*b + 2^3 - -b", values) == a * b + 8 + b
    assert evaluate("round(a / b, 2)", values) == round(a / b, 2)
    assert evaluate("max(a, b) % 7 + sqrt(abs(a))", values) == pytest.approx(max(a, b) % 7 + abs(a) ** 0.5)


@pytest.mark.parametrize(
    "text",
    ["", "a", "__import__('os')", "a.real", "(lambda: 1)()", "[1][0]", "1/0", "9^9^9^9", "sqrt(-1)", "1e308*10", "'x'", "True", "x:=1", "f(1)",
     "round(1, n=2)", "(" * 110, "min()", "1 if 1 else 2", "1 < 2"],
)  # fmt: skip
def test_nothing_but_arithmetic_is_an_expression(text):
    with pytest.raises(ValueError, match="no arithmetic"):
        evaluate(text, {})


def test_parameters_are_ranges_or_lists():
    a, b, c = read_parameters("a = 2..4; b = 0,5..1,5 langkah 0,5; c = 4 | 8")
    assert (a.values, b.values, c.values) == ((2, 3, 4), (0.5, 1.0, 1.5), (4, 8))
    for wrong in ("a", "a = ", "2 = 3", "a = 5..2", "a = 1..2 langkah 0", "a = 1..1000000", "max = 3", "a = x"):
        with pytest.raises(ValueError, match="no parameter"):
            read_parameters(wrong)


@given(st.integers(0, 10_000))
def test_a_variant_is_marked_by_its_own_numbers(seed):
    thing = item(
        "number", answers=("{{p * harga / 100}} ± 1",), parameters=read_parameters("p = 5..25 langkah 5; harga = 10.000 | 20.000"),
    )  # fmt: skip
    drawn = draw_one(thing, random.Random(seed))
    asked = as_drawn(thing, drawn)
    right = drawn["values"]["p"] * drawn["values"]["harga"] / 100
    assert share(asked, f"{right:.0f}") == 1
    assert share(asked, f"{right + 2:.0f}") == 0
    assert filled_text("{{p}}", drawn["values"]) == str(int(drawn["values"]["p"]))
