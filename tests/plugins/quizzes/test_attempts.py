"""Attempts on both databases: one open, nothing acknowledged lost, the server's clock, handed in once."""

from datetime import timedelta

import pytest
from elearn_quizzes import attempts
from elearn_quizzes.models import Attempt, AttemptAnswer
from sqlalchemy import func, select, update

from elearn import Refused
from elearn.models.grades import ActivityMark
from elearn.progress import finish_lesson
from elearn.services import learning
from tests.plugins.quizzes.conftest import RIGHT

LAST = "tes-akhir"


@pytest.fixture
def attempt(session, standing):
    attempt_id = attempts.start(session, standing, LAST)
    session.commit()
    return attempt_id


def answer(session, attempt_id, standing, given=RIGHT, **more):
    for item, value in given.items():
        attempts.save(session, attempt_id, standing.person_id, item, value, **more)
    session.commit()


def fresh(session, standing):
    return learning.standing_of(session, standing.enrolment_id)


def test_all_right_is_everything_and_finishes_the_lesson(session, standing, attempt):
    answer(session, attempt, standing)
    done = attempts.submit(session, attempt, standing.person_id, standing)
    assert (done.state, done.score, done.passed) == ("graded", 1.0, True)
    assert LAST in fresh(session, standing).done
    assert session.scalars(select(ActivityMark.score).where(ActivityMark.final.is_(True))).one() == 1.0


def test_half_right_is_what_it_is_and_finishes_nothing(session, standing, attempt):
    answer(session, attempt, standing, {"tunggal": ["a"], "ganda": ["a"], "bs": ["salah"]})
    done = attempts.submit(session, attempt, standing.person_id, standing)
    assert done.score == pytest.approx(1.5 / 5)
    assert done.passed is False
    assert LAST not in fresh(session, standing).done
    with pytest.raises(Refused, match="belum mencapai"):
        finish_lesson(session, fresh(session, standing), LAST)


def test_starting_again_goes_on_with_the_open_one(session, standing, attempt):
    assert attempts.start(session, standing, LAST) == attempt


def test_fifty_starts_at_once_open_one(any_app, standing, at_once):
    def start():
        with any_app.extensions["elearn"].outbox.open_session() as session:
            found = attempts.start(session, standing, LAST)
            session.commit()
            return found

    assert len(set(at_once(50, start))) == 1


def test_fifty_submissions_at_once_are_one(any_app, session, standing, attempt, at_once):
    answer(session, attempt, standing)

    def submit():
        with any_app.extensions["elearn"].outbox.open_session() as session:
            done = attempts.submit(session, attempt, standing.person_id, standing)
            session.commit()
            return done.score

    assert set(at_once(50, submit)) == {1.0}
    graded = select(func.count()).select_from(ActivityMark)
    assert session.scalar(graded) == 1
    assert session.scalars(select(learning.LessonDone.lesson_id)).all() == [LAST]


def test_the_latest_answer_holds_whatever_order_they_arrive_in(session, standing, attempt):
    for seq, value in ((2_000, ["b"]), (1_000, ["c"]), (3_000, ["a"]), (2_500, ["b"])):
        attempts.save(session, attempt, standing.person_id, "tunggal", value, seq=seq)
    assert attempts.answers_of(session, attempt)["tunggal"] == "a"
    attempts.save(session, attempt, standing.person_id, "tunggal", ["c"], seq=3_000)
    assert attempts.answers_of(session, attempt)["tunggal"] == "a", "the same save again changes nothing"
    assert session.scalar(select(func.count()).select_from(AttemptAnswer)) == 4


def test_a_fast_clock_does_not_win_for_ever(session, standing, attempt):
    attempts.save(session, attempt, standing.person_id, "tunggal", ["b"], seq=9_999_999_999_999)
    session.commit()
    attempts.save(session, attempt, standing.person_id, "tunggal", ["a"])
    assert attempts.answers_of(session, attempt)["tunggal"] in ("a", "b")
    assert session.scalar(select(func.max(AttemptAnswer.seq))) < 9_999_999_999_999


def test_nothing_is_taken_after_handing_in(session, standing, attempt):
    attempts.submit(session, attempt, standing.person_id, standing)
    with pytest.raises(Refused, match="sudah dikirim"):
        attempts.save(session, attempt, standing.person_id, "tunggal", ["a"])


def test_the_server_ends_the_time_and_counts_what_was_saved(session, standing, attempt):
    answer(session, attempt, standing)
    begun = session.get_one(Attempt, attempt).started_at
    session.execute(update(Attempt).where(Attempt.id == attempt).values(started_at=begun - timedelta(minutes=20, seconds=10)))
    session.commit()
    attempts.save(session, attempt, standing.person_id, "tunggal", ["a"])
    session.execute(update(Attempt).where(Attempt.id == attempt).values(started_at=begun - timedelta(minutes=21)))
    session.commit()
    with pytest.raises(Refused, match="Waktu sudah habis"):
        attempts.save(session, attempt, standing.person_id, "tunggal", ["b"])
    session.rollback()
    second = attempts.start(session, standing, LAST)
    assert second != attempt
    assert session.get_one(Attempt, attempt).score == 1.0


def test_only_so_many_attempts(session, standing):
    for _ in range(3):
        attempts.submit(session, attempts.start(session, standing, LAST), standing.person_id, standing)
    with pytest.raises(Refused, match="Semua kesempatan"):
        attempts.start(session, standing, LAST)


def test_the_best_counts_and_a_pass_is_never_taken_back(session, standing, attempt):
    answer(session, attempt, standing)
    attempts.submit(session, attempt, standing.person_id, standing)
    attempts.submit(session, attempts.start(session, standing, LAST), standing.person_id, standing)
    assert session.scalars(select(ActivityMark.score)).one() == 1.0
    assert LAST in fresh(session, standing).done


def test_somebody_elses_attempt_is_not_there(session, standing, attempt):
    assert attempts.sitting(session, attempt, standing.person_id + 1) is None
    with pytest.raises(Refused):
        attempts.save(session, attempt, standing.person_id + 1, "tunggal", ["a"])


def test_a_question_that_was_not_asked_is_refused(session, standing, attempt):
    with pytest.raises(Refused, match="bukan bagian"):
        attempts.save(session, attempt, standing.person_id, "awal-1", ["a"])


def test_an_attempt_keeps_its_version(any_app, session, standing, attempt, write_course):
    answer(session, attempt, standing)
    write_course(any_app, {"03-tes-akhir.md": "---\njenis: kuis\n---\n## Soal: Lain sama sekali?\nJawaban: Salah\n"}, title="Etika baru")
    assert attempts.submit(session, attempt, standing.person_id, fresh(session, standing)).score == 1.0


def test_scores_come_from_the_stored_answers_alone(session, standing, attempt):
    from elearn_quizzes import grading

    answer(session, attempt, standing, {"tunggal": ["a"], "ganda": ["a"], "isian": ["salah"]})
    done = attempts.submit(session, attempt, standing.person_id, standing)
    one = attempts.sitting(session, attempt, standing.person_id)
    again = [grading.grade(item, one.answers.get(item.id)) for item in one.items]
    assert grading.score(again) == done.score
    assert [mark.to_json() for mark in again] == done.marks


def test_the_course_waits_for_the_quiz(session, standing):
    for lesson in ("bacaan",):
        finish_lesson(session, fresh(session, standing), lesson)
    with pytest.raises(Refused, match="Tes awal"):
        finish_lesson(session, fresh(session, standing), "tes-awal")
    first = attempts.start(session, standing, "tes-awal")
    attempts.submit(session, first, standing.person_id, fresh(session, standing))
    assert fresh(session, standing).state == "active"
    last = attempts.start(session, standing, LAST)
    answer(session, last, standing)
    attempts.submit(session, last, standing.person_id, fresh(session, standing))
    assert fresh(session, standing).state == "completed"


TWO = "\n## Soal 1: Batas lapor?\nJawaban: 30\n\n## Soal 2: Bumi bulat.\nJawaban: Benar\n"


@pytest.mark.parametrize(
    ("head", "minutes"),
    [("jenis: kuis\nwaktu: 20 menit", 20), ("jenis: kuis\nwaktu: 90 detik", 2), ("jenis: kuis", 2), ("jenis: kuis\nambil: 1", 1),
     ("jenis: kuis\nwaktu: 20 menit\nmenit: 25", 25), ("judul: Bacaan", 1)],
    ids=["its limit", "begun minutes", "a minute a question", "those it asks", "as its author says", "a lesson counts its words"],
)  # fmt: skip
def test_a_quiz_takes_the_time_it_gives(app, write_course, head, minutes):
    course = write_course(app, {"01-tes.md": f"---\n{head}\n---\n{TWO}"})
    assert course.lesson("tes").minutes == minutes
