"""The box on the home page of those who write and review: what waits for them."""

from __future__ import annotations

from flask import render_template
from markupsafe import Markup
from sqlalchemy import func, select

from elearn import Card, Viewer
from elearn import gettext as _
from elearn_studio import reports
from elearn_studio.contribution.models import Submission
from elearn_studio.models import Draft, Member


def waiting_card(who: Viewer) -> Card | None:
    """Submissions to be decided, texts sent back for changes, reports to be answered; None where nothing waits."""
    if who.person is None or not (who.can("studio.write") or who.can("studio.review")):
        return None
    session = who.session
    latest = select(func.max(Submission.id)).group_by(Submission.draft_id)
    own = select(Draft.id).join(Member, Member.draft_id == Draft.id).where(Member.person_id == who.id)
    asked = select(func.count()).where(Submission.id.in_(latest), Submission.state == "asked", Submission.draft_id.in_(own))
    submitted = select(func.count()).where(Submission.state == "submitted", Submission.by != who.id)
    counts = session.execute(select(asked.scalar_subquery(), submitted.scalar_subquery(), reports.count_open(who).scalar_subquery())).one()
    values = {"asked": counts[0], "submitted": counts[1] if who.can("studio.review") else 0, "reports": counts[2]}
    if not any(values.values()):
        return None
    return Card(title=_("Menunggu Anda"), body=Markup(render_template("studio/waiting_card.html", **values)), order=20)
