"""From entries and rules to a year's account. Pure: the same entries give the same account, in whatever order they arrived.

What an entry claims is its units times the rate of its form. Caps take from that: by day, where each day of learning has room for so
many JP, or by month. Entries are served in the order of their last day and key, so the result does not depend on who came first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from .rules import Duty, Form, RuleBook

ZERO = Decimal(0)
CENT = Decimal("0.01")
COUNTS = "recognised"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A ledger entry as counting sees it; see ``models.LedgerEntry`` for the fields."""

    id: int
    key: str
    form: str
    title: str
    units: Decimal
    days: tuple[date, ...]
    ended_on: date
    started_on: date
    rule_set: str
    state: str = COUNTS
    international: bool = False
    organiser: str = ""
    reason: str = ""
    evidence: str = ""
    certificate: str = ""
    enrolment_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Taking:
    """What an entry took in one capped ``place``, a day or a month (its first day): of the ``limit`` there, ``before`` was taken by the
    entries ``by`` (their ids), ``got`` by this one. In JP, or in units where the cap counts units."""

    place: date
    limit: Decimal
    before: Decimal
    got: Decimal
    by: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """An entry in the account: ``claimed`` JP by the rate, ``counted`` JP after the caps, ``cut`` the difference, and by which rule.
    ``takings`` say where a capped entry found room, in the order it was looked for."""

    entry: Entry
    form: Form | None
    claimed: Decimal
    counted: Decimal
    cap: str = ""
    takings: tuple[Taking, ...] = ()

    @property
    def cut(self) -> Decimal:
        """JP that a cap took."""
        return self.claimed - self.counted if self.entry.state == COUNTS else ZERO


@dataclass(frozen=True, kw_only=True)
class Account:
    """A period's hours: ``first`` to ``last`` day, the duty that holds, its lines (latest first), the JP counted."""

    first: date
    last: date
    duty: Duty | None
    target: Decimal
    lines: tuple[Line, ...] = field(default_factory=tuple)

    @property
    def total(self) -> Decimal:
        """JP counted in the period."""
        return sum((line.counted for line in self.lines), ZERO)

    @property
    def left(self) -> Decimal:
        """JP still missing; never below zero."""
        return max(ZERO, self.target - self.total)

    @property
    def beyond(self) -> Decimal:
        """JP above a ceiling: learned and shown, but outside what is recognised."""
        return max(ZERO, self.total - self.target) if self.duty and self.duty.sense == "ceiling" else ZERO


@dataclass
class _Room:
    """What is taken in one place so far, and by which entries."""

    used: Decimal = ZERO
    by: list[int] = field(default_factory=list)


Rooms = dict[tuple[str, str, date], _Room]


def count(entries: Iterable[Entry], book: RuleBook) -> dict[int, Line]:
    """The line of every entry, by its id."""
    rooms: Rooms = defaultdict(_Room)
    lines: dict[int, Line] = {}
    for entry in sorted(entries, key=lambda entry: (entry.ended_on, entry.key)):
        form = book.form(entry.form, day=entry.ended_on, rule_set_id=entry.rule_set)
        lines[entry.id] = _line(entry, form, rooms)
    return lines


def _line(entry: Entry, form: Form | None, rooms: Rooms) -> Line:
    if form is None:
        return Line(entry=entry, form=None, claimed=ZERO, counted=ZERO)
    rate = form.rate(international=entry.international)
    claimed = _round(entry.units * rate)
    if entry.state != COUNTS:
        return Line(entry=entry, form=form, claimed=claimed, counted=ZERO)
    if form.cap is None:
        return Line(entry=entry, form=form, claimed=claimed, counted=claimed)
    takings = _take(entry, form, claimed if form.cap.of == "jp" else entry.units, rooms)
    got = sum((taking.got for taking in takings), ZERO)
    counted = _round(got if form.cap.of == "jp" else got * rate)
    cap = form.cap.code(international=entry.international)
    return Line(entry=entry, form=form, claimed=claimed, counted=counted, cap=cap, takings=tuple(takings))


def _take(entry: Entry, form: Form, wanted: Decimal, rooms: Rooms) -> list[Taking]:
    """Look for room in the entry's places, the earliest first, until nothing is wanted any more."""
    assert form.cap is not None
    limit = form.cap.limit(international=entry.international)
    takings = []
    for place in _places(entry, form.cap.per):
        if wanted <= 0:
            break
        room = rooms[form.code, form.cap.per, place]
        got = min(max(ZERO, limit - room.used), wanted)
        takings.append(Taking(place=place, limit=limit, before=room.used, got=got, by=tuple(room.by)))
        if got:
            wanted -= got
            room.used += got
            room.by.append(entry.id)
    return takings


def _places(entry: Entry, per: str) -> Sequence[date]:
    """The days, or the months, in which the entry may find room."""
    days = sorted(set(entry.days)) or [entry.ended_on]
    return days if per == "day" else sorted({day.replace(day=1) for day in days})


def _round(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def account(entries: Iterable[Entry], book: RuleBook, *, first: date, last: date, kind: str, target: Decimal) -> Account:
    """The account of the period from ``first`` to ``last`` for somebody of the staff ``kind``; an entry belongs to the period of its
    last day. ``target`` holds where the rules name no duty."""
    known = list(entries)
    lines = count(known, book)
    rules = book.on(last) or book.on(first)
    duty = rules.duty(kind) if rules else None
    inside = sorted((e for e in known if first <= e.ended_on <= last), key=lambda e: (e.ended_on, e.key), reverse=True)
    return Account(first=first, last=last, duty=duty, target=duty.jp if duty else target, lines=tuple(lines[e.id] for e in inside))


def calendar_year(year: int) -> tuple[date, date]:
    """1 January to 31 December."""
    return date(year, 1, 1), date(year, 12, 31)


def contract_year(starts_on: date, day: date) -> tuple[date, date]:
    """The contract year that ``day`` lies in: from the anniversary of the contract to the day before the next."""
    first = _anniversary(starts_on, day.year)
    if first > day:
        first = _anniversary(starts_on, day.year - 1)
    return first, date.fromordinal(_anniversary(starts_on, first.year + 1).toordinal() - 1)


def _anniversary(starts_on: date, year: int) -> date:
    try:
        return starts_on.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 3, 1)
