"""An author's day at the command line, in Indonesian and in English."""

import json
import threading
import time
import zipfile

import pytest
from click.testing import CliRunner

from elearn.cli import main
from elearn.commands.preview import make_preview

LESSON = "01-pembuka/01-mengapa-ini-penting.md"


def run(*command, code=0):
    result = CliRunner().invoke(main, [str(part) for part in command])
    assert not isinstance(result.exception, Exception), result.exception
    assert result.exit_code == code, result.output + result.stderr
    return result.stdout


@pytest.fixture
def folder(tmp_path):
    run("course", "new", tmp_path / "keluhan-warga")
    return tmp_path / "keluhan-warga"


@pytest.fixture
def faulty(folder):
    (folder / LESSON).write_text(
        "---\njudul: Satu\nmenit: banyak\n---\n\n![](../media/langkah.svg)\n\n![Jauh](https://contoh.id/a,b.png)\n"
    )
    return folder


@pytest.mark.parametrize("template", ["singkat", "tiga-jp", "kosong"])
def test_a_new_course_has_no_fault(tmp_path, template):
    run("course", "new", tmp_path / "baru", "--template", template)
    assert run("course", "check", tmp_path / "baru") == "Tidak ada kesalahan.\n"
    assert json.loads(run("course", "stats", tmp_path / "baru", "--format", "json"))["jp_honest"] or template == "kosong"


def test_every_fault_is_told_at_once_with_its_place(faulty):
    lines = run("course", "check", faulty, code=1).splitlines()
    assert lines[0].startswith(f"{LESSON}:3:8: C05 “menit” harus angka 1 sampai 600.")
    assert lines[1].startswith(f"{LESSON}:6:1: M06 ")
    assert lines[2].startswith(f"{LESSON}:8:9: M04 ")
    assert lines[3] == "3 kesalahan, 0 peringatan."


def test_faults_in_english(faulty):
    lines = run("course", "--language", "en", "check", faulty, code=1).splitlines()
    assert "“menit” must be a number from 1 to 600." in lines[0]
    assert lines[-1] == "3 errors, 0 warnings."


def test_faults_of_questions_in_english(folder):
    (folder / LESSON).write_text("## Soal 1: Mana?\n\n- ( ) Ini\n- ( ) Itu\n")
    indonesian, english = run("course", "check", folder, code=1), run("course", "--language", "en", "check", folder, code=1)
    assert indonesian.splitlines()[0].split()[:2] == english.splitlines()[0].split()[:2]
    assert indonesian != english


QUESTION = "## Soal 1: Mana?\n<!-- id: mana -->\n\nLihat [ini](05-hilang.md).\n\n- (x) Ini\n- ({mark}) ![](../media/tidak-ada.png)\n\nPembahasan: [Itu](06-hilang.md)\n"


@pytest.mark.parametrize(("mark", "codes"), [(" ", "M03 M05 M03"), ("x", "M03 S07 M05 M03")], ids=["sound", "faulty"])
def test_links_and_pictures_of_a_question_are_told_at_their_lines_whatever_else_is_wrong_with_it(folder, mark, codes):
    (folder / LESSON).write_text(QUESTION.format(mark=mark))
    found = [one for one in json.loads(run("course", "check", folder, "--format", "json", code=1)) if one["severity"] == "error"]
    told = [(one["line"], one["code"]) for one in found if one["code"] != "M06"]
    wanted = {"M03": [4, 9], "M05": [7], "S07": [7]}
    assert sorted(told) == sorted((line, code) for code in set(codes.split()) for line in wanted[code])


def test_json_is_a_list_of_faults(faulty):
    found = json.loads(run("course", "check", faulty, "--format", "json", code=1))
    assert [one["code"] for one in found] == ["C05", "M06", "M04"]
    assert all({"file", "line", "column", "code", "message", "remedy"} <= set(one) for one in found)
    assert (found[1]["file"], found[1]["line"], found[1]["column"]) == (LESSON, 6, 1)


def test_github_shows_faults_at_their_lines(faulty, monkeypatch):
    monkeypatch.chdir(faulty.parent)
    first, _, last = run("course", "check", faulty.name, "--format", "github", code=1).splitlines()
    assert first.startswith(f"::error file=keluhan-warga/{LESSON},line=3,col=8,title=C05::“menit” harus angka")
    assert last.startswith(f"::error file=keluhan-warga/{LESSON},line=8,col=9,title=M04::Gambar “https://contoh.id/a,b.png”")


def test_tidying_says_what_it_does_and_does_it_once(folder):
    before = "---\njudul: Satu\n---\n\n##Judul\n• butir\n\n## Soal 1: Mana?\n\nA. Ini\nB. Itu\nJawaban: B\n"
    (folder / LESSON).write_text(before)
    said = run("course", "tidy", folder, "--dry-run", code=1)
    assert f"{LESSON}:6:1: R03 1 butir daftar ditulis dengan" in said
    assert (folder / LESSON).read_text() == before
    assert "list items written" in run("course", "--language", "en", "tidy", folder)
    assert "- (x) Itu" in (folder / LESSON).read_text()
    assert run("course", "tidy", folder) == "Semua naskah sudah rapi.\n"
    assert run("course", "check", folder) == "Tidak ada kesalahan.\n"


def test_tidying_tells_a_file_in_another_encoding_and_goes_on(folder):
    (folder / LESSON).write_text("---\njudul: Satu\n---\n\n##Judul\n")
    (folder / "00-latin.md").write_bytes("# Café\n".encode("latin-1"))
    said = run("course", "tidy", folder, code=1)
    assert "00-latin.md:1:1: C37 Berkas ini bukan teks UTF-8." in said
    assert "## Judul" in (folder / LESSON).read_text()
    assert (folder / "00-latin.md").read_bytes() == "# Café\n".encode("latin-1")


def test_a_pack_comes_back_as_it_was(folder, tmp_path):
    said = run("course", "pack", folder, "--version", "2")
    assert str(tmp_path / "keluhan-warga-2.zip") in said
    run("course", "import", tmp_path / "keluhan-warga-2.zip", tmp_path / "lain")
    assert run("course", "diff", folder, tmp_path / "lain" / "keluhan-warga") == "Tidak ada perubahan.\n"


def test_a_course_with_faults_is_not_packed(faulty, tmp_path):
    run("course", "pack", faulty, code=1)
    assert not list(tmp_path.glob("*.zip"))


def test_a_hostile_zip_leaves_nothing(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("etika/course.yml", "judul: x\n")
        archive.writestr("../luar.md", "x")
    before = sorted(tmp_path.rglob("*"))
    run("course", "import", tmp_path / "a.zip", tmp_path / "baru", code=1)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_diff_says_what_moved_and_what_changed(folder, tmp_path):
    run("course", "new", tmp_path / "b" / "keluhan-warga")
    other = tmp_path / "b" / "keluhan-warga"
    (other / "01-pembuka/02-langkah-di-meja-anda.md").rename(other / "01-pembuka/04-langkah-di-meja-anda.md")
    (other / LESSON).write_text((other / LESSON).read_text().replace("Paragraf dipisah", "Alinea dipisah"))
    said = run("course", "diff", folder, other, code=1)
    assert "> pindah" in said
    assert "(dahulu 01-pembuka/02-langkah-di-meja-anda.md)" in said
    assert "+Mulailah dengan satu kejadian nyata di meja pelayanan. Alinea dipisah" in said


def test_statistics_weigh_words_hours_and_reading(folder):
    words = " ".join(["Penanggungjawab menyelenggarakan pertanggungjawaban penyelenggaraan."] * 20)
    (folder / LESSON).write_text(f"---\njudul: Satu\nmenit: 15\n---\n\n{words}\n\n![Alur](../media/langkah.svg)\n")
    found = json.loads(run("course", "stats", folder, "--format", "json"))
    lesson = found["lessons"][0]
    assert (lesson["level"], lesson["pictures"], lesson["words"]) == ("hard", 1, 80)
    assert found["images"][0]["bytes"] == (folder / "media" / "langkah.svg").stat().st_size
    assert (found["jp"], found["jp_by_minutes"], found["jp_honest"]) == (1, 1.0, True)
    assert "sukar" in run("course", "stats", folder)
    assert "hard" in run("course", "--language", "en", "stats", folder)


# -- preview ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def shown(folder, tmp_path):
    app, preview = make_preview(folder, tmp_path / "data", port=8010)
    app.testing = True
    yield app, preview
    from elearn.web.database import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_preview_is_the_course_as_a_learner_meets_it(shown):
    app, _ = shown
    client = app.test_client()
    first = client.get("/pratinjau/", follow_redirects=True).text
    assert "Mengapa ini penting" in first
    assert "Tandai selesai dan lanjut" in first
    assert "Yang dilihat sendiri dapat dicatat dengan benar." not in first
    assert "Yang dilihat sendiri dapat dicatat dengan benar." in client.get("/pratinjau/kunci/mengapa-ini-penting").text


def test_a_saved_file_shows_within_a_second_and_only_it_is_drawn(shown, folder):
    app, preview = shown
    stop = threading.Event()
    watching = threading.Thread(target=preview.watch, args=(app,), kwargs={"stop": stop})
    watching.start()
    time.sleep(0.3)
    try:
        state = preview.state
        (folder / LESSON).write_text((folder / LESSON).read_text().replace("Mulailah", "TAMBAHAN-BARU mulailah"))
        with preview.changed:
            assert preview.changed.wait_for(lambda: preview.state > state, timeout=10)
        client = app.test_client()
        assert "TAMBAHAN-BARU" in client.get("/pratinjau/", follow_redirects=True).text
        assert preview.drawn == 1
        assert client.get(f"/pratinjau/keadaan?dari={state}").get_json() == {"state": preview.state}
    finally:
        stop.set()
        watching.join()


def test_a_fault_is_told_and_the_last_good_state_stays(shown, folder):
    app, preview = shown
    (folder / LESSON).write_text("---\njudul: Satu\n---\n\n![](../media/langkah.svg)\n")
    preview.refresh(app)
    page = app.test_client().get("/pratinjau/", follow_redirects=True).text
    assert "Mulailah dengan satu kejadian nyata" in page
    assert "belum memiliki teks pengganti" in page
