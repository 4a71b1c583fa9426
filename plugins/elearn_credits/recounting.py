"""Counting anew after the rules changed: first what it would change for whom, then the act, which is corrections like all others.

An entry keeps the rule set it was counted by. Where another set is in force on its last day by now, because one was added or a site's
own came on top, and that set says otherwise of the entry's form, recounting moves the entry to it. Entries whose unit the new set
measures otherwise stay, and are named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from elearn import JobKind, JobPart, said, site_of

from . import ledger, years
from .counting import COUNTS, Entry, Line, count
from .models import LedgerEntry
from .outside.claims import not_replaced
from .rules import RuleBook, RuleSet, book_of

JOB = "credits.recount"
REASON = said("Dihitung ulang menurut aturan yang berlaku.")


@dataclass(frozen=True, kw_only=True)
class Move:
    """An entry that another set is to count: JP ``before`` and ``after``. ``stuck`` where the unit differs, so that somebody must look."""

    entry: Entry
    rules: RuleSet
    before: Decimal
    after: Decimal
    stuck: bool = False


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What recounting would do to one person: entries that move, and JP by year before and after where they differ. ``stale``: the
    person's totals do not agree with the ledger even now."""

    person_id: int
    moves: tuple[Move, ...]
    years: dict[int, tuple[Decimal, Decimal]]
    stale: bool

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.stale or any(not move.stuck for move in self.moves))


def plan(session: Session, person_id: int, book: RuleBook) -> Plan:
    """Reckon the plan by the rules in ``book``, which may hold a set that is not in force yet. Three statements; writes nothing."""
    entries = ledger.entries_of(session, person_id)
    now_book = book_of(site_of(session))
    before = count(entries, now_book)
    found = movable(entries, book)
    moved = {entry.id: replace(entry, rule_set=rules.id, state=COUNTS) for entry, rules in found if not _stuck(entry, rules, now_book)}
    after = count([moved.get(entry.id, entry) for entry in entries], book)
    moves = tuple(
        Move(entry=entry, rules=rules, before=before[entry.id].counted, after=after[entry.id].counted, stuck=entry.id not in moved)
        for entry, rules in found
    )
    old, new = (_by_year(lines.values()) for lines in (before, after))
    kept = {row.year: row.jp for row in session.scalars(select(years.YearTotal).where(years.YearTotal.person_id == person_id))}
    changed = {year: (old.get(year, Decimal(0)), new.get(year, Decimal(0))) for year in sorted({*old, *new})}
    return Plan(
        person_id=person_id,
        moves=moves,
        years={year: pair for year, pair in changed.items() if pair[0] != pair[1]},
        stale=any(kept.get(year, Decimal(0)) != jp for year, jp in old.items()) or not kept.keys() <= old.keys(),
    )


def _by_year(lines: Iterable[Line]) -> dict[int, Decimal]:
    totals: dict[int, Decimal] = {}
    for line in lines:
        totals[line.entry.ended_on.year] = totals.get(line.entry.ended_on.year, Decimal(0)) + line.counted
    return totals


def movable(entries: Iterable[Entry], book: RuleBook) -> list[tuple[Entry, RuleSet]]:
    """The entries that count, or that wait for nothing but a rule, and which a set governs now that counts them otherwise."""
    found = []
    for entry in entries:
        rules = book.on(entry.ended_on)
        if rules is None or rules.id == entry.rule_set:
            continue
        if (entry.state == "waiting" and not entry.rule_set) or (
            entry.state == COUNTS and rules.forms.get(entry.form) != book.form(entry.form, day=entry.ended_on, rule_set_id=entry.rule_set)
        ):
            found.append((entry, rules))
    return found


def _stuck(entry: Entry, rules: RuleSet, book: RuleBook) -> bool:
    old, new = book.form(entry.form, day=entry.ended_on, rule_set_id=entry.rule_set), rules.forms.get(entry.form)
    return bool(old and new and old.unit != new.unit)


def recount(session: Session, person_id: int, *, by: int | None) -> Plan:
    """Do it for one person. The caller commits."""
    years.hold(session, person_id)
    found = plan(session, person_id, book_of(site_of(session)))
    for move in found.moves:
        if not move.stuck:
            ledger.correct(session, move.entry.id, by=by, reason=REASON, state=COUNTS, rule_set=move.rules.id)
    if found.stale:
        years.refresh(session, person_id)
    return found


def people_to_look_at(session: Session, book: RuleBook) -> list[int]:
    """The ids of everybody with an entry that ``movable`` names. One statement."""
    ends = {rules.valid_to + timedelta(days=1) for rules in book.sets if rules.valid_to and rules.valid_to < date.max}
    edges = sorted({rules.valid_from for rules in book.sets} | ends)
    governed = [_governed(rules, book, first, end) for first, end in pairwise([*edges, None]) if first and (rules := book.on(first))]
    statement = select(LedgerEntry.person_id).where(or_(false(), *governed), not_replaced())
    return list(session.scalars(statement.distinct().order_by(LedgerEntry.person_id)))


def _governed(rules: RuleSet, book: RuleBook, first: date, end: date | None) -> ColumnElement[bool]:
    """Entries from ``first`` to the day before ``end`` (None: for good), where ``rules`` are in force, that another set counted otherwise
    or none at all."""
    unruled = and_(LedgerEntry.state == "waiting", LedgerEntry.rule_set == "")
    otherwise = [
        and_(LedgerEntry.rule_set == other.id, LedgerEntry.form.in_(codes))
        for other in book.sets
        if (codes := [code for code in {*rules.forms, *other.forms} if rules.forms.get(code) != other.forms.get(code)])
    ]
    counted = and_(LedgerEntry.state == COUNTS, or_(false(), *otherwise))
    days = and_(LedgerEntry.ended_on >= first, true() if end is None else LedgerEntry.ended_on < end)
    return and_(or_(unruled, counted), days)


def _work(part: JobPart) -> str:
    found = recount(part.session, int(part.value), by=part.by)
    told = [f"{year}: {before.normalize():f} → {after.normalize():f} JP" for year, (before, after) in found.years.items()]
    return "; ".join(told) or said("JP tidak berubah.")


KIND = JobKind(name=JOB, work=_work)
