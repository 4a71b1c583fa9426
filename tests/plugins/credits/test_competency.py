"""The rules of competency: from evidence to a level, from levels to a gap, from the gap to a course."""

import json
import os
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import combinations

import pytest
from click.testing import CliRunner
from elearn_credits import ledger
from elearn_credits.competency import advice, case_json, framework, gap, ip_asn, levels, standards, tables_in
from elearn_credits.competency.levels import Shown
from elearn_credits.competency.way import shortest_way
from elearn_credits.counting import count
from elearn_credits.personnel.checking import check
from elearn_credits.rules import book_of
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn import Offered, Person, Refused, SettingError, site_of
from elearn.cli import main
from elearn.content.values import CompetencyAim, Course, Lesson, Section

DICTIONARY = framework.bundled()


def shown(code="integritas", level=2, kind="assessment", day=1, share=None):
    return Shown(id=day, code=code, level=level, kind=kind, shown_on=date(2026, 3, day), share=share)


def course(slug, hours, *, before=(), minutes=0, **aims):
    lessons = (Lesson(id="a", title="A", minutes=minutes or hours * 45),)
    aimed = tuple(CompetencyAim(code=code.replace("_", "-"), level=level) for code, level in aims.items())
    return Offered(
        digest="",
        course_id=int.from_bytes(slug.encode(), "big"),
        version_id=1,
        course=Course(
            slug=slug,
            title=slug.title(),
            summary="",
            hours=hours,
            competencies=aimed,
            prerequisites=before,
            sections=(Section(id="m", title="M", lessons=lessons),),
        ),
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


def slugs(way):
    return [each.course.slug for each in way.courses]


def test_the_shortest_way_brings_what_is_missing_and_says_what_it_cannot():
    offers = [course("tiga", 3), course("enam", 6, integritas=3)]
    found = shortest_way(Decimal(8), offers, daily=Decimal(3))
    assert sorted(slugs(found)) == ["enam", "tiga"]
    assert (found.hours, found.days, found.missing) == (9, 3, 0)
    assert shortest_way(Decimal(20), offers, daily=Decimal(3)).missing == 11
    assert slugs(shortest_way(Decimal(3), offers)) == ["tiga"], "six would do as well, but take twice as long"


def test_of_two_equal_ways_the_one_that_closes_a_gap_is_taken_and_what_was_begun_is_shorter():
    offers = [course("a", 3), course("b", 3), course("c", 3)]
    ids = {each.course.slug: each.course_id for each in offers}
    assert slugs(shortest_way(Decimal(2), offers, closes={ids["b"]: 1})) == ["b"]
    assert slugs(shortest_way(Decimal(2), offers, closes={ids["b"]: 1}, begun={ids["c"]: 20})) == ["c"]
    assert slugs(shortest_way(Decimal(2), offers, done=set(ids.values()))) == []


def test_a_course_brings_those_it_asks_for_along():
    offers = [course("lanjut", 6, before=("dasar",)), course("dasar", 2), course("lain", 7), course("lingkar", 1, before=("lingkar",))]
    assert slugs(shortest_way(Decimal(8), offers)) == ["dasar", "lanjut"], "in the order to take them"
    assert slugs(shortest_way(Decimal(6), offers, done={offers[1].course_id})) == ["lanjut"]
    assert advice.advise(a_match(integritas=2), [course("x", 2, before=("dasar",), integritas=3), offers[1]])[0].first == ("Dasar",)


def test_two_courses_that_ask_for_the_same_one_are_both_taken_and_it_counts_once():
    offers = [course("dasar", 2), course("arsip", 8, before=("dasar",)), course("berkas", 10, before=("dasar",))]
    found = shortest_way(Decimal(20), offers)
    assert slugs(found) == ["dasar", "arsip", "berkas"]
    assert (found.hours, found.minutes, found.missing) == (20, 20 * 45, 0)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 6), st.integers(5, 300), st.integers(0, 3)), max_size=8), st.integers(1, 14))
def test_no_choice_of_courses_is_shorter(drawn, missing):
    """Against all subsets."""
    offers = [course(f"k{number}", hours, minutes=minutes) for number, (hours, minutes, _) in enumerate(drawn)]
    closes = {each.course_id: levels for each, (_h, _m, levels) in zip(offers, drawn, strict=True)}
    found = shortest_way(Decimal(missing), offers, closes=closes)
    ways = [way for size in range(len(offers) + 1) for way in combinations(offers, size)]
    enough = [way for way in ways if sum(each.course.hours for each in way) >= missing]
    if enough:
        assert found.missing == 0
        assert found.minutes == min(sum(each.course.minutes for each in way) for way in enough)
    else:
        assert found.hours == sum(each.course.hours for each in offers)


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


STANDARDS = "jabatan;kode;tingkat;sumber\n"


def test_two_lines_that_say_different_things_about_the_same_are_a_fault_and_the_same_twice_counts_once():
    text = STANDARDS + "Analis;integritas;3;\nAnalis;kerja-sama;2;\nanalis;Integritas;4;\nAnalis;kerja-sama;2;\n"
    read = tables_in.post_standards(text, dict(DICTIONARY))
    assert [(line, fault.code, fault.values["line"]) for line, fault in read.faults] == [(4, "twin_row", 2)]
    assert [(row.code, row.level) for row in read.rows] == [("integritas", 3), ("kerja-sama", 2)]


@pytest.mark.parametrize(
    "line", ["Analis;integritas;²;", "Analis;integritas", "Analis", ";;3", "Analis;integritas;" + "9" * 900, "Analis;integritas;3,0"]
)
def test_no_line_of_a_file_makes_the_reading_fail(line):
    read = tables_in.post_standards(STANDARDS + "Analis;kerja-sama;2;x\n" + line + "\n", dict(DICTIONARY))
    assert [one for one, _fault in read.faults] == [3]
    assert len(read.rows) == 1


def test_a_year_in_raised_figures_is_none():
    read = tables_in.figures(
        "nip;tahun;dimensi;nilai\n199407212019032005;²⁰²⁶;Kualifikasi;S2\n", lambda _year: ip_asn.read_method(ip_asn.BUNDLED)
    )
    assert [fault.code for _line, fault in read.faults] == ["year"]


def test_a_group_goes_by_the_word_on_the_page_or_by_its_code():
    head = "kode;nama;kelompok;tingkat1;tingkat2;tingkat3;tingkat4;tingkat5\n"
    lines = [
        f"k{number};Nama;{group};a;b;c;d;e\n"
        for number, group in enumerate(("Manajerial", "Sosial kultural", "teknis", "technical", "", "lain"))
    ]
    read = tables_in.competencies(head + "".join(lines))
    assert [row.group for row in read.rows] == ["managerial", "sociocultural", "technical", "technical", "technical"]
    assert [(line, fault.code) for line, fault in read.faults] == [(7, "group")]


def test_every_form_counts_in_one_item_of_the_index_only():
    forms = [form for item in ip_asn.read_method(ip_asn.BUNDLED)["items"] for form in item["forms"]]
    assert len(forms) == len(set(forms))
    assert "B8" in forms


def test_the_competency_dimension_reaches_forty_for_every_ladder():
    for ladder in ("structural", "functional", "executive"):
        assert sum(item.get(ladder, 0) for item in ip_asn.read_method(ip_asn.BUNDLED)["items"]) == 40


OWN_METHOD = (
    (ip_asn.BUNDLED.read_text("utf-8"))
    .replace("valid_from = 2018-08-01", "valid_from = 2026-01-01")
    .replace("least_jp = 20", "least_jp = 10")
)


def test_a_newer_method_of_the_site_holds_from_its_day_on(app):
    site = app.extensions["elearn"].site
    folder = site.settings.data / "ip-asn"
    folder.mkdir()
    (folder / "baru.toml").write_text(OWN_METHOD.replace("menurut PermenPANRB 38/2018", "menurut catatan 2026"), "utf-8")
    assert ip_asn.method_of(site, 2025)["title"].endswith("PermenPANRB 38/2018")
    assert ip_asn.method_of(site, 2026)["title"].endswith("catatan 2026")
    assert ip_asn.method_of(site, 2010)["title"].endswith("PermenPANRB 38/2018"), "the earliest where none was in force yet"


def test_a_method_that_changed_is_read_anew_and_one_that_broke_is_told(app):
    path = app.extensions["elearn"].site.settings.data / "ip-asn" / "baru.toml"
    path.parent.mkdir()
    for number, (text, told) in enumerate(((OWN_METHOD, []), (OWN_METHOD.replace("law =", "lex ="), ["CREDITS4"]), (OWN_METHOD, []))):
        path.write_text(text, "utf-8")
        os.utime(path, ns=(0, number))
        with app.extensions["elearn"].outbox.open_session() as session:
            assert [problem.code for problem in check(session)] == told


@pytest.mark.parametrize(
    ("change", "told"),
    [("[dimensions.performance]", "[dimensions.lain]"), ("[[bands]]\nleast = 0", "[[bands]]\nleast = 5"), ("law =", "lex =")],
)
def test_a_method_that_will_not_do_names_its_file(tmp_path, change, told):
    path = tmp_path / "salah.toml"
    path.write_text(OWN_METHOD.replace(change, told), "utf-8")
    with pytest.raises(SettingError, match=r"salah\.toml"):
        ip_asn.read_method(path)


def test_every_figure_of_the_index_has_its_reason(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        people = [
            Person(name="A", nip="199407212019032005", post="Guru Ahli Muda"),
            Person(name="B", nip="199407212019032006", kind="cpns"),
        ]
        session.add_all(people)
        session.flush()
        for number, (form, jp, year) in enumerate([("B3", 14, 2026), ("C3", 3, 2026), ("B3", 40, 2025), ("B6", 1, 2026)]):
            ledger.enter(session, key=f"x:{number}", person_id=people[0].id, form=form, units=Decimal(jp), days=[date(year, 3, 2)], title=f"K{number}",
                         rule_set="nasional-2018-1", state="recognised")  # fmt: skip
        lines = list(count(ledger.entries_of(session, people[0].id), book_of(site_of(session))).values())
        found = ip_asn.index(session, people[0], year=2026, lines=lines)
        by_title = {item.title.split()[1]: item for item in found.items}
        assert (by_title["fungsional"].exempt, by_title["fungsional"].points) == (True, 15)
        assert (by_title["teknis"].jp, by_title["teknis"].needs, by_title["teknis"].points) == (17, 20, 0)
        assert [dimension.points for dimension in found.dimensions] == [None, 25, None, None]
        assert (found.total, found.band) == (None, "")
        assert ip_asn.index(session, people[0], year=2025, lines=lines).dimensions[1].points == 30
        assert not ip_asn.index(session, people[1], year=2026, lines=[]).scored


def test_the_index_of_many_goes_into_a_file(app, tmp_path):
    with app.extensions["elearn"].outbox.open_session() as session:
        session.add(Person(name="Sari", nip="199407212019032005", post="Guru Ahli Muda"))
        session.commit()
    file = tmp_path / "ip.csv"
    answer = CliRunner().invoke(main, ["credits", "index", str(file), "--year", "2026", "--data", app.config["ELEARN_DATA"]])
    assert answer.output == f"1 orang: {file}\n"
    head, row = file.read_text("utf-8-sig").splitlines()
    assert head.startswith("nip;nama;unit;jabatan;dimensi_qualification;dimensi_competency")
    assert row.startswith("199407212019032005;Sari;;Guru Ahli Muda;;15,0;;;;")
    assert CliRunner().invoke(main, ["credits", "index", str(file), "--unit", "X", "--data", app.config["ELEARN_DATA"]]).exit_code == 1
