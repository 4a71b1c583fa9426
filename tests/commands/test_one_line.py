"""What an operator gets wrong is said in one clear line, with exit code 1 and no traceback."""

import json

import pytest
from click.testing import CliRunner

from elearn.cli import main


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("ELEARN_DATA", "ELEARN_DATABASE", "ELEARN_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "situs"


def run(*command):
    result = CliRunner().invoke(main, [str(part) for part in command])
    assert not isinstance(result.exception, Exception), result.exception
    return result


def one_line(result):
    assert result.exit_code == 1
    (line,) = result.stderr.strip().splitlines()
    return line


def ready(folder):
    assert run("db", "upgrade", "--data", folder).exit_code == 0
    return folder


def test_a_site_without_a_secret(folder):
    folder.mkdir()
    line = one_line(run("check", "--data", folder))
    assert "secret key" in line
    assert "elearn db upgrade" in line


def test_a_schema_that_is_behind(folder):
    folder.mkdir()
    (folder / "secret.key").write_text("x" * 40)
    assert "elearn db upgrade" in one_line(run("check", "--data", folder))


def test_a_database_that_cannot_be_reached(folder, monkeypatch):
    ready(folder)
    monkeypatch.setenv("ELEARN_DATABASE", "postgresql://elearn@127.0.0.1:1/tidakada")
    assert "cannot be reached" in one_line(run("check", "--data", folder))


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("nam = 'x'", "no setting 'nam'"),
        ("session_days = 'banyak'", "session_days"),
        ("secure_cookies = 'mungkin'", "secure_cookies"),
        ("mail = 'ftp://x'", "mail"),
        ("database = 'mysql://x/y'", "not supported"),
        ("database = 'bukan url'", "database"),
        ("name = ", "site.toml"),
        ("[quizzes]\nwarna = 3", "quizzes.warna"),
    ],
)
def test_a_wrong_setting(folder, toml, words):
    ready(folder)
    (folder / "site.toml").write_text(toml)
    assert words in one_line(run("check", "--data", folder))


def test_a_wrong_environment_variable_is_named(folder, monkeypatch):
    ready(folder)
    monkeypatch.setenv("ELEARN_SESSION_DAYS", "empat belas")
    assert "ELEARN_SESSION_DAYS" in one_line(run("check", "--data", folder))


def test_a_course_that_is_not_there(folder):
    ready(folder)
    assert "elearn course list" in one_line(run("course", "publish", "tidak-ada", "--data", folder))


def test_a_person_with_a_wrong_nip(folder):
    ready(folder)
    line = one_line(run("person", "add", "--name", "Sari", "--nip", "1994072120190320", "--password", "x" * 12, "--data", folder))
    assert "18" in line


def test_a_person_twice(folder):
    ready(folder)
    person = ("person", "add", "--name", "Sari", "--email", "sari@contoh.go.id", "--password", "x" * 12, "--data", folder)
    assert run(*person).exit_code == 0
    assert "sudah dipakai akun lain" in one_line(run(*person))


def test_a_backup_is_whole_and_never_overwrites(folder, tmp_path):
    ready(folder)
    run("person", "add", "--name", "Sari", "--email", "sari@contoh.go.id", "--password", "x" * 12, "--data", folder)
    target = tmp_path / "cadangan" / "elearn.db"
    assert run("db", "backup", target, "--data", folder).exit_code == 0
    assert "never overwrites" in one_line(run("db", "backup", target, "--data", folder))
    other = tmp_path / "lain"
    other.mkdir()
    for name, source in (("elearn.db", target), ("secret.key", folder / "secret.key")):
        (other / name).write_bytes(source.read_bytes())
    assert "sudah dipakai akun lain" in one_line(
        run("person", "add", "--name", "Sari", "--email", "sari@contoh.go.id", "--password", "x" * 12, "--data", other)
    )


def test_settings_are_listed_with_their_help(folder):
    listed = run("settings", "--data", ready(folder)).stdout
    assert "base_url = ''" in listed
    assert "The public address" in listed


def test_a_broken_course_is_never_published_and_all_faults_are_listed(folder, tmp_path):
    ready(folder)
    pack = tmp_path / "rusak"
    (pack / "01-modul").mkdir(parents=True)
    (pack / "course.yml").write_text("judul: Rusak\njp: banyak\nwarna: merah\n")
    (pack / "01-modul" / "01-satu.md").write_text("---\njudul: Satu\n---\n\n![](gambar-hilang.png)\n\n[ke mana](99-tidak-ada.md)\n")
    result = run("course", "publish", pack, "--data", folder)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) >= 4
    assert all(line.split(":")[1].isdigit() and line.split(":")[2].isdigit() for line in result.stderr.splitlines())
    checked = run("course", "check", pack, "--format", "json")
    assert checked.exit_code == 1
    faults = json.loads(checked.stdout)
    assert {"file", "line", "column", "code", "message", "remedy", "severity"} == set(faults[0])
    assert "rusak" not in run("course", "list", "--data", folder).stdout
