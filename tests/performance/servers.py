"""Real servers to measure: started, pinned to one core, asked over kept-alive HTTP, weighed by the kernel's own figures."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

SERVER_CORE, CLIENT_CORE = 0, (os.cpu_count() or 1) - 1


@dataclass
class Server:
    """A server under measurement: ``pid`` is its worker's. One connection, kept alive, with the cookies it was given."""

    port: int
    process: subprocess.Popen[bytes]
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    @property
    def pid(self) -> int:
        """The worker process."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[-1]) if children else self.process.pid

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def cpu_seconds(self) -> float:
        """CPU seconds that the worker has used so far, in user and kernel, to the nanosecond."""
        threads = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9

    def peak_megabytes(self) -> float:
        """The most memory the worker ever held."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

    def ask(
        self, method: str, address: str, fields: dict[str, str] | str | None = None, *, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """One request, with a form's fields or a body as it is; (status, body)."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} | (headers or {})
        body = urlencode(fields) if isinstance(fields, dict) else fields
        if isinstance(fields, dict):
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, address, body, sent)
        answer = self.connection.getresponse()
        content = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, content


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], *, port: int, env: dict[str, str], ready: str, pinned: bool = True) -> Iterator[Server]:
    """Start ``command``, pinned to the servers' core where it is measured, and wait until ``ready`` answers 200."""
    pin = ["taskset", "-c", str(SERVER_CORE)] if pinned else []
    # an installed package is compiled, so what is measured may be too
    whole = {name: value for name, value in (os.environ | env).items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen([*pin, *command], env=whole, stdout=subprocess.DEVNULL, stderr=sys.stderr)
    server = Server(port, process)
    try:
        _wait(server, ready)
        yield server
    finally:
        server.close()
        process.terminate()
        process.wait(timeout=20)


def _wait(server: Server, address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if server.ask("GET", address)[0] == 200:
                return
        except OSError:
            server.close()
            time.sleep(0.02)
    raise SystemExit(f"no answer from port {server.port}")
