"""Keeping accounts: what an administrator changes about a person, their roles, and the way in for who has no password yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.errors import Refused
from elearn.models.learning import CourseRow
from elearn.models.people import Grant, Person, Unit
from elearn.services import sign_in
from elearn.services.nip import check_nip, tidy_nip
from elearn.services.people import check_email, check_name
from elearn.services.upsert import rows_changed

KINDS = {"pns": "PNS", "cpns": "CPNS", "pppk": "PPPK", "pppk_paruh_waktu": "PPPK paruh waktu"}
FIELDS = ("name", "nip", "email", "kind", "post", "rank")
LONGEST = {"post": 160, "rank": 60}
TAKEN = "NIP atau surel itu sudah dipakai akun lain."


def check_fields(asked: Mapping[str, str]) -> tuple[dict[str, str | None], dict[str, Refused]]:
    """Of what was typed for each of ``FIELDS``: what is good, as it is kept, and what is wrong with the others."""
    good: dict[str, str | None] = {}
    faults: dict[str, Refused] = {}
    for name in FIELDS:
        try:
            good[name] = check_field(name, asked.get(name, ""))
        except Refused as refused:
            faults[name] = refused
    if not faults and not good["nip"] and not good["email"]:
        faults["nip"] = Refused("no_login", "Isi NIP atau alamat surel.")
    return good, faults


def check_field(name: str, text: str) -> str | None:
    """One field as it is kept; None for a login that is empty. Raises ``Refused``."""
    text = text.strip()
    if name == "name":
        return check_name(text)
    if name == "nip":
        return check_nip(text) if text else None
    if name == "email":
        return check_email(text) if text else None
    if name == "kind":
        return check_kind(text)
    if len(text) > LONGEST[name]:
        raise Refused("text_long", "Paling panjang {most} huruf.", most=LONGEST[name])
    return check_name(text, least=0)


def check_kind(text: str) -> str:
    """The kind of staff, by its code or its name; "pns" where nothing is said."""
    wanted = " ".join(text.casefold().replace("_", " ").split())
    for code, title in KINDS.items():
        if wanted in (title.casefold(), code.replace("_", " ")):
            return code
    if not wanted:
        return "pns"
    raise Refused("kind", "Status harus salah satu dari: {names}.", names=", ".join(KINDS.values()))


def change_person(session: Session, person: Person, values: Mapping[str, str | int | bool | None]) -> list[str]:
    """Set checked columns; answers which changed. Who becomes inactive is signed out everywhere. Raises ``Refused`` for a login taken."""
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    try:
        with session.begin_nested():
            for name in changed:
                setattr(person, name, values[name])
    except IntegrityError as error:
        raise Refused("taken", TAKEN) from error
    if "active" in changed and not person.active:
        sign_in.end_all(session, person.id)
    return changed


def grants_of(session: Session, person_id: int) -> list[Grant]:
    """The person's roles."""
    return list(session.scalars(select(Grant).where(Grant.person_id == person_id).order_by(Grant.role, Grant.scope, Grant.scope_id)))


def all_courses(session: Session) -> list[tuple[int, str]]:
    """Every course by id and title, those too that are not on offer: a role may hold within one."""
    return [(row[0], row[1]) for row in session.execute(select(CourseRow.id, CourseRow.title).order_by(CourseRow.title, CourseRow.id))]


def revoke(session: Session, person_id: int, grant_id: int) -> bool:
    """Take a role back; False where it was gone already."""
    return rows_changed(session, delete(Grant).where(Grant.id == grant_id, Grant.person_id == person_id)) == 1


STATES = ("active", "unopened", "roles", "inactive")


def matching(*, text: str = "", unit_path: str = "", state: str = "active") -> ColumnElement[bool]:
    """The people meant by a search: part of a name or address, the beginning of a number; in a unit or below it; in a state: "active",
    "unopened" (no password yet), "roles" (with more to do than to learn), "inactive"."""
    parts: list[ColumnElement[bool]] = [Person.active.is_(state != "inactive")]
    text = " ".join(text.split())
    if text:
        found = [Person.name.icontains(text, autoescape=True), Person.email.icontains(text, autoescape=True)]
        if tidy_nip(text).isdigit():
            found.append(Person.nip.startswith(tidy_nip(text), autoescape=True))
        parts.append(or_(*found))
    if unit_path:
        parts.append(Person.unit_id.in_(select(Unit.id).where(Unit.path.startswith(unit_path, autoescape=True))))
    if state == "unopened":
        parts.append(Person.password_hash.is_(None))
    if state == "roles":
        parts.append(exists().where(Grant.person_id == Person.id))
    return and_(*parts)


def count_people(session: Session, where: ColumnElement[bool]) -> int:
    """How many they are."""
    return session.scalar(select(func.count()).select_from(Person).where(where)) or 0


def list_people(session: Session, where: ColumnElement[bool], *, skip: int = 0, most: int) -> list[Person]:
    """They, by name."""
    return list(session.scalars(select(Person).where(where).order_by(Person.name, Person.id).offset(skip).limit(most)))


def roles_among(session: Session, people: Iterable[Person]) -> dict[int, list[str]]:
    """The roles of each of some people, without repetition."""
    rows = session.execute(select(Grant.person_id, Grant.role).where(Grant.person_id.in_([one.id for one in people])).distinct())
    found: dict[int, list[str]] = {}
    for person_id, role in rows:
        found.setdefault(person_id, []).append(role)
    return found
