"""The walls around every page: sign-in by a revocable token, CSRF tokens, rate limits, headers, and no cache for private pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.exceptions import BadRequest

from elearn.services.sign_in import hash_token
from elearn.services.viewer import Viewer, load_viewer
from elearn.web.database import reading

csrf = CSRFProtect()


def who_asks() -> str:
    """Whose limit it is: the person's where somebody is signed in, for a whole office may share one address; else the address's."""
    signed_in = getattr(current_user, "viewer", None)
    return f"person:{signed_in.id}" if signed_in else get_remote_address()


limiter = Limiter(who_asks, default_limits=[], headers_enabled=False)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; media-src https:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
LOOPBACK = {"localhost", "127.0.0.1"}
LONG = "public, max-age=31536000, immutable"


@dataclass
class SignedIn(UserMixin):
    """What Flask-Login keeps: the token of this sign-in, and the viewer it stands for."""

    token: str
    viewer: Viewer

    def get_id(self) -> str:
        return self.token


def form_token() -> str:
    """The reader's token for forms; Flask-WTF keeps the one it made for this page in ``g``."""
    return str(g.get("csrf_token") or generate_csrf())


def init_security(app: Flask) -> None:
    """Put up all walls."""
    csrf.init_app(app)
    app.jinja_env.globals["csrf_token"] = form_token
    login = LoginManager(app, add_context_processor=False)  # the pages ask for the viewer
    login.session_protection = None  # phones change their address all day; tokens are random and revocable instead

    @login.user_loader
    def load(token: str) -> SignedIn | None:
        roles_of = current_app.extensions["elearn"].registry.roles_of
        found = load_viewer(reading(), hash_token(token), roles_of=roles_of)
        return SignedIn(token, found) if found.person else None

    @app.before_request
    def known_host() -> None:
        base = current_app.extensions["elearn"].site.settings["base_url"]
        wanted = base.split("://", 1)[-1].split("/")[0]
        if not wanted or request.endpoint == "health.healthz":
            return
        if request.host != wanted and not {_name(request.host), _name(wanted)} <= LOOPBACK:
            raise BadRequest("host")

    app.after_request(set_headers)


def set_headers(response: Response) -> Response:
    """The headers of every answer. A page that knew a session is for its reader alone."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "private, no-store" if _private() else "no-cache"
    elif request.endpoint == "static" or (request.endpoint or "").endswith(".static"):
        headers["Cache-Control"] = LONG if request.args.get("v") else "no-cache"
    if _private() and "immutable" not in headers["Cache-Control"]:
        headers["Cache-Control"] = "private, no-store"
        response.vary.add("Cookie")
    return response


def _name(host: str) -> str:
    return host.rpartition(":")[0] or host


def _private() -> bool:
    return bool(session) or "elearn_viewer" in g or request.method not in ("GET", "HEAD")


def limit_key(*parts: Any) -> str:
    """A key for a limit that is not by address alone."""
    return ":".join(str(part)[:120] for part in parts)
