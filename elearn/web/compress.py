"""Answers made small for thin lines: gzip, where the reader's browser takes it."""

from __future__ import annotations

import gzip
import io
import secrets

from flask import Flask, Response, request

KINDS = (
    "text/html",
    "text/css",
    "text/javascript",
    "text/plain",
    "text/csv",
    "application/json",
    "application/manifest+json",
    "image/svg+xml",
)
WORTH_IT, TOO_MUCH, LEVEL = 700, 4_000_000, 5


def init_compression(app: Flask) -> None:
    """Compress what is text and long enough."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """The answer, compressed if that is worth it. An answer of random length keeps its secrets from being guessed by size (BREACH)."""
    if response.mimetype not in KINDS or response.status_code in (204, 206, 304) or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or not WORTH_IT < (response.content_length or 0) < TOO_MUCH:
        return response
    response.direct_passthrough = False
    source = response.response
    packed = io.BytesIO()
    # the name in the header is the padding: browsers ignore it
    name = secrets.token_hex(1 + secrets.randbelow(32))
    with gzip.GzipFile(filename=name, fileobj=packed, mode="wb", compresslevel=LEVEL, mtime=0) as file:
        file.write(response.get_data())
    response.set_data(packed.getvalue())
    if hasattr(source, "close"):
        source.close()
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)
    return response
