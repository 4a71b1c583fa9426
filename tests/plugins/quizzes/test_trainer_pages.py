"""The trainer's pages: essays by rubric, two graders, blind to names, corrections, extra time, preview; learners see what follows."""

import re
from datetime import timedelta

import pytest
from elearn_quizzes.grades.marking import agreed
from elearn_quizzes.models import Attempt
from sqlalchemy import select

from tests.plugins.quizzes.conftest import FILES, RIGHT

ESSAY = """
    ---
    judul: Esai
    jenis: kuis
    lulus: 60%
    {more}
    ---
    ## Soal 1: Jelaskan kode etik.
    <!-- id: esai -->
    Tipe: esai

    Rubrik:
    - (6) Isi tepat
    - (4) Bahasa jelas

    ## Soal 2: Bumi bulat.
    <!-- id: bulat -->
    Jawaban: Benar
    """


@pytest.fixture
def written(app, write_course, sign_in):
    """``written(more)``: a course with an essay; answers a learner who handed it in, and the attempt's id."""

    def write(more=""):
        write_course(app, {"01-esai.md": ESSAY.replace("{more}", more or "jeda: 1 menit")})
        client = sign_in(app, name="Rahasia Namanya")
        client.post("/pelatihan/etika/daftar")
        base = client.post("/kuis/mulai/etika/esai").headers["Location"].rsplit("/", 1)[0]
        for number in (1, 2):
            item = re.search(r'name="item" value="([^"]+)"', client.get(f"{base}/{number}").text)[1]
            client.post(f"{base}/{number}", data={"item": item, "answer": "Kode etik mengikat." if item == "esai" else "benar"})
        page = client.post(f"{base}/kirim", follow_redirects=True)
        assert "Menunggu penilaian" in page.text
        return client, int(base.rsplit("/", 1)[1])

    return write


@pytest.fixture
def mails(app, monkeypatch):
    """``mails()``: what the site's own mailer sends once all that happened is told."""
    state, sent = app.extensions["elearn"], []
    monkeypatch.setattr(state.site.mailer, "send", lambda **mail: sent.append(mail))

    def told():
        state.outbox.deliver_due()
        return sent

    return told


def grade(client, attempt, *, content, language, note="", **more):
    page = client.get(f"/kuis/penilaian/percobaan/{attempt}").text
    names = re.findall(r'name="(poin-[^"]*)"', page)
    assert len(names) == 2
    data = {"tindakan": "nilai", "item": "esai", names[0]: content, names[1]: language, "catatan": note, **more}
    return client.post(f"/kuis/penilaian/percobaan/{attempt}", data=data, follow_redirects=True)


def score(app, attempt):
    with app.extensions["elearn"].outbox.open_session() as session:
        row = session.get_one(Attempt, attempt)
        return row.state, row.score


def share_of(app, attempt, item="esai"):
    with app.extensions["elearn"].outbox.open_session() as session:
        return next(mark["share"] for mark in session.get_one(Attempt, attempt).marks if mark["item"] == item)


def test_an_essay_is_marked_by_its_rubric_and_the_learner_sees_it(app, written, sign_in):
    learner, attempt = written()
    author = sign_in(app, role="author")
    assert "1 menunggu" in author.get("/kuis/penilaian").text
    assert "Rahasia Namanya" in author.get("/kuis/penilaian/etika/esai").text
    assert grade(author, attempt, content="7", language="1").status_code == 422
    assert "dinilai" in grade(author, attempt, content="4,5", language="3", note="Contohnya kurang.").text
    assert score(app, attempt)[0] == "graded"
    assert share_of(app, attempt) == pytest.approx(0.75)
    result = learner.get(f"/kuis/{attempt}/hasil").text
    assert "Anda lulus" in result
    assert "Contohnya kurang." in result


def test_points_out_of_bounds_lose_nothing_that_was_typed(app, written, sign_in):
    _, attempt = written()
    back = grade(sign_in(app, role="author"), attempt, content="7", language="1,5", note="Panjang dan berguna.")
    assert back.status_code == 422
    assert 'href="#penilaian-esai"' in back.text
    assert 'value="7"' in back.text
    assert 'value="1,5"' in back.text
    assert "Panjang dan berguna.</textarea>" in back.text


def test_the_history_names_who_marked(app, written, sign_in):
    _, attempt = written()
    author = sign_in(app, role="author", name="Dra. Penilai")
    grade(author, attempt, content="6", language="4")
    assert re.search(r"Dinilai, [^<]*, Dra\. Penilai", author.get(f"/kuis/penilaian/percobaan/{attempt}").text)


def test_the_learner_is_told_by_when_and_then_that_it_is_marked(app, written, sign_in, mails):
    learner, attempt = written()
    assert re.search(r"paling lambat \d+ \w+ 20\d\d", learner.get(f"/kuis/{attempt}/hasil").text)
    assert "paling lambat" in sign_in(app, role="author").get("/kuis/penilaian").text
    assert [mail["subject"] for mail in mails()] == []
    grade(sign_in(app, role="author"), attempt, content="6", language="4")
    assert [mail["subject"] for mail in mails()] == ["Jawaban kuis Anda sudah dinilai: Esai"]
    assert f"/kuis/{attempt}/hasil" in mails()[0]["body"]


def test_marking_anew_takes_no_pass_unless_that_is_chosen(app, written, sign_in, mails):
    learner, attempt = written()
    author = sign_in(app, role="author")
    grade(author, attempt, content="6", language="4")
    assert score(app, attempt) == ("graded", 1.0)
    grade(author, attempt, content="0", language="0")
    assert score(app, attempt) == ("graded", 1.0), "the mark is lower, the pass and its score stay"
    assert "Anda lulus" in learner.get(f"/kuis/{attempt}/hasil").text
    grade(author, attempt, content="1", language="0", kelulusan="cabut")
    assert score(app, attempt)[1] == pytest.approx(2 / 11, abs=1e-5)
    result = learner.get(f"/kuis/{attempt}/hasil").text
    assert "Belum lulus" in result
    assert "Nilai dihitung ulang" in result
    assert mails()[-1]["subject"] == "Nilai kuis Anda dihitung ulang: Esai"
    assert "dari 100 menjadi 18,2 dari 100" in mails()[-1]["body"]


def test_of_one_grader_after_another_the_last_word_counts(app, written, sign_in):
    _, attempt = written()
    first, other = (sign_in(app, role="author", name=name) for name in ("Satu", "Dua"))
    for grader, content in ((first, "2"), (other, "3"), (first, "4,5")):
        grade(grader, attempt, content=content, language="3")
        assert share_of(app, attempt) == pytest.approx((float(content.replace(",", ".")) + 3) / 10)


def test_a_second_grader_does_not_see_the_first_and_a_third_decides(app, written, sign_in):
    _, attempt = written("penilai-kedua: ya")
    first, second, third = (sign_in(app, role="author", name=name) for name in ("Satu", "Dua", "Tiga"))
    grade(first, attempt, content="6", language="4", note="CATATAN-SATU")
    assert score(app, attempt)[0] == "submitted"
    assert "CATATAN-SATU" not in second.get(f"/kuis/penilaian/percobaan/{attempt}").text
    grade(second, attempt, content="2", language="1")
    assert score(app, attempt)[0] == "submitted"
    grade(third, attempt, content="3", language="2")
    assert score(app, attempt)[0] == "graded"
    assert share_of(app, attempt) == pytest.approx(0.5)


def test_blind_marking_hides_the_name_until_the_score_is_there(app, written, sign_in):
    _, attempt = written("tanpa-nama: ya")
    author = sign_in(app, role="author")
    for address in ("/kuis/penilaian/etika/esai", f"/kuis/penilaian/percobaan/{attempt}"):
        assert "Rahasia Namanya" not in author.get(address).text
    grade(author, attempt, content="6", language="4")
    assert "Rahasia Namanya" in author.get(f"/kuis/penilaian/percobaan/{attempt}").text


@pytest.mark.parametrize(
    ("shares", "found"),
    [([], None), ([0.4], None), ([0.4, 0.6], 0.5), ([0.2, 0.6], None), ([0.2, 0.6, 0.3], 0.3)],
)
def test_what_graders_agree_on(shares, found):
    assert agreed(shares) == found


@pytest.fixture
def taken(app, write_course, sign_in):
    """A learner who handed in the final test with one wrong answer."""
    write_course(app, FILES)
    client = sign_in(app)
    client.post("/pelatihan/etika/daftar")
    base = client.post("/kuis/mulai/etika/tes-akhir").headers["Location"].rsplit("/", 1)[0]
    for number in range(1, 6):
        item = re.search(r'name="item" value="([^"]+)"', client.get(f"{base}/{number}").text)[1]
        client.post(f"{base}/{number}", data={"item": item, "answer": ["c"] if item == "tunggal" else RIGHT[item]})
    client.post(f"{base}/kirim")
    return client, base


def test_a_correction_shows_its_effect_then_tells_the_learner(app, taken, sign_in, mails):
    learner, base = taken
    author = sign_in(app, role="author")
    address = "/kuis/penilaian/etika/tes-akhir/soal/tunggal"
    assert author.post(address, data={"jenis": "key"}).status_code == 422
    seen = author.post(address, data={"jenis": "accept", "isi-accept": "c", "langkah": "lihat"}).text
    assert "1 peserta berubah: 1 naik, 0 turun" in seen
    assert ">Sari Wahyuni</a>" in seen, "whom it changes"
    assert score(app, 1)[1] == pytest.approx(0.8)
    sent = {"jenis": "accept", "isi-accept": "c", "langkah": "terapkan"}
    assert author.post(address, data=sent).status_code == 422, "a reason is asked for"
    applied = author.post(address, data=sent | {"alasan": "Tengah juga benar"})
    assert applied.status_code == 302
    assert "Nilai 1 percobaan sedang dihitung ulang" in author.get(applied.location).text
    mails()
    assert "Nilai 1 percobaan sudah dihitung ulang" in author.get(applied.location).text
    report = author.get(re.search(r"/pekerjaan/\d+", author.get(applied.location).text).group() + ".csv").text
    assert "Sari Wahyuni" in report
    assert "80 → 100" in report
    assert score(app, 1)[1] == 1.0
    result = learner.get(f"{base}/hasil").text
    assert "Nilai dihitung ulang" in result
    assert "Tengah juga benar" in result
    (mail,) = mails()
    assert mail["subject"] == "Nilai kuis Anda dihitung ulang: Tes akhir"
    assert "dari 80 menjadi 100 dari 100" in mail["body"]
    assert "Tengah juga benar" in author.get("/kuis/penilaian/percobaan/1").text


def test_whose_score_stays_as_it_is_is_not_among_those_who_change(app, taken, sign_in):
    learner, _ = taken
    blank = learner.post("/kuis/mulai/etika/tes-akhir").headers["Location"].rsplit("/", 1)[0]
    learner.post(f"{blank}/kirim")
    sent = {"jenis": "withdraw", "langkah": "lihat"}
    seen = sign_in(app, role="author").post("/kuis/penilaian/etika/tes-akhir/soal/tunggal", data=sent).text
    assert "1 naik, 0 turun; rata-rata 20 dari 100" in seen
    assert seen.count("Sari Wahyuni</a>") == 1, "0 of 100 stays 0 of 100"


def test_a_corrected_key_is_the_key_that_all_are_told(app, taken, sign_in):
    learner, base = taken
    author = sign_in(app, role="author")
    address = "/kuis/penilaian/etika/tes-akhir/soal/tunggal"
    author.post(address, data={"jenis": "key", "isi-key": "b", "langkah": "terapkan", "alasan": "kunci terbalik"})
    app.extensions["elearn"].outbox.deliver_due()
    page = author.get(address).text
    assert "</b> Kiri" in page
    assert re.search(r"Kuncinya salah: Kiri, ", page), "in words, not by the letter of the choice"
    for told in (learner.get(f"{base}/hasil").text, author.get("/kuis/penilaian/percobaan/1").text):
        assert "Jawaban yang benar: Kiri" in told
        assert "Jawaban yang benar: Kanan" not in told


def test_numbers_that_differ_stand_by_their_names_for_the_trainer(app, write_course, sign_in):
    quiz = """
        ---
        jenis: kuis
        ---
        ## Soal 1: Berapa {{p}}% dari {{p * 2}}?
        <!-- id: persen -->
        Parameter: p = 5..9
        Jawaban: {{p}}
        """
    write_course(app, {"01-angka.md": quiz})
    author, learner = sign_in(app, role="author"), sign_in(app)
    learner.post("/pelatihan/etika/daftar")
    base = learner.post("/kuis/mulai/etika/angka").headers["Location"].rsplit("/", 1)[0]
    assert re.search(r"Berapa [5-9]% dari 1[0-8]\?", learner.get(f"{base}/tinjau").text), "and with their numbers for the learner"
    learner.post(f"{base}/kirim")
    for address in (
        "/kuis/penilaian/etika/angka",
        "/kuis/penilaian/etika/angka/soal/persen",
        "/kuis/bank/etika",
        "/kuis/bank/etika/statistik/angka",
        "/kuis/bank/etika/soal/angka/persen",
    ):
        assert "Berapa {{p}}% dari {{p * 2}}?" in author.get(address).text, address


def begun_earlier(app, attempt, *, minutes):
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get_one(Attempt, attempt).started_at -= timedelta(minutes=minutes)
        session.commit()


def essay_begun(app, write_course, sign_in):
    """A learner at an essay of five minutes, its author, the attempt's address and id."""
    write_course(app, {"01-esai.md": ESSAY.replace("{more}", "waktu: 5 menit")})
    learner, author = sign_in(app), sign_in(app, role="author")
    learner.post("/pelatihan/etika/daftar")
    base = learner.post("/kuis/mulai/etika/esai").headers["Location"].rsplit("/", 1)[0]
    return learner, author, base, int(base.rsplit("/", 1)[1])


def test_late_answers_are_seen_by_the_trainer_and_their_fate_by_the_learner(app, taken, sign_in):
    learner, _ = taken
    base = learner.post("/kuis/mulai/etika/tes-akhir").headers["Location"].rsplit("/", 1)[0]
    attempt = int(base.rsplit("/", 1)[1])
    begun_earlier(app, attempt, minutes=25)
    message = {"answers": [{"item": "tunggal", "seq": 5, "answer": ["a"]}]}
    told = learner.post(f"{base}/simpan", json=message)
    assert (told.status_code, told.json["late"]) == (202, True)
    assert "tiba setelah waktu habis" in learner.get(f"{base}/1").text
    learner.post(f"{base}/kirim")
    assert "Pengajar memutuskan" in learner.get(f"{base}/hasil").text
    author = sign_in(app, role="author")
    assert "1 jawaban susulan" in author.get("/kuis/penilaian").text
    assert "jawaban susulan" in author.get("/kuis/penilaian/etika/tes-akhir").text
    page = author.get(f"/kuis/penilaian/percobaan/{attempt}").text
    assert "Kanan" in page, "the late answer itself"
    act = f"/kuis/penilaian/percobaan/{attempt}"
    assert author.post(act, data={"tindakan": "susulan"}).status_code == 422, "a reason is asked for"
    assert author.post(act, data={"tindakan": "susulan", "alasan": "jaringan kantor putus"}).status_code == 302
    assert score(app, attempt)[1] == pytest.approx(0.2)
    assert "jaringan kantor putus" in learner.get(f"{base}/hasil").text
    assert "jawaban susulan" not in author.get("/kuis/penilaian/etika/tes-akhir").text


def test_a_late_essay_waits_for_its_grader(app, write_course, sign_in):
    learner, author, base, attempt = essay_begun(app, write_course, sign_in)
    begun_earlier(app, attempt, minutes=7)
    learner.post(f"{base}/simpan", json={"answers": [{"item": "esai", "seq": 5, "answer": ["Kode etik mengikat."]}]})
    learner.post(f"{base}/kirim")
    assert score(app, attempt) == ("graded", 0.0)
    act = f"/kuis/penilaian/percobaan/{attempt}"
    author.post(act, data={"tindakan": "susulan", "alasan": "listrik padam"})
    assert "Kode etik mengikat." in author.get(act).text
    grade(author, attempt, content="6", language="4")
    assert score(app, attempt)[1] == pytest.approx(10 / 11, abs=1e-5)


def essay_changed_late(app, write_course, sign_in, text):
    """(the author, an attempt handed in whose essay became ``text`` after its time)."""
    learner, author, base, attempt = essay_begun(app, write_course, sign_in)
    learner.post(f"{base}/simpan", json={"answers": [{"item": "esai", "seq": 1, "answer": ["Yang pertama."]}]})
    begun_earlier(app, attempt, minutes=7)
    learner.post(f"{base}/simpan", json={"answers": [{"item": "esai", "seq": 5, "answer": [text]}]})
    learner.post(f"{base}/kirim")
    return author, attempt


def test_a_late_essay_takes_no_points_that_a_grader_gave(app, write_course, sign_in):
    author, attempt = essay_changed_late(app, write_course, sign_in, "Yang susulan.")
    grade(author, attempt, content="6", language="4")
    graded = score(app, attempt)
    assert graded == ("graded", pytest.approx(10 / 11, abs=1e-5))
    act = f"/kuis/penilaian/percobaan/{attempt}"
    author.post(act, data={"tindakan": "susulan", "alasan": "listrik padam"})
    assert score(app, attempt) == graded
    assert "Yang susulan." in author.get(act).text


def test_an_essay_that_was_emptied_late_waits_for_nobody(app, write_course, sign_in):
    author, attempt = essay_changed_late(app, write_course, sign_in, "")
    assert score(app, attempt) == ("submitted", None)
    author.post(f"/kuis/penilaian/percobaan/{attempt}", data={"tindakan": "susulan", "alasan": "listrik padam"})
    assert score(app, attempt) == ("graded", 0.0), "nobody could have marked it, and it stood in the way of another attempt"


def test_a_late_answer_from_before_the_one_that_holds_stays_behind_it(app, taken, sign_in):
    learner, _ = taken
    base = learner.post("/kuis/mulai/etika/tes-akhir").headers["Location"].rsplit("/", 1)[0]
    attempt = int(base.rsplit("/", 1)[1])
    learner.post(f"{base}/simpan", json={"answers": [{"item": "tunggal", "seq": 9, "answer": ["a"]}]})
    begun_earlier(app, attempt, minutes=25)
    waited = [{"item": "tunggal", "seq": 5, "answer": ["b"]}, {"item": "bs", "seq": 6, "answer": ["benar"]}]
    assert learner.post(f"{base}/simpan", json={"answers": waited}).status_code == 202
    learner.post(f"{base}/kirim")
    author = sign_in(app, role="author")
    author.post(f"/kuis/penilaian/percobaan/{attempt}", data={"tindakan": "susulan", "alasan": "ponsel tanpa sinyal"})
    assert score(app, attempt)[1] == pytest.approx(0.4)


def test_learners_and_others_do_not_get_in(app, taken, sign_in):
    learner, _ = taken
    other = sign_in(app, role="author", scope="course", scope_id=999)
    for address in (
        "/kuis/penilaian/etika/tes-akhir",
        "/kuis/penilaian/percobaan/1",
        "/kuis/penilaian/etika/tes-akhir/soal/tunggal",
        "/kuis/pratinjau/etika/tes-akhir",
    ):
        assert learner.get(address).status_code == 403
        assert other.get(address).status_code == (404 if "percobaan" in address else 403)
    assert "tes-akhir" not in other.get("/kuis/penilaian").text


def test_extra_attempts_by_mail_address(app, taken, sign_in):
    learner, _ = taken
    author = sign_in(app, role="author")
    with app.extensions["elearn"].outbox.open_session() as session:
        from elearn import Person

        mail = session.scalar(select(Person.email).where(Person.id == learner.person_id))
    sent = {"orang": mail, "menit": "5", "kesempatan": "1"}
    address = "/kuis/penilaian/etika/tes-akhir/tambahan"
    assert author.post(address, data=sent).status_code == 422
    assert author.post(address, data=sent | {"orang": "tidak@ada.id", "alasan": "x"}).status_code == 422
    for day in ("2026-02-30", "0001-01-01 00.00 WIB", "9999-12-31 23.59 -10:00"):
        assert "Tanggal tidak terbaca" in author.post(address, data=sent | {"alasan": "x", "sampai": day}).text, day
    assert author.post(address, data=sent | {"alasan": "listrik padam"}).status_code == 302
    page = author.get("/kuis/penilaian/etika/tes-akhir").text
    assert "listrik padam" in page
    assert "+5 menit" in page


def test_a_void_attempt_says_why(app, taken, sign_in):
    learner, base = taken
    author = sign_in(app, role="author")
    assert author.post("/kuis/penilaian/percobaan/1", data={"tindakan": "batal"}).status_code == 422
    author.post("/kuis/penilaian/percobaan/1", data={"tindakan": "batal", "alasan": "GANGGUAN"})
    assert "GANGGUAN" in learner.get(f"{base}/hasil").text
    assert learner.get("/belajar/etika/tes-akhir").status_code == 200


def test_a_preview_marks_and_keeps_nothing(app, taken, sign_in):
    author = sign_in(app, role="author")
    page = author.get("/kuis/pratinjau/etika/tes-akhir").text
    seed = re.search(r'name="undian" value="(\d+)"', page)[1]
    fields = re.findall(r'name="(\d)-answer"', page)
    assert set(fields) == set("01234")
    shown = author.post("/kuis/pratinjau/etika/tes-akhir", data={"undian": seed, **{f"{n}-answer": "benar" for n in range(5)}}).text
    assert "Nilai 20 dari 100" in shown
    with app.extensions["elearn"].outbox.open_session() as session:
        assert len(session.scalars(select(Attempt)).all()) == 1


def test_a_batch_by_script(app, write_course, sign_in):
    write_course(app, FILES)
    client = sign_in(app)
    client.post("/pelatihan/etika/daftar")
    base = client.post("/kuis/mulai/etika/tes-akhir").headers["Location"].rsplit("/", 1)[0]
    message = {"answers": [{"item": "tunggal", "seq": 5, "answer": ["a"]}, {"item": "bs", "seq": 6, "answer": ["benar"]}]}
    assert re.fullmatch(r"\d\d\.\d\d WIB", client.post(f"{base}/simpan", json=message).json["saved"])
    assert client.post(f"{base}/simpan", json={"answers": 5}).status_code == 422
    assert client.post(f"{base}/simpan", data="x").status_code == 422
    client.post(f"{base}/kirim")
    closed = client.post(f"{base}/simpan", json=message)
    assert (closed.status_code, closed.json["code"]) == (409, "closed")
