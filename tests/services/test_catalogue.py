"""Search finds the same on SQLite and on PostgreSQL, by stems."""

import itertools
import time
from dataclasses import replace

import pytest
from sqlalchemy import delete

from elearn.content.values import CompetencyAim
from elearn.models.learning import CourseCompetency, CourseRow
from elearn.services import catalogue
from elearn.services.publishing import describe_anew, publish

COURSES = {
    "etika": ("Etika Pelayanan Publik", "Pengendalian gratifikasi dan nilai BerAKHLAK."),
    "kebijakan": ("Analisis Kebijakan Publik", "Mengevaluasi kebijakan dengan data."),
    "keamanan": ("Keamanan Informasi", "Melindungi data pribadi warga di loket layanan."),
}


@pytest.fixture
def offers(app, session, make_course):
    for slug, (title, summary) in COURSES.items():
        course = replace(make_course(slug, title=title), summary=summary)
        publish(session, app.extensions["elearn"].site.store, course, {}, by=None)
    session.commit()


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["kebijakan", "etika", "keamanan"]),
        ("publik", ["kebijakan", "etika"]),
        ("PUBLIK", ["kebijakan", "etika"]),
        ("mengendalikan", ["etika"]),
        ("pelayanan", ["etika", "keamanan"]),
        ("perlindungan data", ["keamanan"]),
        ("evaluasi", ["kebijakan"]),
        ("publik data", ["kebijakan"]),
        ("tidak ada yang begini", []),
        ("'; DROP TABLE course; --", []),
        ('" OR "', []),
        ("%", []),
        ("AND", []),
        ("NEAR(etika)", []),
        ("etika*", ["etika"]),
    ],
)
def test_search_finds_by_stems_and_survives_anything_typed(session, offers, query, slugs):
    found, more = catalogue.search(session, query)
    assert sorted(offer.slug for offer in found) == sorted(slugs)
    assert not more


def test_a_new_version_replaces_the_words_searched_for(app, session, offers, make_course):
    publish(session, app.extensions["elearn"].site.store, make_course("etika", title="Sesuatu Lain"), {}, by=None)
    session.commit()
    assert catalogue.search(session, "gratifikasi")[0] == []
    assert [offer.slug for offer in catalogue.search(session, "sesuatu")[0]] == ["etika"]


def test_a_typo_is_answered_with_the_nearest_title(session, offers):
    assert "Keamanan Informasi" in catalogue.nearest_titles(session, "keamanam")


def test_the_same_content_again_is_no_new_version(app, session, offers, make_course):
    store = app.extensions["elearn"].site.store
    again = replace(make_course("etika", title=COURSES["etika"][0]), summary=COURSES["etika"][1])
    version, new = publish(session, store, again, {}, by=None)
    assert (version.number, new) == (1, False)


def test_pages_of_twenty(app, session, make_course):
    for n in range(25):
        publish(session, app.extensions["elearn"].site.store, make_course(f"kursus-{n}"), {}, by=None)
    session.commit()
    first, more = catalogue.search(session, "")
    second, none = catalogue.search(session, "", page=2)
    assert (len(first), more, len(second), none) == (20, True, 5, False)


def test_filters_narrow_what_is_shown_alone_and_together(app, session, make_course):
    def course(slug, hours, minutes, level, *codes):
        plain = make_course(slug, lessons=1, title=slug.title())
        lesson = replace(plain.sections[0].lessons[0], minutes=minutes)
        section = replace(plain.sections[0], lessons=(lesson,))
        aims = tuple(CompetencyAim(code=code, level=2) for code in codes)
        return replace(plain, hours=hours, level=level, competencies=aims, sections=(section,))

    store = app.extensions["elearn"].site.store
    for one in (
        course("pendek", 1, 45, "basic", "integritas"),
        course("sedang", 3, 135, "basic", "integritas", "kerja-sama"),
        course("panjang", 10, 450, "advanced", "kerja-sama"),
    ):
        publish(session, store, one, {}, by=None)
    session.commit()

    def slugs(query="", **chosen):
        return [offer.slug for offer in catalogue.search(session, query, filters=catalogue.Filters(**chosen))[0]]

    assert slugs() == ["panjang", "pendek", "sedang"]
    assert slugs(competency="integritas") == ["pendek", "sedang"]
    assert slugs(competency="kerja-sama", level="basic") == ["sedang"]
    assert slugs(hours="1-3") == ["pendek", "sedang"]
    assert slugs(hours="10-") == ["panjang"]
    assert slugs(time="1") == ["pendek"]
    assert slugs(time="3", hours="1-3") == ["sedang"]
    assert slugs("sedang", competency="integritas") == ["sedang"]
    assert slugs("panjang", competency="integritas") == []
    assert slugs(competency="tidak-ada") == []
    assert catalogue.competencies_on_offer(session) == ["integritas", "kerja-sama"]
    publish(session, store, course("sedang", 3, 135, "basic", "kerja-sama"), {}, by=None)
    session.commit()
    assert slugs(competency="integritas") == ["pendek"], "a new version teaches something else"
    session.execute(delete(CourseCompetency))
    assert describe_anew(session, store) == 3
    assert slugs(competency="kerja-sama") == ["panjang", "sedang"]


WORDS = [
    "melayani",
    "pelayanan",
    "layanan",
    "mengendalikan",
    "pengendalian",
    "kendali",
    "evaluasi",
    "mengevaluasi",
    "perlindungan",
    "lindungi",
    "Informasi",
]


def test_both_databases_find_the_same_in_the_same_order(make_app, make_course, publish_course):
    titles = [
        "etika Layanan",
        "Etika pelayanan",
        "Zakat",
        "apa itu data?",
        "Ápa",
        "Keamanan-Informasi",
        "Pengendalian gratifikasi",
        "_x",
        "100 hari",
    ]
    apps = [make_app(), make_app(database="postgresql")]
    for app in apps:
        for number, title in enumerate(titles):
            publish_course(app, replace(make_course(f"k-{number}", title=title), summary=" ".join(WORDS[number % 5 : number % 5 + 3])))
    asked = ["", *WORDS, *titles, "layan data", "informasi keamanan", "x", "100", "hari 100", "gratifikasi!", "a", "-", "itu?"]
    for query in asked:
        found = []
        for app in apps:
            with app.extensions["elearn"].outbox.open_session() as session:
                found.append([offer.slug for offer in catalogue.search(session, query)[0]])
        assert found[0] == found[1], query


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("keamanam", "Keamanan Informasi"),
        ("infromasi", "Keamanan Informasi"),
        ("kebijkan publik", "Analisis Kebijakan Publik"),
        ("etikka", "Etika Pelayanan Publik"),
        ("playanan", "Etika Pelayanan Publik"),
    ],
)
def test_what_was_mistyped_is_guessed(session, offers, typed, meant):
    assert catalogue.search(session, typed)[0] == []
    assert meant in catalogue.nearest_titles(session, typed)


def test_guessing_among_many_titles_costs_little(session):
    words = ["".join(pick) for pick in itertools.islice(itertools.product("bdgklmnprst", "aeiou", "klmnrs", "aeiou", "nrs"), 4_000)]
    session.add_all(
        CourseRow(slug=f"k-{n}", version_id=1, title=" ".join(words[(n * 7) % 3_990 :][:5]), search_text="") for n in range(1_000)
    )
    session.flush()
    began = time.process_time()
    catalogue.nearest_titles(session, " ".join(words[n] + "x" for n in range(0, 400, 20))[:100])
    assert time.process_time() - began < 1.0
