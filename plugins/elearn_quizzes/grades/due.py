"""An attempt whose time is up is handed in with the answers that were saved, also where nobody comes back to it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from elearn import record, site_of, standing_of
from elearn_quizzes.grades.events import AttemptDue
from elearn_quizzes.grades.settling import hand_in
from elearn_quizzes.sittings import LATE, sitting


def remind(session: Session, attempt_id: int, *, person_id: int) -> None:
    """See to it that the attempt is looked at once its time is up, and late answers had their chance to arrive."""
    one = sitting(session, attempt_id, person_id)
    if one is None or one.ends_at is None:
        return
    grace = timedelta(minutes=site_of(session).settings["quizzes.grace"])
    record(session, AttemptDue(attempt_id=attempt_id, person_id=person_id), not_before=one.ends_at + max(grace, LATE))


def hand_in_due(session: Session, event: AttemptDue) -> None:
    """The subscriber: hand it in. One that was given more time is looked at again then."""
    one = sitting(session, event.attempt_id, event.person_id, lock="all")
    if one is None or one.attempt.state != "open":
        return
    if not one.is_over:
        remind(session, event.attempt_id, person_id=event.person_id)
        return
    standing = standing_of(session, one.attempt.enrolment_id)
    if standing is not None:
        hand_in(session, one, standing, reason="Waktu habis")
