"""Privacy of small groups: which figures of a table may be shown, so that none below the least count is told, nor can be reckoned
from the others by subtraction from a total that is shown (complementary suppression)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

LEAST = 5
Cell = TypeVar("Cell", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)


def shown_parts(counts: Mapping[Cell, int], *, least: int = LEAST) -> frozenset[Cell]:
    """The parts of one shown total that may be shown: those with at least ``least`` people, as long as the hidden rest together has as
    many too; else the smallest of them is hidden with the rest. Parts without anybody tell nothing and stay."""
    peopled = sorted((cell for cell, count in counts.items() if count > 0), key=lambda cell: (counts[cell], str(cell)))
    hidden = [cell for cell in peopled if counts[cell] < least]
    rest = [cell for cell in peopled if counts[cell] >= least]
    while hidden and rest and sum(counts[cell] for cell in hidden) < least:
        hidden.append(rest.pop(0))
    return frozenset(counts) - frozenset(hidden)


def shown_cells(counts: Mapping[tuple[Row, Column], int], *, least: int = LEAST) -> frozenset[tuple[Row, Column]]:
    """The same for a table whose rows and columns both show totals: no line of it may have hidden cells that together are fewer than
    ``least`` people, or a single hidden cell."""
    rows, columns = sorted({row for row, _ in counts}, key=str), sorted({column for _, column in counts}, key=str)
    hidden = {cell for cell, count in counts.items() if 0 < count < least}
    lines = [[(row, column) for column in columns if (row, column) in counts] for row in rows]
    lines += [[(row, column) for row in rows if (row, column) in counts] for column in columns]
    changed = True
    while changed:
        changed = False
        for line in lines:
            gone = [cell for cell in line if cell in hidden]
            left = sorted((cell for cell in line if cell not in hidden and counts[cell] > 0), key=lambda cell: (counts[cell], str(cell)))
            if gone and left and (len(gone) == 1 or sum(counts[cell] for cell in gone) < least):
                hidden.add(left[0])
                changed = True
    return frozenset(counts) - frozenset(hidden)


def shown_tree(
    own: Mapping[Cell, int], children: Mapping[Cell, Sequence[Cell]], root: Cell, *, least: int = LEAST
) -> tuple[frozenset[Cell], frozenset[Cell]]:
    """For nested tables, where each node shows its total beside its own count and its children's totals, on a page of its own: which
    nodes may show their total, and which the count of their ``own`` people. Within a part that is hidden nothing is shown, else opening
    its page would tell what the page above hides."""
    totals = _totals(own, children, root)
    wholes, owns = set[Cell](), set[Cell]()
    open_nodes = [root] if totals[root] >= least or totals[root] == 0 else []
    while open_nodes:
        node = open_nodes.pop()
        wholes.add(node)
        below = children.get(node, ())
        shown = shown_parts({("own", node): own.get(node, 0)} | {("whole", child): totals[child] for child in below}, least=least)
        owns |= {node} if ("own", node) in shown else set()
        open_nodes += [child for child in below if ("whole", child) in shown]
    return frozenset(wholes), frozenset(owns)


def _totals(own: Mapping[Cell, int], children: Mapping[Cell, Sequence[Cell]], root: Cell) -> dict[Cell, int]:
    """Each node's people, its own and all below it."""
    order, totals = [root], dict[Cell, int]()
    for node in order:
        order += children.get(node, ())
    for node in reversed(order):
        totals[node] = own.get(node, 0) + sum(totals[child] for child in children.get(node, ()))
    return totals
