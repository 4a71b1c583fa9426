"""Signing in and out, and a new password by mail."""

from __future__ import annotations

from flask import Blueprint, redirect, request, session, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from elearn.access import public, signed_in
from elearn.errors import Refused
from elearn.services import audit, reset
from elearn.services import sign_in as service
from elearn.services.nip import check_nip, looks_like_nip, tidy_nip
from elearn.web.current import render, setting, viewer
from elearn.web.database import reading, writing
from elearn.web.language import LANGUAGES
from elearn.web.language import gettext as _
from elearn.web.security import SignedIn, limiter

blueprint = Blueprint("sign_in", __name__)
Answer = str | tuple[str, int] | Response
LONGEST_LOGIN = 254


def next_address(text: str | None) -> str:
    """Where to go on: an address within this site, or the home page. Nothing that a browser could read as another host."""
    text = text or ""
    if not text.startswith("/") or text.startswith("//") or "\\" in text or any(ord(sign) < 33 for sign in text):
        return url_for("home.home")
    return text


def _login_key() -> str:
    return "login:" + tidy_nip(request.form.get("login", "")).lower()[:120]


# Only what may be a guess is counted, for a whole class signs in, or opens its links, from one address.
def _wrong_login(answer: Response) -> bool:
    return answer.status_code == 422


def _wrong_link(answer: Response) -> bool:
    return answer.status_code == 410


@blueprint.get("/masuk")
@public
def form() -> Answer:
    """The form."""
    if viewer().person:
        return redirect(next_address(request.args.get("lanjut")))
    return render("sign_in.html", login="", error="", onward=next_address(request.args.get("lanjut")))


@blueprint.post("/masuk")
@limiter.limit("30 per 5 minutes", deduct_when=_wrong_login)
@limiter.limit("10 per 5 minutes", key_func=_login_key, deduct_when=_wrong_login)
@public
def enter() -> Answer:
    """Sign in. The same answer, in the same time, for an unknown login and for a wrong password."""
    login, password = request.form.get("login", "").strip()[:LONGEST_LOGIN], request.form.get("password", "")
    onward = next_address(request.form.get("lanjut"))
    error = _fault_in(login, password)
    if not error:
        person = service.check_credentials(reading(), login, password)
        if person is not None:
            with writing() as db_session:
                token = service.start(db_session, person, agent=request.user_agent.string, days=setting("session_days"))
            session.clear()
            session.permanent = True
            login_user(SignedIn(token, viewer()))
            return redirect(onward)
        error = _("NIP, surel, atau kata sandi tidak cocok. Periksa lagi, atau minta kata sandi baru.")
    return render("sign_in.html", login=login, error=error, onward=onward), 422


def _fault_in(login: str, password: str) -> str:
    if not login or not password:
        return _("Isi NIP atau surel, dan kata sandi.")
    if looks_like_nip(login):
        try:
            check_nip(login)
        except Refused as fault:
            return fault.text(_)
    return ""


@blueprint.post("/keluar")
@signed_in
def leave() -> Answer:
    """Sign out: here, or on all devices. The browser forgets what it kept of this site."""
    who = viewer()
    with writing() as db_session:
        if request.form.get("semua"):
            service.end_all(db_session, who.id)
            audit.note(db_session, "sign_in.end_all", actor=who.id, subject=f"person:{who.id}")
        else:
            service.end(db_session, who.id, who.sign_in_id)
    logout_user()
    session.clear()
    answer = redirect(url_for("sign_in.form"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@blueprint.get("/sandi")
@public
def ask_form() -> Answer:
    """Ask for a new password."""
    return render("password_ask.html", asked=False)


@blueprint.post("/sandi")
@limiter.limit("100 per hour")
@limiter.limit("4 per hour", key_func=_login_key)
@public
def ask() -> Answer:
    """The same page whether or not that login exists."""
    with writing() as db_session:
        reset.ask(db_session, request.form.get("login", ""))
    return render("password_ask.html", asked=True)


@blueprint.route("/sandi/<token>", methods=["GET", "POST"])
@limiter.limit("30 per hour", deduct_when=_wrong_link)
@public
def new_password(token: str) -> Answer:
    """Open the mailed link and set a new password."""
    error = ""
    try:
        if request.method == "POST":
            password = request.form.get("password", "")
            if password != request.form.get("password2", ""):
                raise Refused("password_twice", "Kedua isian kata sandi tidak sama.")
            with writing() as db_session:
                reset.use(db_session, token, password)
            return render("password_done.html")
        reset.check(reading(), token)
    except Refused as fault:
        error = fault.text(_)
        if fault.code == "reset_stale":
            return render("password_ask.html", asked=False, error=error), 410
    page: Answer = render("password_new.html", error=error)
    return (page, 422) if error and isinstance(page, str) else page


@blueprint.post("/bahasa")
@public
def language() -> Answer:
    """Choose the interface's language: kept with the account, or on this device."""
    chosen = request.form.get("bahasa", "")
    if chosen in LANGUAGES:
        who = viewer()
        if who.person:
            with writing() as db_session:
                db_session.merge(who.person, load=True).language = chosen
        else:
            session["bahasa"] = chosen
    return redirect(next_address(request.form.get("lanjut")))
