"""elearn quizzes check and tidy, as an author runs them."""

import json

from click.testing import CliRunner
from elearn_quizzes.command_line import check, tidy


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
