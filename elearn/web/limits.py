"""Counts for rate limits in the memory of one worker, for a site without Redis.

The library's own memory storage starts a thread every hundredth of a second that goes through every key; with a thousand people at work
that costs more than the page. This one sweeps when the keys have doubled.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from limits.storage import Storage

FEWEST = 1_000  # keys below which sweeping is not worth it


class WorkerMemory(Storage):
    """Fixed windows only: a count and its end for each key. Chosen by the address "worker://"."""

    STORAGE_SCHEME = ["worker"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any) -> None:
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[int, float]] = {}
        self._sweep_at = FEWEST
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the storage itself may raise."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """The count of a window that ends ``expiry`` seconds after its first, raised by ``amount``."""
        present = time.time()
        with self._lock:
            count, ends = self._windows.get(key, (0, 0.0))
            if ends <= present:
                count, ends = 0, present + expiry
            self._windows[key] = (count + amount, ends)
            if len(self._windows) > self._sweep_at:
                self._windows = {name: window for name, window in self._windows.items() if window[1] > present}
                self._sweep_at = max(FEWEST, 2 * len(self._windows))
        return count + amount

    def get(self, key: str) -> int:
        """The count of a window; 0 where it has ended."""
        count, ends = self._windows.get(key, (0, 0.0))
        return count if ends > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """When a window ends, in seconds since 1970; now where there is none."""
        return self._windows.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int:
        """Forget all counts; answers how many there were."""
        with self._lock:
            count = len(self._windows)
            self._windows = {}
        return count

    def clear(self, key: str) -> None:
        """Forget one count."""
        with self._lock:
            self._windows.pop(key, None)
