"""The session's cookie, which outlives a clock that was set back: what counts is the sign-in in the database, not the cookie's date."""

from __future__ import annotations

from typing import Any

from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer


class _Signer(TimestampSigner):
    """A signature from the future is taken as one of now; the library would refuse it, and sign everybody out after a correction of the clock."""

    def unsign(self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        value, stamped = super().unsign(signed_value, return_timestamp=True)
        age = self.get_timestamp() - int(stamped.timestamp())
        if max_age is not None and age > max_age:
            raise SignatureExpired(f"Signature age {age} > {max_age} seconds", payload=value, date_signed=stamped)
        return (value, stamped) if return_timestamp else value


class _Serializer(URLSafeTimedSerializer):
    """Flask's own, with that signer."""

    default_signer = _Signer


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions in a signed cookie."""

    def __init__(self) -> None:
        self._made: _Serializer | None = None

    def get_signing_serializer(self, app: Any) -> URLSafeTimedSerializer | None:
        """As Flask makes it, with a signer that has patience with clocks; made once, for the keys of an application do not change."""
        if self._made is None:
            made = super().get_signing_serializer(app)
            if made is None:
                return None
            self._made = _Serializer(made.secret_keys, salt=made.salt, serializer=made.serializer, signer_kwargs=made.signer_kwargs)
        return self._made
