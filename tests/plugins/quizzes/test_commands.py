"""elearn quizzes check and tidy, as an author runs them."""

import json

import pytest
from click.testing import CliRunner
from elearn_quizzes.command_line import check, tidy
from elearn_quizzes.rewriting_file import problems_of


def run(command, *words):
    return CliRunner().invoke(command, [str(word) for word in words])


def test_check_names_file_line_and_cure_and_fails(tmp_path):
    file = tmp_path / "kuis.md"
    file.write_text("---\njenis: kuis\nlulus: banyak\n---\n\n## Soal 1: A?\n- (x) ya\n- [ ] tidak\n", "utf-8")
    told = run(check, file)
    assert told.exit_code == 1
    assert f"{file}:8" in told.output
    assert "S03" in told.output
    assert "S30" in told.output
    assert "2 kesalahan" in told.output
    rows = json.loads(run(check, file, "--format", "json").output)
    assert {(row["code"], row["line"]) for row in rows if row["severity"] == "error"} == {("S03", 8), ("S30", 1)}
    assert all(row["message"] and row["file"] == str(file) for row in rows)


def test_check_of_a_lesson_leaves_its_text_alone(tmp_path):
    file = tmp_path / "bacaan.md"
    file.write_text("# Bacaan\n\nTeks.\n\n## Soal 1: A?\nJawaban: Benar\n\n# Lanjut\n\nTeks.\n", "utf-8")
    told = run(check, file)
    assert told.exit_code == 0
    assert "Tidak ada kesalahan" in told.output


def test_tidy_writes_once_and_says_how_many(tmp_path):
    file = tmp_path / "kuis.md"
    file.write_bytes("\ufeff---\r\njenis: kuis\r\n---\r\n## Soal 1. A?\r\nA. ya\r\nB. tidak\r\nJawaban: A\r\n".encode())
    shown = run(tidy, file, "--stdout").output
    assert "- (x) ya" in shown
    assert b"A. ya" in file.read_bytes()
    assert "1 soal dirapikan" in run(tidy, file).output
    assert file.read_text("utf-8") == shown
    assert "sudah rapi" in run(tidy, file).output


def test_what_is_no_text_is_said_in_one_line(tmp_path):
    file = tmp_path / "kuis.md"
    file.write_bytes(b"\xff\xfe\x00\x01")
    for command in (check, tidy):
        told = run(command, file)
        assert told.exit_code == 1
        assert "bukan UTF-8" in told.output
    file.write_text("---\n[1, 2\n---\n## Soal: A?\nJawaban: Benar\n", "utf-8")
    assert run(check, file).exit_code == 1
    assert run(tidy, file).exit_code == 1


def test_a_picture_without_a_text_is_told_with_its_line(tmp_path):
    file = tmp_path / "bacaan.md"
    file.write_text("# A\n\n## Soal 1: A?\n\n![](../media/a.svg)\n\n```\n![](b.svg)\n```\n\nJawaban: Benar\n", "utf-8")
    told = run(check, file)
    assert told.exit_code == 0
    assert f"{file}:5" in told.output
    assert told.output.count("W14") == 1


FAULTS = (
    ("S01", "## Soal 1: Apa?", 1),
    ("S02", "## Soal 1: Apa?\n- (x) ya\n- tidak\n- ( ) lain", 3),
    ("S03", "## Soal 1: Apa?\n- (x) ya\n- [ ] tidak", 3),
    ("S05", "## Soal 1: Apa?\n- (x) ya", 1),
    ("S06", "## Soal 1: Apa?\n- ( ) ya\n- ( ) tidak", 1),
    ("S07", "## Soal 1: Apa?\n- (x) ya\n- ( ) lain\n- (x) tidak", 4),
    ("S10", "## Soal 1: Apa?\n- (x) ya\n- ( ) tidak\n\nPoin: banyak", 5),
    ("S13", "## Soal 1: Apa?\n\nJawaban: /[a/", 3),
    ("W08", "## Soal 1: Apa?\n- [x] ya\n- [x] tidak", 1),
    ("W09", "## Soal 1: Apa?\n- (x) ya\n- ( ) Ya.", 1),
    ("W11", "## Soal 1: Apa?\n- (x) ya\n- ( ) Semua jawaban di atas\n\nAcak: ya", 1),
    ("W12", "## Soal 1: Apa?\n- ( ) pendek\n- (x) jawaban yang jauh lebih panjang daripada pengecohnya, dan itu terlihat", 3),
    ("W14", "## Soal 1: Apa?\n\n![](alur.png)\n\nJawaban: Benar", 3),
    ("F20", "## Soal 1: Apa?\n-(x) ya\n• ( ) tidak", 2),
    ("F21", "## Soal 1: Apa?\nA. satu\nB. dua\nC. tiga\n\nJawaban: A dan C", 2),
    ("F22", "## Soal 1: Apa?\n- (x) ya\n- ( ) tidak\nPembahasan: Sebab.", 4),
)


@pytest.mark.parametrize(("code", "text", "line"), FAULTS, ids=[code for code, _text, _line in FAULTS])
def test_each_fault_is_told_with_its_file_and_line_in_indonesian(tmp_path, code, text, line):
    file = tmp_path / "kuis.md"
    file.write_text(f"---\njenis: kuis\n---\n{text}\n", "utf-8")
    told = run(check, file)
    (found,) = [one for one in told.output.splitlines() if f": {code} " in one]
    assert found.startswith(f"{file}:{line + 3}:1: {code} ")
    assert len(found.partition(f" {code} ")[2].split()) >= 3, "a sentence, not a code alone"
    assert told.exit_code == (1 if code[0] == "S" else 0)
    (row,) = [row for row in json.loads(run(check, file, "--format", "json").output) if row["code"] == code]
    assert (row["file"], row["line"], row["severity"]) == (
        str(file),
        line + 3,
        {"S": "error", "W": "warning", "F": "fixed"}[code[0]],
    )
    assert row["remedy"] or code[0] == "F"


@pytest.mark.parametrize("head", ["dibuka: 2026-12-01", "ditutup: 2026-12-31 08:00", "judul: 2026-12-01", "acak: yes", "percobaan: 010"])
def test_a_head_is_read_as_publishing_reads_it(head):
    text = f"---\njenis: kuis\n{head}\n---\n\n## Soal 1: A?\n\n- (x) ya\n- ( ) tidak\n"
    assert problems_of(text, file="kuis.md") == []
