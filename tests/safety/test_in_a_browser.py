"""The same pages in Chromium, on a phone: no hostile word runs or breaks the page, and everybody can use it."""

import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.safety.site import WHO

NPM = Path(__file__).parent / "npm"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDE = """[...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.parentElement.closest('.table, pre, .tabs'))
    .slice(0, 2).map(one => one.outerHTML.slice(0, 200))"""
SERIOUS = "axe.run({resultTypes: ['violations']}).then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact)))"
PALE = "axe.run({runOnly: ['color-contrast']}).then(r => r.violations)"
# What is drawn for a file to keep, and is downloaded.
FILES = {"/v/luring.html"}


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    """The script of axe-core, which looks for barriers."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm, which brings axe-core, is not installed")
    folder = tmp_path_factory.mktemp("axe")
    shutil.copytree(NPM, folder, dirs_exist_ok=True)
    subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, check=True, capture_output=True)
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


class Quiet(WSGIRequestHandler):
    """Writes no line a request."""

    def log(self, type, message, *args):
        pass


@pytest.fixture
def address(rich, tmp_path):
    """The address of a copy of the site, served."""
    app = rich.copied(tmp_path / "site")
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def phones(rich, chromium, address):
    """``phones[who]`` is a page on somebody's phone; ``phones.faults`` what went wrong on all of them."""

    class Phones(dict):
        faults: list[str] = []

        def __missing__(self, who):
            context = chromium.new_context(viewport={"width": 320, "height": 740}, reduced_motion="reduce")  # no colour half-way
            cookie = rich.client(rich.apps[-1], who).get_cookie("elearn")
            if cookie:
                context.add_cookies([{"name": "elearn", "value": cookie.value, "url": address}])
            self[who] = page = context.new_page()
            page.set_default_timeout(20_000)
            page.on("dialog", lambda dialog: self.faults.append(f"{page.url}: {dialog.message}"))
            page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
            page.on("console", lambda said: self.faults.append(f"{page.url}: {said.text}") if said.type == "error" else None)
            return page

    phones = Phones()
    yield phones
    for page in phones.values():
        page.context.close()


def one_of_each(crawled):
    """One page of each kind: (who, address)."""
    found = {}
    for who in ("stranger", *WHO):
        for answer in crawled.pages[who].values():
            if answer.html and answer.status == 200 and answer.address not in FILES:
                found.setdefault(answer.endpoint, (who, answer.address))
    return found


@pytest.mark.browser
def test_every_page_holds_on_a_phone(crawled, phones, address, axe):
    pages = one_of_each(crawled)
    assert len(pages) > 50
    faults = []
    for endpoint, (who, path) in pages.items():
        page = phones[who]
        page.goto(address + path)
        if page.evaluate(SIDEWAYS) > 0:
            faults.append(f"{endpoint} {path} scrolls sideways: {page.evaluate(WIDE)}")
        page.evaluate(axe)
        found = page.evaluate(SERIOUS)
        page.emulate_media(color_scheme="dark")
        found += page.evaluate(PALE)
        page.emulate_media(color_scheme="light")
        faults += [f"{endpoint} {path}: {one['id']} {one['nodes'][0]['html'][:200]}" for one in found]
    assert faults + phones.faults == []
