"""The interface's language, and dates, numbers and times as its reader writes them. The one file that knows Flask-Babel.

Texts are written in Indonesian where they are used, and that text is its own key; other languages are catalogues beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_date
from babel.dates import format_time as babel_time
from babel.numbers import format_decimal
from flask import Flask, request, session
from flask_babel import Babel, get_locale, gettext, lazy_gettext, ngettext

from elearn import clock
from elearn.web.current import setting, viewer

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}

__all__ = ["LANGUAGES", "ZONES", "gettext", "init_language", "lazy_gettext", "ngettext", "say_date", "say_number", "say_time", "say_when"]


def init_language(app: Flask, plugin_catalogues: Iterable[str | Path]) -> None:
    """Set up the catalogues: the core's, then each plugin's."""
    folders = [Path(__file__).parent.parent / "translations", *map(Path, plugin_catalogues)]
    app.config["BABEL_DEFAULT_LOCALE"] = "id"
    Babel(
        app,
        default_translation_directories=";".join(str(folder) for folder in folders),
        default_domain=";".join(["messages"] * len(folders)),
        locale_selector=choose_language,
    )
    app.jinja_env.filters.update(tanggal=say_date, waktu=say_time, saat=say_when, angka=say_number)


def choose_language() -> str:
    """What the person has set; else what was chosen on this device; Indonesian for everybody else."""
    who = viewer()
    if who.person and who.person.language in LANGUAGES:
        return who.person.language
    chosen = session.get("bahasa") if request.cookies else None
    return chosen if chosen in LANGUAGES else "id"


def _zone() -> tuple[ZoneInfo, str]:
    who = viewer()
    name = who.person.timezone if who.person and who.person.timezone in ZONES else setting("timezone")
    return ZoneInfo(name), ZONES.get(name, "")


def interface_language() -> str:
    """The code of the language that this page is drawn in."""
    return str(get_locale() or "id")


def say_date(moment: date | datetime | None) -> str:
    """4 Desember 2026"""
    if moment is None:
        return ""
    local = moment.astimezone(_zone()[0]).date() if isinstance(moment, datetime) else moment
    return babel_date(local, "d MMMM y", locale=interface_language())


def say_time(moment: datetime | None) -> str:
    """16.00 WIB"""
    if moment is None:
        return ""
    zone, name = _zone()
    pattern = "HH.mm" if interface_language() == "id" else "HH:mm"
    return f"{babel_time(moment.astimezone(zone), pattern, locale=interface_language())} {name}".strip()


def say_when(moment: datetime | None) -> str:
    """4 Desember 2026 16.00 WIB; the date is left out for today."""
    if moment is None:
        return ""
    zone, _ = _zone()
    today = clock.now().astimezone(zone).date() == moment.astimezone(zone).date()
    return say_time(moment) if today else f"{say_date(moment)} {say_time(moment)}"


def say_number(value: float, digits: int = 1) -> str:
    """1.250,5"""
    return format_decimal(round(value, digits), locale=interface_language())
