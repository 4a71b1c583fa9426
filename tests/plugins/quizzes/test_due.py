"""Time that is up, and quizzes that close, whether or not anybody looks: on both databases."""

import textwrap
from datetime import UTC, datetime, timedelta

import pytest
from elearn_quizzes import attempts
from elearn_quizzes.grades import states
from elearn_quizzes.grades.allowances import allow
from elearn_quizzes.models import Attempt
from sqlalchemy import update

from elearn import Refused
from elearn.models.learning import Delivery
from elearn.services import learning

LAST = "tes-akhir"


def past(session, attempt_id, **span):
    """Let the attempt have begun that much earlier, and its delivery with it."""
    begun = session.get_one(Attempt, attempt_id).started_at
    session.execute(update(Attempt).where(Attempt.id == attempt_id).values(started_at=begun - timedelta(**span)))
    session.execute(_earlier(session, span))
    session.commit()


def _earlier(session, span):
    due = session.query(Delivery).order_by(Delivery.id.desc()).first().due_at
    return update(Delivery).where(Delivery.due_at == due).values(due_at=due - timedelta(**span))


@pytest.fixture
def outbox(any_app):
    return any_app.extensions["elearn"].outbox


def test_time_that_is_up_hands_the_saved_answers_in(session, standing, outbox):
    attempt_id = attempts.start(session, standing, LAST)
    attempts.save(session, attempt_id, standing.person_id, "tunggal", ["a"])
    session.commit()
    outbox.deliver_due()
    session.expire_all()
    assert session.get_one(Attempt, attempt_id).state == "open", "there is time left"
    past(session, attempt_id, minutes=20, seconds=30)
    outbox.deliver_due()
    session.expire_all()
    assert session.get_one(Attempt, attempt_id).state == "open", "the grace for late answers is not over"
    past(session, attempt_id, minutes=10)
    outbox.deliver_due()
    session.expire_all()
    done = session.get_one(Attempt, attempt_id)
    assert (done.state, done.score) == ("graded", 0.2)
    assert [(one.act, one.reason) for one in states.history(session, attempt_id)][1] == ("submitted", "Waktu habis")


def test_more_time_is_waited_for(session, standing, outbox):
    attempt_id = attempts.start(session, standing, LAST)
    allow(session, standing.enrolment_id, LAST, seconds=1800, attempts=0, reason="tunanetra", actor=1)
    session.commit()
    past(session, attempt_id, minutes=31)
    outbox.deliver_due()
    session.expire_all()
    assert session.get_one(Attempt, attempt_id).state == "open"
    past(session, attempt_id, minutes=31)
    outbox.deliver_due()
    session.expire_all()
    assert session.get_one(Attempt, attempt_id).state == "graded"


def test_what_was_handed_in_by_hand_stays_as_it_is(session, standing, outbox):
    attempt_id = attempts.start(session, standing, LAST)
    attempts.submit(session, attempt_id, standing.person_id, standing)
    session.commit()
    past(session, attempt_id, minutes=40)
    outbox.deliver_due()
    assert [one.act for one in states.history(session, attempt_id)] == ["open", "submitted", "graded"]


# -- open and close dates ------------------------------------------------------------------------------------------------


@pytest.fixture
def closing(any_app, write_course, enrolled):
    """``closing(opens=…, closes=…)`` publishes a quiz without a time limit and answers the standing of a learner."""

    def publish(**moments):
        words = {"opens": "dibuka", "closes": "ditutup"}
        head = "\n".join(f'{words[name]}: "{moment:%Y-%m-%d %H:%M} UTC"' for name, moment in moments.items())
        text = f"---\njenis: kuis\npercobaan: 1\n{head}\n---\n## Soal 1: Bumi bulat.\n<!-- id: bs -->\nJawaban: Benar\n"
        write_course(any_app, {"01-kuis.md": textwrap.dedent(text)}, slug="tutup")
        return enrolled(any_app, slug="tutup")

    return publish


def hours(count):
    return datetime.now(UTC) + timedelta(hours=count)


def test_a_quiz_is_not_begun_before_it_opens_nor_after_it_closes(session, closing):
    with pytest.raises(Refused) as refused:
        attempts.start(session, closing(opens=hours(1)), "kuis")
    assert refused.value.code == "not_yet"


def test_a_closed_quiz_opens_for_whom_it_is_granted(session, closing):
    standing = closing(closes=hours(-1))
    with pytest.raises(Refused) as refused:
        attempts.start(session, standing, "kuis")
    assert refused.value.code == "closed"
    allow(session, standing.enrolment_id, "kuis", seconds=0, attempts=0, until=hours(5), reason="cuti melahirkan", actor=1)
    attempt_id = attempts.start(session, standing, "kuis")
    assert session.get_one(Attempt, attempt_id).closes_at > hours(4)


def test_an_attempt_ends_when_the_quiz_closes(session, closing, outbox):
    standing = closing(closes=hours(1))
    attempt_id = attempts.start(session, standing, "kuis")
    attempts.save(session, attempt_id, standing.person_id, "bs", ["benar"])
    session.execute(update(Attempt).where(Attempt.id == attempt_id).values(closes_at=hours(-1)))
    session.commit()
    with pytest.raises(Refused, match="Waktu sudah habis"):
        attempts.save(session, attempt_id, standing.person_id, "bs", ["salah"])
    session.rollback()
    session.execute(_earlier(session, {"hours": 3}))
    session.commit()
    outbox.deliver_due()
    session.expire_all()
    assert session.get_one(Attempt, attempt_id).score == 1.0
    assert "kuis" in learning.standing_of(session, standing.enrolment_id).done


def test_a_later_closing_reaches_the_attempt_under_way(session, closing):
    standing = closing(closes=hours(1))
    attempt_id = attempts.start(session, standing, "kuis")
    allow(session, standing.enrolment_id, "kuis", seconds=0, attempts=0, until=hours(48), reason="listrik padam", actor=1)
    assert session.get_one(Attempt, attempt_id).closes_at > hours(47)
    assert attempts.sitting(session, attempt_id, standing.person_id).seconds_left > 47 * 3600
