"""Help, and the page for a phone without a line."""

from __future__ import annotations

from flask import Blueprint

from elearn.access import public
from elearn.web.current import render

blueprint = Blueprint("help", __name__)


@blueprint.get("/bantuan")
@public
def help_page() -> str:
    """What learners ask most, and whom to ask else."""
    return render("help.html")
