"""Keeps what every view declares: asked once before each request, and complete or the application does not start."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from elearn.access import Access, access_of
from elearn.errors import NotAllowed
from elearn.web.current import nobody, viewer
from elearn.web.security import csrf

PUBLIC = Access("public")


def access_for(app: Flask, endpoint: str | None) -> Access | None:
    """What the endpoint declares; static files are public."""
    if endpoint is None:
        return None
    if endpoint == "static" or endpoint.endswith(".static"):
        return PUBLIC
    return access_of(app.view_functions[endpoint])


def guard_routes(app: Flask) -> list[str]:
    """Ask before every request; answers a line for each route that does not say who may open it."""
    for endpoint, view in app.view_functions.items():
        access = access_for(app, endpoint)
        if access and access.level == "proof":
            csrf.exempt(view)

    @app.before_request
    def ask() -> Response | None:
        access = access_for(app, request.endpoint)
        if access is None or access.level == "public":
            return None
        if access.level == "proof":
            nobody()
            return None
        who = viewer()
        if who.person is None:
            if request.method != "GET" or _wants_json():
                abort(401)
            return redirect(url_for("sign_in.form", lanjut=request.full_path.rstrip("?")))
        if access.level == "permission" and not who.can(access.permission, unit_path="/" if access.everywhere else None):
            raise NotAllowed(access.permission)
        return None

    return list(_undeclared(app))


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _undeclared(app: Flask) -> Iterable[str]:
    for rule in app.url_map.iter_rules():
        if access_for(app, rule.endpoint) is None:
            view = app.view_functions[rule.endpoint]
            code = getattr(view, "__code__", None)
            where = f" [{code.co_filename}:{code.co_firstlineno}]" if code else ""
            yield f"route {rule.rule} ({rule.endpoint}) does not say who may open it: add @public, @signed_in or @needs(…){where}"
