"""The interface's language, and dates, numbers and times as its reader writes them. The one file that knows Flask-Babel.

Texts are written in Indonesian where they are used, and that text is its own key; other languages are catalogues beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_date
from babel.numbers import format_decimal
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, get_locale, lazy_gettext
from flask_babel import gettext as translated
from flask_babel import ngettext as translated_many
from sqlalchemy.exc import SQLAlchemyError

from elearn import clock
from elearn.web.current import nobody, setting, viewer
from elearn.web.database import db

SOURCE = "id"
LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}

__all__ = [
    "LANGUAGES",
    "ZONES",
    "gettext",
    "init_language",
    "lazy_gettext",
    "ngettext",
    "reader_zone",
    "say_date",
    "say_number",
    "say_time",
    "say_when",
]


def gettext(string: str, **variables: Any) -> str:
    """The text in the reader's language. Texts are written in Indonesian, so that no catalogue is asked for its readers."""
    text = string if interface_language() == SOURCE else translated(string)
    return text % variables if variables else text


def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str:
    """The text for ``num`` things; ``%(num)d`` is the number, further ``variables`` stand by their names."""
    if interface_language() != SOURCE:
        return translated_many(singular, plural, num, **variables)
    text = singular if num == 1 else plural
    return text % ({"num": num} | variables) if "%(" in text else text


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
    app.jinja_env.filters.update(tanggal=say_date, waktu=say_time, saat=say_when, angka=say_number, lama=say_duration)


def choose_language() -> str:
    """What the person has set; else what was chosen on this device; Indonesian for everybody else. Where the database cannot say who looks,
    a stranger does from here on, so that the page which tells of that needs nothing of it."""
    try:
        who = viewer()
        if who.person and who.person.language in LANGUAGES:
            return who.person.language
    except SQLAlchemyError:
        db.session.rollback()
        nobody()
    chosen = session.get("bahasa") if request.cookies else None
    return chosen if chosen in LANGUAGES else "id"


def reader_zone() -> tuple[ZoneInfo, str]:
    """The zone in which the reader writes and reads times, and what it is called: WIB, WITA or WIT, "" for another."""
    who = viewer()
    name = who.person.timezone if who.person and who.person.timezone in ZONES else setting("timezone")
    return ZoneInfo(name), ZONES.get(name, "")


def interface_language() -> str:
    """The code of the language that this page is drawn in."""
    try:
        known: str = g.elearn_language  # asked dozens of times a page
    except (AttributeError, RuntimeError):
        known = str(get_locale() or SOURCE)
        if has_request_context():
            g.elearn_language = known
    return known


def say_duration(minutes: int) -> str:
    """45 menit, 2 jam, 2 jam 15 menit"""
    if minutes < 90:
        return ngettext("%(num)d menit", "%(num)d menit", minutes)
    if minutes % 60 == 0:
        return ngettext("%(num)d jam", "%(num)d jam", minutes // 60)
    return gettext("%(hours)d jam %(minutes)d menit", hours=minutes // 60, minutes=minutes % 60)


def say_date(moment: date | datetime | None) -> str:
    """4 Desember 2026"""
    if moment is None:
        return ""
    local = moment.astimezone(reader_zone()[0]).date() if isinstance(moment, datetime) else moment
    return babel_date(local, "d MMMM y", locale=interface_language())


def say_time(moment: datetime | None) -> str:
    """16.00 WIB"""
    if moment is None:
        return ""
    zone, name = reader_zone()
    local = moment.astimezone(zone)
    between = "." if interface_language() == "id" else ":"
    return f"{local.hour:02}{between}{local.minute:02} {name}".strip()


def say_when(moment: datetime | None) -> str:
    """4 Desember 2026 16.00 WIB; the date is left out for today."""
    if moment is None:
        return ""
    zone, _ = reader_zone()
    today = clock.now().astimezone(zone).date() == moment.astimezone(zone).date()
    return say_time(moment) if today else f"{say_date(moment)} {say_time(moment)}"


def say_number(value: float, digits: int = 1) -> str:
    """1.250,5"""
    return format_decimal(round(value, digits), locale=interface_language())
