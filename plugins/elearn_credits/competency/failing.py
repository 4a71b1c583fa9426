"""Final tests failed and not passed yet: what a head of a unit may offer help with."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from elearn import ActivityGraded, site_of, standing_of

from ..ledger import today
from ..years import hold
from .models import FinalTestFailed

OFTEN = 2


def final_test_graded(session: Session, event: ActivityGraded) -> None:
    """Count a failure; a pass forgets them."""
    if not event.final:
        return
    if event.passed:
        session.execute(delete(FinalTestFailed).where(FinalTestFailed.enrolment_id == event.enrolment_id))
        return
    standing = standing_of(session, event.enrolment_id)
    if standing is None or standing.state != "active":
        return
    hold(session, event.person_id)
    row = session.scalar(select(FinalTestFailed).where(FinalTestFailed.enrolment_id == event.enrolment_id))
    if row is None:
        title = site_of(session).course(standing.digest).title[:300]
        row = FinalTestFailed(enrolment_id=event.enrolment_id, person_id=event.person_id, title=title, times=0)
        session.add(row)
    row.times, row.last_on = row.times + 1, today(session)
    session.flush()
