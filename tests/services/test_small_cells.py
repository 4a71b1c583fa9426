"""No figure about fewer than five people is shown, and none can be reckoned from those that are."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.services.small_cells import LEAST, shown_cells, shown_parts, shown_tree

counts = st.dictionaries(st.integers(0, 12), st.integers(0, 40), max_size=10)
tables = st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)), st.integers(0, 20), max_size=30)


@given(counts)
def test_no_small_part_is_shown_nor_left_over_from_the_total(parts):
    shown = shown_parts(parts)
    assert all(parts[cell] == 0 or parts[cell] >= LEAST for cell in shown)
    rest = [count for cell, count in parts.items() if cell not in shown]
    if rest and sum(parts.values()) >= LEAST:
        assert sum(rest) >= LEAST
        assert len(rest) > 1 or rest[0] >= LEAST


def test_a_single_small_part_takes_the_smallest_other_with_it():
    assert shown_parts({"a": 3, "b": 9, "c": 6}) == {"b"}
    assert shown_parts({"a": 3, "b": 2, "c": 6}) == {"c"}
    assert shown_parts({"a": 9, "b": 0, "c": 6}) == {"a", "b", "c"}


@given(tables)
def test_no_line_of_a_table_gives_a_hidden_cell_away(table):
    shown = shown_cells(table)
    assert all(table[cell] == 0 or table[cell] >= LEAST for cell in shown)
    for axis in (0, 1):
        for line in {cell[axis] for cell in table}:
            hidden = [count for cell, count in table.items() if cell[axis] == line and cell not in shown]
            open_ones = [count for cell, count in table.items() if cell[axis] == line and cell in shown and count]
            if hidden and open_ones:
                assert len(hidden) > 1
                assert sum(hidden) >= LEAST


@st.composite
def trees(draw):
    """A tree of up to eight units with their own people: (own, children)."""
    count = draw(st.integers(1, 8))
    parents = [draw(st.integers(0, node - 1)) for node in range(1, count)]
    own = {node: draw(st.integers(0, 9)) for node in range(count)}
    children = {node: [child for child, parent in enumerate(parents, 1) if parent == node] for node in range(count)}
    return own, children


def rank(rows):
    """The rank of a matrix of fractions."""
    rows, found = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[found:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(found, pivot)
        for place, row in enumerate(rows):
            if place != found and row[column]:
                rows[place] = [value - row[column] / pivot[column] * base for value, base in zip(row, pivot, strict=True)]
        found += 1
    return found


@settings(max_examples=150, deadline=None)
@given(trees())
def test_no_sums_and_differences_of_all_pages_together_give_a_small_group_away(tree):
    """Every figure of every page is a sum over units; no combination of them is a sum over a group of one to four people."""
    own, children = tree
    wholes, owns = shown_tree(own, children, 0)

    def below(node):
        return {node}.union(*(below(child) for child in children[node]))

    published = [below(node) for node in wholes] + [{node} for node in owns]
    rows = [[Fraction(node in group) for node in own] for group in published]
    told = rank(rows) if rows else 0
    peopled = [node for node in own if own[node]]
    for size in range(1, len(peopled) + 1):
        for group in combinations(peopled, size):
            if not 0 < sum(own[node] for node in group) < LEAST:
                continue
            for empty in ((), tuple(node for node in own if not own[node])):
                secret = [Fraction(node in group or node in empty) for node in own]
                assert not rows or rank([*rows, secret]) > told, (group, published)


def test_a_part_hidden_above_shows_nothing_on_its_own_page():
    own, children = (
        {"dinas": 0, "loket": 7, "arsip": 0, "arsip-a": 6, "humas": 3},
        {"dinas": ["loket", "arsip", "humas"], "arsip": ["arsip-a"]},
    )
    wholes, owns = shown_tree(own, children, "dinas")
    assert wholes == {"dinas", "loket"}
    assert "arsip-a" not in owns, "seven of sixteen and six of sixteen would leave three"
    assert shown_tree({"a": 4}, {}, "a") == (frozenset(), frozenset())
    assert shown_tree({"a": 5}, {}, "a") == ({"a"}, {"a"})
