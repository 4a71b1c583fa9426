"""What the certificates tell of themselves."""

from __future__ import annotations

from dataclasses import dataclass

from elearn import Event


@dataclass(frozen=True, kw_only=True)
class CertificateExpires(Event):
    """A certificate is about to expire: told when the window of its renewal opens."""

    certificate_id: int
