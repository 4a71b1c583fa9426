"""The child process that reads a stranger's text has its own share of memory, however big its parent is."""

import mmap

import pytest

from elearn.content import sandbox

SHARE = 200_000_000


def _take(count: int) -> int:
    return len(bytearray(count))


def test_a_big_parent_takes_nothing_from_its_childs_share():
    with mmap.mmap(-1, 3 * SHARE):
        assert sandbox.run(_take, SHARE // 2, cpu_seconds=5, memory_bytes=SHARE) == SHARE // 2


def test_a_child_that_takes_more_than_its_share_is_ended():
    with pytest.raises(sandbox.Killed, match="200 MB"):
        sandbox.run(_take, 2 * SHARE, cpu_seconds=5, memory_bytes=SHARE)
