"""What plugins are told of a course on offer."""

from elearn import on_offer


def test_there_is_no_version_of_a_course_nobody_offers(make_app):
    app = make_app()
    with app.extensions["elearn"].outbox.open_session() as session:
        assert on_offer(session, "tidak-ada") is None
