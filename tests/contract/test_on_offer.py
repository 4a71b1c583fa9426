"""What plugins are told of a course on offer."""

from dataclasses import replace

from sqlalchemy import update

from elearn import completions_of, now, on_offer, versions_held
from elearn.models.learning import Enrolment


def test_there_is_no_version_of_a_course_nobody_offers(make_app):
    app = make_app()
    with app.extensions["elearn"].outbox.open_session() as session:
        assert on_offer(session, "tidak-ada") is None


def test_a_version_is_held_as_long_as_somebody_rests_on_it(make_app, make_course, publish_course, sign_in):
    app = make_app()
    course = make_course()
    publish_course(app, course)
    client = sign_in(app)
    client.post(f"/pelatihan/{course.slug}/daftar")
    publish_course(app, replace(course, summary="Lain."))
    with app.extensions["elearn"].outbox.open_session() as session:
        held = versions_held(session)
        assert [(one.number, one.on_offer, one.active, one.completed) for one in held] == [(2, True, 0, 0), (1, False, 1, 0)]
        assert completions_of(session, [one.version_id for one in held]) == []
        session.execute(update(Enrolment).values(state="completed", completed_at=now()))
        found = completions_of(session, [one.version_id for one in held])
        assert [(one.person_id, one.version_id) for one in found] == [(client.person_id, held[1].version_id)]
        assert completions_of(session, [held[0].version_id]) == []
        assert completions_of(session, [held[1].version_id], after=found[0].enrolment_id) == []
