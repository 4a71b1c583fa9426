"""States and their journal, time kept by the server, what is granted to one person, batches: on both databases."""

from datetime import timedelta

import pytest
from elearn_quizzes import attempts
from elearn_quizzes.grades import batch, settling, states
from elearn_quizzes.grades.allowances import allow
from elearn_quizzes.grades.late import LateNews, late_news, undecided
from elearn_quizzes.grades.models import Allowance, AttemptChange, GradeEntry
from elearn_quizzes.models import Attempt, AttemptAnswer
from elearn_quizzes.settings import Settings
from sqlalchemy import event, func, insert, select, text, update

from elearn import Refused
from tests.plugins.quizzes.conftest import RIGHT

LAST = "tes-akhir"


@pytest.fixture
def attempt(session, standing):
    attempt_id = attempts.start(session, standing, LAST)
    session.commit()
    return attempt_id


def given(*triples):
    return [{"item": item, "seq": seq, "answer": answer} for item, seq, answer in triples]


def later(session, attempt_id, **span):
    """Let the attempt have begun that much earlier."""
    begun = session.get_one(Attempt, attempt_id).started_at
    session.execute(update(Attempt).where(Attempt.id == attempt_id).values(started_at=begun - timedelta(**span)))
    session.commit()


def test_every_change_is_in_the_journal(session, standing, attempt):
    done = attempts.submit(session, attempt, standing.person_id, standing)
    from elearn_quizzes.grades import marking

    marking.review(session, done, actor=7, reason="dicek")
    session.refresh(done)
    states.void(session, done, actor=7, reason="mengerjakan bersama")
    steps = [(one.before, one.after, one.actor_id) for one in states.history(session, attempt)]
    assert steps == [
        ("", "open", None),
        ("open", "submitted", None),
        ("submitted", "graded", None),
        ("graded", "reviewed", 7),
        ("reviewed", "void", 7),
    ]


@pytest.mark.parametrize(("before", "after"), [("open", "graded"), ("graded", "open"), ("void", "graded"), ("submitted", "open")])
def test_no_other_way_leads_from_state_to_state(session, standing, attempt, before, after):
    with pytest.raises(ValueError, match="no attempt goes"):
        states.move(session, attempt, before, after)


def test_a_move_from_a_state_it_is_no_longer_in_does_nothing(session, standing, attempt):
    attempts.submit(session, attempt, standing.person_id, standing)
    assert states.move(session, attempt, "open", "submitted") is False
    assert session.scalar(select(func.count()).select_from(AttemptChange)) == 3


def test_marks_name_version_rule_and_grader(session, standing, attempt):
    attempts.save(session, attempt, standing.person_id, "tunggal", ["a"])
    attempts.submit(session, attempt, standing.person_id, standing)
    rows = session.scalars(select(GradeEntry).where(GradeEntry.attempt_id == attempt)).all()
    assert len(rows) == 5
    assert {(row.digest, row.rule, row.grader_id) for row in rows} == {(standing.digest, "formula", None)}
    assert {row.item_id: row.share for row in rows}["tunggal"] == 1.0


def test_a_void_attempt_counts_for_nothing_and_uses_no_try(session, standing):
    for _ in range(3):
        done = attempts.submit(session, attempts.start(session, standing, LAST), standing.person_id, standing)
    states.void(session, done, actor=1, reason="gangguan listrik")
    session.commit()
    assert attempts.start(session, standing, LAST) not in (None, done.id)


def test_voiding_asks_for_a_reason(session, standing, attempt):
    with pytest.raises(Refused, match="alasan"):
        states.void(session, session.get_one(Attempt, attempt), actor=1, reason="  ")


def test_extra_time_reaches_the_attempt_under_way_and_the_next(session, standing, attempt):
    later(session, attempt, minutes=25)
    with pytest.raises(Refused, match="Waktu sudah habis"):
        attempts.save(session, attempt, standing.person_id, "tunggal", ["a"])
    allow(session, standing.enrolment_id, LAST, seconds=600, attempts=0, reason="tunanetra", actor=1)
    session.commit()
    attempts.save(session, attempt, standing.person_id, "tunggal", ["a"])
    assert session.get_one(Attempt, attempt).seconds == 1800
    attempts.submit(session, attempt, standing.person_id, standing)
    following = attempts.start(session, standing, LAST)
    assert session.get_one(Attempt, following).seconds == 1800
    assert [one.act for one in states.history(session, attempt)] == ["open", "time", "submitted", "graded"]


def test_extra_attempts_are_granted_with_a_reason_to_one_person(session, standing):
    for _ in range(3):
        attempts.submit(session, attempts.start(session, standing, LAST), standing.person_id, standing)
    with pytest.raises(Refused, match="Semua kesempatan"):
        attempts.start(session, standing, LAST)
    with pytest.raises(Refused, match="alasan"):
        allow(session, standing.enrolment_id, LAST, seconds=0, attempts=1, reason="", actor=1)
    allow(session, standing.enrolment_id, LAST, seconds=0, attempts=1, reason="sakit", actor=1)
    assert attempts.start(session, standing, LAST)
    assert session.scalars(select(Allowance.reason)).all() == ["sakit"]


@pytest.mark.parametrize(("seconds", "more"), [(0, 0), (-60, 1), (90_000, 0), (0, 21)])
def test_what_is_granted_has_bounds(session, standing, seconds, more):
    with pytest.raises(Refused):
        allow(session, standing.enrolment_id, LAST, seconds=seconds, attempts=more, reason="x", actor=1)


def test_a_batch_is_kept_once_however_often_it_comes(session, standing, attempt):
    message = given(("tunggal", 5, ["b"]), ("ganda", 6, ["a", "b"]), ("tunggal", 7, ["a"]))
    for _ in range(3):
        assert batch.keep_batch(session, attempt, standing.person_id, message) == batch.Batch()
    assert session.scalar(select(func.count()).select_from(AttemptAnswer)) == 3
    assert attempts.answers_of(session, attempt) == {"tunggal": "a", "ganda": ["a", "b"]}


def test_a_batch_after_handing_in_is_closed(session, standing, attempt):
    attempts.submit(session, attempt, standing.person_id, standing)
    with pytest.raises(Refused) as refused:
        batch.keep_batch(session, attempt, standing.person_id, given(("tunggal", 5, ["a"])))
    assert refused.value.code == "closed"


def test_late_answers_are_kept_and_not_counted_whatever_the_device_says(session, standing, attempt):
    attempts.save(session, attempt, standing.person_id, "tunggal", ["b"], seq=10)
    session.commit()
    later(session, attempt, minutes=25)
    assert batch.keep_batch(session, attempt, standing.person_id, given(("tunggal", 20, ["a"]))).late
    session.commit()
    assert attempts.answers_of(session, attempt) == {"tunggal": "b"}
    later(session, attempt, minutes=10)
    with pytest.raises(Refused, match="Waktu sudah habis"):
        batch.keep_batch(session, attempt, standing.person_id, given(("tunggal", 30, ["a"])))


def test_a_trainer_takes_late_answers_in(session, standing, attempt):
    from elearn_quizzes.grades import regrade

    later(session, attempt, minutes=25)
    batch.keep_batch(session, attempt, standing.person_id, given(*((item, 20, value) for item, value in RIGHT.items())))
    done = attempts.submit(session, attempt, standing.person_id, standing)
    assert done.score == 0.0
    one = attempts.sitting(session, attempt, standing.person_id, lock="all")
    assert late_news(one, states.history(session, attempt)) == LateNews(count=5)
    assert undecided(session) == {attempt: (standing.course_id, LAST)}
    assert regrade.admit_late(session, one, reason="jaringan kantor putus", actor=3, standing=standing)
    assert one.attempt.score == 1.0
    assert late_news(one, states.history(session, attempt)) == LateNews(count=5, decided="late", reason="jaringan kantor putus")
    assert undecided(session) == {}
    assert session.scalar(select(func.count()).select_from(GradeEntry).where(GradeEntry.rule == "late")) == 5
    for again in (lambda: regrade.admit_late(session, one, reason="lagi", actor=3, standing=standing), lambda: left(session, one)):
        with pytest.raises(Refused) as refused:
            again()
        assert refused.value.code == "late_decided"


def test_late_answers_are_found_without_going_through_all_that_were_ever_given(session, attempt):
    rows = [{"attempt_id": attempt, "item_id": "tunggal", "seq": number, "answer": "a", "late": number == 7} for number in range(5_000)]
    session.execute(insert(AttemptAnswer), rows)
    session.execute(update(Attempt).values(state="submitted"))
    session.execute(text("ANALYZE"))
    asked = []
    engine = session.get_bind().engine
    listen = lambda connection, cursor, *statement: asked.append(statement[:2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listen)
    assert list(undecided(session)) == [attempt]
    event.remove(engine, "before_cursor_execute", listen)
    statement, values = asked[-1]
    explain = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    plan = session.connection().exec_driver_sql(f"{explain} {statement}", values).all()
    assert "ix_quizzes_answer_late" in str(plan)


def left(session, one):
    from elearn_quizzes.grades import regrade

    regrade.leave_late(session, one, reason="lagi", actor=3)


def test_a_trainer_leaves_late_answers_out(session, standing, attempt):
    from elearn_quizzes.grades import regrade

    later(session, attempt, minutes=25)
    batch.keep_batch(session, attempt, standing.person_id, given(("tunggal", 20, ["a"])))
    attempts.submit(session, attempt, standing.person_id, standing)
    one = attempts.sitting(session, attempt, standing.person_id, lock="all")
    with pytest.raises(Refused, match="alasan"):
        regrade.leave_late(session, one, reason=" ", actor=3)
    regrade.leave_late(session, one, reason="perangkat lain dipakai", actor=3)
    assert late_news(one, states.history(session, attempt)).decided == "late_left"
    assert session.get_one(Attempt, attempt).score == 0.0


@pytest.mark.parametrize(
    "message",
    [
        [1],
        [{"item": "tunggal"}],
        [{"item": "tunggal", "seq": 1, "answer": {"file": 1}}],
        [{"item": 5, "seq": 1, "answer": []}],
        [{"item": "tunggal", "seq": 1, "answer": ["a"], "seen": "1"}],
        [{"item": "tunggal", "seq": 2**70, "answer": ["a"]}],
    ],
)
def test_nonsense_in_a_batch_keeps_nothing(session, standing, attempt, message):
    with pytest.raises(Refused) as refused:
        batch.keep_batch(session, attempt, standing.person_id, message)
    assert refused.value.code == "unreadable"


@pytest.mark.parametrize(("result", "counted"), [("best", 0.9), ("last", 0.2), ("first", 0.4), ("average", 0.5)])
def test_which_attempt_counts(result, counted):
    sat = [Attempt(state="graded", score=score) for score in (0.4, 0.9)] + [Attempt(state="reviewed", score=0.2)]
    sat += [Attempt(state="void", score=1.0), Attempt(state="open"), Attempt(state="submitted")]
    assert attempts.counted_score(Settings(result=result), sat) == pytest.approx(counted)


def test_two_of_three_are_enough_for_the_mark_that_reads_the_same():
    assert settling.reaches(Settings(pass_mark=0.667), 0.666667)
    assert not settling.reaches(Settings(pass_mark=0.668), 0.666667)
    assert not settling.reaches(Settings(pass_mark=0.667), None)
