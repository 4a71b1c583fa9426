"""Questions put right: whom it changes is seen first; no pass goes without an explicit choice; learners are told."""

import re
import threading

import pytest
from elearn_quizzes import attempts
from elearn_quizzes.grades import corrections, regrade, states
from elearn_quizzes.grades.models import Correction
from elearn_quizzes.grades.regrade import Proposed
from elearn_quizzes.models import Attempt
from elearn_quizzes.published import Choice, Item
from sqlalchemy import func, select, text

from elearn import Refused, job_progress
from elearn.models.learning import OutboxEvent
from elearn.services.learning import standing_of
from tests.plugins.quizzes.conftest import RIGHT

LAST = "tes-akhir"


def sit(session, standing, **answers):
    attempt_id = attempts.start(session, standing, LAST)
    for item, value in answers.items():
        attempts.save(session, attempt_id, standing.person_id, item, value)
    done = attempts.submit(session, attempt_id, standing.person_id, standing)
    session.commit()
    return done


def put_right(app, session, standing, proposed, *, take=False, reason="kunci salah cetak"):
    """Apply the correction and have its job done; answers the job's id."""
    told = {"reason": reason, "actor": 9, "take_passes": take, "title": "Memperbaiki soal"}
    job_id = regrade.apply(session, [standing.digest], LAST, proposed, **told)
    session.commit()
    app.extensions["elearn"].outbox.deliver_due()
    session.expire_all()
    return job_id


def test_a_wrong_key_is_seen_first_then_put_right(any_app, session, standing):
    done = sit(session, standing, **{**RIGHT, "tunggal": ["b"], "bs": ["salah"]})
    assert (done.score, done.passed) == (pytest.approx(0.6), False)
    proposed = Proposed(item_id="tunggal", kind="key", value=["b"])
    [seen] = regrade.preview(session, standing.digest, LAST, proposed)
    assert (seen.before, seen.after, seen.gains) == (pytest.approx(0.6), pytest.approx(0.8), True)
    assert session.get_one(Attempt, done.id).score == pytest.approx(0.6), "looking changes nothing"
    put_right(any_app, session, standing, proposed)
    assert (done.score, done.passed) == (pytest.approx(0.8), True)
    assert LAST in standing_of(session, standing.enrolment_id).done
    assert states.history(session, done.id)[-1].detail["after"] == pytest.approx(0.8)
    assert session.scalar(select(func.count()).select_from(OutboxEvent).where(OutboxEvent.kind == "QuizRegraded")) == 1


def test_no_pass_is_taken_without_the_choice(any_app, session, standing):
    done = sit(session, standing, **{**RIGHT, "bs": ["salah"]})
    assert done.passed
    proposed = Proposed(item_id="tunggal", kind="key", value=["c"])
    assert [one.loses for one in regrade.preview(session, standing.digest, LAST, proposed)] == [True]
    put_right(any_app, session, standing, proposed)
    assert (done.score, done.passed) == (pytest.approx(0.8), True)


def test_a_pass_is_taken_where_that_is_chosen(any_app, session, standing):
    done = sit(session, standing, **{**RIGHT, "bs": ["salah"]})
    put_right(any_app, session, standing, Proposed(item_id="tunggal", kind="key", value=["c"]), take=True)
    assert (done.score, done.passed) == (pytest.approx(0.6), False)


@pytest.mark.parametrize(("kind", "value", "score"), [("accept", ["sandi"], 0.4), ("full", None, 0.4), ("withdraw", None, 0.25)])
def test_other_ways_to_put_it_right(any_app, session, standing, kind, value, score):
    done = sit(session, standing, tunggal=["a"], isian=["sandi"])
    assert done.score == pytest.approx(0.2)
    put_right(any_app, session, standing, Proposed(item_id="isian", kind=kind, value=value))
    assert done.score == pytest.approx(score)


def test_later_submissions_are_marked_by_the_correction_too(any_app, session, standing):
    put_right(any_app, session, standing, Proposed(item_id="tunggal", kind="accept", value=["b"]))
    assert sit(session, standing, tunggal=["b"]).score == pytest.approx(0.2)


@pytest.mark.parametrize("any_app", ["postgresql"], indirect=True)  # on SQLite one transaction at a time writes
def test_what_is_handed_in_at_the_same_moment_is_put_right_too(any_app, session, standing):
    attempt_id = attempts.start(session, standing, LAST)
    attempts.save(session, attempt_id, standing.person_id, "tunggal", ["b"])
    session.commit()
    attempts.submit(session, attempt_id, standing.person_id, standing)  # and its transaction is still under way

    def correct():
        with any_app.extensions["elearn"].outbox.open_session() as other:
            put_right(any_app, other, standing, Proposed(item_id="tunggal", kind="accept", value=["b"]))

    trainer = threading.Thread(target=correct)
    trainer.start()
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
    while trainer.is_alive() and not session.scalar(waits):
        pass
    session.commit()
    trainer.join()
    assert session.get_one(Attempt, attempt_id, populate_existing=True).score == pytest.approx(0.2)


def test_a_correction_asks_for_a_reason(any_app, session, standing):
    with pytest.raises(Refused, match="alasan"):
        put_right(any_app, session, standing, Proposed(item_id="bs", kind="full", value=None), reason="")


def test_what_is_applied_twice_is_kept_once(any_app, session, standing):
    sit(session, standing, tunggal=["b"])
    proposed = Proposed(item_id="tunggal", kind="accept", value=["b"])
    assert put_right(any_app, session, standing, proposed)
    assert put_right(any_app, session, standing, proposed) is None
    assert session.scalar(select(func.count()).select_from(Correction)) == 1
    put_right(any_app, session, standing, Proposed(item_id="tunggal", kind="key", value=["c"]))
    put_right(any_app, session, standing, proposed)
    assert session.scalar(select(func.count()).select_from(Correction)) == 3, "after another one it is a new one"


def test_a_correction_passes_by_what_was_declared_void_before_its_turn(any_app, session, standing):
    done = sit(session, standing, tunggal=["b"])
    proposed, told = Proposed(item_id="tunggal", kind="accept", value=["b"]), {"actor": 9, "take_passes": False, "title": "Memperbaiki"}
    job_id = regrade.apply(session, [standing.digest], LAST, proposed, reason="kunci salah cetak", **told)
    states.move(session, done.id, "graded", "void", actor=9, reason="bukan pesertanya")
    session.commit()
    any_app.extensions["elearn"].outbox.deliver_due()
    assert job_progress(session, job_id).done == 1
    assert session.get_one(Attempt, done.id, populate_existing=True).score == 0


def test_an_erased_answer_keeps_its_mark(session, standing):
    done = sit(session, standing, **RIGHT)
    done.marks = [{**mark, "answer": None} for mark in done.marks]
    session.commit()
    assert regrade.preview(session, standing.digest, LAST, Proposed(item_id="tunggal", kind="key", value=["b"])) == []


ITEM = Item(id="x", kind="single", html="", label="", choices=(Choice(id="a", html="", right=True, share=1.0), Choice(id="b", html="")))


@pytest.mark.parametrize(
    ("kind", "typed"), [("key", []), ("key", ["a", "b"]), ("key", ["z"]), ("accept", [""]), ("nonsense", ["a"]), ("full ", [])]
)
def test_what_is_no_correction_is_refused(kind, typed):
    with pytest.raises(ValueError, match=re.escape(kind)):
        corrections.read_value(ITEM, kind, typed)


@pytest.mark.parametrize(
    ("kind", "typed", "answers"),
    [
        ("short", "Jakarta | DKI Jakarta", {"jakarta": True, "dki jakarta": True, "jakarta dki jakarta": False}),
        ("short", '/dki( jakarta)?/i | "A|B"', {"DKI": True, "A|B": True, "A": False}),
        ("number", "10 | 12,5 ± 0,5", {"10": True, "13": True, "11": False}),
    ],
)
def test_bars_divide_what_is_right_as_in_a_course(kind, typed, answers):
    item = Item(id="x", kind=kind, html="", label="")
    value = corrections.read_value(item, "key", [typed])
    assert corrections.read_value(item, "key", value) == value, "as the page that shows the effect sends it again"
    known = [Proposed(item_id="x", kind="key", value=value)]
    assert {answer: corrections.mark(item, answer, known).right for answer in answers} == answers


@pytest.mark.parametrize(("kind", "typed"), [("short", "/(/"), ("short", "a | /(a+)+/"), ("number", "10 | dua"), ("short", "|")])
def test_what_nobody_could_answer_is_no_correction(kind, typed):
    with pytest.raises(ValueError, match="key"):
        corrections.read_value(Item(id="x", kind=kind, html="", label=""), "key", [typed])


def test_withdrawal_holds_over_full_credit():
    both = [Proposed(item_id="x", kind="withdraw", value=None), Proposed(item_id="x", kind="full", value=None)]
    assert corrections.mark(ITEM, "a", both).points == 0.0
