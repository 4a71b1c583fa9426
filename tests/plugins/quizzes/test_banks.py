"""Questions from a bank: one file of the course, used by several quizzes, drawn from by number, tag, competency or level."""

import subprocess
import sys

import pytest
from click.testing import CliRunner
from elearn_quizzes import attempts
from elearn_quizzes.command_line import check, convert

from elearn.content.cache import Cache
from elearn.errors import ContentError
from elearn.packs import check_pack

BANK = """
    # Kelompok: Gratifikasi

    ## Soal 1: Batas lapor?
    <!-- id: batas -->
    Jawaban: 30
    Tag: gratifikasi
    Tingkat: mudah

    ## Soal 2: Ke mana?
    <!-- id: lembaga -->
    - (x) ![Logo lembaga](gambar/logo.svg)
    - ( ) BPK

    Tag: gratifikasi

    ## Soal 3: Bumi bulat.
    <!-- id: bumi -->
    Jawaban: Benar
    Tag: umum
    """
QUIZ = """
    ---
    jenis: kuis
    ---
    # Kelompok: Dasar
    Sumber: bank/etika
    {more}

    ## Soal 1: Soal milik kuis ini sendiri.
    <!-- id: sendiri -->
    Jawaban: Salah
    Tag: gratifikasi
    """
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>logo</title><rect width="9" height="9"/></svg>'


@pytest.fixture
def files():
    return {"01-kuis.md": QUIZ.format(more="Tag: gratifikasi"), "bank/etika.md": BANK, "bank/gambar/logo.svg": LOGO}


def items_of(course):
    (lesson,) = course.lessons()
    return [item for block in lesson.blocks for pool in block.data["pools"] for item in pool["items"]]


def test_a_group_takes_the_fitting_questions_of_a_bank(app, write_course, files):
    items = items_of(write_course(app, files))
    assert [item["id"] for item in items] == ["sendiri", "batas", "lembaga"]
    assert "/media/" in items[2]["choices"][0]["html"], "a picture is looked for beside the bank"


def test_so_many_are_drawn_and_all_come_up(any_app, write_course, enrolled, files, session):
    write_course(any_app, files | {"01-kuis.md": QUIZ.format(more="Ambil: 2\n    Ambil: 1 tag umum")})
    standing = enrolled(any_app)
    seen = set()
    for _ in range(12):
        attempt_id = attempts.start(session, standing, "kuis")
        asked = [item.id for item in attempts.sitting(session, attempt_id, standing.person_id).items]
        assert len(asked) == len(set(asked)) == 3
        assert "bumi" in asked, "the only one with that tag"
        seen |= set(asked)
        attempts.submit(session, attempt_id, standing.person_id, standing)
    assert seen == {"sendiri", "batas", "lembaga", "bumi"}


def read(app, folder, **more):
    return check_pack(folder, app.extensions["elearn"].registry, **more)


def problems(app, write_course, files, tmp_path):
    with pytest.raises(ContentError):
        write_course(app, files)
    return [(one.code, one.file, one.line) for one in read(app, tmp_path / "tulis" / "etika").problems]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"01-kuis.md": QUIZ.format(more="Tag: tidak ada")}, ("S19", "01-kuis.md", 4)),
        ({"01-kuis.md": QUIZ.format(more="").replace("bank/etika", "bank/lain")}, ("S19", "01-kuis.md", 4)),
        ({"01-kuis.md": QUIZ.format(more="").replace("bank/etika", "../../../etc/passwd")}, ("S19", "01-kuis.md", 4)),
        ({"bank/etika.md": BANK + "\n    ## Soal 4: Salah tulis.\n    Poin: banyak\n    Jawaban: Benar\n"}, ("S10", "bank/etika.md", 22)),
        ({"bank/etika.md": BANK + "\n    # Kelompok: Lain\n    Sumber: bank/etika\n"}, ("S19", "bank/etika.md", 21)),
        ({"bank/etika.md": BANK.replace("Batas lapor?", "A?\n    - (x) satu\n    - [ ] dua")}, ("S03", "bank/etika.md", 5)),
        ({"01-kuis.md": QUIZ.format(more="Ambil: 9")}, ("S21", "01-kuis.md", 4)),
        ({"bank/etika.md": BANK.replace("<!-- id: batas -->", "<!-- id: sendiri -->")}, ("S15", "bank/etika.md", 3)),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(app, write_course, files, tmp_path, change, found):
    assert found in problems(app, write_course, files | change, tmp_path)


def test_a_bank_that_two_quizzes_use_has_its_faults_once(app, write_course, files, tmp_path):
    broken = BANK + "\n    ## Soal 4: Salah tulis.\n    Poin: banyak\n    Jawaban: Benar\n"
    both = {"02-lagi.md": QUIZ.format(more=""), "bank/etika.md": broken}
    told = problems(app, write_course, files | both, tmp_path)
    assert told.count(("S10", "bank/etika.md", 22)) == 1


def test_a_changed_bank_draws_the_quiz_anew(app, write_course, files, tmp_path):
    write_course(app, files)
    folder, cache = tmp_path / "tulis" / "etika", Cache(tmp_path / "cache", "x")
    assert read(app, folder, cache=cache).rendered == ("kuis",)
    assert read(app, folder, cache=cache).rendered == ()
    bank = folder / "bank" / "etika.md"
    bank.write_text(bank.read_text("utf-8").replace("Batas lapor?", "Batas waktu lapor?"), "utf-8")
    again = read(app, folder, cache=cache)
    assert again.rendered == ("kuis",)
    assert "Batas waktu lapor?" in items_of(again.course)[1]["html"]


def test_the_commands_know_banks(app, write_course, files, tmp_path):
    write_course(app, files)
    folder = tmp_path / "tulis" / "etika"
    assert CliRunner().invoke(check, [str(folder / "01-kuis.md")]).exit_code == 0
    done = CliRunner().invoke(convert, [str(folder / "01-kuis.md"), str(tmp_path / "keluar" / "kuis.md")])
    written = (tmp_path / "keluar" / "kuis.md").read_text("utf-8")
    assert "Batas lapor?" in written
    assert "Sumber:" not in written, done.output


def test_a_course_with_a_bank_passes_its_own_check(app, write_course, files, tmp_path):
    write_course(app, files)
    command = [sys.executable, "-m", "elearn.cli", "course", "check", str(tmp_path / "tulis" / "etika")]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
