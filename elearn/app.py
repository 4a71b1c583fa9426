"""The factory: a data folder and settings in, a Flask application out, nothing kept between two calls."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader
from limits.errors import ConfigurationError
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from elearn import schema
from elearn.content.store import Store
from elearn.errors import PluginError, SettingError
from elearn.folders import templates_folder
from elearn.outbox import REST_SECONDS, Outbox, engine_sessions
from elearn.plugin import Plugin
from elearn.progress import REGISTRY
from elearn.registry import Registry, discover, left_out
from elearn.services.facts import SUBSCRIBERS
from elearn.services.mail import mailer_from
from elearn.services.site import INFO, Site
from elearn.settings import Settings
from elearn.web.access import guard_routes
from elearn.web.compress import init_compression
from elearn.web.current import Elearn
from elearn.web.database import db, engine_options, init_database, normal_url, write_engine
from elearn.web.errors import register_errors
from elearn.web.language import init_language
from elearn.web.limits import WorkerMemory
from elearn.web.page import init_pages
from elearn.web.security import init_security, limiter
from elearn.web.sessions import Sessions
from elearn.web.views import BLUEPRINTS

MAX_REQUEST = 12_000_000
REDIS_PATIENCE = 0.5


def data_folder(given: str | Path | None = None) -> Path:
    """Where the site keeps its data: as given, else ELEARN_DATA, else ``elearn-data`` in the present folder."""
    return Path(given or os.environ.get("ELEARN_DATA") or "elearn-data").resolve()


def create_app(
    data: str | Path | None = None,
    *,
    settings: Mapping[str, Any] | None = None,
    plugins: Iterable[Plugin] | None = None,
    testing: bool = False,
    check_schema: bool = True,
) -> Flask:
    """The application of one site.

    ``settings`` win over the environment and site.toml; ``plugins`` (default: all installed) are for tests. Raises
    ``SettingError`` or ``PluginError``, each a plain line for an operator. It never changes the database.
    """
    folder = data_folder(data)
    registry = Registry(discover() if plugins is None else plugins, strict=testing)
    groups = {name: plugin.settings for name, plugin in registry.plugins.items()}
    values = Settings(folder, plugins=groups, given=settings, without=left_out())
    app = Flask("elearn", template_folder=None, static_folder=str(Path(__file__).parent / "web" / "static"))
    _configure(app, values, folder, testing=testing)
    site = Site(
        settings=values,
        store=Store(folder / "store"),
        mailer=mailer_from(values["mail"], values["mail_from"]),
        secret_key=app.config["SECRET_KEY"],
        url_for_path=lambda path: (values["base_url"] or app.config.get("ELEARN_ADDRESS", "")).rstrip("/") + path,
    )
    info = {SUBSCRIBERS: registry.subscriptions(), INFO: site, REGISTRY: registry}
    init_database(app, info)
    with app.app_context():
        engine = db.engine
    rest = REST_SECONDS if engine.dialect.name == "sqlite" else 0.0
    outbox = Outbox(registry, engine_sessions(write_engine(engine), info), rest=rest)
    app.extensions["elearn"] = Elearn(site=site, registry=registry, outbox=outbox)
    _templates(app, folder)
    init_compression(app)
    init_security(app)
    init_language(app, [plugin.translations for plugin in registry.plugins.values() if plugin.translations])
    init_pages(app)
    register_errors(app)
    _routes(app, registry)
    if check_schema:
        schema.check(engine, registry)
    return app


def _configure(app: Flask, values: Settings, folder: Path, *, testing: bool) -> None:
    url = normal_url(values["database"] or f"sqlite:///{folder / 'elearn.db'}")
    limits = values["limits"].replace("memory:", f"{WorkerMemory.STORAGE_SCHEME[0]}:")
    app.config.update(
        TESTING=testing,
        SECRET_KEY=_secret(folder),
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(url),
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=1_000_000,
        MAX_FORM_PARTS=2_000,
        SESSION_COOKIE_NAME="elearn",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=values["secure_cookies"],
        # the cookie lives as long as the sign-in it stands for, and is sent with it: not once more with every page
        PERMANENT_SESSION_LIFETIME=timedelta(days=values["session_days"]),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_STORAGE_URI=limits,
        # a server that answers nothing any more must not hold up whoever asks for a page
        RATELIMIT_STORAGE_OPTIONS=dict.fromkeys(("socket_timeout", "socket_connect_timeout"), REDIS_PATIENCE) if "redis" in limits else {},
        RATELIMIT_ENABLED=True,
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        ELEARN_DATA=str(folder),
    )
    app.session_interface = Sessions()
    if values["behind_proxy"]:
        hops = values["behind_proxy"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _secret(folder: Path) -> str:
    """The site's secret: ELEARN_SECRET_KEY, or the file that ``elearn serve`` made once."""
    given = os.environ.get("ELEARN_SECRET_KEY", "")
    path = folder / "secret.key"
    if not given and path.is_file():
        given = path.read_text("utf-8", errors="replace").strip()
    if 0 < len(given) < 32:
        raise SettingError(
            f"The secret key in ELEARN_SECRET_KEY or {path} has fewer than 32 characters. Without it: elearn db upgrade makes one."
        )
    if not given:
        raise SettingError(f"There is no secret key in {path}. Run: elearn db upgrade (it makes one), or set ELEARN_SECRET_KEY.")
    return given


def _templates(app: Flask, folder: Path) -> None:
    """The site's own templates win over the core's, and the core's over a plugin's."""
    loaders = [FileSystemLoader(folder / "templates"), FileSystemLoader(templates_folder()), app.create_global_jinja_loader()]
    app.jinja_options = {"loader": ChoiceLoader(loaders), "trim_blocks": True, "lstrip_blocks": True}


def _routes(app: Flask, registry: Registry) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for plugin in registry.plugins.values():
        if plugin.blueprint is not None:
            app.register_blueprint(plugin.blueprint, url_prefix=plugin.mount or f"/{plugin.name.replace('_', '-')}")
        if plugin.api is not None:
            app.register_blueprint(plugin.api, url_prefix=f"/api/{plugin.name.replace('_', '-')}")
    faults = guard_routes(app)
    if faults:
        raise PluginError(faults)
    try:
        limiter.init_app(app)
    except (ConfigurationError, ValueError) as error:
        raise SettingError(f"limits: {error}. Use memory:// or redis://host:6379.") from error


def reachable(app: Flask) -> bool:
    """Whether the database answers."""
    with app.app_context():
        try:
            with db.engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1")
        except DBAPIError:
            return False
        return True
