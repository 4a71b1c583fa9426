"""Accounts: making them, finding them by what somebody types, and the units and roles they have."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.errors import Refused
from elearn.models.people import Grant, Person, Unit
from elearn.services.nip import check_nip, looks_like_nip, tidy_nip
from elearn.services.passwords import hash_password
from elearn.services.upsert import insert_once
from elearn.services.viewer import ROLES

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,}")
SCOPES = ("site", "unit", "course")


def check_email(text: str) -> str:
    """The address in lower case; raises ``Refused`` where it is none."""
    address = text.strip().lower()
    if len(address) > 254 or not EMAIL.fullmatch(address) or not address.isascii():
        raise Refused("email", "Alamat surel tidak dikenali. Contoh: nama@instansi.go.id")
    return address


def check_name(text: str, *, least: int = 2) -> str:
    """A name fit to print: NFC, one space between words, no control or invisible signs; raises ``Refused``."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not least <= len(name) <= 160:
        raise Refused("name_length", "Nama harus {least} sampai 160 huruf.", least=least)
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn", "Cs") for sign in name):
        raise Refused("name_signs", "Nama memuat tanda yang tidak terlihat. Ketik ulang tanpa menyalin.")
    return name


def find_by_login(session: Session, login: str, *, closed: bool = False) -> Person | None:
    """The person who signs in with that NIP (spaces and dots forgiven) or e-mail address; one whose account is ``closed`` only if asked."""
    where = Person.nip == tidy_nip(login) if looks_like_nip(login) else Person.email == login.strip().lower()
    return session.scalar(select(Person).where(where) if closed else select(Person).where(where, Person.active.is_(True)))


def add_person(
    session: Session,
    *,
    name: str,
    nip: str = "",
    email: str = "",
    password: str | None = None,
    unit: Unit | None = None,
    kind: str = "pns",
    post: str = "",
    rank: str = "",
) -> Person:
    """A new account. Raises ``Refused`` for a bad or taken number or address; without ``password`` a reset opens it."""
    if not nip and not email:
        raise Refused("no_login", "Isi NIP atau alamat surel.")
    person = Person(
        name=check_name(name),
        nip=check_nip(nip) if nip else None,
        email=check_email(email) if email else None,
        password_hash=hash_password(password) if password is not None else None,
        unit_id=unit.id if unit else None,
        kind=kind,
        post=check_name(post[:160], least=0),
        rank=check_name(rank[:60], least=0),
    )
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as error:
        raise Refused("taken", "NIP atau alamat surel itu sudah dipakai akun lain.") from error
    return person


def add_unit(session: Session, name: str, *, parent: Unit | None = None, code: str | None = None) -> Unit:
    """A new unit below ``parent``, or a root. Raises ``Refused`` for a name not fit to print."""
    unit = Unit(name=check_name(name, least=1), parent_id=parent.id if parent else None, code=code, path="")
    unit.path = f"new:{id(unit)}"
    session.add(unit)
    session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    session.flush()
    return unit


def grant(session: Session, person_id: int, role: str, *, scope: str = "site", scope_id: int = 0, by: int | None = None) -> None:
    """Give a role within a scope; giving it twice is giving it once."""
    if role not in ROLES or scope not in SCOPES or (scope == "site") != (scope_id == 0):
        raise ValueError(f"no such grant: {role!r} in {scope!r} {scope_id}")
    values = {"person_id": person_id, "role": role, "scope": scope, "scope_id": scope_id, "granted_by": by}
    insert_once(session, Grant, values=values, key=("person_id", "role", "scope", "scope_id"))
