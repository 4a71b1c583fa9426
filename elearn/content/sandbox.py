"""Bounds on work that a stranger's text causes: CPU seconds within this process, and CPU and memory in a child of it."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, TypeVar

SECONDS_A_FILE = 4.0
AGAIN = 0.25  # CPU seconds after which the limit strikes once more: what calls back from C may swallow an exception
TURNS = threading.BoundedSemaphore(4)  # children of one process at a time: each may take its whole share of memory
PRELOADED = ["elearn", "elearn.content.reading"]
Result = TypeVar("Result")


class TooSlow(Exception):
    """The work took more CPU time than it may."""


class _Hold:
    """Whether the limit's exception must wait, and whether one waits."""

    depth = 0
    due: TooSlow | None = None


class Killed(Exception):
    """The child process died of its limits; the message is an Indonesian sentence."""


def preload(modules: Iterable[str]) -> None:
    """Have the process that children are forked from import these modules once, if it does not run yet."""
    PRELOADED.extend(sorted(set(modules) - set(PRELOADED)))


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raise ``TooSlow`` once the block has used ``seconds`` of CPU. Outside the main thread, where no signal arrives, it bounds nothing:
    there the child process of ``run`` does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: Any) -> None:
        late = TooSlow(f"more than {seconds} s of CPU")
        if not _Hold.depth:
            raise late
        _Hold.due = late

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def unbroken() -> Iterator[None]:
    """Let a ``cpu_limit`` strike after this block, not in it: for code that calls back from another language, where an exception
    raised in the callback would be swallowed and its answer taken for granted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _Hold.depth += 1
    try:
        yield
    finally:
        _Hold.depth -= 1
        late, _Hold.due = (_Hold.due, None) if not _Hold.depth else (None, _Hold.due)
    if late:
        raise late


def run(function: Callable[..., Result], *arguments: Any, cpu_seconds: int, memory_bytes: int) -> Result:
    """Call ``function`` in a child process that may use so much CPU and memory; raises ``Killed`` where it died of that, and
    whatever the function raised. At most four run at a time; more wait for their turn."""
    with TURNS:
        return _run(function, *arguments, cpu_seconds=cpu_seconds, memory_bytes=memory_bytes)


def _run(function: Callable[..., Result], *arguments: Any, cpu_seconds: int, memory_bytes: int) -> Result:
    # A forked child of a process with threads may wait for a lock for ever. There the children are forked off a process that has
    # no threads and has imported what they need.
    context: Any = multiprocessing.get_context("fork" if threading.active_count() == 1 else "forkserver")
    if threading.active_count() > 1:
        context.set_forkserver_preload(PRELOADED)
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(sender, function, arguments, cpu_seconds, memory_bytes), daemon=True)
    child.start()
    sender.close()
    try:
        well, answer = receiver.recv()
    except EOFError:
        child.join()
        raise Killed(f"lebih dari {cpu_seconds} detik kerja prosesor atau {memory_bytes // 1_000_000} MB memori") from None
    finally:
        receiver.close()
    child.join()
    child.close()
    if not well:
        raise answer
    result: Result = answer
    return result


def _work(sender: Connection, function: Callable[..., Any], arguments: tuple[Any, ...], cpu_seconds: int, memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    memory_bytes += _address_space()  # a forked child begins with all that its parent has mapped
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    try:
        sender.send((True, function(*arguments)))
    except MemoryError:
        return  # the other end sees the pipe close
    except Exception as error:
        sender.send((False, error))
    finally:
        sender.close()


def _address_space() -> int:
    """Bytes of address space that this process has mapped by now; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as pages:
            return int(pages.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0
