"""No figure about fewer than five people is shown, and none can be reckoned from those that are."""

from hypothesis import given
from hypothesis import strategies as st

from elearn.services.small_cells import LEAST, shown_cells, shown_parts

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
