"""The tree of units: seen in its order, changed without ever tearing it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.errors import Refused
from elearn.models.people import Grant, Person, Unit
from elearn.services.people import add_unit, check_name

LONGEST_PATH = 400


@dataclass(frozen=True, kw_only=True)
class Place:
    """A unit in its tree: ``depth`` 0 for a root, ``people`` the active ones of its own, ``whole`` with all below it."""

    id: int
    parent_id: int | None
    name: str
    code: str
    path: str
    depth: int
    people: int
    whole: int

    @property
    def indented(self) -> str:
        """The name as a list to choose from shows it."""
        return "\u2007\u2007" * self.depth + self.name


def tree(session: Session) -> list[Place]:
    """All units, each followed by those below it, by name. Two statements."""
    counts = session.execute(select(Person.unit_id, func.count()).where(Person.active).group_by(Person.unit_id))
    people = {row[0]: row[1] for row in counts}
    below: dict[int | None, list[Unit]] = defaultdict(list)
    units = session.scalars(select(Unit).order_by(Unit.name, Unit.id)).all()
    wholes: dict[int, int] = defaultdict(int)
    for unit in units:
        below[unit.parent_id].append(unit)
        for step in unit.path.strip("/").split("/"):
            wholes[int(step)] += people.get(unit.id, 0)
    found: list[Place] = []
    waiting = [(unit, 0) for unit in reversed(below[None])]
    while waiting:
        unit, depth = waiting.pop()
        found.append(
            Place(
                id=unit.id,
                parent_id=unit.parent_id,
                name=unit.name,
                code=unit.code or "",
                path=unit.path,
                depth=depth,
                people=people.get(unit.id, 0),
                whole=wholes[unit.id],
            )
        )
        waiting += [(child, depth + 1) for child in reversed(below[unit.id])]
    return found


def full_names(places: Iterable[Place]) -> Mapping[int, str]:
    """Each unit's name after those above it, "Dinas Kependudukan / Loket Belawan": as a file of people names it. ``places``: the tree."""
    names: dict[int, str] = {}
    for place in places:
        above = names.get(place.parent_id or 0, "")
        names[place.id] = f"{above} / {place.name}" if above else place.name
    return names


def make_unit(session: Session, name: str, *, parent_id: int | None, code: str = "") -> Unit:
    """A new unit. Raises ``Refused`` for a name or code that will not do or is taken, and for a tree too deep to keep."""
    parent = _parent(session, parent_id)
    if parent and len(parent.path) > LONGEST_PATH - 20:
        raise Refused("unit_deep", "Pohon unit terlalu dalam.")
    _alone(session, check_name(name[:200], least=1), parent_id, but=0)
    try:
        with session.begin_nested():
            return add_unit(session, name[:200], parent=parent, code=check_code(code))
    except IntegrityError as error:
        raise Refused("unit_code", "Kode itu sudah dipakai unit lain.") from error


def change_unit(session: Session, unit: Unit, *, name: str, code: str, parent_id: int | None) -> None:
    """Give it another name, code or place; all below goes with it. Raises ``Refused``, also where it would come under itself."""
    session.execute(select(Unit.id).order_by(Unit.id).with_for_update())  # two moves at once could make a ring
    session.refresh(unit)
    parent = _parent(session, parent_id)
    if parent and parent.path.startswith(unit.path):
        raise Refused("unit_ring", "Unit tidak dapat dipindahkan ke bawah dirinya sendiri.")
    name = check_name(name[:200], least=1)
    _alone(session, name, parent_id, but=unit.id)
    old, new = unit.path, f"{parent.path if parent else '/'}{unit.id}/"
    deepest = session.scalar(select(func.max(func.length(Unit.path))).where(Unit.path.startswith(old))) or 0
    if deepest - len(old) + len(new) > LONGEST_PATH:
        raise Refused("unit_deep", "Pohon unit terlalu dalam.")
    kept = check_code(code)
    try:
        with session.begin_nested():
            unit.name, unit.code, unit.parent_id = name, kept, parent.id if parent else None
    except IntegrityError as error:
        raise Refused("unit_code", "Kode itu sudah dipakai unit lain.") from error
    if new != old:
        moved = update(Unit).where(Unit.path.startswith(old)).values(path=literal(new) + func.substr(Unit.path, len(old) + 1))
        session.execute(moved, execution_options={"synchronize_session": False})
        session.refresh(unit)


def remove_unit(session: Session, unit: Unit) -> None:
    """Remove one that nobody belongs to. Raises ``Refused`` where people, units or roles hang on it."""
    hanging = (
        select(Person.id).where(Person.unit_id == unit.id).limit(1),
        select(Unit.id).where(Unit.parent_id == unit.id).limit(1),
        select(Grant.id).where(Grant.scope == "unit", Grant.scope_id == unit.id).limit(1),
    )
    if any(session.scalar(one) for one in hanging):
        raise Refused("unit_used", "Unit ini masih punya pegawai, bagian, atau peran. Pindahkan dahulu.")
    session.delete(unit)
    session.flush()


def check_code(text: str) -> str | None:
    """A unit's code, or None for an empty one."""
    code = " ".join(text.split())
    if len(code) > 40:
        raise Refused("unit_code_long", "Kode paling panjang 40 huruf.")
    return check_name(code, least=1) if code else None


def _parent(session: Session, parent_id: int | None) -> Unit | None:
    if not parent_id:
        return None
    parent = session.get(Unit, parent_id)
    if parent is None:
        raise Refused("unit_parent", "Unit induk itu tidak ada lagi.")
    return parent


def _alone(session: Session, name: str, parent_id: int | None, *, but: int) -> None:
    """Whether no other unit there has the name: a file of people could not tell them apart."""
    there = Unit.parent_id == parent_id if parent_id else Unit.parent_id.is_(None)
    if session.scalar(select(Unit.id).where(there, func.lower(Unit.name) == name.lower(), Unit.id != but).limit(1)):
        raise Refused("unit_name", "Di tempat itu sudah ada unit bernama {name}.", name=name)
