"""Programs of others that read what we write, installed once for all tests here."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

NPM = Path(__file__).parent / "npm"


@pytest.fixture(scope="session")
def npm(tmp_path_factory):
    """A folder with the npm packages of the tests here."""
    folder = tmp_path_factory.mktemp("npm")
    shutil.copytree(NPM, folder, dirs_exist_ok=True)
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def pegjs(npm):
    """``pegjs(text)``: what the npm package gift-pegjs reads in a text."""

    def read(text):
        (npm / "a.gift").write_text(text, "utf-8")
        told = subprocess.run(["node", "gift.mjs", "a.gift"], cwd=npm, check=False, capture_output=True, text=True)
        assert told.returncode == 0, told.stderr[-1500:]
        return json.loads(told.stdout)

    return read


@pytest.fixture(scope="module")
def player(npm):
    """``player(item, answers)``: the npm package @citolab/qti-components plays a QTI 3.0 item (bytes) in Chromium and marks each of the answers
    (responses by identifier); gives for each the outcomes, and what stands on the page."""
    path = os.environ.get("ELEARN_TEST_CHROMIUM", "")
    if not path:
        pytest.skip("ELEARN_TEST_CHROMIUM names no browser: make test finds Debian's chromium where it is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content("<!doctype html><title>player</title><body></body>")
        page.add_script_tag(path=npm / "node_modules/@citolab/qti-components/cdn/index.global.js")
        page.add_script_tag(path=NPM / "play.js")
        yield lambda item, answers: page.evaluate("([item, answers]) => play(item, answers)", [item.decode(), answers])
        browser.close()
