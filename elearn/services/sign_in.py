"""Signing in on a device and ending that: a random token in the cookie, its hash in a row that can be ended at any time."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from elearn.models.people import Person, SignIn
from elearn.services.moments import ahead
from elearn.services.passwords import password_matches
from elearn.services.people import find_by_login


def hash_token(token: str) -> str:
    """What the table keeps of a token. It is random and long, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def check_credentials(session: Session, login: str, password: str) -> Person | None:
    """The person who has that login and password, or None; it takes as long for an unknown login as for a wrong password."""
    person = find_by_login(session, login[:254])
    matches = password_matches(person.password_hash if person else None, password)
    return person if matches else None


def start(session: Session, person: Person, *, agent: str, days: int) -> str:
    """Sign the person in on a device; answers the token for its cookie."""
    token = secrets.token_urlsafe(32)
    session.add(SignIn(token_hash=hash_token(token), person_id=person.id, agent=agent[:200], expires_at=ahead(timedelta(days=days))))
    session.flush()
    return token


def end(session: Session, person_id: int, sign_in_id: int) -> None:
    """End one of the person's sign-ins; its cookie opens nothing any more."""
    session.execute(
        update(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == person_id, SignIn.ended_at.is_(None)).values(ended_at=func.now())
    )


def end_all(session: Session, person_id: int, *, but: int = 0) -> None:
    """End all sign-ins of the person, on all devices; ``but`` is the one that stays."""
    others = (SignIn.person_id == person_id, SignIn.id != but, SignIn.ended_at.is_(None))
    session.execute(update(SignIn).where(*others).values(ended_at=func.now()))


def devices(session: Session, person_id: int) -> list[SignIn]:
    """Where the person is signed in now, the latest first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.expires_at > func.now())
            .order_by(SignIn.id.desc())
            .limit(50)
        )
    )
