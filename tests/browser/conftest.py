"""A site with the real plugins and a bundled course on a real server, and Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from elearn.app import create_app
from elearn.packs import read_pack
from elearn.registry import discover
from elearn.services import people
from elearn.services.publishing import publish
from elearn.testing import upgrade
from elearn.web.database import db

CHECKOUT = Path(__file__).resolve().parents[2]
COURSE = "keamanan-informasi"
LOGIN, PASSWORD = "199407212019032005", "kalimat-yang-panjang"


@pytest.fixture(scope="module")  # its event loop must not run on under the tests that come after
def chromium():
    """Chromium, driven by Playwright."""
    path = os.environ.get("ELEARN_TEST_CHROMIUM", "")
    if not path:
        pytest.skip("ELEARN_TEST_CHROMIUM names no browser: make test finds Debian's chromium where it is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def site(tmp_path):
    """The address of a site with one bundled course, a learner (``LOGIN``, ``PASSWORD``) and nothing done yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    folder = tmp_path / "situs"
    folder.mkdir()
    (folder / "secret.key").write_text("test-" + "x" * 40, "ascii")
    (folder / "site.toml").write_text(
        f'base_url = "{url}"\nsecure_cookies = false\nname = "Belajar ASN"\norganisation = "BPSDM Kota Contoh"\n'
    )
    app = create_app(folder, plugins=discover(), check_schema=False)
    upgrade(app)
    state = app.extensions["elearn"]
    reading = read_pack(CHECKOUT / "courses" / COURSE, state.registry)
    with state.outbox.open_session() as session:
        publish(session, state.site.store, reading.course, reading.media, by=None)
        unit = people.add_unit(session, "Loket Belawan", code="BLW")
        people.add_person(session, name="Sari Wahyuni, S.E.", nip=LOGIN, password=PASSWORD, unit=unit, post="Analis Pelayanan")
        session.commit()
    with app.app_context():
        db.engine.dispose()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(CHECKOUT), str(CHECKOUT / "plugins")])}
    log = (tmp_path / "server.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "elearn.cli", "serve", "--port", str(port), "--data", str(folder)],
        env=environment, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(url, server, tmp_path / "server.log")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(url + "/healthz", timeout=2).close()
            return
        except OSError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)


@pytest.fixture
def phone(chromium):
    """``phone(script=True)`` opens a page 360 pixels wide, with or without JavaScript; what goes wrong on it fails the test."""
    faults: list[str] = []
    contexts = []

    def open_page(*, script: bool = True, width: int = 360, dark: bool = False):
        context = chromium.new_context(
            viewport={"width": width, "height": 740}, java_script_enabled=script, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.faults = faults
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
