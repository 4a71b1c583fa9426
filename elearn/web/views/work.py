"""The work page: what the viewer may write, grade, verify or manage, each with a sentence on what it is for."""

from __future__ import annotations

from flask import Blueprint

from elearn.access import signed_in
from elearn.web.current import render
from elearn.web.page import divided, ways

blueprint = Blueprint("work", __name__)


@blueprint.get("/kelola")
@signed_in
def listing() -> str:
    """All of it, and the tabs that a phone has no room for; says so where there is nothing."""
    return render("work.html", entries=divided()[1], manages=bool(ways("work")))
