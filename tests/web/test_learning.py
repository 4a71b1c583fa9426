"""A learner's way through the pages: catalogue, enrolling, lessons, resuming, completing, being locked out with words."""

import re
from dataclasses import replace

import pytest

from elearn.services import learning


def finish(client, *lessons, slug="etika"):
    for lesson in lessons:
        answer = client.post(f"/belajar/{slug}/{lesson}/selesai")
        assert answer.status_code == 302, answer.text
    return answer


def test_enrolling_opens_the_first_lesson(app, sign_in):
    client = sign_in(app)
    assert client.post("/pelatihan/etika/daftar").headers["Location"] == "/belajar/etika/pelajaran-1"
    assert "Isi pelajaran 1." in client.get("/belajar/etika/pelajaran-1").text


def test_marking_done_goes_on_and_resuming_comes_back_to_the_exact_lesson(app, sari):
    assert finish(sari, "pelajaran-1").headers["Location"] == "/belajar/etika/pelajaran-2"
    assert sari.get("/belajar/etika").headers["Location"] == "/belajar/etika/pelajaran-2"
    sari.post("/belajar/etika/pelajaran-3/di-sini")
    assert sari.get("/belajar/etika").headers["Location"] == "/belajar/etika/pelajaran-3"
    assert 'href="/belajar/etika' in sari.get("/").text


def test_the_last_lesson_completes_the_course(app, sari):
    answer = finish(sari, "pelajaran-1", "pelajaran-2", "pelajaran-3")
    assert answer.headers["Location"] == "/belajar/etika/tamat"
    assert sari.get("/belajar/etika/tamat").status_code == 200
    assert sari.get("/belajar/etika").headers["Location"] == "/belajar/etika/tamat"


def test_done_twice_is_done_once(app, sari):
    finish(sari, "pelajaran-1", "pelajaran-1", "pelajaran-1")
    with app.extensions["elearn"].outbox.open_session() as session:
        assert learning.standing_in(session, sari.person_id, "etika").done == {"pelajaran-1"}


def test_who_is_not_enrolled_is_led_to_the_course(app, sign_in):
    assert sign_in(app).get("/belajar/etika/pelajaran-2").headers["Location"] == "/pelatihan/etika"
    assert sign_in(app).post("/belajar/etika/pelajaran-2/selesai").status_code == 404


def test_an_author_looks_in_without_enrolling(app, sign_in):
    page = sign_in(app, role="author").get("/belajar/etika/pelajaran-2")
    assert page.status_code == 200
    assert "Isi pelajaran 2." in page.text


def test_a_locked_lesson_says_what_opens_it(app, sari, make_course, publish_course):
    publish_course(app, make_course("berurut", lessons=3, order="sequential"))
    sari.post("/pelatihan/berurut/daftar")
    page = sari.get("/belajar/berurut/pelajaran-3")
    assert page.status_code == 403
    assert "Isi pelajaran 3." not in page.text
    assert "Pelajaran 1" in page.text
    assert 'href="/belajar/berurut/pelajaran-1"' in page.text
    assert sari.post("/belajar/berurut/pelajaran-3/selesai").status_code in (403, 409)


def test_a_course_that_asks_for_another_says_which(app, sari, make_course, publish_course):
    publish_course(app, make_course("lanjutan", prerequisites=("etika",)))
    assert "Etika" in sari.get("/pelatihan/lanjutan").text
    refused = sari.post("/pelatihan/lanjutan/daftar")
    assert refused.status_code == 409
    assert "Selesaikan dahulu: Etika" in refused.text
    finish(sari, "pelajaran-1", "pelajaran-2", "pelajaran-3")
    assert sari.post("/pelatihan/lanjutan/daftar").status_code == 302


def test_a_new_version_changes_nothing_for_who_is_under_way(app, sari, make_course, publish_course, sign_in):
    finish(sari, "pelajaran-1", "pelajaran-2")
    publish_course(app, make_course("etika", lessons=9, title="Etika Baru"))
    assert "Isi pelajaran 3." in sari.get("/belajar/etika/pelajaran-3").text
    assert sari.get("/belajar/etika/pelajaran-9").status_code == 404
    assert finish(sari, "pelajaran-3").headers["Location"] == "/belajar/etika/tamat"
    later = sign_in(app, name="Togar")
    later.post("/pelatihan/etika/daftar")
    assert later.get("/belajar/etika/pelajaran-9").status_code == 200


@pytest.mark.parametrize("query", ["etika", "ETIKA", "  etika  ", "Etika!"])
def test_the_catalogue_finds_a_course(app, query):
    assert 'href="/pelatihan/etika"' in app.test_client().get("/pelatihan", query_string={"q": query}).text


@pytest.mark.parametrize(
    "query", ['"', "'; DROP TABLE core_course; --", "etika OR", "* NEAR(", "a" * 5_000, "\x00", "%_", "<script>alert(1)</script>"]
)
def test_the_catalogue_survives_what_is_typed(app, query):
    page = app.test_client().get("/pelatihan", query_string={"q": query})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_a_search_without_results_helps_on(app):
    page = app.test_client().get("/pelatihan?q=etikka").text
    assert "Etika" in page
    assert "etikka" in page


@pytest.mark.parametrize("number", ["0", "-3", "99999999999999", "x", "1e9"])
def test_page_numbers_are_forgiven(app, number):
    assert app.test_client().get(f"/pelatihan?hal={number}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/pelatihan/tidak-ada",
        "/belajar/etika/tidak-ada",
        "/belajar/tidak-ada/x",
        "/media/" + "0" * 40 + ".svg",
        "/media/..%2f..%2fetc",
        "/tidak/ada",
    ],
)
def test_what_is_not_there_is_a_page_that_helps(app, sari, address):
    answer = sari.get(address)
    assert answer.status_code in (404, 302)
    if answer.status_code == 404:
        assert "Halaman tidak ditemukan" in answer.text


def test_learning_costs_few_statements(app, sari, count_statements):
    for address, most in (("/belajar/etika/pelajaran-1", 3), ("/", 5), ("/pelatihan", 4)):
        sari.get(address)
        with count_statements(app) as seen:
            sari.get(address)
        assert len(seen) <= most, f"{address}: {len(seen)} statements\n" + "\n".join(seen)


def test_a_course_never_goes_over_the_whole(app, sari, make_course):
    course = make_course("etika", lessons=2)
    with app.extensions["elearn"].outbox.open_session() as session:
        standing = learning.standing_in(session, sari.person_id, "etika")
    beyond = replace(standing, done=frozenset({"pelajaran-1", "pelajaran-2", "hilang", "lain"}))
    assert beyond.progress(course) == 1.0


def outline_of(client, address):
    """The rows of the course's outline on that page: (title, words for its state, what it links to, whether one is there)."""
    rows = re.findall(r'<li><(?:a|span) class="item[^"]*"([^>]*)>(.*?)</(?:a|span)></li>', client.get(address).text, re.DOTALL)
    found = []
    for attributes, inside in rows:
        words = re.sub(r"<[^>]+>", " ", inside).split()
        link = re.search(r'href="([^"]+)"', attributes)
        found.append((" ".join(words), link[1].rpartition("/")[2] if link else "", "aria-current" in attributes))
    return found


def test_an_outline_shows_each_reader_how_far_they_are_in_their_language(app, sign_in, make_course, publish_course):
    publish_course(app, make_course("berurut", lessons=3, order="sequential"))
    one, two = sign_in(app), sign_in(app)
    for client in (one, two):
        client.post("/pelatihan/berurut/daftar")
    two.post("/bahasa", data={"bahasa": "en"})
    finish(one, "pelajaran-1", slug="berurut")
    minutes = "5 menit"
    assert outline_of(one, "/belajar/berurut/pelajaran-2") == [
        (f"Pelajaran 1 : selesai {minutes}", "pelajaran-1", False),
        (f"Pelajaran 2 : belum {minutes}", "pelajaran-2", True),
        (f"Pelajaran 3 : terkunci {minutes}", "", False),
    ]
    assert [words for words, *_ in outline_of(two, "/belajar/berurut/pelajaran-1")] == [
        "Pelajaran 1 : not yet 5 minutes",
        "Pelajaran 2 : locked 5 minutes",
        "Pelajaran 3 : locked 5 minutes",
    ]
    finish(one, "pelajaran-2", slug="berurut")
    assert outline_of(one, "/belajar/berurut/pelajaran-1")[1:] == [
        (f"Pelajaran 2 : selesai {minutes}", "pelajaran-2", False),
        (f"Pelajaran 3 : belum {minutes}", "pelajaran-3", False),
    ]
    stranger = outline_of(sign_in(app), "/pelatihan/berurut")
    assert stranger[0] == (f"Pelajaran 1 {minutes}", "", False)
