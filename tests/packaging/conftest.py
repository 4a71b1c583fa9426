"""elearn as a wheel in an environment of its own, outside the checkout; other people's wheels beside it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import sysconfig
import threading
import time
import venv
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SITE_TOML = 'secure_cookies = false\nbase_url = "http://127.0.0.1"\n'


def build_wheel(project: Path, into: Path) -> Path:
    """The wheel of ``project``, built by pip as a newcomer would."""
    before = set(into.glob("*.whl"))
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--disable-pip-version-check",
        "-w",
        into,
    ]
    subprocess.run([*command, project], check=True, capture_output=True, text=True, timeout=300)
    (wheel,) = set(into.glob("*.whl")) - before
    return wheel


@dataclass
class Installed:
    """An environment with elearn's wheel in it, and an empty folder to work in."""

    bin: Path
    folder: Path

    def run(self, *command: str, check: bool = True, cwd: Path | None = None, **more) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment in the empty folder."""
        done = subprocess.run(
            [self.bin / command[0], *map(str, command[1:])],
            cwd=cwd or self.folder, capture_output=True, text=True, timeout=300, env=clean_environment(), **more,
        )  # fmt: skip
        assert not check or done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
        return done

    def install(self, wheel: Path) -> None:
        self.run("python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", str(wheel))

    def remove(self, name: str) -> None:
        self.run("python", "-m", "pip", "uninstall", "--quiet", "--yes", "--disable-pip-version-check", name)

    @contextmanager
    def serving(self, *command: str):
        """A server in the background; gives the first line it says, and all it has said so far."""
        process = subprocess.Popen(
            [self.bin / "elearn", *map(str, command)],
            cwd=self.folder, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        said: list[str] = []
        reader = threading.Thread(target=lambda: said.extend(iter(process.stdout.readline, "")), daemon=True)
        reader.start()
        try:
            deadline = time.monotonic() + 120
            while not any("http://" in line for line in said):
                assert process.poll() is None, "".join(said)
                assert time.monotonic() < deadline, "".join(said)
                time.sleep(0.05)
            yield said
        finally:
            process.terminate()
            process.wait(timeout=30)
            reader.join(timeout=10)
            process.stdout.close()


def clean_environment() -> dict[str, str]:
    """This environment without what would point back to the checkout or to another site."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ELEARN", "VIRTUAL_ENV"))}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def wheels(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("wheels")


@pytest.fixture(scope="session")
def elearn_wheel(wheels) -> Path:
    return build_wheel(CHECKOUT, wheels)


@pytest.fixture
def installed(tmp_path, elearn_wheel) -> Installed:
    """A fresh environment: elearn from its wheel, everything else borrowed from the environment of the tests."""
    place = tmp_path / "env"
    venv.create(place, with_pip=False, symlinks=True)
    site = next(place.glob("lib/python*/site-packages"))
    (site / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    folder = tmp_path / "kosong"
    folder.mkdir()
    made = Installed(place / "bin", folder)
    made.install(elearn_wheel)
    where = made.run("python", "-c", "import elearn; print(elearn.__file__)").stdout
    assert str(site) in where, f"the tests would try the checkout instead of the wheel: {where}"
    return made


def first_json(lines: list[str]) -> dict:
    return json.loads(next(line for line in lines if line.startswith("{")))
