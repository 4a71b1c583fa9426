"""Sends a signed pack to a site elsewhere: the university's end of the line. HTTPS alone, no redirect is followed."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from elearn import SettingError

SECONDS, MOST_ANSWER = 180, 1_000_000
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class _Straight(urllib.request.HTTPRedirectHandler):
    """A pack goes to the site that was named, nowhere else."""

    def redirect_request(self, *arguments: Any) -> None:
        return None


def send(pack: Path, site: str, *, provenance: str) -> dict[str, Any]:
    """Send the ZIP; answers what the site said: ``course``, ``submission`` and ``checks``. Raises ``SettingError`` with the reason."""
    parts = urlsplit(site)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise SettingError(f"{site}: alamat situs diawali https://")
    if not pack.is_file():
        raise SettingError(f"{pack} bukan berkas ZIP: buat dengan elearn studio sign, lalu elearn course pack")
    address = f"{site.rstrip('/')}/api/studio/pengajuan?{urlencode({'asal': provenance})}"
    headers = {"Content-Type": "application/zip", "Accept": "application/json"}
    request = urllib.request.Request(address, data=pack.read_bytes(), headers=headers, method="POST")  # noqa: S310  checked above
    try:
        with urllib.request.build_opener(_Straight).open(request, timeout=SECONDS) as answer:
            found: dict[str, Any] = json.loads(answer.read(MOST_ANSWER))
            return found
    except urllib.error.HTTPError as error:
        raise SettingError(f"{site}: {_reason(error)}") from error
    except (OSError, ValueError) as error:
        raise SettingError(f"{site} tidak menjawab sebagai situs elearn: {error}") from error


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        said = json.loads(error.read(MOST_ANSWER))
        return "\n".join([said["error"], *said.get("problems", ())])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {error.code}"
