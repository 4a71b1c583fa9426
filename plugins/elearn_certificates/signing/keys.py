"""The key ring: the public side of every key the organisation ever had, and making, retiring and revoking keys.

<data>/keys/<id>.json   the record anybody may read: what the key is for, its public half, its state
<data>/keys/<id>.key    the private half, mode 0600, read by the signing process alone (none where a token holds it)
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from elearn import Refused, now
from elearn_certificates.signing.encoding import Public, from_multikey, multikey

USES = {"document": "tanda tangan PDF dan klaim kode QR (EC P-256)", "credential": "Open Badges 3.0 (Ed25519)"}


@dataclass(frozen=True, kw_only=True)
class KeyRecord:
    """One key's public side. ``use`` is "document" or "credential"; ``state`` "active", "retired" (old signatures stay good) or
    "revoked" (lost: no signature counts by itself any more); ``certificate`` is the X.509 certificate of a document key in PEM;
    ``module``, ``token`` and ``label`` say where a PKCS#11 token holds the private half."""

    id: str
    use: str
    public: str
    state: str
    made_at: str
    certificate: str = ""
    ended_at: str = ""
    reason: str = ""
    module: str = ""
    token: str = ""
    label: str = ""

    @property
    def key(self) -> Public:
        """The public key."""
        return from_multikey(self.public)


class KeyRing:
    """All keys of one site, in a folder. Reading it reads no private key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[KeyRecord]:
        """Every key, the oldest first."""
        records = [KeyRecord(**json.loads(path.read_text("utf-8"))) for path in self.folder.glob("????????.json")]
        return sorted(records, key=lambda record: (record.made_at, record.id))

    def get(self, name: str) -> KeyRecord | None:
        """The key of an id."""
        return next((record for record in self.all() if record.id == name), None)

    def active(self, use: str) -> KeyRecord | None:
        """The key that signs now: the newest that is active and whole. One for documents is not before its certificate is written, which
        the key signs itself: meanwhile, and where its making was broken off, the one before it signs."""
        ready = (record for record in reversed(self.all()) if record.use == use and record.state == "active")
        return next((record for record in ready if record.certificate or use != "document"), None)

    def add(self, use: str) -> KeyRecord:
        """Make a key in files. Its certificate, where it needs one, is made by the caller, who has the signer."""
        private = ec.generate_private_key(ec.SECP256R1()) if use == "document" else ed25519.Ed25519PrivateKey.generate()
        record = record_of(private.public_key(), use)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        handle = os.open(self.folder / f"{record.id}.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        self.write(record)
        return record

    def end(self, name: str, *, state: str, reason: str = "") -> KeyRecord:
        """Retire or revoke a key. A retired one may still be revoked; nothing brings a key back. Raises ``Refused``."""
        record = self.get(name)
        if record is None:
            raise Refused("no_key", "Tidak ada kunci {id}.", id=name)
        if record.state == "revoked" or record.state == state:
            raise Refused("key_ended", "Kunci {id} sudah {state}.", id=name, state=record.state)
        ended = replace(record, state=state, ended_at=stamp(now()), reason=reason.strip()[:500])
        self.write(ended)
        return ended

    def write(self, record: KeyRecord) -> None:
        """Keep a record: readers see the old one or the new one, never half."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(record), file, ensure_ascii=False, indent=1)
        os.chmod(name, 0o644)
        os.replace(name, self.folder / f"{record.id}.json")


def record_of(public: Public, use: str) -> KeyRecord:
    """The record of a new key; its id is the first 32 bits of its public half's SHA-256."""
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return KeyRecord(id=hashlib.sha256(der).hexdigest()[:8], use=use, public=multikey(public), state="active", made_at=stamp(now()))


def stamp(moment: datetime) -> str:
    """A moment as credentials write it: "2026-12-04T09:00:00Z" is UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
