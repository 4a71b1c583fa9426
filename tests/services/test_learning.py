"""Taking a course: once enrolled, once completed, never over 100 %, never falling."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import select

from elearn.content.values import Lesson, Section
from elearn.errors import Refused
from elearn.models.learning import Delivery, Enrolment, OutboxEvent
from elearn.progress import finish_lesson
from elearn.services import learning, people


def enrol(app, session, person, slug="etika"):
    standing = learning.enrol(session, person.id, slug, outline=app.extensions["elearn"].site.course)
    session.commit()
    return standing


def kinds(session):
    return [row.kind for row in session.scalars(select(OutboxEvent).order_by(OutboxEvent.id))]


@pytest.fixture
def course(app, make_course, publish_course):
    made = make_course("etika", lessons=3)
    publish_course(app, made)
    return made


def test_enrolling_twice_is_enrolling_once(app, session, sari, course):
    first, second = enrol(app, session, sari), enrol(app, session, sari)
    assert first.enrolment_id == second.enrolment_id
    assert kinds(session).count("PersonEnrolled") == 1


def test_the_course_is_completed_with_its_last_lesson_and_told_once(app, session, sari, course):
    standing = enrol(app, session, sari)
    for n in (1, 2, 3, 3, 1):
        standing = finish_lesson(session, standing, f"pelajaran-{n}")
    session.commit()
    assert standing.state == "completed"
    assert standing.progress(course) == 1.0
    assert standing.completed_at is not None
    assert kinds(session).count("CourseCompleted") == 1
    assert kinds(session).count("LessonCompleted") == 3


def test_twenty_at_once_complete_a_course_once(app, session, sari, course):
    standing = enrol(app, session, sari)
    for n in (1, 2):
        standing = finish_lesson(session, standing, f"pelajaran-{n}")
    session.commit()
    session.close()
    barrier, faults = threading.Barrier(20), []

    def finish():
        try:
            with app.extensions["elearn"].outbox.open_session() as own:
                mine = learning.standing_of(own, standing.enrolment_id) if own.get_bind().dialect.name != "sqlite" else standing
                own.rollback()
                barrier.wait()
                finish_lesson(own, mine, "pelajaran-3")
                own.commit()
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=finish) for _ in range(20)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert faults == []
    with app.extensions["elearn"].outbox.open_session() as own:
        assert kinds(own).count("CourseCompleted") == 1
        assert learning.standing_of(own, standing.enrolment_id).state == "completed"


def test_the_last_two_lessons_at_once_complete_the_course(app, session, sari, course):
    """Each transaction sees nothing of the other's lesson until it commits; still one of them completes the course."""
    standing = enrol(app, session, sari)
    finish_lesson(session, standing, "pelajaran-1")
    session.commit()
    session.close()
    both_inside, faults = threading.Barrier(2), []

    def finish(lesson):
        try:
            with app.extensions["elearn"].outbox.open_session() as own:
                finish_lesson(own, standing, lesson)
                if own.get_bind().dialect.name == "postgresql":
                    threading.Event().wait(0.3)  # the other one is at its lesson meanwhile
                own.commit()
        except Exception as error:
            faults.append(error)

    def start(lesson):
        both_inside.wait()
        finish(lesson)

    threads = [threading.Thread(target=start, args=(f"pelajaran-{n}",)) for n in (2, 3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert faults == []
    with app.extensions["elearn"].outbox.open_session() as own:
        assert learning.standing_of(own, standing.enrolment_id).state == "completed"
        assert kinds(own).count("CourseCompleted") == 1


def test_a_lesson_out_of_order_says_what_opens_it(app, session, sari, make_course, publish_course):
    ordered = make_course("berurut", lessons=3, order="sequential")
    publish_course(app, ordered)
    standing = enrol(app, session, sari, "berurut")
    assert standing.locked(ordered, ordered.lesson("pelajaran-3")).id == "pelajaran-1"
    with pytest.raises(Refused, match="terbuka setelah “Pelajaran 1” selesai"):
        finish_lesson(session, standing, "pelajaran-3")
    standing = finish_lesson(session, standing, "pelajaran-1")
    assert standing.locked(ordered, ordered.lesson("pelajaran-2")) is None


def test_a_missing_prerequisite_is_named(app, session, sari, course, make_course, publish_course):
    publish_course(app, make_course("lanjutan", lessons=1, prerequisites=("etika",)))
    with pytest.raises(Refused, match="Selesaikan dahulu: Etika"):
        enrol(app, session, sari, "lanjutan")
    standing = enrol(app, session, sari)
    for n in (1, 2, 3):
        standing = finish_lesson(session, standing, f"pelajaran-{n}")
    assert enrol(app, session, sari, "lanjutan").state == "active"


def test_an_unknown_course_or_lesson_is_refused(app, session, sari, course):
    with pytest.raises(Refused):
        enrol(app, session, sari, "tidak-ada")
    with pytest.raises(Refused):
        finish_lesson(session, enrol(app, session, sari), "tidak-ada")


def test_an_edited_course_changes_nothing_for_who_learns_it(app, session, sari, course, publish_course):
    standing = enrol(app, session, sari)
    standing = finish_lesson(session, standing, "pelajaran-1")
    session.commit()
    longer = replace(course, sections=(*course.sections, Section(id="dua", title="Dua", lessons=(Lesson(id="baru", title="Baru"),))))
    publish_course(app, longer)
    after = learning.standing_in(session, sari.id, "etika")
    assert after.number == 1
    outline = app.extensions["elearn"].site.course(after.digest)
    assert after.progress(outline) == pytest.approx(1 / 3)


@pytest.mark.parametrize("edited", [1, 2, 5])
def test_progress_is_never_over_one_whatever_the_course_became(app, session, sari, course, make_course, edited):
    standing = enrol(app, session, sari)
    for n in (1, 2, 3):
        standing = finish_lesson(session, standing, f"pelajaran-{n}")
    assert standing.progress(make_course("etika", lessons=edited)) == 1.0


def test_go_on_opens_the_lesson_left_last(app, session, sari, course):
    standing = enrol(app, session, sari)
    assert standing.next_lesson(course).id == "pelajaran-1"
    learning.remember_place(session, standing, "pelajaran-3")
    standing = learning.standing_of(session, standing.enrolment_id)
    assert standing.next_lesson(course).id == "pelajaran-3"
    standing = finish_lesson(session, standing, "pelajaran-3")
    assert standing.next_lesson(course).id == "pelajaran-1"


def test_a_final_mark_below_the_course_pass_mark_holds_the_course(app, session, sari, make_course, publish_course):
    publish_course(app, make_course("ketat", lessons=1, pass_mark=0.8))
    standing = enrol(app, session, sari, "ketat")
    learning.grade_activity(session, standing, lesson_id="pelajaran-1", activity="akhir", score=0.7, passed=False, final=True)
    standing = finish_lesson(session, standing, "pelajaran-1")
    assert standing.state == "active"
    learning.grade_activity(session, standing, lesson_id="pelajaran-1", activity="akhir", score=0.9, passed=True, final=True)
    learning.grade_activity(session, standing, lesson_id="pelajaran-1", activity="akhir", score=0.1, passed=False, final=True)
    assert finish_lesson(session, standing, "pelajaran-1").state == "completed"


def test_a_deliveries_row_is_written_with_the_fact(app, session, sari, course):
    enrol(app, session, sari)
    subscribers = app.extensions["elearn"].registry.subscriptions()
    expected = sum(len(subscribers.get(kind, ())) for kind in kinds(session))
    assert len(session.scalars(select(Delivery)).all()) == expected


def test_what_is_undone_was_never_told(app, session, sari, course):
    learning.enrol(session, sari.id, "etika", outline=app.extensions["elearn"].site.course)
    session.rollback()
    assert session.scalars(select(Enrolment)).all() == []
    assert "PersonEnrolled" not in kinds(session)


def test_somebody_elses_progress_is_not_mine(app, session, sari, course):
    other = people.add_person(session, name="Togar", email="togar@contoh.go.id")
    standing = enrol(app, session, sari)
    finish_lesson(session, standing, "pelajaran-1")
    assert enrol(app, session, other).done == frozenset()


@pytest.mark.parametrize(
    ("score", "mark", "enough"),
    [(2 / 3, 0.667, True), (0.666667, 0.6667, True), (0.6664, 0.667, False), (0.6, 0.6, True), (0.599, 0.6, False), (0.0, 0.0, True)],
)
def test_a_score_reaches_the_mark_that_pages_show_beside_it(score, mark, enough):
    assert learning.score_reaches(score, mark) is enough
