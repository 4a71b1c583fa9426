"""make on a machine that lacks something: what was begun does not stand in the way once it is there."""

import subprocess
import sys

from tests.packaging.conftest import CHECKOUT

WITHOUT_PIP = """#!/bin/sh
# Debian's python3 without python3-venv: it makes the folder with a python in it, then finds no pip, and fails
[ "$1" != -m ] || { for folder; do :; done; "%s" -m venv --without-pip "$folder"; exit 1; }
"""


def make(*given):
    return subprocess.run(["make", *map(str, given)], cwd=CHECKOUT, capture_output=True, text=True, timeout=120)


def test_an_environment_that_was_begun_without_pip_is_made_anew(tmp_path):
    python, folder = tmp_path / "python3", tmp_path / "environment"
    python.write_text(WITHOUT_PIP % sys.executable)
    python.chmod(0o755)
    assert make(f"PYTHON={python}", f"VENV={folder}", folder / "run.stamp").returncode
    assert (folder / "bin" / "python").exists()
    again = make("--dry-run", f"PYTHON={sys.executable}", f"VENV={folder}", folder / "run.stamp").stdout
    assert any("-m venv" in line and str(folder) in line for line in again.splitlines())
