"""Asking the signing process for a signature. What asks never holds a private key."""

from __future__ import annotations

import base64
import json
import os
import select
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import IO

from elearn import ElearnError
from elearn_certificates.signing import service

PATIENCE = 60.0  # seconds; a token may be slow, a hung one must not hold a worker for ever
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SOFTHSM2_CONF", "ELEARN_CERTIFICATES_PIN")


class SigningError(ElearnError):
    """The signing process could not or would not sign. Its text never contains a key."""


class Signer:
    """A way to the signing process: a child of this process, started at the first signature, or the one behind a Unix socket."""

    def __init__(self, folder: Path, address: str = "") -> None:
        self._folder, self._address = folder, address
        self._lock = threading.Lock()
        self._pid = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._lines: IO[bytes] | None = None
        self._end: Callable[[], object] = lambda: None

    def __repr__(self) -> str:
        return f"<Signer {self._address or 'child process'}>"

    def sign(self, key: str, data: bytes) -> bytes:
        """The signature of ``data`` by the key ``key``: 64 bytes for Ed25519, DER for P-256. Raises ``SigningError``."""
        request = json.dumps({"key": key, "data": base64.b64encode(data).decode()}).encode() + b"\n"
        with self._lock:
            try:
                answer = json.loads(self._ask(request))
            except (OSError, ValueError) as error:
                self.close()
                raise SigningError(f"The signing process does not answer: {type(error).__name__}") from error
        if "signature" not in answer:
            raise SigningError(f"The signing process refused: {answer.get('error', 'no reason')}")
        return base64.b64decode(answer["signature"])

    def _ask(self, request: bytes) -> bytes:
        if self._pid != os.getpid():  # after a fork the parent's pipe is the parent's
            self._child = self._socket = self._lines = None
        if self._lines is None:
            self._open()
        assert self._lines is not None
        if self._socket is not None:
            self._socket.sendall(request)
        else:
            assert self._child is not None
            assert self._child.stdin is not None
            self._child.stdin.write(request)
            self._child.stdin.flush()
        if not select.select([self._lines], [], [], PATIENCE)[0]:
            raise TimeoutError
        line = self._lines.readline()
        if not line:
            raise OSError("closed")
        return line

    def _open(self) -> None:
        self._pid = os.getpid()
        if self._address:
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.settimeout(PATIENCE)
            self._socket.connect(self._address)
            self._lines = self._socket.makefile("rb")
            self._end = weakref.finalize(self, _end, self._pid, None, self._lines, self._socket)
            return
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        command = [sys.executable, "-I", service.__file__, str(self._folder)]
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self._lines = self._child.stdout
        self._end = weakref.finalize(self, _end, self._pid, self._child, self._lines)

    def close(self) -> None:
        """End the child and its pipes. The next signature starts another."""
        self._end()
        self._child = self._socket = self._lines = None


def _end(pid: int, child: subprocess.Popen[bytes] | None, *ends: socket.socket | IO[bytes] | None) -> None:
    """End what the process ``pid`` opened; nothing where this is a fork of it."""
    if pid != os.getpid():
        return
    for end in (*ends, child.stdin if child else None):
        if end is not None:
            with suppress(OSError):  # a pipe to a dead child
                end.close()
    if child is not None:
        child.kill()
        child.wait()


@lru_cache(maxsize=8)
def signer_for(folder: Path, address: str = "") -> Signer:
    """The one signer of this process for a folder of keys."""
    return Signer(folder, address)
