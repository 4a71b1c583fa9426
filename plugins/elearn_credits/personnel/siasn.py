"""The client of BKN's SIASN web service, as agencies' public code speaks to it: JSON over HTTPS, two tokens a call.

Seen in that code: GET /pns/data-utama/{nip}, GET /pns/rw-kursus/{nip}, POST /kursus/save; DELETE /kursus/delete/{id} in one library.
The service takes calls from addresses that BKN knows, and no others.
"""

from __future__ import annotations

import base64
import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from elearn import said

from .service import RowRefused, ServiceAway
from .tokens import GATEWAY, SSO, Keys, Tokens

LARGEST = 8 << 20  # bytes of an answer
BUDGET = 75.0  # seconds for all that is asked about one row
SAID = 300
AWAY = said("Layanan kepegawaian tidak dapat dihubungi.")
SLOW = said("Layanan kepegawaian tidak menjawab dalam batas waktu.")
BROKEN = said("Jawaban layanan kepegawaian tidak dapat dibaca.")
KEYS = said("Layanan kepegawaian menolak kunci situs ini. Periksa kunci dan kata sandi di pengaturan.")
CLOSED = said("Layanan kepegawaian menutup pintu bagi situs ini. Alamat server mungkin belum terdaftar di BKN.")
MUTE = said("Ditolak tanpa alasan.")
BUSY = said("Layanan kepegawaian meminta berhenti sebentar. Coba lagi nanti.")


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: object, **more: object) -> None:
        return None  # tokens are not sent where a redirect points


@dataclass(frozen=True, kw_only=True)
class _Answer:
    status: int
    body: Any


@dataclass(frozen=True, kw_only=True)
class Siasn:
    """The service at ``url``; one value for each row, so that its time is counted from the row's begin. Implements ``PersonnelService``."""

    url: str
    keys: Keys
    tokens: Tokens
    patience: float = 20.0
    begun: float = field(default_factory=time.monotonic)

    def person(self, nip: str) -> str:
        """See ``PersonnelService``."""
        data = self._call("GET", f"/pns/data-utama/{quote(nip)}").get("data")
        found = str(data.get("id") or "") if isinstance(data, dict) else ""
        if not found:
            raise RowRefused(said("NIP tidak ditemukan di SIASN."))
        return found

    def find(self, nip: str, row: Mapping[str, Any]) -> str:
        """See ``PersonnelService``. The same row: its certificate number, its name and its first day."""
        data = self._call("GET", f"/pns/rw-kursus/{quote(nip)}").get("data")
        wanted = _plain(row["nomorSertipikat"]), _plain(row["namaKursus"]), row["tanggalKursus"]
        for there in data if isinstance(data, list) else []:
            if isinstance(there, dict):
                number = there.get("noSertipikat") or there.get("nomorSertipikat")
                if (_plain(number), _plain(there.get("namaKursus")), there.get("tanggalKursus")) == wanted:
                    return str(there.get("id") or "")
        return ""

    def save(self, row: Mapping[str, Any]) -> str:
        """See ``PersonnelService``."""
        told = self._call("POST", "/kursus/save", row)
        remote_id = (told.get("mapData") or {}).get("rwKursusId") if isinstance(told.get("mapData"), dict) else None
        if told.get("success") is not True or not remote_id:
            raise RowRefused(_said(told) or MUTE)
        return str(remote_id)

    def delete(self, remote_id: str) -> None:
        """See ``PersonnelService``."""
        told = self._call("DELETE", f"/kursus/delete/{quote(remote_id)}")
        if told.get("success") is not True and "tidak ditemukan" not in _said(told).lower():
            raise RowRefused(_said(told) or MUTE)

    # -- one call ------------------------------------------------------------------------------------------------------------

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """One call with both tokens; one that the service no longer takes is drawn anew, each at most once."""
        dropped: set[str] = set()
        while True:
            headers = self.tokens.headers(self.keys, self._draw)
            answer = self._send(method, self.url.rstrip("/") + path, headers, json.dumps(body).encode() if body is not None else None)
            stale = _stale(answer)
            if stale and {GATEWAY, SSO} - dropped:
                # the text seldom says which: first the one it seems to mean, then the other
                name = stale if stale not in dropped else (GATEWAY if stale == SSO else SSO)
                dropped.add(name)
                self.tokens.drop(name, headers)
                continue
            if stale:
                raise ServiceAway(KEYS, stop=True)
            return self._told(answer, maybe=method != "GET")

    def _told(self, answer: _Answer, *, maybe: bool) -> Mapping[str, Any]:
        if answer.status in (403, 429):
            raise ServiceAway(CLOSED if answer.status == 403 else BUSY, stop=True)
        if answer.status >= 500:
            raise ServiceAway(f"Layanan kepegawaian sedang terganggu (HTTP {answer.status}).", maybe=maybe)
        if not isinstance(answer.body, dict):
            raise ServiceAway(BROKEN, maybe=maybe)
        if answer.status >= 300 and answer.status != 404:
            raise RowRefused(_said(answer.body) or f"HTTP {answer.status}")
        return answer.body

    def _draw(self, url: str, form: Mapping[str, str], *, basic: tuple[str, str] | None) -> Mapping[str, Any]:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if basic:
            headers["Authorization"] = "Basic " + base64.b64encode(":".join(basic).encode()).decode()
        try:
            answer = self._send("POST", url, headers, urlencode(form).encode())
        except ServiceAway as away:
            raise ServiceAway(away.reason, stop=away.stop) from None  # no row was sent yet
        if answer.status >= 500:
            raise ServiceAway(AWAY, stop=True)
        if answer.status != 200 or not isinstance(answer.body, dict) or not answer.body.get("access_token"):
            raise ServiceAway(KEYS, stop=True)
        return answer.body

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> _Answer:
        left = BUDGET - (time.monotonic() - self.begun)
        if left <= 0:
            raise ServiceAway(SLOW)
        if not _safe(url):
            raise ServiceAway(AWAY, stop=True)
        request = Request(url, data=body, method=method, headers={"Accept": "application/json", **headers})  # noqa: S310 (its scheme was looked at)
        if body is not None and "Content-Type" not in headers:
            request.add_header("Content-Type", "application/json")
        try:
            with _opened(request, min(self.patience, left)) as answer:
                return _Answer(status=answer.status, body=_json(answer.read(LARGEST)))
        except TimeoutError:
            raise ServiceAway(SLOW, maybe=method != "GET") from None
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise ServiceAway(SLOW) from None  # the connection itself took too long: nothing was sent
            raise ServiceAway(AWAY, stop=True) from None
        except (OSError, http.client.HTTPException):
            raise ServiceAway(AWAY, maybe=method != "GET", stop=True) from None


def _opened(request: Request, patience: float) -> Any:
    """The answer to a request, whatever its status says; to be read and closed."""
    try:
        return build_opener(_Stay).open(request, timeout=patience)
    except HTTPError as error:
        return error


def _safe(url: str) -> bool:
    """HTTPS, or this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1"))


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _stale(answer: _Answer) -> str:
    """Which token an answer says is no longer good; "" where it says no such thing."""
    text = _said(answer.body).lower() if isinstance(answer.body, dict) else ""
    if "jwt" in text and ("expired" in text or "invalid" in text):
        return SSO
    return GATEWAY if answer.status == 401 else ""


def _said(body: Mapping[str, Any]) -> str:
    """What the service says, as one short line of text."""
    for name in ("message", "description", "error_description", "error", "data"):
        if isinstance(body.get(name), str) and body[name].strip():
            return " ".join(body[name].split())[:SAID]
    return ""


def _plain(value: Any) -> str:
    return " ".join(str(value or "").casefold().split())
