"""One's own account: who one is here, language and time zone, devices, password, and all data to take along."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from elearn.access import signed_in
from elearn.errors import Refused
from elearn.models.people import Person
from elearn.plugin import About
from elearn.services import audit, sign_in
from elearn.services.learning import standings_of
from elearn.services.nip import spaced_nip
from elearn.services.passwords import hash_password, password_matches
from elearn.web.current import elearn, render, setting, viewer
from elearn.web.database import reading, writing
from elearn.web.language import LANGUAGES, ZONES
from elearn.web.language import gettext as _
from elearn.web.page import THEME, THEMES
from elearn.web.security import limiter

blueprint = Blueprint("account", __name__, url_prefix="/akun")
Answer = str | tuple[str, int] | AnyResponse
YEAR = 31_536_000


def _page(*, error: str = "", wrong: str = "", saved: str = "") -> str:
    who = viewer()
    return render(
        "account.html",
        person=who.person,
        number=spaced_nip(who.person.nip or "") if who.person else "",
        unit=who.unit,
        devices=sign_in.devices(reading(), who.id),
        here=who.sign_in_id,
        languages=LANGUAGES,
        zones=ZONES,
        error=error,
        wrong=wrong,
        saved=saved,
    )


@blueprint.get("")
@signed_in
def account() -> Answer:
    """The page."""
    notes = {
        "pilihan": _("Pilihan Anda tersimpan."),
        "sandi": _("Kata sandi Anda sudah diganti."),
        "perangkat": _("Perangkat itu sudah dikeluarkan."),
    }
    return _page(saved=notes.get(request.args.get("tersimpan", ""), ""))


@blueprint.post("/pilihan")
@signed_in
def preferences() -> Answer:
    """Language and time zone, and how pages look on this device."""
    language, zone = request.form.get("bahasa", ""), request.form.get("zona", "")
    with writing() as session:
        person = session.get_one(Person, viewer().id)
        person.language = language if language in LANGUAGES else person.language
        person.timezone = zone if zone in ZONES else person.timezone
    answer = redirect(url_for(".account", tersimpan="pilihan"))
    look = request.form.get("tampilan", "")
    if look in THEMES:
        answer.set_cookie(THEME, look, max_age=YEAR, secure=setting("secure_cookies"), httponly=True, samesite="Lax")
    elif "tampilan" in request.form:
        answer.delete_cookie(THEME)
    return answer


@blueprint.post("/sandi")
@limiter.limit("10 per hour")
@signed_in
def password() -> Answer:
    """A new password for who knows the present one; other devices are signed out."""
    who = viewer()
    new = request.form.get("password", "")
    try:
        if not who.person or not password_matches(who.person.password_hash, request.form.get("lama", "")):
            raise Refused("password_wrong", "Kata sandi sekarang tidak cocok.")
        if new != request.form.get("password2", ""):
            raise Refused("password_twice", "Kedua isian kata sandi tidak sama.")
        hashed = hash_password(new)
    except Refused as fault:
        return _page(error=fault.text(_), wrong="lama" if fault.code == "password_wrong" else "password"), 422
    with writing() as session:
        session.get_one(Person, who.id).password_hash = hashed
        sign_in.end_all(session, who.id, but=who.sign_in_id)
        audit.note(session, "account.password", actor=who.id, subject=f"person:{who.id}")
    return redirect(url_for(".account", tersimpan="sandi"))


@blueprint.post("/perangkat/<int:sign_in_id>/keluarkan")
@signed_in
def end_device(sign_in_id: int) -> Answer:
    """Sign one device out."""
    with writing() as session:
        sign_in.end(session, viewer().id, sign_in_id)
    return redirect(url_for(".account", tersimpan="perangkat"))


@blueprint.get("/data.json")
@signed_in
def data() -> Answer:
    """All that is kept about oneself, from the core and every plugin (UU 27/2022: the right to a copy)."""
    who, session = viewer(), reading()
    person = who.person
    assert person is not None
    kept: dict[str, Any] = {
        "person": {
            name: str(getattr(person, name) or "")
            for name in ("name", "nip", "email", "kind", "post", "rank", "language", "timezone", "created_at")
        },
        "unit": who.unit,
        "enrolments": [
            {
                "course": standing.slug,
                "version": standing.number,
                "state": standing.state,
                "enrolled_at": str(standing.enrolled_at or ""),
                "completed_at": str(standing.completed_at or ""),
                "lessons_done": sorted(standing.done),
            }
            for standing in standings_of(session, who.id)
        ],
    }
    registry = elearn().registry
    for plugin in registry.plugins.values():
        if plugin.personal:
            export = _written(plugin.personal.export)
            kept[plugin.name] = registry.call(plugin, export, session, lambda inner: About(session=inner, person_id=who.id))
    return Response(
        json.dumps(kept, ensure_ascii=False, indent=2),
        mimetype="application/json",
        headers={"Content-Disposition": "attachment; filename=data-saya.json"},
    )


def _written(export: Callable[[About], Any]) -> Callable[[About], Any]:
    """The function, held to what JSON can hold: what cannot be written fails where the plugin's failure is caught."""
    return lambda about: json.loads(json.dumps(export(about), default=str))
