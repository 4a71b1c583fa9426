"""The people of an office from a file: every row checked and compared with what is there, then all kept or none.

A row is found by its NIP, else by its address. An empty cell leaves what is there; a unit that is not there is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.errors import Refused
from elearn.models.people import Person, Unit
from elearn.services.accounts import KINDS, TAKEN, change_person, check_field
from elearn.services.people import check_name
from elearn.services.sheets import read_table
from elearn.services.units import full_names, make_unit, tree

COLUMNS = ("nip", "nama", "surel", "status", "jabatan", "pangkat", "unit", "aktif")
MOST_ROWS = 10_000
DEEPEST = 8
NAMES = {"name": "nama", "nip": "nip", "email": "surel", "kind": "status", "post": "jabatan", "rank": "pangkat"}
AT_ONCE = 500
Told = tuple[int, Refused]


@dataclass
class _Units:
    """The units by what a file calls them; those it names first get a number below zero, until they are made."""

    whole: dict[str, int] = field(default_factory=dict)
    by_code: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=dict)
    inside: dict[tuple[int, str], int] = field(default_factory=dict)
    new: list[tuple[int, int, str]] = field(default_factory=list)  # number, the one above (0: none), name

    def add(self, number: int, above: int, name: str) -> None:
        self.by_name.setdefault(name.casefold(), []).append(number)
        self.inside[above, name.casefold()] = number

    def find(self, text: str) -> int:
        """The unit named by its name after those above it, "Dinas / Bidang", as ``rows`` writes it, by its code, or its name alone. Raises
        ``Refused``."""
        there = self.whole.get(" ".join(text.split()).casefold())
        if there:
            return there
        steps = [check_name(step[:200], least=1) for step in re.split(r"\s+/\s+", text.strip())]
        if len(steps) > DEEPEST:
            raise Refused("unit_deep", "Pohon unit terlalu dalam.")
        if len(steps) == 1 and text.strip().casefold() in self.by_code:
            return self.by_code[text.strip().casefold()]
        number = self._first(steps[0])
        for step in steps[1:]:
            number = self.inside.get((number, step.casefold())) or self._make(number, step)
        return number

    def _first(self, name: str) -> int:
        root = self.inside.get((0, name.casefold()))
        if root:
            return root
        known = self.by_name.get(name.casefold(), [])
        if len(known) > 1:
            raise Refused(
                "unit_twice", "Ada {count} unit bernama {name}. Tulis dengan induknya: Induk / {name}.", count=len(known), name=name
            )
        return known[0] if known else self._make(0, name)

    def _make(self, above: int, name: str) -> int:
        number = -1 - len(self.new)
        self.new.append((number, above, name))
        self.add(number, above, name)
        return number

    def full_name(self, number: int) -> str:
        """A new unit's name after those of the new ones above it."""
        _number, above, name = self.new[-1 - number]
        return f"{self.full_name(above)} / {name}" if above < 0 else name


def _units(session: Session) -> _Units:
    places = tree(session)
    names = full_names(places)
    found = _Units(whole={names[place.id].casefold(): place.id for place in reversed(places)})
    for place in places:
        found.add(place.id, place.parent_id or 0, place.name)
        if place.code:
            found.by_code[place.code.casefold()] = place.id
    return found


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a row asks for: ``person_id`` 0 for somebody new, ``values`` the columns that differ, ``unit`` a number of ``_Units``."""

    line: int
    name: str
    person_id: int
    values: Mapping[str, str | bool | None]
    unit: int | None = None

    @property
    def columns(self) -> list[str]:
        """What differs, by the names of the file's columns."""
        named = [NAMES.get(name, "aktif") for name in self.values]
        return named + (["unit"] if self.unit is not None else [])


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a file would do: people new, changed and the same, units made, and every fault with its line."""

    new: Sequence[Change]
    changed: Sequence[Change]
    same: int
    units: Sequence[str]
    faults: Sequence[Told]
    made: Sequence[tuple[int, int, str]] = ()


def plan(session: Session, data: bytes, *, by: int) -> Plan:
    """Read the file and compare it with who is there; nothing is written. ``by`` may not be made inactive by their own file. Raises
    ``Refused`` where the file as a whole will not do."""
    lines = read_table(data, needed=("nama",), most=MOST_ROWS)
    units = _units(session)
    read: list[tuple[int, dict[str, str | bool | None], int | None]] = []
    faults: list[Told] = []
    for line, cells in lines:
        try:
            values = _values(cells)
            read.append((line, values, units.find(cells["unit"]) if cells.get("unit") else None))
        except Refused as refused:
            faults.append((line, refused))
    known = _known(session, [values for _line, values, _unit in read])
    seen: dict[str, int] = {}
    changes: list[Change] = []
    for line, values, unit in read:
        try:
            _once(values, line, seen)
            changes.append(_change(line, values, unit, known, by=by))
        except Refused as refused:
            faults.append((line, refused))
    return Plan(
        new=[one for one in changes if not one.person_id],
        changed=[one for one in changes if one.person_id and one.columns],
        same=sum(1 for one in changes if one.person_id and not one.columns),
        units=[units.full_name(number) for number, _above, _name in units.new],
        faults=sorted(faults, key=lambda told: told[0]),
        made=tuple(units.new),
    )


def _values(cells: Mapping[str, str]) -> dict[str, str | bool | None]:
    """The checked columns of a row that are filled."""
    values: dict[str, str | bool | None] = {
        name: check_field(name, cells[column]) for name, column in NAMES.items() if cells.get(column) or name == "name"
    }
    if not values.get("nip") and not values.get("email"):
        raise Refused("no_login", "Isi NIP atau alamat surel.")
    if cells.get("aktif"):
        values["active"] = _yes(cells["aktif"])
    return values


def _yes(text: str) -> bool:
    if text.casefold() in ("ya", "y", "1", "x", "aktif"):
        return True
    if text.casefold() in ("tidak", "t", "n", "0", "nonaktif"):
        return False
    raise Refused("yes_no", "Kolom aktif berisi ya atau tidak.")


def _known(session: Session, rows: Iterable[Mapping[str, str | bool | None]]) -> dict[str, Person]:
    """Who is there with the numbers and addresses of these rows, by each of the two."""
    found: dict[str, Person] = {}
    for column, name in ((Person.nip, "nip"), (Person.email, "email")):
        wanted = sorted({str(row[name]) for row in rows if row.get(name)})
        for start in range(0, len(wanted), AT_ONCE):
            for person in session.scalars(select(Person).where(column.in_(wanted[start : start + AT_ONCE]))):
                found[str(getattr(person, name))] = person
    return found


def _once(values: Mapping[str, str | bool | None], line: int, seen: dict[str, int]) -> None:
    for name in ("nip", "email"):
        if values.get(name) and seen.setdefault(str(values[name]), line) != line:
            raise Refused("twin_login", "NIP atau surel ini sudah ada di baris {line}.", line=seen[str(values[name])])


def _change(line: int, values: Mapping[str, str | bool | None], unit: int | None, known: Mapping[str, Person], *, by: int) -> Change:
    by_nip, by_email = (known.get(str(values.get(name) or "")) for name in ("nip", "email"))
    person = by_nip or by_email
    if person is None:
        return Change(line=line, name=str(values["name"]), person_id=0, values=values, unit=unit)
    other_number = by_nip is None and bool(values.get("nip")) and person.nip is not None
    if (by_email is not None and by_email.id != person.id) or other_number:
        raise Refused("taken", TAKEN)
    if person.id == by and values.get("active") is False:
        raise Refused("oneself", "Anda tidak dapat menonaktifkan akun Anda sendiri.")
    differing = {name: value for name, value in values.items() if getattr(person, name) != value}
    return Change(
        line=line,
        name=person.name,
        person_id=person.id,
        values=differing,
        unit=unit if unit is not None and unit != person.unit_id else None,
    )


def carry_out(session: Session, wanted: Plan) -> None:
    """Do what the plan says, which must be of this transaction and without faults."""
    made: dict[int, Unit] = {}
    for number, above, name in wanted.made:
        made[number] = make_unit(session, name, parent_id=made[above].id if above < 0 else above or None)
    try:
        with session.begin_nested():
            session.add_all(Person(**one.values, unit_id=_real(one.unit, made)) for one in wanted.new)
    except IntegrityError as error:
        raise Refused("taken", TAKEN) from error
    for one in wanted.changed:
        values_now: dict[str, str | int | bool | None] = dict(one.values)
        if one.unit is not None:
            values_now["unit_id"] = _real(one.unit, made)
        change_person(session, session.get_one(Person, one.person_id), values_now)
    session.flush()


def _real(number: int | None, made: Mapping[int, Unit]) -> int | None:
    return made[number].id if number is not None and number < 0 else number


def rows(session: Session, people: Iterable[Person]) -> Iterable[list[str]]:
    """People as such a file, names of columns first: to change and bring again."""
    units = full_names(tree(session))
    yield list(COLUMNS)
    for one in people:
        cells = (one.nip, one.name, one.email, KINDS.get(one.kind, one.kind), one.post, one.rank, units.get(one.unit_id or 0))
        yield [*(cell or "" for cell in cells), "ya" if one.active else "tidak"]


def example() -> Iterable[list[str]]:
    """A file to begin with."""
    yield list(COLUMNS)
    dinas = "Dinas Contoh / Bidang Layanan"
    yield ["199407212019032005", "Sari Contoh, S.AP.", "sari@contoh.go.id", "PNS", "Analis Kebijakan Ahli Muda", "III/c", dinas, "ya"]
