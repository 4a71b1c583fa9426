"""The rules as data: what is bundled, what a site adds, and what a fault says."""

import os
from datetime import date, timedelta

import pytest
from elearn_credits.rules import BUNDLED, RuleBook, book_of, read_rule_set

from elearn import SettingError, site_of

OWN = """
id = "provinsi-2026"
title = "Aturan provinsi"
valid_from = {since}
{until}
jp_minutes = 45
minutes_basis = "b"
basis = "b"

[bases.b]
law = "Pergub 7/2026"
certainty = "text"
source = ""
as_of = 2026-01-01

[[duties]]
kinds = ["pns"]
sense = "floor"
jp = 24
period = "calendar_year"
basis = "b"

[[forms]]
code = "C3"
title = "E-learning"
group = "nonklasikal"
unit = "jp"
national = 1
cap = {{ per = "day", of = "jp", national = 4, international = 4 }}
"""


def own(folder, *, name="provinsi.toml", since="2026-01-01", until="", change=("", "")):
    path = folder / name
    path.write_text(OWN.format(since=since, until=until).replace(*change), "utf-8")
    return path


def test_the_bundled_table_is_whole_and_every_rule_has_its_ground(book):
    (rules,) = book.sets
    assert len(rules.forms) == 25
    assert rules.jp_minutes == 45
    assert {duty.sense: duty.jp for duty in rules.duties} == {"floor": 20, "ceiling": 24}
    for basis in [rules.basis, rules.minutes_basis, *(d.basis for d in rules.duties), *(f.basis for f in rules.forms.values())]:
        assert basis.certainty != "text"  # no part of it was read in the law itself, so none may say so
        assert basis.law
        assert basis.source


def test_a_sites_own_set_goes_before_the_bundled_one_while_it_holds(tmp_path, book):
    mine = read_rule_set(own(tmp_path, until="valid_to = 2026-12-31"), own=True)
    both = RuleBook([*book.sets, mine])
    assert both.on(date(2026, 6, 1)) is mine
    assert both.on(date(2027, 1, 1)).id == both.on(date(2025, 12, 31)).id == "nasional-2018-1"
    assert both.on(date(2017, 12, 31)) is None
    assert both.form("C3", day=date(2026, 6, 1)).cap.national == 4
    assert both.form("C3", day=date(2026, 6, 1), rule_set_id="nasional-2018-1").cap.national == 3
    assert both.form("B3", day=date(2026, 6, 1)) is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('certainty = "text"', 'certainty = "sure"'), "certainty"),
        (('certainty = "text"', 'certainty = "own"'), "source"),
        (('unit = "jp"', 'unit = "minute"'), "unit"),
        (('group = "nonklasikal"', 'group = "daring"'), "group"),
        (('sense = "floor"', 'sense = "about"'), "sense"),
        (('period = "calendar_year"', 'period = "month"'), "period"),
        (("national = 1\n", "national = -1\n"), "above zero"),
        (("national = 4,", "national = 0,"), "cap"),
        (('basis = "b"\n\n[bases', 'basis = "x"\n\n[bases'), "'x'"),
        (("jp_minutes = 45", "jp_minutes = 0"), "jp_minutes"),
        (("title = ", "titel = "), "titel"),
        (("id = ", "= "), "provinsi.toml"),
    ],
)
def test_a_fault_names_the_file_and_the_word(tmp_path, change, told):
    with pytest.raises(SettingError) as caught:
        read_rule_set(own(tmp_path, change=change))
    assert "provinsi.toml" in str(caught.value)
    assert told in str(caught.value)


def test_a_set_that_ends_before_it_begins_is_a_fault(tmp_path):
    with pytest.raises(SettingError, match="valid_to"):
        read_rule_set(own(tmp_path, until="valid_to = 2025-12-31"))


def test_two_sets_of_the_same_id_or_day_cannot_stand_side_by_side(tmp_path):
    one = read_rule_set(own(tmp_path, name="a.toml"), own=True)
    twin = read_rule_set(own(tmp_path, name="b.toml", since="2026-02-01"), own=True)
    with pytest.raises(SettingError, match="same id"):
        RuleBook([one, twin])
    same_day = read_rule_set(own(tmp_path, name="c.toml", change=("provinsi-2026", "lain")), own=True)
    with pytest.raises(SettingError, match="same valid_from"):
        RuleBook([one, same_day])


def test_a_measure_of_a_cap_does_not_change_between_sets(tmp_path, book):
    other = read_rule_set(own(tmp_path, change=('of = "jp"', 'of = "unit"')), own=True)
    with pytest.raises(SettingError, match="C3"):
        RuleBook([*book.sets, other])


def test_a_site_adds_a_file_and_it_holds_at_once(app):
    folder = app.extensions["elearn"].site.store.folder.parent / "jp-rules"
    folder.mkdir()
    with app.extensions["elearn"].outbox.open_session() as session:
        assert book_of(site_of(session)).on(date(2026, 6, 1)).id == "nasional-2018-1"
        path = own(folder)
        assert book_of(site_of(session)).on(date(2026, 6, 1)).own
        path.write_text(path.read_text("utf-8").replace("jp = 24", "jp = 30"), "utf-8")
        os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
        assert book_of(site_of(session)).on(date(2026, 6, 1)).duty("pns").jp == 30


@pytest.mark.parametrize("path", sorted(BUNDLED.glob("*.toml")), ids=lambda path: path.stem)
def test_bundled_sets_follow_each_other(path, book):
    rules = read_rule_set(path)
    assert book.on(rules.valid_from) == rules
    assert book.on(rules.valid_from - timedelta(days=1)) != rules
