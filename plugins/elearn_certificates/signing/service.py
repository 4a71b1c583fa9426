"""The signing process: the only code that reads private keys. It needs nothing of elearn and is started by its path.

It reads one JSON line a request, ``{"key": id, "data": base64}``, and answers ``{"signature": base64}`` or ``{"error": text}``. Standard
input and output carry one client (``service.py FOLDER``); a Unix socket carries many (``service.py FOLDER SOCKET``), and then the process
may belong to a user of its own, so that the web server's user cannot read the keys at all.
"""

from __future__ import annotations

import base64
import json
import os
import re
import socketserver
import stat
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.serialization import load_pem_private_key

LONGEST = 1 << 20  # bytes of one request


class Keys:
    """The private keys of one folder, read when first asked for. Only keys whose record says "active" sign."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[str, Any] = {}
        self._token = threading.Lock()

    def __repr__(self) -> str:
        return "<Keys>"

    def sign(self, name: str, data: bytes) -> bytes:
        """Ed25519 over ``data``, or ECDSA with SHA-256 in DER; ``ValueError`` or ``OSError`` says why not."""
        if not re.fullmatch(r"[0-9a-f]{8}", name):
            raise ValueError("no such key")
        record = json.loads((self._folder / f"{name}.json").read_text("utf-8"))
        if record["state"] != "active":
            raise ValueError(f"key {name} is {record['state']}")
        if record.get("module"):
            return self._sign_in_token(record, data)
        key = self._loaded.get(name) or self._load(name)
        return key.sign(data) if isinstance(key, ed25519.Ed25519PrivateKey) else key.sign(data, ec.ECDSA(hashes.SHA256()))

    def _load(self, name: str) -> Any:
        path = self._folder / f"{name}.key"
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ValueError(f"{path.name} is readable by others: chmod 600 it")
        self._loaded[name] = key = load_pem_private_key(path.read_bytes(), password=None)
        return key

    def _sign_in_token(self, record: dict[str, Any], data: bytes) -> bytes:
        """By the token's one session: PKCS#11 knows one login and one operation at a time. A session that has died is opened anew once."""
        with self._token:
            try:
                return self._ask_token(record, data)
            except Exception:
                session = self._loaded.pop(_token_of(record), None)
                if session is None:
                    raise
                with suppress(Exception):
                    session.close()
                return self._ask_token(record, data)

    def _ask_token(self, record: dict[str, Any], data: bytes) -> bytes:
        import pkcs11  # an extra, needed only where a token is

        session = self._loaded.get(_token_of(record))
        if session is None:
            token = pkcs11.lib(record["module"]).get_token(token_label=record["token"])
            session = self._loaded[_token_of(record)] = token.open(user_pin=os.environ.get("ELEARN_CERTIFICATES_PIN", ""))
        key: Any = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=record["label"])
        pair = key.sign(hashes_of(data), mechanism=pkcs11.Mechanism.ECDSA)
        half = len(pair) // 2
        return utils.encode_dss_signature(int.from_bytes(pair[:half], "big"), int.from_bytes(pair[half:], "big"))


def _token_of(record: dict[str, Any]) -> str:
    """The name of a token's session: all its keys share the one login."""
    return f"{record['module']}\0{record['token']}"


def hashes_of(data: bytes) -> bytes:
    """The SHA-256 of ``data``: a token's plain ECDSA signs a hash."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(data)
    return digest.finalize()


def serve(keys: Keys, requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until there are no more."""
    while line := requests.readline(LONGEST):
        try:
            asked = json.loads(line)
            answer = {"signature": base64.b64encode(keys.sign(asked["key"], base64.b64decode(asked["data"]))).decode()}
        except Exception as error:  # whatever a key or a token does wrong, the process goes on and says so without the key
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


class Server(socketserver.ThreadingUnixStreamServer):
    """Many clients on one socket."""

    daemon_threads = True
    request_queue_size = 128
    keys: Keys


class Handler(socketserver.StreamRequestHandler):
    """One client."""

    server: Server

    def handle(self) -> None:
        serve(self.server.keys, self.rfile, self.wfile)  # type: ignore[arg-type]


def serve_socket(folder: Path, path: Path) -> None:
    """Serve on a Unix socket that the owner and the group may open, until ended."""
    path.unlink(missing_ok=True)
    before = os.umask(0o117)
    try:
        server = Server(str(path), Handler)
    finally:
        os.umask(before)
    server.keys = Keys(folder)
    with server:
        server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        serve_socket(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        serve(Keys(Path(sys.argv[1])), sys.stdin.buffer, sys.stdout.buffer)
