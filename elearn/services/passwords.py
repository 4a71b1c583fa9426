"""Keeping and checking passwords: argon2id with the parameters that OWASP gives for small machines (19 MiB, 2 rounds, 1 lane)."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from elearn.errors import Refused

MIN_LENGTH, MAX_LENGTH = 10, 200
_hasher = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
# Checked where there is no account, so that an unknown login takes as long as a wrong password.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$hgPPSvrJFD1Ng41P5WGpMbrl3wVhdYcfLjKmXeHBjvU"


def hash_password(password: str) -> str:
    """The hash to keep. Raises ``Refused`` for one that is too short or too long."""
    if len(password) < MIN_LENGTH:
        raise Refused("password_short", "Kata sandi paling sedikit {least} karakter. Kalimat pendek mudah diingat.", least=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        raise Refused("password_long", "Kata sandi paling banyak {most} karakter.", most=MAX_LENGTH)
    return _hasher.hash(password)


def password_matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept. Takes as long where nothing is kept."""
    try:
        return _hasher.verify(kept or _NOBODY, password[: MAX_LENGTH + 1]) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False
