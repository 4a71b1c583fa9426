"""Another's parser of GIFT, installed once for all tests here."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

NPM = Path(__file__).parent / "npm"


@pytest.fixture(scope="session")
def pegjs(tmp_path_factory):
    """``pegjs(text)``: what the npm package gift-pegjs reads in a text."""
    folder = tmp_path_factory.mktemp("gift")
    shutil.copytree(NPM, folder, dirs_exist_ok=True)
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, check=True, capture_output=True)

    def read(text):
        (folder / "a.gift").write_text(text, "utf-8")
        told = subprocess.run(["node", "gift.mjs", "a.gift"], cwd=folder, check=False, capture_output=True, text=True)
        assert told.returncode == 0, told.stderr[-1500:]
        return json.loads(told.stdout)

    return read
