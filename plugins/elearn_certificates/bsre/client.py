"""The BSrE client service that stands in an agency's network: ``POST /api/sign/pdf``, HTTP Basic, multipart; a PDF comes back.

The protocol is as agencies' public code uses it (fields ``file``, ``nik``, ``passphrase``, ``tampilan``; header ``id_dokumen`` in the
answer). The service is slow at times; a design document of one agency allows it 120 seconds.
"""

from __future__ import annotations

import base64
import http.client
import io
import json
import secrets
import socket
import time
from dataclasses import dataclass, field
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from elearn import said

TRIES, PAUSES = 3, (1.0, 3.0)  # a refused connection and a 5xx are tried again, nothing else
LARGEST = 32 << 20  # bytes of an answer


class BsreError(Exception):
    """Why there is no signature. ``stop`` says that the next document would fare no better (a wrong passphrase, no service)."""

    def __init__(self, reason: str, *, stop: bool) -> None:
        super().__init__(reason)
        self.reason, self.stop = reason, stop


@dataclass(frozen=True, kw_only=True)
class Service:
    """Where the service is and how one may use it. ``patience`` in seconds."""

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    patience: float = 120.0
    pauses: tuple[float, ...] = PAUSES


@dataclass(frozen=True, kw_only=True)
class Official:
    """Who signs. The passphrase lives in this value alone, for as long as one batch takes."""

    nik: str = field(repr=False)
    passphrase: str = field(repr=False)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: object, **more: object) -> None:
        return None  # a passphrase is not sent where a redirect points


def sign(service: Service, official: Official, pdf: bytes, *, name: str) -> tuple[bytes, str]:
    """The signed PDF and the service's id for it. Raises ``BsreError``; its text holds neither NIK nor passphrase."""
    opener = build_opener(_Stay)
    for count in range(TRIES):
        try:
            return _ask(opener, service, official, pdf, name=name)
        except BsreError as error:
            if error.reason != UNAVAILABLE or count == TRIES - 1:
                raise
            time.sleep(service.pauses[min(count, len(service.pauses) - 1)])
    raise AssertionError("unreachable")


UNAVAILABLE = said("Layanan BSrE tidak dapat dihubungi.")
SLOW = said("Layanan BSrE tidak menjawab dalam batas waktu.")
REFUSED = said("Layanan BSrE menolak: passphrase atau NIK tidak cocok.")
BROKEN = said("Jawaban layanan BSrE bukan dokumen ini dengan tanda tangannya.")
REJECTED = said("Layanan BSrE menolak dokumen ini.")


def _ask(opener: OpenerDirector, service: Service, official: Official, pdf: bytes, *, name: str) -> tuple[bytes, str]:
    fields = {"nik": official.nik, "passphrase": official.passphrase, "tampilan": "invisible"}
    body, kind = _multipart(fields, pdf, name=name)
    if urlsplit(service.url).scheme not in ("http", "https"):
        raise BsreError(UNAVAILABLE, stop=True)
    address = service.url.rstrip("/") + "/api/sign/pdf"
    request = Request(address, data=body, headers={"Content-Type": kind, "Accept": "application/pdf"})  # noqa: S310 (its scheme was looked at)
    if service.user:
        request.add_header("Authorization", "Basic " + base64.b64encode(f"{service.user}:{service.password}".encode()).decode())
    try:
        with opener.open(request, timeout=service.patience) as answer:
            signed = answer.read(LARGEST)
            document_id = str(answer.headers.get("id_dokumen", ""))[:100]
    except HTTPError as error:
        with error:
            raise _refusal(error) from None
    except TimeoutError:
        raise BsreError(SLOW, stop=False) from None
    except URLError as error:
        slow = isinstance(error.reason, TimeoutError | socket.timeout)
        raise BsreError(SLOW if slow else UNAVAILABLE, stop=not slow) from None
    except (OSError, http.client.HTTPException):
        raise BsreError(UNAVAILABLE, stop=True) from None
    before = signatures(pdf)
    if signatures(signed) <= before or (before and not signed.startswith(pdf)):  # or it is another document's answer
        raise BsreError(BROKEN, stop=False)
    return signed, document_id


def _refusal(error: HTTPError) -> BsreError:
    if error.code >= 500:
        return BsreError(UNAVAILABLE, stop=True)
    try:
        reason = str(json.loads(error.read(10_000)).get("error", "")).lower()
    except (ValueError, AttributeError, OSError):
        reason = ""
    if error.code in (401, 403) or "passphrase" in reason or "nik" in reason.split():
        return BsreError(REFUSED, stop=True)
    return BsreError(f"{REJECTED} (HTTP {error.code})", stop=False)


def _multipart(fields: dict[str, str], pdf: bytes, *, name: str) -> tuple[bytes, str]:
    mark = secrets.token_hex(16)
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in fields.items()]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    return b"".join([*parts, head.encode(), pdf, f"\r\n--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


def signatures(pdf: bytes) -> int:
    """How many signatures a PDF carries whose hash agrees with what they cover; 0 for what is no PDF."""
    from pyhanko.pdf_utils.misc import PdfError  # slow to load, and few sites ask BSrE
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        count = 0
        for found in PdfFileReader(io.BytesIO(pdf)).embedded_signatures:
            found.compute_integrity_info()
            stated = found.signer_info["signed_attrs"] if found.signer_info["signed_attrs"] else ()
            digests = [attribute["values"][0].native for attribute in stated if attribute["type"].native == "message_digest"]
            count += digests == [found.compute_digest()]
        return count
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return 0
