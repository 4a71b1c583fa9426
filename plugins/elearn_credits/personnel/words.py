"""States and lacks in the reader's words."""

from __future__ import annotations

from elearn import gettext as _


def state(name: str) -> str:
    """A record's state."""
    return {
        "lacking": _("Belum lengkap"),
        "ready": _("Siap"),
        "sent": _("Terkirim"),
        "accepted": _("Diterima"),
        "refused": _("Ditolak"),
    }.get(name, name)


def tone(name: str) -> str:
    """The colour of its tag."""
    return {"lacking": "warn", "ready": "plain", "sent": "warn", "accepted": "ok", "refused": "bad"}.get(name, "plain")


def lack(name: str) -> str:
    """What a record lacks."""
    return {
        "nip": _("NIP belum diisi"),
        "certificate": _("Nomor sertifikat belum ada"),
        "organiser": _("Penyelenggara belum diisi"),
        "hours": _("JP yang dihitung kurang dari 1"),
    }.get(name, name)
