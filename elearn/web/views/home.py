"""The home page: what to go on with, what the plugins have to say; for strangers, what this place is."""

from __future__ import annotations

from flask import Blueprint

from elearn.access import public
from elearn.services import catalogue
from elearn.services.learning import standings_of
from elearn.web.current import elearn, render, viewer
from elearn.web.database import reading

blueprint = Blueprint("home", __name__)
SHOWN = 6


@blueprint.get("/")
@public
def home() -> str:
    """The viewer's own page, or the front door."""
    who, session = viewer(), reading()
    if who.person is None:
        offers, _ = catalogue.search(session, "")
        return render("front.html", offers=offers[:3])
    site = elearn().site
    mine = [(standing, site.course(standing.digest)) for standing in standings_of(session, who.id)]
    active = [pair for pair in mine if pair[0].state == "active"]
    suggested = [] if active else [offer for offer in catalogue.search(session, "", viewer_id=who.id)[0] if not offer.state][:2]
    return render(
        "home.html",
        active=active,
        finished=[pair for pair in mine if pair[0].state == "completed"][:SHOWN],
        suggested=suggested,
        cards=elearn().registry.cards(who, session),
    )
