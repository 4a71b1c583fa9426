"""elearn quizzes convert, as a trainer runs it: any format into any other by name."""

import itertools
import zipfile

import pytest
from click.testing import CliRunner
from elearn_quizzes.command_line import convert
from elearn_quizzes.exchange.archive import read_archive, write_archive
from elearn_quizzes.exchange.bundle import BadFile
from elearn_quizzes.exchange.formats import FORMATS, read_file

QUIZ = "---\njenis: kuis\nlulus: 70%\n---\n\n## Soal 1: Batas lapor?\n\n- ( ) 7 hari\n- (x) 30 hari\n\n## Soal 2: Lembaga apa?\n\n- (x) KPK\n- ( ) BPK\n"
ENDINGS = [one.endings[0] for one in FORMATS]


def run(source, target):
    return CliRunner().invoke(convert, [str(source), str(target)])


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(ENDINGS, 2)))
def test_any_format_becomes_any_other(tmp_path, one, other):
    (tmp_path / "a.md").write_text(QUIZ, "utf-8")
    if one != ".md":
        assert run(tmp_path / "a.md", tmp_path / f"a{one}").exit_code == 0
    told = run(tmp_path / f"a{one}", tmp_path / f"b{other}")
    assert told.exit_code == 0, told.output
    assert "2 soal ditulis" in told.output
    questions = list(read_file(tmp_path / f"b{other}").quiz.questions())
    assert [[option.right for option in question.options] for question in questions] == [[False, True], [True, False]]


def test_a_question_left_out_is_named_on_standard_error_and_fails(tmp_path):
    (tmp_path / "a.md").write_text(QUIZ + "\n## Soal 3: Susun.\n\nUrutkan:\n1. satu\n2. dua\n", "utf-8")
    told = run(tmp_path / "a.md", tmp_path / "a.gift")
    assert told.exit_code == 1
    assert "Tidak ikut: Susun." in told.stderr
    assert "urutan" in told.stderr
    assert "2 soal ditulis" in told.stdout
    assert "1 soal tidak ikut" in told.stdout


def test_reasons_are_told_in_english_where_that_is_chosen(tmp_path, monkeypatch):
    (tmp_path / "a.md").write_text(QUIZ + "\n## Soal 3: Susun.\n\nUrutkan:\n1. satu\n2. dua\n\nPoin: 2\n", "utf-8")
    told = CliRunner().invoke(convert, [str(tmp_path / "a.md"), str(tmp_path / "a.gift"), "--language", "en"])
    assert "Left out: Susun. – GIFT does not know questions of the form: ordering." in told.stderr
    assert "Changed: quiz – the quiz's settings" in told.stderr
    assert "2 questions written to" in told.stdout
    monkeypatch.setenv("ELEARN_LANGUAGE", "en")
    assert "There are no questions in this file." in run_text(tmp_path, "Hanya teks.")
    assert "– line 1: " in run_text(tmp_path, "## Soal 1: Kosong?\n"), "and what is wrong with a question"


def run_text(folder, text):
    (folder / "b.md").write_text(text, "utf-8")
    return run(folder / "b.md", folder / "b.gift").output


def test_a_lesson_takes_the_pictures_of_its_course_along(tmp_path):
    for name in ("01-dasar", "media"):
        (tmp_path / name).mkdir()
    (tmp_path / "course.yml").write_text("judul: A\n", "utf-8")
    (tmp_path / "media" / "alur.png").write_bytes(b"PNG")
    (tmp_path / "01-dasar" / "01-kuis.md").write_text(
        QUIZ.replace("Batas lapor?\n", "Batas lapor?\n\n![Alur](../media/alur.png)\n"), "utf-8"
    )
    told = run(tmp_path / "01-dasar" / "01-kuis.md", tmp_path / "hasil.json")
    assert "gambar" not in told.stderr
    told = run(tmp_path / "01-dasar" / "01-kuis.md", tmp_path / "a.qti.zip")
    assert "gambar" not in told.stderr
    with zipfile.ZipFile(tmp_path / "a.qti.zip") as archive:
        assert any(name.endswith("alur.png") for name in archive.namelist())
    (tmp_path / "01-dasar" / "02-kuis.md").write_text(
        QUIZ.replace("Batas lapor?\n", "Batas lapor?\n\n![Alur](../../rahasia.png)\n"), "utf-8"
    )
    (tmp_path.parent / "rahasia.png").write_bytes(b"PNG")
    assert "gambar ini tidak ada" in run(tmp_path / "01-dasar" / "02-kuis.md", tmp_path / "b.qti.zip").stderr


def test_what_is_lost_in_part_is_named_and_does_not_fail(tmp_path):
    (tmp_path / "a.md").write_text(QUIZ.replace("- ( ) BPK\n", "- ( ) BPK\n\nPoin: 2\n"), "utf-8")
    told = run(tmp_path / "a.md", tmp_path / "a.gift")
    assert told.exit_code == 0
    assert "Berubah: Lembaga apa?" in told.stderr
    assert "poin" in told.stderr
    assert "pengaturan kuis" in told.stderr


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("a.docx", "x", "Bentuk berkas tidak dikenal"),
        ("a.moodle.xml", "<html/>", "<quiz>"),
        ("a.json", "{}", "bukan soal elearn"),
        ("a.csv", "nama;nilai\n", "kolom “soal”"),
        ("a.md", "---\na: [\n---\n", "YAML"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_writes_nothing(tmp_path, name, text, word):
    (tmp_path / name).write_text(text, "utf-8")
    told = run(tmp_path / name, tmp_path / "b.md")
    assert told.exit_code == 1
    assert word in told.stderr
    assert not (tmp_path / "b.md").exists()


def test_pictures_travel_and_files_outside_the_folder_do_not(tmp_path):
    (tmp_path / "secret.png").write_bytes(b"secret")
    folder = tmp_path / "kuis"
    (folder / "media").mkdir(parents=True)
    (folder / "media" / "a.png").write_bytes(b"\x89PNG picture")
    body = QUIZ.replace("Batas lapor?\n", "Batas lapor?\n\n![Alur](media/a.png)\n\n![Rahasia](../secret.png)\n")
    (folder / "a.md").write_text(body, "utf-8")
    told = run(folder / "a.md", folder / "a.moodle.xml")
    assert "../secret.png" in told.stderr
    back = tmp_path / "balik" / "a.md"
    assert run(folder / "a.moodle.xml", back).exit_code == 0
    assert (back.parent / "media" / "a.png").read_bytes() == b"\x89PNG picture"
    assert "![Alur](media/a.png)" in back.read_text("utf-8")
    assert not list(back.parent.rglob("secret*"))


def test_a_picture_of_the_same_name_is_not_overwritten(tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.png").write_bytes(b"one")
    (tmp_path / "a.md").write_text(QUIZ.replace("Batas lapor?\n", "Batas lapor?\n\n![Alur](media/a.png)\n"), "utf-8")
    other = tmp_path / "lain"
    (other / "media").mkdir(parents=True)
    (other / "media" / "a.png").write_bytes(b"two")
    told = run(tmp_path / "a.md", other / "b.md")
    assert told.exit_code == 1
    assert (other / "media" / "a.png").read_bytes() == b"two"
    assert not (other / "b.md").exists()


def test_an_archive_that_leads_out_or_swells_is_refused(tmp_path):
    assert read_archive(write_archive({"a/b.xml": b"x"})) == {"a/b.xml": b"x"}
    for name in ("../x", "/x", "a/../../x", "C:/x", "a\\..\\x"):
        file = tmp_path / "a.zip"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(name, b"x")
        with pytest.raises(BadFile):
            read_archive(file.read_bytes())
    with zipfile.ZipFile(tmp_path / "big.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.xml", bytes(60_000_000))
    with pytest.raises(BadFile, match="terlalu besar"):
        read_archive((tmp_path / "big.zip").read_bytes())


def test_a_table_as_a_trainer_keeps_it(tmp_path):
    (tmp_path / "a.csv").write_text(
        "Soal;A;B;C;Kunci;Poin;Pembahasan;Catatan\nIbu kota Jawa Barat?;Bandung;Bogor;Bekasi;A;2;Lihat peta.;x\nIni benar;;;;Benar;;;\n"
        "Batas?;;;;30 hari;;;\nPilih dua;a;b;c;A dan C;;;\nTanpa kunci;a;b;;;;;\n",
        "utf-8",
    )
    told = run(tmp_path / "a.csv", tmp_path / "a.md")
    assert told.exit_code == 1
    assert "baris 6: Tanpa kunci" in told.stderr
    assert "catatan" in told.stderr
    assert [question.kind for question in read_file(tmp_path / "a.md").quiz.questions()] == ["single", "true_false", "number", "multiple"]


def test_aiken_as_moodle_describes_it(tmp_path):
    (tmp_path / "a.aiken.txt").write_text("Apa gratifikasi?\nA) Pemberian\nB. Gaji\nANSWER: A\n\nRusak?\nA. satu\nANSWER: C\n", "utf-8")
    told = run(tmp_path / "a.aiken.txt", tmp_path / "a.md")
    assert told.exit_code == 1
    assert "Tidak ikut: Rusak?" in told.stderr
    assert "- (x) Pemberian" in (tmp_path / "a.md").read_text("utf-8")


def test_a_file_without_questions_writes_nothing(tmp_path):
    (tmp_path / "a.gift").write_text("\n// nothing here\n", "utf-8")
    told = run(tmp_path / "a.gift", tmp_path / "a.md")
    assert (told.exit_code, (tmp_path / "a.md").exists()) == (1, False)
    assert "Tidak ada soal" in told.stderr
