"""Quizzes in the browser's eyes: forms without script, messages of the script, and keys that never leave too early."""

import re

import pytest

from tests.plugins.quizzes.conftest import FILES, KEYS, RIGHT

BACK = "/belajar/etika/tes-akhir"


@pytest.fixture
def client(app, write_course, sign_in):
    write_course(app, FILES)
    client = sign_in(app)
    client.post("/pelatihan/etika/daftar")
    return client


def begin(client, lesson="tes-akhir"):
    return client.post(f"/kuis/mulai/etika/{lesson}").headers["Location"].rsplit("/", 1)[0]


def items(client, base, count=5):
    """The item ids of an attempt in its order."""
    found = []
    for number in range(1, count + 1):
        found.append(re.search(r'name="item" value="([^"]+)"', client.get(f"{base}/{number}").text)[1])
    return found


def hand_in(client, base, given=RIGHT):
    for number, item in enumerate(items(client, base), 1):
        client.post(f"{base}/{number}", data={"item": item, "answer": given.get(item, [])})
    return client.post(f"{base}/kirim", follow_redirects=True)


def test_the_way_through_a_quiz_by_forms_alone(client):
    page = client.get(BACK).text
    assert "5 soal" in page
    assert "20 menit" in page
    base = begin(client)
    first = client.post(f"{base}/1", data={"item": items(client, base)[0], "answer": "a", "ke": "lanjut"})
    assert first.headers["Location"] == f"{base}/2"
    assert client.post(f"{base}/2", data={"item": items(client, base)[1], "ke": "kembali"}).headers["Location"] == f"{base}/1"
    assert client.get(f"{base}/6").headers["Location"] == f"{base}/tinjau"
    assert "belum dijawab" in client.get(f"{base}/tinjau").text
    result = hand_in(client, base)
    assert "Anda lulus" in result.text
    assert "100" in result.text
    assert client.get(f"{base}/1").headers["Location"] == f"{base}/hasil"


def test_right_and_wrong_are_said_in_the_reader_s_language(client):
    client.post("/bahasa", data={"bahasa": "en"})
    result = hand_in(client, begin(client), RIGHT | {"bs": ["salah"], "tunggal": ["b"]})
    base = begin(client)
    for number, item in enumerate(items(client, base), 1):
        client.post(f"{base}/{number}", data={"item": item, "answer": RIGHT[item]})
    pages = [result.text, client.get(f"{base}/tinjau").text, client.post(f"{base}/kirim", follow_redirects=True).text]
    assert not any(re.search(r"\b(benar|salah)\b", re.sub(r"<[^>]*>", "", page)) for page in pages)
    assert "Your answer: Wrong" in pages[0]
    assert "<small>Right</small>" in pages[1]
    assert "Your answer: Right" in pages[2]


def test_coming_back_tells_the_time_that_is_left(client):
    base = begin(client)
    page = client.get(BACK).text
    assert "Lanjutkan kuis" in page
    assert "Sisa waktu sekitar 20 menit" in page
    client.post(f"{base}/kirim")
    assert "Sisa waktu" not in client.get(BACK).text


def test_what_looks_unfinished_is_told_before_handing_in(client):
    base = begin(client)
    number = items(client, base).index("angka") + 1
    client.post(f"{base}/{number}", data={"item": "angka", "answer": "empat ribu"})
    for address in (f"{base}/{number}", f"{base}/tinjau"):
        assert "Tidak terbaca sebagai angka" in client.get(address).text
    client.post(f"{base}/{number}", data={"item": "angka", "answer": "4.711"})
    assert "Tidak terbaca sebagai angka" not in client.get(f"{base}/tinjau").text


def test_without_a_line_a_quiz_says_that_answers_are_safe(client):
    page = client.get(f"{begin(client)}/1").text
    assert "tersimpan di perangkat ini dan terkirim sendiri" in re.search(r'<p class="net".*?</p>', page)[0]


def test_a_quiz_is_marked_done_by_handing_it_in_alone(client):
    assert "Kerjakan dan kirim dahulu kuis" in client.get(BACK).text
    base = begin(client)
    assert "/selesai" not in client.get(BACK).text
    hand_in(client, base, {})
    assert "belum mencapai batas lulus" in client.get(BACK).text
    assert "/selesai" not in client.get(BACK).text
    hand_in(client, begin(client))
    assert "Kerjakan dan kirim" not in client.get(BACK).text


def test_a_script_saves_and_is_told_when(client):
    base = begin(client)
    item = items(client, base)[0]
    told = client.post(f"{base}/1", data={"item": item, "answer": "a", "seq": "1700000000000"}, headers={"Accept": "application/json"})
    assert re.fullmatch(r"\d\d\.\d\d WIB", told.json["saved"])
    client.post(f"{base}/kirim")
    late = client.post(f"{base}/1", data={"item": item, "answer": "b"}, headers={"Accept": "application/json"})
    assert late.status_code == 409
    assert late.json["code"] == "closed"


@pytest.mark.parametrize("seq", ["", "-5", "x", "1e99", "99999999999999999999999999"])
def test_odd_numbers_from_a_script_lose_no_answer(client, seq):
    base = begin(client)
    item = items(client, base)[0]
    assert client.post(f"{base}/1", data={"item": item, "answer": RIGHT[item], "seq": seq}).status_code == 302
    assert "Jawaban tersimpan" in client.get(f"{base}/1").text


def test_no_key_leaves_the_server_before_it_may(app, client, sign_in):
    """Everything a learner can open before the end, the saves' answers among it, is searched for every mark in the keys."""
    base = begin(client)
    seen = [
        client.get(address).text
        for address in ("/", "/pelatihan/etika", BACK, "/belajar/etika/bacaan", f"{base}/tinjau", "/akun/data.json")
    ]
    for number, item in enumerate(items(client, base), 1):
        seen.append(client.get(f"{base}/{number}").text)
        seen.append(client.post(f"{base}/{number}", data={"item": item, "answer": "zzz"}, headers={"Accept": "application/json"}).text)
    seen.append(client.post(f"{base}/kirim", follow_redirects=True).text)
    seen.append(client.get(BACK).text)
    leaked = {key for key in (*KEYS, "BAHAS-CEK") for page in seen if key in page}
    assert leaked == set(), "an attempt is left, and the keys are out"
    passed = hand_in(client, begin(client)).text
    assert {key for key in KEYS if key not in passed} <= {"UMPAN-SALAH", "4711", "KUNCI-ISIAN"}


def test_wrong_answers_are_explained_once_no_attempt_is_left(client):
    for _ in range(3):
        page = client.post(begin(client) + "/kirim", follow_redirects=True).text
    assert "BAHAS-TUNGGAL" in page
    assert "KUNCI-ISIAN" in page
    assert "Semua kesempatan" in client.get(BACK).text


def test_another_persons_attempt_is_not_found(app, client, sign_in):
    base = begin(client)
    other = sign_in(app, name="Togar")
    boss = sign_in(app, role="administrator")
    for who in (other, boss):
        for address in (f"{base}/1", f"{base}/tinjau", f"{base}/hasil"):
            assert who.get(address).status_code == 404
        assert who.post(f"{base}/kirim").status_code == 404


def test_checking_oneself_tells_at_once_and_is_remembered(client):
    lesson = "/belajar/etika/bacaan"
    assert "BAHAS-CEK" not in client.get(lesson).text
    address = re.search(r'action="(/kuis/cek/[^"]+)"', client.get(lesson).text)[1]
    assert "Pilih atau tulis jawaban dahulu" in client.post(address, data={}).text
    wrong = client.post(address, data={"answer": "20"})
    assert "Belum tepat" in wrong.text
    assert "BAHAS-CEK" in wrong.text
    part = client.post(address, data={"answer": "30 hari"}, headers={"X-Part": "1"}).text
    assert "Benar" in part
    assert "<html" not in part
    assert "BAHAS-CEK" in client.get(lesson).text
    assert client.post("/belajar/etika/bacaan/selesai").status_code == 302


def test_a_check_reaches_no_question_of_a_quiz(client):
    assert client.post("/kuis/cek/etika/tes-akhir/tes-akhir/tunggal", data={"answer": "a"}).status_code == 404


def test_an_author_may_try_a_check_without_leaving_a_trace(app, client, sign_in):
    author = sign_in(app, role="author")
    assert "Benar" in author.post("/kuis/cek/etika/bacaan/quiz-1/cek-1", data={"answer": "30"}).text
    assert "BAHAS-CEK" not in author.get("/belajar/etika/bacaan").text
    assert sign_in(app, name="Togar").post("/kuis/cek/etika/bacaan/quiz-1/cek-1", data={"answer": "30"}).status_code == 403


def test_pages_cost_few_statements(app, client, count_statements):
    base = begin(client)
    item = items(client, base)[0]
    costs = {}
    for name, act in {
        "lesson": lambda: client.get("/belajar/etika/bacaan"),
        "question": lambda: client.get(f"{base}/1"),
        "save": lambda: client.post(f"{base}/1", data={"item": item, "answer": "a"}, headers={"Accept": "application/json"}),
    }.items():
        with count_statements(app) as seen:
            act()
        costs[name] = len(seen)
    assert costs["lesson"] <= 4
    assert costs["question"] <= 4
    assert costs["save"] <= 4


def test_a_posted_score_is_ignored(client):
    base = begin(client)
    client.post(f"{base}/kirim", data={"score": "1", "passed": "true", "marks": "[]"})
    assert "Belum lulus" in client.get(f"{base}/hasil").text


def test_what_is_kept_about_somebody_can_be_taken_along(client):
    hand_in(client, begin(client))
    data = client.get("/akun/data.json").json
    assert data["quizzes"]["attempts"][0]["score"] == 1.0
    assert data["quizzes"]["attempts"][0]["answers"]["tunggal"] == "a"


def test_a_result_reads_as_sentences_and_names_competencies_in_words(app, write_course, sign_in):
    quiz = "---\njenis: kuis\n---\n## Soal 1: Mana saja?\nKompetensi: analisis-kebijakan\n- [x] Datang pagi.\n- [x] Pulang sore.\n- [ ] Tidur.\n\n## Soal 2: Ya.\nKompetensi: integritas\nJawaban: Benar\n"
    write_course(app, {"01-kuis.md": quiz}, slug="mana")
    client = sign_in(app)
    client.post("/pelatihan/mana/daftar")
    base = client.post("/kuis/mulai/mana/kuis").headers["Location"].rsplit("/", 1)[0]
    choices = re.findall(r'name="answer" value="([^"]+)"', client.get(f"{base}/1").text)
    client.post(f"{base}/1", data={"item": items(client, base, 1)[0], "answer": choices})
    page = client.post(f"{base}/kirim", follow_redirects=True).text
    assert "Datang pagi; " in page
    assert ".;" not in page
    assert "<dt>Analisis kebijakan</dt>" in page


def test_who_failed_is_sent_to_the_lessons_that_explain(app, write_course, sign_in):
    files = {
        "01-bacaan.md": "# Bacaan tentang lapor\n\n## Tenggat\n\nTeks.",
        "02-kuis.md": "---\njenis: kuis\nlulus: 100%\npercobaan: 3\n---\n## Soal 1: Berapa hari?\n<!-- id: satu -->\nJawaban: 30\n\n"
        "Pembahasan: RAHASIA di [sini](01-bacaan.md#tenggat).\n\n## Soal 2: Bumi bulat.\n<!-- id: dua -->\nJawaban: Benar\n",
    }
    write_course(app, files, slug="baca")
    client = sign_in(app)
    client.post("/pelatihan/baca/daftar")
    base = client.post("/kuis/mulai/baca/kuis").headers["Location"].rsplit("/", 1)[0]
    page = client.post(f"{base}/kirim", follow_redirects=True).text
    assert "Baca lagi" in page
    assert '<a href="/belajar/baca/bacaan#h-tenggat"><span class="g" lang="id"><b>Bacaan tentang lapor</b>' in page
    assert "RAHASIA" not in page


def test_a_withdrawn_question_says_so_while_it_is_asked(app, client, sign_in):
    base = begin(client)
    number = items(client, base).index("tunggal") + 1
    author = sign_in(app, role="author")
    address = "/kuis/penilaian/etika/tes-akhir/soal/tunggal"
    applied = author.post(address, data={"jenis": "withdraw", "langkah": "terapkan", "alasan": "soal usang"}, follow_redirects=True)
    assert "Perbaikan tersimpan." in applied.text
    assert "dihitung ulang" not in applied.text, "nobody has handed in yet"
    assert "tidak dihitung" in client.get(f"{base}/{number}").text
    assert "tidak dihitung" not in client.get(f"{base}/{number % 5 + 1}").text
