"""What a plugin did not take is shown to the operator, who may give it a new start."""

from elearn.app import create_app
from elearn.models.learning import Delivery, OutboxEvent
from elearn.web.database import db
from tests.commands.test_one_line import folder, ready, run

__all__ = ["folder"]


def give_up(folder):
    app = create_app(folder)
    with app.extensions["elearn"].outbox.open_session() as session:
        event = OutboxEvent(kind="CourseCompleted", payload={})
        session.add(event)
        session.flush()
        session.add(
            Delivery(
                event_id=event.id, subscriber="hilang:f:CourseCompleted", state="failed", tries=12, error="ValueError: rusak\nbaris dua"
            )
        )
        session.commit()
    with app.app_context():
        db.engine.dispose()


def test_events_that_were_given_up_are_shown_and_begin_anew(folder):
    ready(folder)
    assert "Every event was taken." in run("events", "--data", folder).stdout
    give_up(folder)
    assert "elearn events" in run("check", "--data", folder).stdout
    (line,) = run("events", "--data", folder).stdout.splitlines()
    assert "CourseCompleted -> hilang:f:CourseCompleted  tried 12 times, given up: ValueError: rusak" in line
    told = run("events", "--retry", "--data", folder).stdout.splitlines()
    assert told[0] == "1 deliveries begin anew."
    assert "no plugin has this subscriber now" in told[1]
    assert "again at" in told[1]
