"""Is the site well? For load balancers and for whoever is woken at night."""

from __future__ import annotations

from flask import Blueprint, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from elearn.access import public
from elearn.web.current import elearn
from elearn.web.database import db, reading

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response | tuple[Response, int]:
    """200 with ``{"status": "ok"}`` where the database answers, else 503."""
    try:
        reading().execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify(status="database unreachable"), 503
    failures = elearn().registry.failures
    return jsonify(status="ok", plugin_failures=dict(failures))
