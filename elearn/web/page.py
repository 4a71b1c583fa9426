"""What every template may use: the viewer, the tabs, static files by their hash, icons, and the plugins' slots."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, url_for
from markupsafe import Markup

from elearn.plugin import NavEntry
from elearn.web.current import elearn, setting, viewer
from elearn.web.database import reading
from elearn.web.language import LANGUAGES, gettext, interface_language, ngettext
from elearn.web.outline import outline


def init_pages(app: Flask) -> None:
    """Give the templates their words."""
    app.jinja_env.globals.update(
        _=gettext,
        gettext=gettext,
        ngettext=ngettext,
        asset=asset,
        icon=icon,
        tabs=tabs,
        tab_here=tab_here,
        shown_again=shown_again,
        slot=slot,
        outline=outline,
        viewer=viewer,
        setting=setting,
        languages=LANGUAGES,
        language=interface_language,
        day=date.fromisoformat,
        theme=theme,
        device_name=device_name,
    )


THEME, THEMES = "tampilan", ("terang", "gelap")


def theme() -> str:
    """The look chosen on this device, kept in a cookie of its own: "terang", "gelap", or "" to follow the device."""
    chosen = request.cookies.get(THEME, "")
    return chosen if chosen in THEMES else ""


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))


def asset(name: str, plugin: str = "") -> str:
    """The address of a static file (of the core, or of a plugin), changed with its content, so that it may be cached for ever.
    Files are read once a process: a new release is a new process."""
    known: dict[tuple[str, str], str] = current_app.extensions.setdefault("elearn.assets", {})
    if (name, plugin) not in known:
        folder = current_app.blueprints[plugin].static_folder if plugin else current_app.static_folder
        digest = hashlib.sha256((Path(folder or "") / name).read_bytes()).hexdigest()[:12]
        known[name, plugin] = url_for(f"{plugin}.static" if plugin else "static", filename=name, v=digest)
    return known[name, plugin]


@lru_cache(maxsize=256)
def _icon(address: str, name: str) -> Markup:
    return Markup('<svg class="i" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(address, name)


def icon(name: str) -> Markup:
    """An icon of the sprite; always beside a text, hence hidden from screen readers."""
    return _icon(asset("icons.svg"), name)


def ways(area: str) -> list[NavEntry]:
    """What the core and the plugins offer the viewer in "tabs" or "work"; asked once a page."""
    if "elearn_ways" not in g:
        g.elearn_ways = elearn().registry.nav(viewer(), reading(), opens=url_for)
    return [entry for entry in g.elearn_ways if entry.area == area]


WORK = NavEntry(title="Kelola", endpoint="work.listing", icon="unit", order=35)
MOST_TABS = 5  # what a phone has room for


def divided() -> tuple[list[NavEntry], list[NavEntry]]:
    """What stands in the bar, and what on the work page. Where there are more tabs than a phone has room for, the plugins' last
    ones stand on that page too."""
    entries, work = ways("tabs"), ways("work")
    if len(entries) + bool(work) <= MOST_TABS:
        return entries, work
    own_first = sorted(entries, key=lambda entry: (entry.endpoint.partition(".")[0] in elearn().registry.plugins, entry.order))
    kept = own_first[: MOST_TABS - 1]
    return [entry for entry in entries if entry in kept], [*(entry for entry in entries if entry not in kept), *work]


def tabs() -> list[NavEntry]:
    """The tabs of the viewer; whoever has work to do here has one for that: the work itself where it is only one."""
    entries, work = divided()
    if not work:
        return entries
    way = replace(work[0], order=WORK.order) if len(work) == 1 else WORK if ways("work") else replace(WORK, title="Lainnya")
    return sorted([*entries, way], key=lambda entry: entry.order)


def tab_here(entries: list[NavEntry]) -> str:
    """The endpoint of the tab that this page belongs to, "" for none: the way here with the longest address, else one of the same part
    of the site. Work of one's own belongs to the tab that lists it."""
    addresses = {url_for(entry.endpoint): entry.endpoint for entry in [*ways("work"), *entries]}
    above = [one for one in addresses if request.path == one or (one != "/" and request.path.startswith(f"{one}/"))]
    same = [entry.endpoint for entry in entries if request.blueprint and entry.endpoint.split(".")[0] == request.blueprint]
    endpoint = addresses[max(above, key=len)] if above else (same or [""])[0]
    return endpoint if not endpoint or endpoint in {entry.endpoint for entry in entries} else WORK.endpoint


def shown_again() -> str:
    """The address that shows this page again. What answered a form is its form's page: where it was sent to, else where it was sent from."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    routes = current_app.url_map.bind("")
    for path in (request.path, urlsplit(request.referrer or "").path):
        if path and routes.test(path, "GET"):
            return path
    return url_for("home.home")


def slot(name: str, subject: Any = None) -> Markup:
    """What the plugins put here."""
    return Markup("").join(elearn().registry.slot(name, viewer(), reading(), subject))


def device_name(agent: str) -> str:
    """A device as its owner would call it, from what its browser says of itself: "Chrome, Android"."""
    known = [next((name for sign, name in names if sign in agent), "") for names in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, known)) or gettext("Perangkat tidak dikenali")
