"""Search finds the same on SQLite and on PostgreSQL, by stems."""

import pytest

from elearn.services import catalogue
from elearn.services.publishing import publish

COURSES = {
    "etika": ("Etika Pelayanan Publik", "Pengendalian gratifikasi dan nilai BerAKHLAK."),
    "kebijakan": ("Analisis Kebijakan Publik", "Mengevaluasi kebijakan dengan data."),
    "keamanan": ("Keamanan Informasi", "Melindungi data pribadi warga di loket layanan."),
}


@pytest.fixture
def offers(app, session, make_course):
    from dataclasses import replace

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
    from dataclasses import replace

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
