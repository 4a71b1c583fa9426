"""Other people's wheels: a plugin and a course package, built, installed, used and removed."""

from tests.packaging.browser import Visitor
from tests.packaging.conftest import SITE_TOML, build_wheel, free_port

COURSE_PROJECT = """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "modul-universitas"
version = "2.1.0"

[project.entry-points."elearn.courses"]
universitas = "modul_universitas"

[tool.setuptools]
packages = ["modul_universitas"]

[tool.setuptools.package-data]
modul_universitas = ["**/*.md", "**/*.yml"]
"""


def set_up(installed):
    installed.run("elearn", "db", "upgrade")
    (installed.folder / "elearn-data" / "site.toml").write_text(SITE_TOML)
    installed.run("elearn", "person", "add", "--name", "Sari", "--email", "sari@contoh.go.id", "--password", "sandi-panjang-sekali")


def visit(port):
    visitor = Visitor(f"http://127.0.0.1:{port}")
    visitor.sign_in("sari@contoh.go.id", "sandi-panjang-sekali")
    return visitor


def test_a_plugin_from_a_wheel_is_built_installed_used_and_removed(installed, wheels):
    set_up(installed)
    installed.run("elearn", "plugin", "new", "buku_tamu", "proyek")
    wheel = build_wheel(installed.folder / "proyek", wheels)
    installed.install(wheel)
    listed = installed.run("elearn", "plugin", "list").stdout
    assert "buku_tamu        elearn-buku-tamu 0.1.0" in listed
    assert "membawa: blueprint, models, migrations, nav" in listed

    behind = installed.run("elearn", "check", check=False)
    assert behind.returncode == 1
    assert "elearn db upgrade" in behind.stderr
    installed.run("elearn", "db", "upgrade")
    port = free_port()
    with installed.serving("serve", "--port", port):
        visitor = visit(port)
        assert "Buku tamu" in visitor.get("/")
        visitor.get("/buku-tamu/")
        visitor.submit("/buku-tamu/", text="Selamat pagi dari Belawan")
        assert "Selamat pagi dari Belawan" in visitor.get("/buku-tamu/")

    installed.remove("elearn-buku-tamu")
    assert "buku_tamu" not in installed.run("elearn", "plugin", "list").stdout
    installed.run("elearn", "db", "upgrade")
    with installed.serving("serve", "--port", port):
        visitor = visit(port)
        assert "Buku tamu" not in visitor.get("/")
        visitor.get("/buku-tamu/")
        assert visitor.status == 404

    installed.install(wheel)  # it comes back, and finds what it had kept
    with installed.serving("serve", "--port", port):
        assert "Selamat pagi dari Belawan" in visit(port).get("/buku-tamu/")


def test_a_new_plugin_passes_its_own_tests(installed):
    installed.run("elearn", "plugin", "new", "salam", "proyek")
    installed.run(
        "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--disable-pip-version-check",
        "-e",
        "proyek",
    )
    done = installed.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=installed.folder / "proyek")
    assert "2 passed" in done.stdout


def test_a_broken_plugin_wheel_is_named_and_the_site_starts_without_it(installed, wheels):
    set_up(installed)
    installed.run("elearn", "plugin", "new", "rusak", "proyek")
    (installed.folder / "proyek" / "elearn_rusak" / "__init__.py").write_text("import modul_yang_tidak_ada\n")
    installed.install(build_wheel(installed.folder / "proyek", wheels))
    done = installed.run("elearn", "check", check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "plugin 'rusak' (elearn-rusak 0.1.0): ModuleNotFoundError" in done.stderr
    assert "ELEARN_WITHOUT" in done.stderr
    done = installed.run("python", "-c", "import os; os.environ['ELEARN_WITHOUT'] = 'rusak'; from elearn.cli import main; main(['check'])")
    assert "Semua baik; catatan di atas tidak menghalangi." in done.stdout
    assert "elearn certificates key new" in done.stdout


def test_a_course_from_a_wheel_is_built_installed_published_and_taken(installed, wheels):
    project = installed.folder / "proyek"
    lessons = project / "modul_universitas" / "hukum-dasar" / "01-awal"
    lessons.mkdir(parents=True)
    (project / "pyproject.toml").write_text(COURSE_PROJECT)
    (project / "modul_universitas" / "kode.py").write_text("raise SystemExit('a course runs no code')\n")
    (project / "modul_universitas" / "__init__.py").write_text("raise SystemExit('a course runs no code')\n")
    (lessons.parent / "course.yml").write_text(
        "judul: Hukum Dasar\nringkasan: Dari universitas.\nbahasa: id\njp: 1\nlisensi: CC-BY-4.0\npenulis:\n  - nama: Universitas\ntujuan:\n  - Mengerti\n"
    )
    (lessons / "_bagian.md").write_text("# Awal\n\nPembuka.\n")
    (lessons / "01-pengantar.md").write_text("---\njudul: Pengantar\nmenit: 3\n---\n\nNegara **hukum**.\n")
    wheel = build_wheel(project, wheels)

    set_up(installed)
    installed.install(wheel)
    assert "hukum-dasar                      modul-universitas 2.1.0  belum ditawarkan" in installed.run("elearn", "course", "list").stdout
    installed.run("elearn", "course", "publish", "hukum-dasar")
    port = free_port()
    with installed.serving("serve", "--port", port):
        visitor = visit(port)
        assert "Hukum Dasar" in visitor.get("/pelatihan")
        visitor.get("/pelatihan/hukum-dasar")
        visitor.submit("/daftar")
        assert "Negara <strong>hukum</strong>" in visitor.text

    installed.remove("modul-universitas")
    with installed.serving("serve", "--port", port):  # what was published stays
        visitor = visit(port)
        assert "Negara <strong>hukum</strong>" in visitor.get("/belajar/hukum-dasar/pengantar")
