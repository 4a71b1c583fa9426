"""elearn serve in an empty folder, at a terminal: what it asks, what it forgives, and what it leaves behind."""

import os
import pty
import select
import signal
import socket
import sys
import time
from contextlib import closing

import pytest

from tests.packaging.browser import Visitor

SECONDS = 60


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, *command, folder):
        self.child, self.handle = pty.fork()
        if not self.child:
            os.environ |= {"ELEARN_DATA": str(folder), "ELEARN_SECURE_COOKIES": "false"}
            os.execv(sys.executable, [sys.executable, "-m", "elearn.cli", *command])  # noqa: S606
        self.said = ""

    def wait_for(self, words):
        """Read until ``words`` were said after all that was waited for before."""
        deadline = time.monotonic() + SECONDS
        while words not in self.said:
            assert time.monotonic() < deadline, self.said
            if select.select([self.handle], [], [], 1)[0]:
                self.said += os.read(self.handle, 4096).decode()
        before, _, self.said = self.said.partition(words)
        return before

    def answer(self, question, *words):
        """Answer a question, which may be asked again, with one line after the other."""
        said = ""
        for one in words:
            said += self.wait_for(question + ": ")
            os.write(self.handle, one.encode() + b"\n")
        return said

    def close(self):
        os.kill(self.child, signal.SIGTERM)
        os.close(self.handle)
        os.waitpid(self.child, 0)


@pytest.fixture
def port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("login", ["198103122006041002", "rahmat@kota.go.id"])
def test_the_first_administrator_is_asked_for_until_every_answer_is_right(tmp_path, port, login):
    folder = tmp_path / "situs"
    terminal = Terminal("serve", "--port", str(port), folder=folder)
    try:
        terminal.answer("Nama lengkap", "R", "Rahmat Hidayat")
        assert "surel tidak dikenali" in terminal.answer("NIP atau surel", "rahmat", login)
        assert "paling sedikit 10" in terminal.answer("karakter)", "pendek", "kalimat-yang-panjang")
        terminal.answer("Ulangi kata sandi", "kalimat-yang-lain")
        assert "tidak sama" in terminal.answer("Kata sandi", "kalimat-yang-panjang")
        terminal.answer("Ulangi kata sandi", "kalimat-yang-panjang")
        terminal.wait_for(f"masuk dengan {login}")
        assert str(folder / "site.toml") in terminal.wait_for("elearn: http://")
        visitor = Visitor(f"http://127.0.0.1:{port}")
        visitor.sign_in(login, "kalimat-yang-panjang")
        assert "Rahmat Hidayat" in visitor.get("/")
        assert visitor.get("/kelola")
    finally:
        terminal.close()
    assert folder.stat().st_mode & 0o077 == 0, "nobody else on the machine reads the database"
