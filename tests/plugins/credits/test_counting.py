"""The counting, on anything that could be entered: order does not matter, caps hold, every JP has its reason."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from elearn_credits.counting import Entry, account, calendar_year, contract_year, count
from elearn_credits.rules import BUNDLED, RuleBook, read_rule_set
from hypothesis import given, settings
from hypothesis import strategies as st

BOOK = RuleBook(read_rule_set(path) for path in sorted(BUNDLED.glob("*.toml")))
FORMS = sorted(BOOK.sets[0].forms)
FIRST = date(2026, 1, 1)
STATES = ("recognised", "recognised", "recognised", "waiting", "refused", "withdrawn")


def entry(number=1, *, form="C3", units="3", days=(FIRST,), state="recognised", international=False, rule_set="nasional-2018-1", key=""):
    days = tuple(sorted(days))
    return Entry(
        id=number, key=key or f"fact:{number}", form=form, title="Kegiatan", units=Decimal(units), days=days,
        started_on=days[0], ended_on=days[-1], rule_set=rule_set, state=state, international=international,
    )  # fmt: skip


day_of_winter = st.integers(0, 45).map(lambda number: FIRST + timedelta(days=number))
facts = st.lists(
    st.tuples(
        st.sampled_from(FORMS),
        st.decimals(0, 40, places=2),
        st.lists(day_of_winter, min_size=1, max_size=6),
        st.sampled_from(STATES),
        st.booleans(),
    ),
    max_size=14,
)


def entries_from(drawn):
    return [
        entry(number, form=form, units=units, days=days, state=state, international=abroad)
        for number, (form, units, days, state, abroad) in enumerate(drawn, 1)
    ]


@settings(max_examples=120, deadline=None)
@given(facts, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(drawn, random):
    known = entries_from(drawn)
    shuffled = random.sample(known, len(known))
    assert count(known, BOOK) == count(shuffled, BOOK)


@settings(max_examples=120, deadline=None)
@given(facts)
def test_the_order_of_being_numbered_changes_no_total(drawn):
    """The same facts under other row numbers, as when they are entered the other way round."""
    known = entries_from(drawn)
    renumbered = [
        entry(100 - one.id, form=one.form, units=one.units, days=one.days, state=one.state, international=one.international, key=one.key)
        for one in known
    ]
    first, last = calendar_year(2026)
    totals = [account(these, BOOK, first=first, last=last, kind="pns", target=Decimal(20)).total for these in (known, renumbered[::-1])]
    assert totals[0] == totals[1]


@settings(max_examples=120, deadline=None)
@given(facts)
def test_no_sum_exceeds_a_cap(drawn):
    """What counts of a capped form in any span of days is at most the cap for each day or month that its entries touch."""
    lines = count(entries_from(drawn), BOOK).values()
    for code, form in BOOK.sets[0].forms.items():
        counted = [line for line in lines if line.entry.form == code and line.entry.state == "recognised"]
        if form.cap is None or not counted:
            continue
        days = {day for line in counted for day in line.entry.days}
        places = days if form.cap.per == "day" else {(day.year, day.month) for day in days}
        limit = max(form.cap.limit(international=line.entry.international) for line in counted)
        per_unit = Decimal(1) if form.cap.of == "jp" else max(form.rate(international=line.entry.international) for line in counted)
        assert sum(line.counted for line in counted) <= limit * len(places) * per_unit + Decimal("0.005") * len(counted)
        single = defaultdict(Decimal)
        for line in counted:
            if len(set(line.entry.days)) == 1:
                day = line.entry.ended_on
                single[day if form.cap.per == "day" else (day.year, day.month)] += line.counted
        assert all(jp <= limit * per_unit + Decimal("0.005") * len(counted) for jp in single.values())


@settings(max_examples=120, deadline=None)
@given(facts)
def test_every_capped_jp_is_explained_by_the_room_it_found(drawn):
    """What the lines say they took adds up, fits in each day or month, and names those who took the rest."""
    lines = count(entries_from(drawn), BOOK)
    taken, takers = defaultdict(Decimal), defaultdict(set)
    for line in sorted(lines.values(), key=lambda line: (line.entry.ended_on, line.entry.key)):
        form = line.form
        if line.entry.state != "recognised" or form.cap is None:
            assert line.takings == ()
            continue
        per_unit = Decimal(1) if form.cap.of == "jp" else form.rate(international=line.entry.international)
        assert line.counted == round(sum((taking.got for taking in line.takings), Decimal(0)) * per_unit, 2)
        for taking in line.takings:
            place = (form.code, taking.place)
            assert taking.before == taken[place]
            assert set(taking.by) == takers[place]
            assert 0 <= taking.got <= max(0, taking.limit - taking.before)
            taken[place] += taking.got
            takers[place] |= {line.entry.id} if taking.got else set()
        if line.cut:
            assert all(taking.before + taking.got >= taking.limit for taking in line.takings)
    for (code, _place), units in taken.items():
        cap = BOOK.sets[0].forms[code].cap
        assert units <= max(cap.national, cap.international)


@settings(max_examples=120, deadline=None)
@given(facts)
def test_every_jp_is_explained_by_an_entry_and_a_rule(drawn):
    known = entries_from(drawn)
    first, last = calendar_year(2026)
    year = account(known, BOOK, first=first, last=last, kind="pns", target=Decimal(20))
    assert {line.entry.id for line in year.lines} == {one.id for one in known}
    assert year.total == sum(line.counted for line in year.lines)
    for line in year.lines:
        form = BOOK.get(line.entry.rule_set).forms[line.entry.form]
        assert line.form == form
        assert line.claimed == round(line.entry.units * form.rate(international=line.entry.international), 2)
        assert 0 <= line.counted <= line.claimed
        if line.entry.state != "recognised":
            assert line.counted == line.cut == 0
        elif line.cut:
            assert line.cap == form.cap.code(international=line.entry.international)


@settings(max_examples=80, deadline=None)
@given(facts)
def test_one_more_entry_never_takes_from_the_year(drawn):
    known = entries_from(drawn)
    first, last = calendar_year(2026)

    def total(these):
        return account(these, BOOK, first=first, last=last, kind="pns", target=Decimal(20)).total

    assert not known or total(known) >= total([one for one in known if one.state != "recognised"])
    assert total(known) <= sum((line.claimed for line in count(known, BOOK).values() if line.entry.state == "recognised"), Decimal(0))


def test_elearning_counts_at_most_three_jp_a_day():
    lines = count([entry(1, units="2"), entry(2, units="2"), entry(3, units="8", days=[FIRST + timedelta(days=n) for n in (1, 2)])], BOOK)
    assert [lines[number].counted for number in (1, 2, 3)] == [2, 1, 6]
    assert lines[2].cap == "jp/day:3"


def test_coaching_counts_twice_a_month():
    lines = count([entry(n, form="C1", units="1", days=[FIRST + timedelta(days=n)]) for n in range(3)], BOOK)
    assert [lines[n].counted for n in range(3)] == [2, 2, 0]
    assert lines[2].cut == 2


@pytest.mark.parametrize(
    ("form", "units", "abroad", "jp"),
    [("A1", "1", False, "20"), ("B6", "2", False, "8"), ("B6", "2", True, "12"), ("B7", "1", False, "5"), ("B3", "10", True, "12"),
     ("C5", "1", False, "20"), ("C7", "1", True, "20"), ("C11", "1", True, "24")],
)  # fmt: skip
def test_forms_give_what_the_table_says(form, units, abroad, jp):
    assert count([entry(1, form=form, units=units, international=abroad)], BOOK)[1].counted == Decimal(jp)


def test_a_form_that_no_rule_knows_counts_nothing():
    line = count([entry(1, form="Z9")], BOOK)[1]
    assert (line.form, line.claimed, line.counted) == (None, 0, 0)


def test_the_floor_of_pns_and_the_ceiling_of_pppk():
    known = [entry(1, form="B3", units="30")]
    first, last = calendar_year(2026)
    pns, pppk = (account(known, BOOK, first=first, last=last, kind=kind, target=Decimal(99)) for kind in ("pns", "pppk_paruh_waktu"))
    assert (pns.target, pns.left, pns.beyond) == (20, 0, 0)
    assert (pppk.target, pppk.left, pppk.beyond, pppk.total) == (24, 0, 6, 30)
    other = account(known, BOOK, first=first, last=last, kind="tamu", target=Decimal(35))
    assert (other.target, other.left, other.duty) == (35, 5, None)


@given(st.dates(date(2000, 1, 1), date(2026, 12, 31)), st.dates(date(2000, 1, 1), date(2040, 12, 31)))
def test_contract_years_follow_each_other_without_a_gap(starts_on, day):
    first, last = contract_year(starts_on, day)
    assert first <= day <= last
    assert 364 <= (last - first).days <= 366
    assert contract_year(starts_on, last + timedelta(days=1))[0] == last + timedelta(days=1)


def test_a_contract_of_the_29th_of_february_turns_on_the_1st_of_march():
    assert contract_year(date(2024, 2, 29), date(2026, 2, 28)) == (date(2025, 3, 1), date(2026, 2, 28))
