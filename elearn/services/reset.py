"""A forgotten password: a mailed link, signed over a row that opens it once within an hour."""

from __future__ import annotations

from datetime import timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from elearn import clock
from elearn.errors import Refused
from elearn.events import PasswordResetAsked
from elearn.models.people import PasswordReset, Person
from elearn.services import sign_in
from elearn.services.facts import record
from elearn.services.passwords import hash_password
from elearn.services.people import find_by_login
from elearn.services.site import site_of
from elearn.services.upsert import rows_changed

LIFE = timedelta(hours=1)
STALE = "Tautan ini sudah dipakai atau kedaluwarsa. Minta tautan baru."


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="elearn.password-reset")


def ask(session: Session, login: str) -> None:
    """Ask for a link. Says nothing about whether that login exists; an account without an address gets none."""
    person = find_by_login(session, login[:254])
    if person is None or not person.email:
        return
    row = PasswordReset(person_id=person.id, expires_at=clock.now() + LIFE)
    session.add(row)
    session.flush()
    record(session, PasswordResetAsked(reset_id=row.id))


def send_reset_mail(session: Session, event: PasswordResetAsked) -> None:
    """Mail the link. The token is made here from the row, so that no table holds one."""
    row = session.get(PasswordReset, event.reset_id)
    person = session.get(Person, row.person_id) if row else None
    if row is None or person is None or not person.email or row.used_at or row.expires_at < clock.now():
        return
    site = site_of(session)
    link = site.url_for_path("/sandi/" + _signer(site.secret_key).dumps([row.id, row.person_id]))
    site.mailer.send(
        to=person.email,
        subject=f"Kata sandi baru untuk {site.settings['name']}",
        body=(
            f"Halo {person.name},\n\nseseorang, semoga Anda sendiri, meminta kata sandi baru. Buka tautan ini dalam satu jam:\n\n"
            f"{link}\n\nTautan hanya berlaku satu kali. Bila Anda tidak memintanya, abaikan surat ini; kata sandi Anda tidak berubah.\n"
        ),
    )


def _row(session: Session, token: str) -> PasswordReset:
    try:
        row_id, person_id = _signer(site_of(session).secret_key).loads(token)
    except (BadData, ValueError, TypeError) as error:
        raise Refused("reset_stale", STALE) from error
    row = session.scalar(
        select(PasswordReset).where(
            PasswordReset.id == row_id,
            PasswordReset.person_id == person_id,
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > func.now(),
        )
    )
    if row is None:
        raise Refused("reset_stale", STALE)
    return row


def check(session: Session, token: str) -> None:
    """Whether the link still opens; raises ``Refused`` if not. Looking does not use it up."""
    _row(session, token)


def use(session: Session, token: str, password: str) -> Person:
    """Set the new password, close every open link of the person and end all their sign-ins. Raises ``Refused``."""
    row = _row(session, token)
    hashed = hash_password(password)
    first = update(PasswordReset).where(PasswordReset.id == row.id, PasswordReset.used_at.is_(None)).values(used_at=func.now())
    if not rows_changed(session, first):
        raise Refused("reset_stale", STALE)
    session.execute(
        update(PasswordReset).where(PasswordReset.person_id == row.person_id, PasswordReset.used_at.is_(None)).values(used_at=func.now())
    )
    person = session.get_one(Person, row.person_id)
    person.password_hash = hashed
    sign_in.end_all(session, person.id)
    session.flush()
    return person
