"""The trainer's pages and the learner's reports, on attempts that were really sat and on many that were written."""

import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from elearn_quizzes import attempts
from elearn_quizzes.analysis import reports, tallying
from elearn_quizzes.analysis.figures import item_figures, quiz_figures
from elearn_quizzes.analysis.models import FaultReport, Tally
from elearn_quizzes.analysis.sums import add_attempt, nothing
from elearn_quizzes.models import Attempt, AttemptAnswer
from sqlalchemy import event, insert, select, update

from elearn import course_id_of, figures_told
from elearn.models.learning import OutboxEvent
from elearn.services.offers import courses_on_offer

FILES = {
    "01-tes-awal.md": """
        ---
        judul: Tes awal
        jenis: kuis
        tes: awal
        percobaan: 1
        ---
        ## Soal 1: Paling lambat kapan gratifikasi dilaporkan?
        <!-- id: awal-1 -->
        - (x) 30 hari
        - ( ) 60 hari

        Kompetensi: integritas
        """,
    "02-tes-akhir.md": """
        ---
        judul: Tes akhir
        jenis: kuis
        tes: akhir
        lulus: 50%
        percobaan: 3
        ---
        ## Soal 1: Berapa hari kerja batas laporan?
        <!-- id: akhir-1 -->
        - (x) Tiga puluh
        - ( ) Enam puluh
        - ( ) Sembilan puluh

        Kompetensi: integritas
        Tag: gratifikasi
        Tingkat: sedang

        ## Soal 2: Ke mana melapor?
        <!-- id: akhir-2 -->
        - (x) KPK atau UPG
        - ( ) Atasan saja

        Pembahasan: RAHASIA-KUNCI
        """,
}
STARTED = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
BANK = "/kuis/bank/etika"


@pytest.fixture
def course(any_app, write_course):
    return write_course(any_app, FILES)


@pytest.fixture
def session(any_app, course):
    with any_app.extensions["elearn"].outbox.open_session() as session:
        yield session


@pytest.fixture
def writing(session):
    """Hands out the session at hand and commits at the end."""

    @contextmanager
    def write():
        yield session
        session.commit()

    return write


def shares_of(number):
    """The shares of the two questions of the n-th invented attempt."""
    return (1.0 if number % 3 else 0.0, 1.0 if number % 4 > 1 else 0.0)


def mark(item, share, answer):
    return {"item": item, "share": share, "points": 1.0, "answer": answer, "state": "graded", "cost": 0.0}


def sat(session, count, *, first=1, lesson="tes-akhir", **more):
    """Write ``count`` attempts as they lie in the table after handing in."""
    digest, course_id = courses_on_offer(session)[0].digest, course_id_of(session, "etika")
    rows = []
    for number in range(first, first + count):
        one, two = shares_of(number)
        marks = [mark("akhir-1", one, "a" if one else "b"), mark("akhir-2", two, "a" if two else "b")]
        if lesson == "tes-awal":
            one = 1.0 if number % 5 == 0 else 0.0
            marks, two = [mark("awal-1", one, "a" if one else "b")], one
        rows.append(
            {
                "enrolment_id": 10_000 + number,
                "person_id": 10_000 + number,
                "lesson_id": lesson,
                "number": 1,
                "digest": digest,
                "seed": 1,
                "drawn": [],
                "seconds": 0,
                "state": "submitted",
                "started_at": STARTED,
                "submitted_at": STARTED + timedelta(seconds=number),
                "score": (one + two) / 2,
                "passed": True,
                "marks": marks,
                "course_id": course_id,
                **more,
            }
        )
    session.execute(insert(Attempt), rows)
    session.commit()


def form(session):
    return tallying.forms_of(session, "etika", "tes-akhir")[0]


def counted(session, writing, **more):
    session.rollback()
    return tallying.counted_items(session, form(session), "tes-akhir", write=writing, **more)


def test_what_is_counted_bit_by_bit_is_what_counting_all_at_once_gives(session, writing):
    expected = nothing()
    for number in range(1, 1201):
        one, two = shares_of(number)
        add_attempt(expected, [mark("akhir-1", one, "a" if one else "b"), mark("akhir-2", two, "a" if two else "b")])
    sat(session, 700)
    assert counted(session, writing).sums["n"] == 700
    sat(session, 500, first=701)
    found = counted(session, writing)
    assert (found.sums, found.left) == (expected, 0)
    assert session.scalars(select(Tally.counted)).one() == 1200


def test_the_rest_is_counted_at_the_next_look(session, writing):
    sat(session, 1100)
    assert counted(session, writing, seconds=0.0).left == 600
    assert counted(session, writing, seconds=0.0).left == 100
    assert counted(session, writing).left == 0
    assert counted(session, writing).sums["n"] == 1100


def test_a_regrade_a_void_attempt_and_a_late_one_are_counted_anew(session, writing):
    sat(session, 60)
    before = item_figures(counted(session, writing).sums["items"]["akhir-1"]).facility
    session.execute(
        update(Attempt)
        .where(Attempt.enrolment_id == 10_003)
        .values(score=1.0, marks=[mark("akhir-1", 1.0, "b"), mark("akhir-2", 1.0, "a")])
    )
    session.commit()
    after = item_figures(counted(session, writing).sums["items"]["akhir-1"]).facility
    assert after == pytest.approx(before + 1 / 60)
    sat(session, 1, first=500, submitted_at=STARTED)
    assert counted(session, writing).sums["n"] == 61
    session.execute(update(Attempt).where(Attempt.enrolment_id == 10_500).values(score=None))
    session.commit()
    assert counted(session, writing).sums["n"] == 60


def test_only_first_attempts_count(session, writing):
    sat(session, 40)
    sat(session, 40, number=2)
    assert counted(session, writing).sums["n"] == 40


def test_the_time_of_a_question_is_the_time_since_the_answer_before(session, writing):
    sat(session, 31)
    for attempt_id in session.scalars(select(Attempt.id)).all():
        for place, (item, seconds) in enumerate((("akhir-1", 20), ("akhir-2", 60), ("akhir-1", 84))):
            values = {
                "attempt_id": attempt_id,
                "item_id": item,
                "seq": place,
                "answer": "a",
                "saved_at": STARTED + timedelta(seconds=seconds),
            }
            session.execute(insert(AttemptAnswer).values(**values))
    session.commit()
    sums = counted(session, writing).sums["items"]
    assert item_figures(sums["akhir-1"]).seconds == pytest.approx(44, rel=0.05)
    assert item_figures(sums["akhir-2"]).seconds == pytest.approx(40, rel=0.05)


def test_looking_again_reads_no_attempt_again(session, writing):
    sat(session, 1000)
    counted(session, writing)
    statements = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2]))
    counted(session, writing)
    reading = [one for one in statements if "marks" in one]
    assert len(reading) == 1
    assert len(statements) <= 7


def test_a_wording_kept_over_versions_is_one_question(any_app, session, write_course, writing):
    sat(session, 20)
    write_course(any_app, {**FILES, "03-baru.md": "# Bacaan baru\nTeks."})
    session.rollback()
    sat(session, 20, first=100)
    forms = tallying.forms_of(session, "etika", "tes-akhir")
    assert (len(forms), len(forms[0].digests)) == (1, 2)
    assert quiz_figures(counted(session, writing).sums).count == 40
    session.rollback()
    write_course(any_app, {**FILES, "02-tes-akhir.md": FILES["02-tes-akhir.md"].replace("Atasan saja", "Hanya atasan")})
    session.rollback()
    sat(session, 5, first=200)
    assert [len(one.digests) for one in tallying.forms_of(session, "etika", "tes-akhir")] == [1, 2]


def test_no_attempt_of_another_course_is_read(any_app, course, session):
    sat(session, 3, course_id=course_id_of(session, "etika") + 1)
    assert tallying.forms_of(session, "etika", "tes-akhir") == []


def test_the_bank_is_searched_and_filtered(any_app, course, sign_in):
    client = sign_in(any_app, role="author")
    assert "Bank soal" in client.get("/kelola").text
    assert BANK in client.get("/kuis/bank").text
    page = client.get(BANK).text
    assert "3 dari 3 soal" in page
    for query, count in (
        ("cari=LAPORAN", 1),
        ("tag=gratifikasi", 1),
        ("kompetensi=integritas", 2),
        ("kuis=tes-awal", 1),
        ("bentuk=short", 0),
    ):
        assert f"{count} dari 3 soal" in client.get(f"{BANK}?{query}").text, query
    csv = client.get(f"{BANK}?format=csv&tingkat=sedang")
    assert csv.mimetype == "text/csv"
    assert csv.text.count("\n") == 2
    assert "akhir-1" in csv.text


def test_statistics_say_in_words_what_they_mean(any_app, session, course, sign_in):
    client = sign_in(any_app, role="administrator")
    assert "Belum ada yang mengerjakan" in client.get(f"{BANK}/statistik/tes-akhir").text
    sat(session, 29)
    few = client.get(f"{BANK}/statistik/tes-akhir").text
    assert "Terlalu sedikit untuk dinilai" in few
    assert "alfa Cronbach" not in few.split("Cara membaca")[0]
    sat(session, 91, first=100)
    page = client.get(f"{BANK}/statistik/tes-akhir").text
    assert "alfa Cronbach" in page
    assert "Nilai banyak dipengaruhi kebetulan" in page
    item = client.get(f"{BANK}/soal/tes-akhir/akhir-1").text
    assert "Pengecoh ini hampir tidak dipilih" in item
    assert "67,5%" in item
    csv = client.get(f"{BANK}/statistik/tes-akhir?format=csv").text
    assert re.search(r"akhir-1;[0-9a-f]{16};120;0,675;", csv)
    assert client.get(f"{BANK}/soal/tes-akhir/tidak-ada").status_code == 404


def test_a_survey_is_not_called_easy_or_hard_and_words_are_no_options(any_app, session, write_course, sign_in):
    asked = """
        ## Soal 3: Bagaimana pengajarnya?
        <!-- id: kesan -->
        Tipe: survei

        - ( ) Jelas
        - ( ) Membingungkan

        ## Soal 4: Lembaga apa?
        <!-- id: kata -->
        Jawaban: KPK
        """
    write_course(any_app, {**FILES, "02-tes-akhir.md": FILES["02-tes-akhir.md"] + asked})
    session.rollback()
    sat(session, 40)
    for one in session.scalars(select(Attempt)):
        given = one.enrolment_id % 4
        view = mark("kesan", 1.0 if given else 0.0, "a" if given else None) | {"points": 0.0}
        one.marks = [*one.marks, view, mark("kata", 0.0, "Budi" if given else "KPK")]
    session.commit()
    client = sign_in(any_app, role="administrator")
    page = client.get(f"{BANK}/statistik/tes-akhir").text
    survey = page.split("Bagaimana pengajarnya?")[1].split("</section>")[0]
    assert "Tidak ada jawaban benar atau salah." in survey
    assert "benar</dd>" not in survey
    item = client.get(f"{BANK}/soal/tes-akhir/kesan").text
    assert "75%" in item, "how often an option was chosen"
    assert "Daya beda" not in item
    csv = client.get(f"{BANK}/statistik/tes-akhir?format=csv").text
    assert "Budi" not in csv
    assert "a: 0,750" in csv
    assert not [one for one in figures_told(session, "etika") if "pengajarnya" in one.title], "it is not among the hardest"


def test_gains_are_told_with_their_interval_and_no_cause(any_app, session, course, sign_in):
    sat(session, 40, lesson="tes-awal")
    sat(session, 40)
    client = sign_in(any_app, role="author")
    page = client.get(f"{BANK}/kenaikan").text
    assert "bukan apa penyebabnya" in page
    assert "integritas" in page
    assert "40 peserta" in page
    whole = client.get(f"{BANK}/kenaikan?format=csv").text.splitlines()[1].split(";")
    assert whole[2:6] == ["40", "0,200", "0,588", "0,388"]


def test_each_page_keeps_to_its_course(any_app, session, course, write_course, sign_in):
    write_course(any_app, FILES, slug="lain", title="Lain")
    ids = {one.course.slug: one.course_id for one in courses_on_offer(session)}
    session.rollback()
    author = sign_in(any_app, role="author", scope="course", scope_id=ids["etika"])
    learner = sign_in(any_app)
    assert "Lain" not in author.get("/kuis/bank").text
    for page in ("", "/statistik/tes-akhir", "/soal/tes-akhir/akhir-1", "/kenaikan", "/laporan"):
        assert author.get(f"/kuis/bank/etika{page}").status_code == 200
        assert author.get(f"/kuis/bank/lain{page}").status_code == 403
        assert learner.get(f"/kuis/bank/etika{page}").status_code == 403
    assert author.get("/kuis/bank/tidak-ada").status_code == 404


@pytest.fixture
def learner(any_app, course, sign_in):
    client = sign_in(any_app)
    client.post("/pelatihan/etika/daftar")
    client.base = client.post("/kuis/mulai/etika/tes-akhir").headers["Location"].rsplit("/", 1)[0]
    return client


def test_a_report_reaches_the_trainer_and_its_answer_the_learner(any_app, session, learner, sign_in):
    assert f"{learner.base}/1/lapor" in learner.get(f"{learner.base}/tinjau").text
    form = learner.get(f"{learner.base}/1/lapor").text
    assert "RAHASIA-KUNCI" not in form
    assert "Pilih apa yang keliru" in learner.post(f"{learner.base}/1/lapor", data={}).text
    learner.post(f"{learner.base}/1/lapor", data={"alasan": "key", "penjelasan": "Aturannya <b>berubah</b>."})
    learner.post(f"{learner.base}/1/lapor", data={"alasan": "typo", "penjelasan": "Lagi."})
    learner.post(f"{learner.base}/kirim")
    assert "Soal 1 sudah Anda laporkan" in learner.get(f"{learner.base}/hasil").text
    one = session.scalars(select(FaultReport)).one()
    assert (one.slug, one.item_id, one.reason) == ("etika", "akhir-1", "key")
    report_id = one.id
    session.rollback()
    trainer = sign_in(any_app, role="author")
    assert "1 laporan belum dijawab" in trainer.get("/kuis/bank").text
    page = trainer.get(f"{BANK}/soal/tes-akhir/akhir-1").text
    assert "Aturannya &lt;b&gt;berubah&lt;/b&gt;." in page
    assert "Aturannya" in trainer.get(f"{BANK}/laporan").text
    assert trainer.post(f"{BANK}/laporan/{report_id}", data={"jawaban": " "}).status_code in (400, 409, 422)
    assert trainer.post(f"/kuis/bank/lain/laporan/{report_id}", data={"jawaban": "x"}).status_code == 404
    trainer.post(f"{BANK}/laporan/{report_id}", data={"jawaban": "Benar, kuncinya kami perbaiki."})
    assert "sudah dijawab" in learner.get(f"{learner.base}/hasil").text
    assert "Benar, kuncinya kami perbaiki." in learner.get(f"{learner.base}/1/lapor").text
    assert "kuncinya kami perbaiki" in learner.get("/akun/data.json").text
    assert "belum dijawab" not in trainer.get("/kuis/bank").text


def test_only_ones_own_questions_can_be_reported(any_app, learner, sign_in):
    other = sign_in(any_app)
    assert other.get(f"{learner.base}/1/lapor").status_code == 404
    assert other.post(f"{learner.base}/1/lapor", data={"alasan": "key"}).status_code == 404
    assert learner.get(f"{learner.base}/9/lapor").status_code == 404


def test_reports_without_an_answer_are_limited(any_app, session, learner):
    attempt_id = int(learner.base.rsplit("/", 1)[1])
    rows = [
        {"slug": "etika", "lesson_id": "x", "item_id": f"i{number}", "item_version": "v", "attempt_id": attempt_id, "reason": "key"}
        for number in range(reports.OPEN_AT_MOST)
    ]
    session.execute(insert(FaultReport), [{**row, "person_id": learner.person_id} for row in rows])
    session.commit()
    page = learner.post(f"{learner.base}/1/lapor", data={"alasan": "key"})
    assert page.status_code == 422
    assert "Tunggu jawabannya dahulu" in page.text


def test_a_person_forgotten_leaves_no_words(any_app, session, learner):
    from elearn_quizzes.analysis import hooks

    from elearn import About

    learner.post(f"{learner.base}/1/lapor", data={"alasan": "other", "penjelasan": "NAMA SAYA"})
    hooks.erase(About(session=session, person_id=learner.person_id))
    session.commit()
    one = session.scalars(select(FaultReport)).one()
    assert (one.text, one.person_id) == ("", 0)
    assert attempts.attempts_in(session, 0) == []


def test_authors_are_told_the_hardest_questions_once_enough_were_asked(session):
    sat(session, 29)
    session.commit()
    assert figures_told(session, "etika") == []
    sat(session, 31, first=30)
    session.commit()
    told = figures_told(session, "etika")
    shares = [int(each.value.split("%")[0]) for each in told]
    assert len(told) == 2
    assert shares == sorted(shares), "the hardest first"
    assert {each.title for each in told} == {"Tes akhir: Berapa hari kerja batas laporan?", "Tes akhir: Ke mana melapor?"}


def test_a_quiz_tells_the_share_of_each_competency(any_app, session, enrolled):
    standing = enrolled(any_app)
    attempt = attempts.start(session, standing, "tes-akhir")
    attempts.save(session, attempt, standing.person_id, "akhir-1", ["a"])
    attempts.save(session, attempt, standing.person_id, "akhir-2", ["b"])
    attempts.submit(session, attempt, standing.person_id, standing)
    session.commit()
    payload = session.scalars(select(OutboxEvent.payload).where(OutboxEvent.kind == "ActivityGraded")).one()
    assert payload["score"] == 0.5
    assert payload["competencies"] == {"integritas": 1.0}
