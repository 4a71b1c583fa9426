"""The two tokens that every call carries: the gateway's (OAuth 2.0 client credentials) and the SSO's (a JWT for a service account).

Both are kept in memory until shortly before they expire, and drawn anew when the service says that one is no longer good.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

EARLY = 30.0  # seconds before its end in which a token is no longer used
SHORTEST = 60.0  # for an answer that names no end
GATEWAY, SSO = "gateway", "sso"
HEADER = {GATEWAY: "Authorization", SSO: "Auth"}


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Where the tokens come from and by which keys. No secret shows when the value is printed."""

    token_url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    sso_url: str
    sso_client: str
    sso_user: str = field(repr=False)
    sso_password: str = field(repr=False)


class Asks(Protocol):
    """Posts a form and answers the JSON."""

    def __call__(self, url: str, form: Mapping[str, str], *, basic: tuple[str, str] | None) -> Mapping[str, Any]: ...


class Tokens:
    """The tokens of one site in one process. Threads share them; only one draws at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[str, float]] = {}

    def headers(self, keys: Keys, ask: Asks) -> dict[str, str]:
        """The headers of a call; draws what is missing or about to expire."""
        with self._lock:
            return {"Authorization": f"Bearer {self._get(GATEWAY, keys, ask)}", "Auth": f"bearer {self._get(SSO, keys, ask)}"}

    def drop(self, name: str, headers: Mapping[str, str]) -> None:
        """The service no longer takes the token of that name in these headers; one drawn since then stays."""
        with self._lock:
            token, _until = self._kept.get(name, ("", 0.0))
            if headers[HEADER[name]].endswith(f" {token}"):
                self._kept.pop(name, None)

    def _get(self, name: str, keys: Keys, ask: Asks) -> str:
        token, until = self._kept.get(name, ("", 0.0))
        if time.monotonic() < until:
            return token
        if name == GATEWAY:
            told = ask(keys.token_url, {"grant_type": "client_credentials"}, basic=(keys.key, keys.secret))
        else:
            form = {"grant_type": "password", "client_id": keys.sso_client, "username": keys.sso_user, "password": keys.sso_password}
            told = ask(keys.sso_url, form, basic=None)
        token = str(told["access_token"])
        self._kept[name] = (token, time.monotonic() + max(1.0, float(told.get("expires_in") or SHORTEST + EARLY) - EARLY))
        return token
