"""The figures of item analysis against published examples, and against the standard library's statistics reckoned another way."""

import math
import random
import statistics

import pytest
from elearn_quizzes.analysis import gains
from elearn_quizzes.analysis.figures import item_figures, quiz_figures, upper_lower
from elearn_quizzes.analysis.sums import add_attempt, add_sums, nothing
from hypothesis import given, settings
from hypothesis import strategies as st

# "Item Analysis Worksheet": ten students, ten questions, halves as upper and lower group (studylib.net/doc/25270846)
WORKSHEET = (
    "1111111111", "1111111101", "1101111100", "0111110101", "1110111001",
    "1110110100", "0110110101", "0111001010", "1110100001", "0100010010",
)  # fmt: skip
WORKSHEET_D = (0.4, 0, 0, 0.6, 0.4, 0.4, 0.6, 0.4, -0.2, 0.4)
WORKSHEET_P = (0.6, 1, 0.8, 0.5, 0.8, 0.8, 0.5, 0.6, 0.3, 0.6)

# The example in pingouin's documentation of cronbach_alpha: three questions of 1 to 3 points, ten people
PINGOUIN = ([1, 2, 2, 3, 2, 2, 3, 3, 2, 3], [1, 1, 1, 2, 3, 3, 2, 3, 3, 3], [1, 1, 2, 1, 2, 3, 3, 3, 2, 3])

# Student's own data of 1908: hours of sleep gained by ten patients, a paired comparison; R's t.test gives the interval
SLEEP = (1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4)


def marks(shares, points=None, answers=None):
    """Marks of an attempt; shares by question, None for one not asked."""
    points = points or [1.0] * len(shares)
    answers = answers or [None] * len(shares)
    return [
        {"item": f"q{place}", "share": share, "points": worth, "answer": answer}
        for place, (share, worth, answer) in enumerate(zip(shares, points, answers, strict=True))
        if share is not None
    ]


def summed(rows, points=None):
    sums = nothing()
    for row in rows:
        add_attempt(sums, marks(row, points))
    return sums


def test_the_published_worksheet():
    sums = summed([[float(one) for one in row] for row in WORKSHEET])
    for place in range(10):
        one = sums["items"][f"q{place}"]
        assert item_figures(one, least=5).facility == pytest.approx(WORKSHEET_P[place])
        assert upper_lower(one, part=0.5) == pytest.approx(WORKSHEET_D[place])


def test_the_published_alpha():
    rows = [[value / 3 for value in row] for row in zip(*PINGOUIN, strict=True)]
    assert quiz_figures(summed(rows, [3.0, 3.0, 3.0]), least=5).alpha == pytest.approx(0.7734375)


def test_students_own_interval():
    low, high = gains.paired_interval(10, sum(SLEEP), sum(one * one for one in SLEEP))
    assert (low, high) == (pytest.approx(0.7001142, abs=2e-4), pytest.approx(2.4598858, abs=2e-4))


@pytest.mark.parametrize(("freedom", "value"), [(4, 2.776), (5, 2.571), (9, 2.262), (29, 2.045), (60, 2.000), (120, 1.980)])
def test_the_printed_table_of_t(freedom, value):
    assert gains.student(freedom) == pytest.approx(value, abs=1.1e-3)


def class_of(count, questions, seed):
    """Invented shares in which abler people do better."""
    chance = random.Random(seed)
    able = [chance.gauss(0, 1) for _ in range(count)]
    hard = [chance.gauss(0, 1) for _ in range(questions)]
    return [
        [chance.choice([0.5, 1.0]) if chance.random() < 1 / (1 + math.exp(one_hard - one)) else 0.0 for one_hard in hard] for one in able
    ]


@settings(max_examples=25, deadline=None)
@given(st.integers(30, 120), st.integers(2, 8), st.integers(0, 10**6))
def test_all_figures_reckoned_another_way(count, questions, seed):
    rows = class_of(count, questions, seed)
    points = [1.0 + place % 3 for place in range(questions)]
    sums = summed(rows, points)
    totals = [sum(share * worth for share, worth in zip(row, points, strict=True)) for row in rows]
    whole = quiz_figures(sums)
    assert whole.mean == pytest.approx(statistics.mean(totals) / sum(points))
    columns = [[row[place] * points[place] for row in rows] for place in range(questions)]
    # alpha by the covariances between the questions, not by the variance of the total
    between = sum(statistics.covariance(one, other) for one in columns for other in columns if one is not other)
    everything = between + sum(statistics.variance(one) for one in columns)
    if everything > 1e-9:
        alpha = questions / (questions - 1) * between / everything
        assert whole.alpha == pytest.approx(alpha, abs=1e-9)
        assert whole.sem == pytest.approx(statistics.stdev(totals) * math.sqrt(1 - min(alpha, 1)) / sum(points), abs=1e-7)
    for place in range(questions):
        figures = item_figures(sums["items"][f"q{place}"])
        mine, rest = [row[place] for row in rows], [total - share for total, share in zip(totals, columns[place], strict=True)]
        assert figures.facility == pytest.approx(statistics.mean(mine))
        if len(set(mine)) > 1 and len({round(one, 9) for one in rest}) > 1:
            assert figures.discrimination == pytest.approx(statistics.correlation(mine, rest), abs=1e-9)
        else:
            assert figures.discrimination is None


def test_upper_and_lower_by_sorting_where_no_scores_are_equal_at_the_border():
    rows = [[1.0 if chance < place else 0.0 for chance in range(40)] for place in range(1, 41)]
    random.Random(3).shuffle(rows)
    size = round(40 * 0.27)
    ranked = sorted(rows, key=sum)
    for place in range(40):
        expected = (sum(row[place] for row in ranked[-size:]) - sum(row[place] for row in ranked[:size])) / size
        assert item_figures(summed(rows)["items"][f"q{place}"]).upper_lower == pytest.approx(expected)


@given(st.lists(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=3, max_size=3), min_size=2, max_size=60), st.integers(0, 60))
def test_adding_parts_is_counting_the_whole(rows, cut):
    parts = summed(rows[:cut])
    add_sums(parts, summed(rows[cut:]))
    whole = summed(rows)
    assert parts["n"] == whole["n"]
    assert parts["squares"] == pytest.approx(whole["squares"])
    for name, one in whole["items"].items():
        assert item_figures(parts["items"][name], least=2).facility == pytest.approx(item_figures(one, least=2).facility)
        assert parts["items"][name]["by_score"] == {key: [pytest.approx(part) for part in cell] for key, cell in one["by_score"].items()}


def test_too_few_tell_nothing():
    rows = class_of(29, 4, 1)
    figures = item_figures(summed(rows)["items"]["q0"])
    assert not figures.enough
    assert (figures.facility, figures.discrimination, figures.upper_lower, figures.options) == (None, None, None, ())
    assert quiz_figures(summed(rows)).alpha is None
    assert item_figures(summed(class_of(30, 4, 1))["items"]["q0"]).enough


def test_a_drawn_quiz_has_no_alpha_but_its_questions_have_figures():
    rows = class_of(60, 4, 2)
    for place, row in enumerate(rows):
        row[place % 4] = None
    sums = summed(rows)
    assert (quiz_figures(sums).same, quiz_figures(sums).alpha) == (False, None)
    one = item_figures(sums["items"]["q1"])
    assert one.count == 45
    mine = [row[1] for row in rows if row[1] is not None]
    rest = [
        statistics.mean(share for place, share in enumerate(row) if place != 1 and share is not None) for row in rows if row[1] is not None
    ]
    assert one.discrimination == pytest.approx(statistics.correlation(mine, rest))


def test_options_are_counted_with_the_rest_of_those_who_chose_them():
    sums = nothing()
    for number in range(40):
        chosen = "a" if number % 4 else "b"
        add_attempt(sums, marks([1.0 if chosen == "a" else 0.0, 0.25 if chosen == "b" else 0.75], answers=[chosen, None]))
    one = item_figures(sums["items"]["q0"])
    assert (one.option("a").share, one.option("b").share, one.option("c").share) == (0.75, 0.25, 0.0)
    assert (one.option("a").rest, one.option("b").rest) == (pytest.approx(0.75), pytest.approx(0.25))


def test_an_attempt_that_waits_for_a_human_counts_for_nothing():
    sums = nothing()
    add_attempt(sums, [*marks([1.0]), {"item": "q9", "share": 0.0, "points": 5.0, "answer": "x", "state": "needs a human"}])
    assert sums == nothing()


def gain_of(pairs, cohort="2026-11", sums=None):
    sums = {} if sums is None else sums
    goals = {gains.ALL: ({"q0"}, {"q0"})}
    for before, after in pairs:
        gains.add_pair(sums, goals, cohort, marks([before]), marks([after]))
    return sums, goals


def test_a_gain_is_the_mean_of_the_differences_with_its_interval():
    sums, goals = gain_of([(0.0, hours / 10) for hours in SLEEP])
    whole = gains.told(sums, goals)[0].whole
    assert (whole.count, whole.gain) == (10, pytest.approx(0.158))
    assert (whole.low, whole.high) == (pytest.approx(0.0700, abs=1e-4), pytest.approx(0.2460, abs=1e-4))


def test_small_cohorts_are_hidden_and_cannot_be_reckoned():
    sums, goals = gain_of([(0.0, 1.0)] * 9, "2026-10")
    gain_of([(0.0, 1.0)] * 7, "2026-11", sums)
    gain_of([(1.0, 0.0)] * 3, "2026-12", sums)
    one = gains.told(sums, goals)[0]
    assert one.whole.count == 19
    assert {row.cohort: row.count for row in one.cohorts} == {"2026-12": None, "2026-11": None, "2026-10": 9}
    few, goals = gain_of([(0.0, 1.0)] * 4)
    assert gains.told(few, goals)[0].whole.count is None
