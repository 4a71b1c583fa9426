"""Moodle XML as Moodle itself writes it: HTML in CDATA, pictures in base64, fractions in percent."""

import base64
from pathlib import Path

import pytest
from elearn_quizzes.exchange import moodle_in, moodle_out
from elearn_quizzes.exchange.bundle import BadFile
from elearn_quizzes.exchange.settling import settle
from elearn_quizzes.gaps import find_gaps
from elearn_quizzes.texts import accepted

SAMPLE = Path(__file__).with_name("sample.moodle.xml").read_bytes()


@pytest.fixture(scope="module")
def read():
    return settle(moodle_in.read_moodle(SAMPLE))


@pytest.fixture(scope="module")
def by_id(read):
    return {question.id: question for question in read.quiz.questions()}


def test_every_known_kind_comes_and_every_unknown_one_is_named(read):
    assert [question.kind for question in read.quiz.questions()] == [
        "single", "multiple", "true_false", "short", "number", "match", "essay", "upload", "cloze", "cloze", "order"
    ]  # fmt: skip
    whole = {remark.item: remark.reason for remark in read.remarks if remark.whole}
    assert set(whole) == {"Pengantar", "Hitung luas", "Jenis baru", "Tanpa kunci"}
    assert "“drawing”" in whole["Jenis baru"]


def test_categories_names_tags_and_points_come_along(read, by_id):
    assert [group.name for group in read.quiz.groups] == ["Etika"]
    first = by_id["grat-001"]
    assert (first.points, first.tags, first.competencies) == (2.0, ("hadiah",), ("INT-2",))
    assert first.hint == "Baca ringkasan modul 2."
    assert first.explanation.startswith("Pasal 12C")
    assert [option.feedback for option in first.options] == ["Terlalu cepat.", "", ""]
    assert first.stem == "Batas lapor **gratifikasi** adalah …\n\n![Alur lapor](media/alur-lapor.png)"
    assert read.files["media/alur-lapor.png"] == base64.b64decode("iVBORw0KGgo=")


def test_partial_credit_is_kept_to_the_percent(by_id):
    assert [(option.right, option.weight) for option in by_id["grat-002"].options] == [(True, None), (True, None), (False, None)]


def test_wildcards_case_and_feedback_of_short_answers(by_id):
    question = by_id["grat-004"]
    assert [accepted(raw)["how"] for raw in question.answers] == ["text", "pattern"]
    assert (question.if_right, question.if_wrong) == ("Tepat.", "Lihat UU 30/2002.")


def test_numbers_have_tolerance_and_unit(by_id):
    assert (by_id["grat-005"].answers, by_id["grat-005"].unit) == (("1.250.000 ± 500",), "rupiah")


def test_gaps_of_both_kinds(by_id):
    first = find_gaps(by_id["grat-008"].stem)
    assert [gap.wordings for gap in first[:2]] == [("30",), ("KPK", "Komisi Pemberantasan Korupsi")]
    assert [(one.text, one.right) for one in first[2].options] == [("UPG", True), ("BPK", False)]
    second = find_gaps(by_id["grat-009"].stem)
    assert [[one.text for one in gap.options if one.right] for gap in second] == [["menolak"], ["melapor"]]


def test_what_was_lost_in_part_is_told(read):
    told = {remark.reason for remark in read.remarks if not remark.whole}
    assert any("bernilai sebagian" in reason for reason in told)
    assert any("benar sebagian" in reason for reason in told)


def test_what_we_write_moodle_finds_its_parts_in(read):
    data, remarks = moodle_out.write_moodle(read)
    assert [remark for remark in remarks if remark.whole] == []
    again = settle(moodle_in.read_moodle(data))
    assert [question.id for question in again.quiz.questions()] == [question.id for question in read.quiz.questions()]
    assert list(again.quiz.questions()) == list(read.quiz.questions())
    assert again.files == read.files


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question type="essay"><questiontext><text>&x;</text></questiontext></question></quiz>',
        b'<!DOCTYPE quiz SYSTEM "http://127.0.0.1/x.dtd"><quiz/>',
        b'<!DOCTYPE q [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><quiz>&b;</quiz>',
        b"<quiz>" + b"<a>" * 5_000 + b"</a>" * 5_000 + b"</quiz>",
        b"<other/>",
        b"no XML",
        b"",
        b"\xff\xfe<\x00q",
    ],
)
def test_hostile_and_broken_files_are_refused_with_a_sentence(data):
    with pytest.raises(BadFile) as told:
        moodle_in.read_moodle(data)
    assert str(told.value).endswith(".") or "<quiz>" in str(told.value)


def test_scripts_in_a_text_become_nothing():
    data = SAMPLE.replace(b"Batas lapor <strong>", b"<script>alert(1)</script><img src=x onerror=alert(1)>Batas lapor <strong>")
    text = next(settle(moodle_in.read_moodle(data)).quiz.questions()).stem
    assert "script" not in text
    assert "onerror" not in text


def test_a_limit_that_is_no_number_limits_nothing():
    essay = '<question type="essay"><questiontext><text>Jelaskan.</text></questiontext><minwordlimit>²</minwordlimit></question>'
    [question] = settle(moodle_in.read_moodle(f"<quiz>{essay}</quiz>".encode())).quiz.questions()
    assert (question.kind, question.stem) == ("essay", "Jelaskan.")
