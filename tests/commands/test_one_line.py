"""What an operator gets wrong is said in one clear line, with exit code 1 and no traceback."""

import errno
import json
import os
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager

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
        ("mail = 'smtp://surat:dua'", "mail"),
        ("mail = 'smtp://[surat'", "mail"),
        ("limits = 'radis://127.0.0.1'", "limits"),
        ("limits = 'redis://127.0.0.1:x'", "limits"),
        ("session_days = 0", "session_days"),
        ("session_days = 9999999999", "session_days"),
        ("behind_proxy = -1", "behind_proxy"),
        ("timezone = 'Asia/Belawan'", "timezone"),
        ("timezone = 'Asia'", "timezone"),
        ("timezone = '../../etc/passwd'", "timezone"),
        ("base_url = 'belajar.kota.go.id'", "base_url"),
        ("base_url = 'https://kota.go.id/belajar/'", "base_url"),
        ("base_url = 'https://[kota'", "base_url"),
        ("base_url = 'https://kota.go.id:x'", "base_url"),
        ("database = 'mysql://x/y'", "not supported"),
        ("database = 'postgresql+asyncpg://x/y'", "not supported"),
        ("database = 'postgresql://x:y/z'", "not a database URL"),
        ("database = 'sqlite:///elearn.db'", "whole path"),
        ("database = 'sqlite://'", "whole path"),
        ("database = 'bukan url'", "database"),
        ("name = ", "site.toml"),
        ("[quizzes]\nwarna = 3", "quizzes.warna"),
    ],
)
def test_a_wrong_setting(folder, toml, words):
    ready(folder)
    (folder / "site.toml").write_text(toml)
    assert words in one_line(run("check", "--data", folder))


def test_a_site_starts_without_a_plugin_that_it_has_set_up(folder, monkeypatch):
    (ready(folder) / "site.toml").write_text('[certificates]\ncity = "Mataram"\n')
    monkeypatch.setenv("ELEARN_WITHOUT", "certificates")
    assert run("check", "--data", folder).exit_code == 0
    (folder / "site.toml").write_text('[sertifikat]\ncity = "Mataram"\n')
    assert "no setting 'sertifikat.city'" in one_line(run("check", "--data", folder))


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("https://Belajar.Kota.go.id/", "belajar.kota.go.id"),
        ("https://belajar.kota.go.id:443", "belajar.kota.go.id"),
        ("http://[::1]:8000", "[::1]:8000"),
    ],
)
def test_the_public_address_is_the_one_that_browsers_ask_for(make_app, given, host):
    app = make_app(base_url=given)
    scheme = given.partition(":")[0]
    assert app.test_client().get("/masuk", base_url=f"{scheme}://{host}").status_code == 200
    assert app.extensions["elearn"].site.url_for_path("/v/1") == f"{scheme}://{host}/v/1"


def test_a_machine_without_a_driver_or_without_time_zones_is_told_what_it_lacks(folder, tmp_path):
    lacking = f"import sys; sys.modules['psycopg'] = None; sys.argv[1:] = ['check', '--data', {str(ready(folder))!r}]"
    for variable, value, words in (
        ("ELEARN_DATABASE", "postgresql://127.0.0.1/x", "pip install 'elearn[postgresql]'"),
        ("PYTHONTZPATH", str(tmp_path), "apt install tzdata"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", f"{lacking}; sys.modules['tzdata'] = None; from elearn.cli import main; main()"],
            env=os.environ | {variable: value}, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 1
        (line,) = done.stderr.splitlines()
        assert words in line


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


def test_a_backup_is_whole_never_overwrites_and_is_restored_into_an_empty_folder(folder, tmp_path):
    ready(folder)
    person = ("person", "add", "--name", "Sari", "--email", "sari@contoh.go.id", "--password", "x" * 12, "--data")
    run(*person, folder)
    target = tmp_path / "cadangan" / "elearn.db"
    assert run("db", "backup", target, "--data", folder).exit_code == 0
    assert target.stat().st_mode & 0o077 == 0, "who everybody is concerns nobody else on the machine"
    assert "never overwrites" in one_line(run("db", "backup", target, "--data", folder))
    other = tmp_path / "lain"
    assert run("db", "restore", target, "--data", other).exit_code == 0
    assert "there already" in one_line(run("db", "restore", target, "--data", other))
    assert "secret key" in one_line(run("check", "--data", other))
    (other / "secret.key").write_bytes((folder / "secret.key").read_bytes())
    assert run("check", "--data", other).exit_code == 0
    assert "sudah dipakai akun lain" in one_line(run(*person, other))


@contextmanager
def full_disk(left):
    """No file grows beyond ``left`` bytes meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (left, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_nothing_that_looks_like_a_backup(folder, tmp_path):
    target, other = tmp_path / "cadangan" / "elearn.db", tmp_path / "lain"
    run("db", "backup", target, "--data", ready(folder))
    again = target.with_name("lagi.db")
    with full_disk(100_000):
        assert "database said no" in one_line(run("db", "backup", again, "--data", folder))
        assert "database said no" in one_line(run("db", "restore", target, "--data", other))
    assert list(target.parent.iterdir()) == [target]
    assert list(other.iterdir()) == []
    assert run("db", "backup", again, "--data", folder).exit_code == 0
    assert run("db", "restore", target, "--data", other).exit_code == 0


def test_a_first_start_on_a_full_disk_is_said_and_done_again(folder):
    with full_disk(0):
        assert os.strerror(errno.EFBIG) in one_line(run("db", "upgrade", "--data", folder))
    assert list(folder.iterdir()) == []
    ready(folder)
    assert (folder / "secret.key").stat().st_mode & 0o077 == 0


def test_a_folder_that_was_there_before_keeps_the_database_to_its_owner(folder):
    folder.mkdir(mode=0o755)
    with closing(sqlite3.connect(folder / "elearn.db")) as database:
        database.execute("PRAGMA journal_mode=WAL")  # as elearn check does: it looks, and SQLite makes a file for it
    ready(folder)
    with closing(sqlite3.connect(folder / "elearn.db")) as database:
        database.execute("BEGIN IMMEDIATE")
        files = list(folder.glob("elearn.db*"))
        assert len(files) > 1
        assert [file.name for file in files if file.stat().st_mode & 0o077] == []


def test_an_empty_secret_is_made_anew_and_one_that_is_too_short_is_not(folder):
    folder.mkdir()
    (folder / "secret.key").write_text("pendek")
    assert "fewer than 32" in one_line(run("db", "upgrade", "--data", folder))
    (folder / "secret.key").write_text("")
    ready(folder)


def test_a_backup_is_restored_from_a_medium_that_cannot_be_written(folder, tmp_path):
    target = tmp_path / "cadangan.db"
    run("db", "backup", target, "--data", ready(folder))
    with closing(sqlite3.connect(f"file:{target}?mode=ro", uri=True)) as backup:
        assert backup.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert backup.execute("SELECT count(*) FROM person").fetchone() == (0,)
    assert list(tmp_path.glob("cadangan*")) == [target]
    assert run("db", "restore", target, "--data", tmp_path / "lain").exit_code == 0


def test_what_is_not_there_is_not_backed_up(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("ELEARN_SECRET_KEY", "x" * 40)
    folder.mkdir()
    assert "no database" in one_line(run("db", "backup", tmp_path / "cadangan.db", "--data", folder))
    assert not (tmp_path / "cadangan.db").exists()


def test_a_folder_that_cannot_be_is_named(tmp_path):
    (tmp_path / "berkas").write_text("")
    assert str(tmp_path / "berkas") in one_line(run("db", "upgrade", "--data", tmp_path / "berkas" / "situs"))


@pytest.mark.parametrize("spoil", ["cut", "text", "another"])
def test_what_is_no_whole_backup_is_not_restored(folder, tmp_path, spoil):
    ready(folder)
    backup = tmp_path / "cadangan.db"
    run("db", "backup", backup, "--data", folder)
    if spoil == "cut":
        backup.write_bytes(backup.read_bytes()[:50_000])
    elif spoil == "text":
        backup.write_text("bukan basis data")
    else:
        backup.unlink()
        with closing(sqlite3.connect(backup)) as other:
            other.execute("CREATE TABLE a (b)")
    assert "no whole backup" in one_line(run("db", "restore", backup, "--data", tmp_path / "lain"))
    assert not (tmp_path / "lain" / "elearn.db").exists()


@pytest.mark.parametrize(
    ("toml", "notes"),
    [
        ("", ["base_url"]),
        ('base_url = "http://localhost:8000"', []),
        ('base_url = "https://belajar.kota.go.id"', ["behind_proxy", "mail"]),
        ('base_url = "https://belajar.kota.go.id"\nbehind_proxy = 1\nmail = "smtp://127.0.0.1:25"', []),
        ('base_url = "https://belajar.kota.go.id"\nbehind_proxy = 1\nmail = "smtp://a"\nsecure_cookies = false', ["secure_cookies"]),
    ],
)
def test_what_is_seldom_right_for_a_real_site_is_noted(folder, toml, notes):
    (ready(folder) / "site.toml").write_text(toml)
    result = run("check", "--data", folder)
    assert result.exit_code == 0
    said = [line.partition(":")[0] for line in result.stdout.splitlines()]
    assert [name for name in said if name in ("base_url", "behind_proxy", "mail", "secure_cookies")] == notes


@pytest.mark.parametrize("wrong", [("serve", "--port", "99999"), ("serve", "--workers", "0"), ("demo", "--port", "-1")])
def test_a_number_that_cannot_be_is_refused_before_anything_is_made(folder, wrong):
    result = run(*wrong, "--data", folder)
    assert result.exit_code == 2
    assert wrong[1] in result.stderr
    assert not folder.exists()


@pytest.mark.parametrize("name", ["core", "quizzes", "courses"])
def test_a_new_plugin_does_not_take_the_place_of_what_is_installed(tmp_path, name):
    assert "taken" in one_line(run("plugin", "new", name, tmp_path / "baru"))
    assert not (tmp_path / "baru").exists()


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
