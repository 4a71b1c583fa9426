"""Pictures of published courses: named by the hash of their content, so a browser need never ask twice."""

from __future__ import annotations

import re

from flask import Blueprint, Response, send_file
from werkzeug.exceptions import NotFound

from elearn.access import public
from elearn.content.images import MEDIA_TYPES
from elearn.web.current import elearn

blueprint = Blueprint("files", __name__)
NAME = re.compile(r"[0-9a-f]{40}\.(svg|webp)")


@blueprint.get("/media/<name>")
@public
def media(name: str) -> Response:
    """A picture. An SVG opened by itself may run nothing and load nothing."""
    match = NAME.fullmatch(name)
    path = elearn().site.store.media_path(name)
    if match is None or not path.is_file():
        raise NotFound
    answer = send_file(path, mimetype=MEDIA_TYPES[match[1]], etag=name, max_age=31_536_000)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer
