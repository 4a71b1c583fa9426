"""What answers are worth: each formula by hand, and bounds that hold for all."""

import pytest
from elearn_quizzes import answers, grading
from elearn_quizzes.drawing import draw
from elearn_quizzes.numbers import read_range
from elearn_quizzes.published import Choice, Item, Pool, Published
from elearn_quizzes.settings import Settings
from elearn_quizzes.texts import accepted
from hypothesis import given
from hypothesis import strategies as st


def item(kind, **more):
    return Item(id="s", kind=kind, html="?", label="?", **more)


def choices(*right):
    return tuple(Choice(id=chr(97 + n), html=f"P{n}", right=one, share=1.0 if one else 0.0) for n, one in enumerate(right))


def share(thing, answer):
    return grading.grade(thing, answers.clean(thing, answer)).share


@pytest.mark.parametrize(
    ("chosen", "worth"),
    [
        (["a", "b"], 1),
        (["a"], 0.5),
        (["a", "c"], 0),
        (["a", "b", "c"], 0.5),
        (["c", "d"], 0),
        ([], 0),
        (["a", "b", "c", "d"], 0),
        (["zz"], 0),
    ],
)
def test_several_right_ones_count_plus_and_minus(chosen, worth):
    assert share(item("multiple", choices=choices(True, True, False, False)), chosen) == worth


def test_all_or_nothing():
    thing = item("multiple", choices=choices(True, True, False), all_or_nothing=True)
    assert [share(thing, chosen) for chosen in (["a"], ["a", "b"], ["a", "b", "c"])] == [0, 1, 0]


def test_weighted_options_bring_their_part():
    options = tuple(Choice(id=chr(97 + n), html="", right=True, share=points / 5) for n, points in enumerate((5, 2, 1)))
    assert [share(item("single", choices=options, weighted=True, points=5.0), [one]) for one in "abc"] == [1, 0.4, 0.2]


@pytest.mark.parametrize(
    ("key", "given", "right"),
    [
        ("KPK", " kpk. ", True),
        ("KPK", "KPK RI", False),
        ('"Loa"', "loa", False),
        ('"Loa"', "Loa", True),
        ("/UPG( instansi)?/i", "upg instansi", True),
        ("/UPG( instansi)?/i", "ke upg", False),
        ("/(a|aa)+x/", "a" * 5_000 + "!", False),
    ],
)
def test_texts(key, given, right):
    assert share(item("short", answers=(key,), accepted=(accepted(key),)), given) == (1 if right else 0)


@pytest.mark.parametrize(
    ("key", "given", "right"),
    [
        ("1.250.000 ± 0,5%", "1250000", True),
        ("1.250.000 ± 0,5%", "Rp1.256.000,50", True),
        ("1.250.000 ± 0,5%", "1.260.000", False),
        ("3,14 ± 0,01", "3.15", True),
        ("10..20", "20", True),
        ("10..20", "20,1", False),
        ("30 hari", "30 hari", True),
        ("30 hari", "tiga puluh", False),
        ("30 hari", "nan", False),
        ("30 hari", "1e999", False),
    ],
)
def test_numbers(key, given, right):
    found = read_range(key)
    assert share(item("number", answers=(key,), ranges=(found,), unit=found.unit), given) == (1 if right else 0)


def test_true_and_false():
    assert share(item("true_false", truth=True), "benar") == 1
    assert share(item("true_false", truth=False), "benar") == 0
    assert share(item("true_false", truth=False), "ya") == 0


VALUES = st.one_of(
    st.none(), st.text(max_size=300), st.lists(st.text(max_size=3), max_size=9), st.integers(), st.dictionaries(st.text(), st.text())
)


@given(st.sampled_from(sorted(grading.FORMULAS)), VALUES)
def test_no_answer_breaks_marking_or_leaves_its_bounds(kind, value):
    thing = item(
        kind, choices=choices(True, False, True), truth=True, answers=("30",), accepted=(accepted("30"),), ranges=(read_range("30"),)
    )
    assert 0 <= share(thing, value) <= 1


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.1, 1_000)), max_size=30))
def test_a_score_is_a_share(pairs):
    marks = [grading.Mark(item=str(n), answer=None, share=share, points=points) for n, (share, points) in enumerate(pairs)]
    assert 0 <= grading.score(marks) <= 1 + 1e-6


def pool(name, count, draw):
    return Pool(name=name, draw=draw, items=tuple(Item(id=f"{name}{n}", kind="single", html="", label="", choices=choices(True, False, False), shuffle=True) for n in range(count)))  # fmt: skip


def test_a_draw_takes_so_many_of_each_group_and_none_twice():
    quiz = Published(settings=Settings(shuffle_questions=True), pools=(pool("a", 5, 2), pool("b", 4, 2), pool("c", 1, None)), whole=True)
    drawn = [one["item"] for one in draw(quiz, 7)]
    assert len(set(drawn)) == len(drawn) == quiz.count == 5
    assert sorted(name[0] for name in drawn) == ["a", "a", "b", "b", "c"]
    assert draw(quiz, 7) == draw(quiz, 7)
    assert len({str(draw(quiz, seed)) for seed in range(50)}) > 40


def test_every_question_and_place_comes_up_alike():
    quiz = Published(settings=Settings(draw=3), pools=(pool("a", 10, None),), whole=True)
    rounds = [draw(quiz, seed) for seed in range(2_000)]
    counts = [sum(one["item"] == f"a{n}" for drawn in rounds for one in drawn) for n in range(10)]
    firsts = sum(one["order"][0] == "a" for drawn in rounds for one in drawn)
    assert all(500 < count < 700 for count in counts), counts
    assert 1_850 < firsts < 2_150, firsts
