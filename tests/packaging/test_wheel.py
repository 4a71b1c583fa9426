"""elearn's own wheel: it holds everything, and runs in an empty folder outside any checkout."""

import json
import time
import zipfile

from tests.packaging.browser import Visitor
from tests.packaging.conftest import CHECKOUT, SITE_TOML, first_json, free_port

PARTS = ("templates/base.html", "web/static/app.css", "migrations/versions/core_0001_first_tables.py", "web/static/icons.svg")


def test_the_wheel_holds_every_page_style_step_and_course(elearn_wheel):
    names = set(zipfile.ZipFile(elearn_wheel).namelist())
    assert {f"elearn/{part}" for part in PARTS} <= names
    for pack in (CHECKOUT / "courses").iterdir():
        files = {f"elearn_courses/{path.relative_to(CHECKOUT / 'courses')}" for path in pack.rglob("*") if path.is_file()}
        assert files <= names
    for template in (CHECKOUT / "templates").rglob("*.html"):
        assert f"elearn/templates/{template.relative_to(CHECKOUT / 'templates')}" in names
    for plugin in ("quizzes", "certificates", "credits", "studio"):
        folder = CHECKOUT / "plugins" / f"elearn_{plugin}"
        wanted = [
            path for path in folder.rglob("*") if path.is_file() and path.suffix not in {".pyc", ".po"} and "__pycache__" not in path.parts
        ]
        missing = {str(path.relative_to(folder.parent)) for path in wanted} - names
        assert not missing
    assert not [name for name in names if name.startswith("tests/") or "__pycache__" in name]


def test_the_demo_runs_in_an_empty_folder_and_keeps_its_data(installed):
    port = free_port()
    with installed.serving("demo", "--port", port, "--json") as said:
        site = first_json(said)
        assert site["url"] == f"http://127.0.0.1:{port}"
        assert {person["role"] for person in site["people"]} == {
            "learner",
            "author",
            "contributor",
            "reviewer",
            "unit_head",
            "administrator",
        }
        visitor = Visitor(site["url"])
        assert json.loads(visitor.get("/healthz"))["status"] == "ok"
        for person in site["people"]:
            visitor = Visitor(site["url"])
            assert person["login"] not in visitor.sign_in(person["login"], person["password"])
            assert visitor.status == 200
            assert not visitor.address.endswith("/masuk")
        visitor.get("/pelatihan")
        offered = [link for link in visitor.links() if link.startswith("/pelatihan/")]
        assert len(set(offered)) >= 3
        visitor.get(offered[0])
        visitor.submit("/daftar")
        assert "/belajar/" in visitor.address
        place = visitor.address
    started = time.monotonic()
    with installed.serving("demo", "--port", port, "--json"):
        assert time.monotonic() - started < 60
        visitor = Visitor(site["url"])
        visitor.sign_in(site["people"][-1]["login"], site["people"][-1]["password"])
        visitor.get(place)
        assert visitor.status == 200
        assert visitor.address == place


def test_a_real_site_says_what_it_lacks_in_one_line(installed):
    done = installed.run("elearn", "person", "add", "--name", "A", "--email", "a@b.id", "--password", "x" * 12, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "elearn db upgrade" in done.stderr


def test_a_real_site_is_set_up_and_served(installed):
    installed.run("elearn", "db", "upgrade")
    installed.run(
        "elearn",
        "person",
        "add",
        "--name",
        "Rahmat",
        "--email",
        "rahmat@contoh.go.id",
        "--role",
        "administrator",
        "--password",
        "sandi-panjang-sekali",
    )
    assert "etika-pelayanan-publik" in installed.run("elearn", "course", "list").stdout
    assert "versi 1 diterbitkan" in installed.run("elearn", "course", "publish", "etika-pelayanan-publik").stdout
    assert "versi 1 sudah ditawarkan" in installed.run("elearn", "course", "publish", "etika-pelayanan-publik").stdout
    (installed.folder / "elearn-data" / "site.toml").write_text(SITE_TOML)
    port = free_port()
    with installed.serving("serve", "--port", port):
        visitor = Visitor(f"http://127.0.0.1:{port}")
        visitor.sign_in("rahmat@contoh.go.id", "sandi-panjang-sekali")
        assert "etika-pelayanan-publik" in visitor.get("/pelatihan")
    assert (installed.folder / "elearn-data" / "secret.key").stat().st_mode & 0o077 == 0
    installed.run("elearn", "certificates", "key", "new")
    assert installed.run("elearn", "check").stdout.strip() == "Semua baik."
