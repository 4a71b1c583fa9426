"""What a view asks for: who looks, the site, the registry, and to draw a page or go on to another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask import current_app, g, request
from flask import render_template as flask_render
from flask_login import current_user
from werkzeug.exceptions import NotFound

from elearn.jobs import Progress, job_progress
from elearn.outbox import Outbox
from elearn.registry import Registry
from elearn.services.site import Site
from elearn.services.viewer import Viewer
from elearn.web.database import reading


@dataclass(frozen=True, kw_only=True)
class Elearn:
    """What belongs to one application; lies in ``app.extensions["elearn"]``."""

    site: Site
    registry: Registry
    outbox: Outbox


def elearn() -> Elearn:
    """The current application's part."""
    found: Elearn = current_app.extensions["elearn"]
    return found


def viewer() -> Viewer:
    """Who looks at this page; a stranger where nobody is signed in."""
    if "elearn_viewer" not in g:
        signed_in = getattr(current_user, "viewer", None)
        g.elearn_viewer = signed_in or Viewer(roles_of=elearn().registry.roles_of)
        g.elearn_viewer = replace(g.elearn_viewer, session=reading())
    found: Viewer = g.elearn_viewer
    return found


def nobody() -> None:
    """From here on a stranger looks at this page, whatever cookie came along."""
    g.elearn_viewer = Viewer(roles_of=elearn().registry.roles_of, session=reading())


def setting(name: str) -> Any:
    """A setting of the site by its full name ("base_url", "credits.target")."""
    return elearn().site.settings[name]


Thing = TypeVar("Thing")


def found(thing: Thing | None) -> Thing:
    """The thing, or the 404 page."""
    if thing is None:
        raise NotFound
    return thing


def render(template: str, **context: Any) -> str:
    """A page from its template."""
    return flask_render(template, **context)


def read_id(text: str) -> int:
    """The id that somebody sent; 0, which nothing has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def job_asked() -> Progress | None:
    """The job that ``pekerjaan`` in the address names, where it is the reader's own: what an act began, told on the page that follows."""
    job = job_progress(reading(), request.args.get("pekerjaan", 0, type=read_id))
    return job if job is not None and job.by_id == viewer().id else None


def page_number() -> int:
    """The ``hal`` of the address, from 1."""
    return max(1, min(request.args.get("hal", 1, type=int) or 1, 500))
