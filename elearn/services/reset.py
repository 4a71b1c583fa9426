"""A forgotten password: a mailed link, signed over a row that opens it once within an hour."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from elearn.errors import Refused
from elearn.events import PasswordResetAsked
from elearn.models.people import PasswordReset, Person
from elearn.services import sign_in
from elearn.services.facts import record
from elearn.services.moments import ahead
from elearn.services.passwords import hash_password
from elearn.services.people import find_by_login
from elearn.services.site import site_of
from elearn.services.upsert import rows_changed

LIFE = timedelta(hours=1)
INVITED = timedelta(days=7)
STALE = "Tautan ini sudah dipakai atau kedaluwarsa. Minta tautan baru."


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="elearn.password-reset")


def _mark(person: Person) -> str:
    """What a link is bound to: a new password or another address ends it, however they came about."""
    return hashlib.sha256(f"{person.password_hash}\0{person.email}".encode()).hexdigest()[:24]


def ask(session: Session, login: str) -> None:
    """Ask for a link. Neither what this answers nor how long it takes says whether that login exists; an account without an address
    gets none."""
    person = find_by_login(session, login[:254])
    reset_id = 0
    if person is not None and person.email:
        row = PasswordReset(person_id=person.id, expires_at=ahead(LIFE))
        session.add(row)
        session.flush()
        reset_id = row.id
    record(session, PasswordResetAsked(reset_id=reset_id))


def invite(session: Session, people: Sequence[Person]) -> list[str]:
    """For each of them the path of a link that opens the account once within a week: for who has no address, handed over by who keeps the
    accounts."""
    if not people:
        return []
    wanted = insert(PasswordReset).values(expires_at=ahead(INVITED)).returning(PasswordReset.person_id, PasswordReset.id)
    ids = {row[0]: row[1] for row in session.execute(wanted, [{"person_id": person.id} for person in people])}
    return [_path(session, ids[person.id], person) for person in people]


def _path(session: Session, row_id: int, person: Person) -> str:
    return "/sandi/" + _signer(site_of(session).secret_key).dumps([row_id, _mark(person)])


def send_reset_mail(session: Session, event: PasswordResetAsked) -> Callable[[], None] | None:
    """The subscriber: mail the link. The token is made here from the row, so that no table holds one."""
    row = _open_row(session, event.reset_id)
    person = session.get(Person, row.person_id) if row else None
    if row is None or person is None or not person.email:
        return None
    site = site_of(session)
    link = site.url_for_path(_path(session, row.id, person))
    return partial(
        site.mailer.send,
        to=person.email,
        subject=f"Kata sandi baru untuk {site.settings['name']}",
        body=(
            f"Halo {person.name},\n\nseseorang, semoga Anda sendiri, meminta kata sandi baru. Buka tautan ini dalam satu jam:\n\n"
            f"{link}\n\nTautan hanya berlaku satu kali. Bila Anda tidak memintanya, abaikan surat ini; kata sandi Anda tidak berubah.\n"
        ),
    )


def _open_row(session: Session, row_id: int) -> PasswordReset | None:
    """The request of that number, if it was neither used nor is too old."""
    still_open = (PasswordReset.used_at.is_(None), PasswordReset.expires_at > func.now())
    return session.scalar(select(PasswordReset).where(PasswordReset.id == row_id, *still_open))


def _opened(session: Session, token: str) -> tuple[PasswordReset, Person]:
    try:
        row_id, mark = _signer(site_of(session).secret_key).loads(token)
    except (BadData, ValueError, TypeError) as error:
        raise Refused("reset_stale", STALE) from error
    row = _open_row(session, row_id)
    person = session.get(Person, row.person_id) if row else None
    if row is None or person is None or not hmac.compare_digest(_mark(person), mark):
        raise Refused("reset_stale", STALE)
    return row, person


def check(session: Session, token: str) -> None:
    """Whether the link still opens; raises ``Refused`` if not. Looking does not use it up."""
    _opened(session, token)


def use(session: Session, token: str, password: str) -> Person:
    """Set the new password, close every open link of the person and end all their sign-ins. Raises ``Refused``."""
    row, person = _opened(session, token)
    hashed = hash_password(password)
    first = update(PasswordReset).where(PasswordReset.id == row.id, PasswordReset.used_at.is_(None)).values(used_at=func.now())
    if not rows_changed(session, first):
        raise Refused("reset_stale", STALE)
    session.execute(
        update(PasswordReset).where(PasswordReset.person_id == row.person_id, PasswordReset.used_at.is_(None)).values(used_at=func.now())
    )
    person.password_hash = hashed
    sign_in.end_all(session, person.id)
    session.flush()
    return person
