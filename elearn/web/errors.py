"""When something is refused, missing or broken: what happened, what is safe, what to do next."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, jsonify, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, OperationalError, TimeoutError
from werkzeug.exceptions import BadRequest, HTTPException, Unauthorized

from elearn.errors import NotAllowed, Refused
from elearn.web.access import access_for
from elearn.web.current import elearn, render, viewer
from elearn.web.database import db
from elearn.web.language import gettext as _

log = logging.getLogger("elearn.web")
Answer = tuple[Any, int] | tuple[Any, int, dict[str, str]]


def _came_from() -> str | None:
    """The page of this site that the browser was on."""
    parts = urlsplit(request.referrer or "")
    return f"{parts.path}?{parts.query}".rstrip("?") if parts.netloc == request.host else None


def _answer(status: int, title: str, text: str, *, headers: dict[str, str] | None = None) -> Answer:
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(error=text), status, headers or {}
    try:
        page = render("error.html", status=status, title=title, text=text, onward=_came_from())
    except Exception:  # the page itself may need what is broken
        log.exception("the error page failed")
        db.session.rollback()
        page = render("error_plain.html", status=status, title=title, text=text)
    return page, status, headers or {}


def register_errors(app: Flask) -> None:
    """Answer every kind of failure with a page that helps."""

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Answer:
        return _answer(409, _("Belum bisa"), error.text(_))

    @app.errorhandler(NotAllowed)
    def not_allowed(error: NotAllowed) -> Answer:
        permission = elearn().registry.permissions.get(error.permission)
        what = permission.title if permission else error.permission
        return _answer(
            403,
            _("Halaman ini bukan untuk peran Anda"),
            _("Diperlukan izin “%(what)s”. Mintalah kepada pengelola bila Anda membutuhkannya.", what=_(what)),
        )

    @app.errorhandler(CSRFError)
    def bad_token(error: CSRFError) -> Answer:
        access = access_for(app, request.endpoint)
        if access is not None and access.level != "public" and viewer().person is None:
            return http_error(Unauthorized())  # the token went with the session
        return _answer(
            400,
            _("Formulir ini sudah lama terbuka"),
            _("Isian belum tersimpan. Kembali ke halaman sebelumnya, salin tulisan yang panjang, muat ulang, lalu kirim lagi."),
        )

    @app.errorhandler(RateLimitExceeded)
    def too_many(error: RateLimitExceeded) -> Answer:
        return _answer(429, _("Terlalu banyak percobaan"), _("Tunggu beberapa menit, lalu coba lagi."), headers={"Retry-After": "60"})

    @app.errorhandler(DataError)
    @app.errorhandler(OverflowError)
    def no_such_value(error: Exception) -> Answer:
        # a number no column holds, a zero byte in a text: nothing that a form of ours sends
        log.warning("%s %s was not understood: %r", request.method, request.path, error, exc_info=error)
        db.session.rollback()
        return http_error(BadRequest())

    @app.errorhandler(OperationalError)
    @app.errorhandler(TimeoutError)
    @app.errorhandler(DBAPIError)
    def database_down(error: Exception) -> Answer:
        log.error("the database failed", exc_info=error)
        db.session.rollback()
        return _answer(
            503,
            _("Sistem sedang penuh atau terganggu"),
            _("Yang sudah tersimpan tetap aman. Coba lagi sebentar; halaman ini akan berfungsi seperti semula."),
            headers={"Retry-After": "5"},
        )

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Answer:
        status = error.code or 500
        if error.response is not None or status < 400:
            return error.get_response(), status  # a redirect
        words = {
            400: (_("Permintaan tidak dikenali"), _("Periksa alamat atau isian, lalu coba lagi.")),
            401: (
                _("Anda perlu masuk dahulu"),
                _("Sesi Anda telah berakhir dan isian tadi belum tersimpan. Kembali dan salin tulisan yang panjang, lalu masuk lagi."),
            ),
            404: (_("Halaman tidak ditemukan"), _("Alamatnya mungkin salah ketik, atau halamannya telah dipindah.")),
            405: (_("Cara membuka halaman ini keliru"), _("Kembali ke halaman sebelumnya dan pakai tombol yang ada.")),
            413: (_("Kiriman terlalu besar"), _("Kecilkan berkas atau teksnya, lalu kirim lagi.")),
        }
        title, text = words.get(status, (_("Permintaan tidak dapat dilayani"), _("Coba lagi dari beranda.")))
        return _answer(status, title, text)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Answer:
        if app.testing:
            raise error
        log.error("a page failed: %s %s", request.method, request.path, exc_info=error)
        db.session.rollback()
        return _answer(
            500,
            _("Ada yang rusak di pihak kami"),
            _("Yang sudah tersimpan tetap aman. Kesalahan ini sudah tercatat; coba lagi, atau hubungi pengelola."),
        )
