"""Who looks, and what they may: read once a request, handed to everything that draws or decides for somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from elearn.models.people import Grant, Person, SignIn, Unit

ROLES = ("learner", "author", "contributor", "reviewer", "unit_head", "administrator")


@dataclass(frozen=True)
class Scope:
    """A role within "site", "unit" or "course"; ``path`` is the unit's path, so that units below it are found by prefix."""

    role: str
    kind: str = "site"
    id: int = 0
    path: str = ""


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Whoever looks; ``person`` is None for a stranger. ``session`` may read for them, and cannot commit."""

    person: Person | None = None
    unit: str = ""
    unit_path: str = ""
    scopes: tuple[Scope, ...] = ()
    roles_of: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    sign_in_id: int = 0
    session: Any = field(default=None, repr=False, compare=False)

    @property
    def id(self) -> int:
        """The person's id; 0 for a stranger."""
        return self.person.id if self.person else 0

    @property
    def roles(self) -> frozenset[str]:
        """All roles held in any scope; everybody with an account is a learner."""
        return frozenset(scope.role for scope in self.scopes) | ({"learner"} if self.person else set())

    def can(self, permission: str, *, course: int | None = None, unit_path: str | None = None) -> bool:
        """Whether the viewer holds ``permission`` for that course or unit, or in any scope where neither is named."""
        holders = self.roles_of.get(permission, frozenset())
        if self.person and "learner" in holders:
            return True
        return any(scope.role in holders and _covers(scope, course=course, unit_path=unit_path) for scope in self.scopes)


def _covers(scope: Scope, *, course: int | None, unit_path: str | None) -> bool:
    if scope.kind == "site" or (course is None and unit_path is None):
        return True
    if scope.kind == "course":
        return course == scope.id
    return unit_path is not None and bool(scope.path) and unit_path.startswith(scope.path)


_SCOPE_UNIT = Unit.__table__.alias("scope_unit")
# One read for all: the sign-in that still holds, its person, their unit, and their grants.
_VIEWER = (
    select(SignIn.id, Person, Unit.name, Unit.path, Grant.role, Grant.scope, Grant.scope_id, _SCOPE_UNIT.c.path)
    .join(Person, Person.id == SignIn.person_id)
    .outerjoin(Unit, Unit.id == Person.unit_id)
    .outerjoin(Grant, Grant.person_id == Person.id)
    .outerjoin(_SCOPE_UNIT, and_(Grant.scope == "unit", _SCOPE_UNIT.c.id == Grant.scope_id))
    .where(
        SignIn.token_hash == bindparam("token_hash"),
        SignIn.ended_at.is_(None),
        SignIn.expires_at > func.now(),
        Person.active.is_(True),
    )
)


def load_viewer(session: Session, token_hash: str, *, roles_of: Mapping[str, frozenset[str]]) -> Viewer:
    """The viewer behind a sign-in's hash, in one statement; a stranger if it has ended, has expired or never was."""
    rows = session.execute(_VIEWER, {"token_hash": token_hash}).all()
    if not rows:
        return Viewer(roles_of=roles_of)
    sign_in_id, person, unit, unit_path = rows[0][:4]
    scopes = tuple(Scope(role, kind, scope_id, path or "") for *_, role, kind, scope_id, path in rows if role)
    return Viewer(person=person, unit=unit or "", unit_path=unit_path or "", scopes=scopes, roles_of=roles_of, sign_in_id=sign_in_id)


def viewer_of_person(session: Session, person: Person, *, roles_of: Mapping[str, frozenset[str]]) -> Viewer:
    """Somebody as a viewer without a sign-in: for the command line."""
    unit = session.get(Unit, person.unit_id) if person.unit_id else None
    rows = session.execute(
        select(Grant.role, Grant.scope, Grant.scope_id, _SCOPE_UNIT.c.path)
        .outerjoin(_SCOPE_UNIT, and_(Grant.scope == "unit", _SCOPE_UNIT.c.id == Grant.scope_id))
        .where(Grant.person_id == person.id)
    )
    scopes = tuple(Scope(role, kind, scope_id, path or "") for role, kind, scope_id, path in rows)
    return Viewer(
        person=person,
        unit=unit.name if unit else "",
        unit_path=unit.path if unit else "",
        scopes=scopes,
        roles_of=roles_of,
        session=session,
    )
