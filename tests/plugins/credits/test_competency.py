"""The rules of competency: from evidence to a level, from levels to a gap, from the gap to a course."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from elearn_credits.competency import advice, case_json, framework, gap, ip_asn, levels, standards, tables_in
from elearn_credits.competency.levels import Shown
from hypothesis import given
from hypothesis import strategies as st

from elearn import Offered, Refused
from elearn.content.values import CompetencyAim, Course

DICTIONARY = framework.bundled()


def shown(code="integritas", level=2, kind="assessment", day=1, share=None):
    return Shown(id=day, code=code, level=level, kind=kind, shown_on=date(2026, 3, day), share=share)


def course(slug, hours, **aims):
    aimed = tuple(CompetencyAim(code=code.replace("_", "-"), level=level) for code, level in aims.items())
    return Offered(
        digest="",
        course_id=hash(slug) % 10_000,
        version_id=1,
        course=Course(slug=slug, title=slug, summary="", hours=hours, competencies=aimed),
    )


def test_the_dictionary_has_nine_bundled_competencies_of_five_levels_each():
    groups = [each.group for each in DICTIONARY.values()]
    assert (groups.count("managerial"), groups.count("sociocultural")) == (8, 1)
    assert all(len(each.levels) == 5 and all(each.levels) for each in DICTIONARY.values())


def test_the_latest_assessment_decides():
    found = levels.level_of("integritas", [shown(level=3, day=1), shown(level=2, day=5)])
    assert (found.level, found.estimated) == (2, False)


def test_learning_after_an_assessment_lifts_it_by_one_level_as_an_estimate():
    found = levels.level_of("integritas", [shown(level=1), shown(level=4, kind="course", day=9, share=0.9)])
    assert (found.level, found.estimated) == (2, True)
    assert [each.kind for each in found.rests_on] == ["course", "assessment"]


def test_learning_before_an_assessment_or_below_the_mark_lifts_nothing():
    assert levels.level_of("integritas", [shown(level=4, kind="course", day=1), shown(level=1, day=9)]).level == 1
    assert levels.level_of("integritas", [shown(level=1), shown(level=3, kind="quiz", day=9, share=0.79)]).level == 1
    assert levels.level_of("integritas", [shown(level=3, kind="quiz", share=0.5)]) is None


def test_without_an_assessment_learning_gives_an_estimate_of_two_at_most():
    found = levels.level_of("integritas", [shown(level=4, kind="course")])
    assert (found.level, found.estimated) == (2, True)


evidence = st.builds(
    shown,
    level=st.integers(1, 5),
    kind=st.sampled_from(["assessment", "course", "quiz"]),
    day=st.integers(1, 28),
    share=st.none() | st.floats(0, 1),
)


@given(st.lists(evidence, max_size=8, unique_by=lambda each: each.id), st.randoms())
def test_the_order_in_which_evidence_arrived_makes_no_difference(pieces, random):
    shuffled = pieces[:]
    random.shuffle(shuffled)
    assert levels.level_of("integritas", pieces) == levels.level_of("integritas", shuffled)


@given(st.lists(evidence, min_size=1, max_size=8, unique_by=lambda each: each.id), st.integers(1, 5))
def test_more_learning_never_lowers_a_level(pieces, level):
    before = levels.level_of("integritas", pieces)
    after = levels.level_of("integritas", [*pieces, Shown(id=99, code="integritas", level=level, kind="course", shown_on=date(2026, 4, 1))])
    assert (before.level if before else 0) <= after.level


def a_match(post="Analis Ahli Muda", **known):
    level = next(pattern["level"] for pattern in standards.tables()["patterns"] if "ahli muda" in pattern["match"])
    asked = {code: level for code, each in DICTIONARY.items() if each.group != "technical"}
    standard = standards.Standard(post=post, levels=asked, own=False, basis=standards.basis_of("basis"))
    have = {
        code.replace("_", "-"): levels.Level(code=code.replace("_", "-"), level=value, estimated=False, rests_on=())
        for code, value in known.items()
    }
    return gap.match(standard, have, DICTIONARY)


def test_the_gap_and_the_match_by_hand():
    match = a_match(integritas=3, kerja_sama=2, komunikasi=5)
    assert match.lines[0].gap == 3
    assert match.unknown == 6
    assert match.percent == pytest.approx(100 * (3 + 2 + 3) / 27), "a level above what is asked makes good for no other"
    assert match.category() == "Kurang optimal"
    assert a_match().percent is None


@pytest.mark.parametrize(
    ("percent", "mapping", "selection"),
    [
        (90, "Optimal", "Memenuhi syarat"),
        (89.9, "Cukup optimal", "Memenuhi syarat"),
        (78, "Cukup optimal", "Masih memenuhi syarat"),
        (68, "Kurang optimal", "Masih memenuhi syarat"),
        (67.9, "Kurang optimal", "Kurang memenuhi syarat"),
    ],
)
def test_the_bands_of_the_match(percent, mapping, selection):
    assert gap.category(percent, "mapping") == mapping
    assert gap.category(percent, "selection") == selection


@pytest.mark.parametrize(
    ("post", "ladder"),
    [
        ("Analis Kebijakan Ahli Muda", "functional"),
        ("Kepala Bidang Mutasi", "structural"),
        ("Pengadministrasi", "executive"),
        ("", "executive"),
    ],
)
def test_a_post_finds_its_ladder(post, ladder):
    assert standards.ladder(post) == ladder


def test_advice_ranks_by_gap_closed_for_each_jp_and_leaves_out_what_closes_nothing():
    match = a_match(integritas=2, komunikasi=3)
    offers = [
        course("mahal", 10, integritas=3),
        course("murah", 3, integritas=3),
        course("sudah", 3, komunikasi=2),
        course("tamat", 1, integritas=3),
    ]
    found = advice.advise(match, offers, done={offers[3].course_id})
    assert [each.offered.course.slug for each in found] == ["murah", "mahal"]
    assert [line.competency.code for line in found[0].lines] == ["integritas"]


def test_the_shortest_way_brings_what_is_missing_and_says_what_it_cannot():
    offers = [course("tiga", 3), course("enam", 6, integritas=3)]
    found = advice.shortest_way(Decimal(8), advice.advise(a_match(integritas=2), offers), offers, daily=Decimal(3))
    assert [each.course.slug for each in found.courses] == ["enam", "tiga"]
    assert (found.hours, found.days, found.missing) == (9, 3, 0)
    assert advice.shortest_way(Decimal(20), [], offers, daily=Decimal(3)).missing == 11


def test_case_json_goes_out_and_comes_back_the_same():
    text = case_json.package(
        DICTIONARY.values(), base="https://belajar.contoh.id", title="Kamus", creator="BPSDM", at=datetime(2026, 11, 1, tzinfo=UTC)
    )
    back, left = case_json.competencies(text)
    assert not left
    assert [(each.code, each.name, each.group, each.levels) for each in back] == [
        (each.code, each.name, each.group, each.levels) for each in DICTIONARY.values()
    ]
    data = json.loads(text)
    assert {"CFDocument", "CFItems", "CFAssociations"} <= set(data)
    assert data == json.loads(
        case_json.package(
            DICTIONARY.values(), base="https://belajar.contoh.id", title="Kamus", creator="BPSDM", at=datetime(2026, 11, 1, tzinfo=UTC)
        )
    )


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"CFItems": 3}', '{"CFItems": [{"identifier": "a"}], "CFAssociations": [{"associationType": "isChildOf"}]}']
)
def test_what_is_no_case_package_is_refused(text):
    with pytest.raises(Refused, match="CASE"):
        case_json.competencies(text)


def test_a_table_with_faults_names_every_line():
    read = tables_in.assessments(
        "nip;kode;tingkat;tanggal;penilai\n199407212019032005;integritas;3;2026-01-02;Puspenkom\n1;x;9;kemarin;\n199407212019032005;integritas;6;2026-01-02;P\n",
        dict(DICTIONARY),
    )
    assert len(read.rows) == 1
    assert [line for line, _ in read.faults] == [3, 4]


def test_dates_as_people_write_them_and_commas_instead_of_semicolons():
    read = tables_in.assessments("nip,kode,tingkat,tanggal,penilai\n19940721 201903 2 005,Integritas,3,02/01/2026,P\n", dict(DICTIONARY))
    assert read.rows[0].shown_on == date(2026, 1, 2)
    assert read.rows[0].nip == "199407212019032005"


def test_missing_columns_are_said():
    with pytest.raises(Refused, match="jabatan, kode, tingkat"):
        tables_in.post_standards("a;b\n1;2\n", dict(DICTIONARY))


def test_every_form_counts_in_one_item_of_the_index_only():
    forms = [form for item in ip_asn.method()["items"] for form in item["forms"]]
    assert len(forms) == len(set(forms))
    assert "B8" in forms


def test_the_competency_dimension_reaches_forty_for_every_ladder():
    for ladder in ("structural", "functional", "executive"):
        assert sum(item.get(ladder, 0) for item in ip_asn.method()["items"]) == 40
