"""The rules of counting JP as data: sets read from TOML, each in force for a time, with its legal basis and how sure that is.

The bundled sets lie in ``rules/``; a site adds its own in the folder that the setting ``credits.rules`` names. For a day the set
with the latest ``valid_from`` holds, a site's own before a bundled one. A set once used is never edited: it gets a successor.
A set that says ``extends = "<id>"`` need name only what differs: forms and duties of its own, and in ``without`` codes that it drops.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from elearn import SettingError, Site

BUNDLED = Path(__file__).parent / "rules"

CERTAINTIES = ("text", "secondary", "general", "own")
GROUPS = ("pendidikan", "klasikal", "nonklasikal")
UNITS = ("semester", "jp", "day", "occasion")


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What a rule rests on. ``certainty``: "text" (seen in the text of the law), "secondary" (in a source that quotes or applies
    it), "general" (known, seen nowhere) or "own" (a reading of this project or site). ``source`` is where, ``as_of`` when."""

    law: str
    certainty: str
    source: str
    as_of: date

    def __post_init__(self) -> None:
        _one_of("certainty", self.certainty, CERTAINTIES)
        if not self.law or (self.certainty != "text" and not self.source):
            raise ValueError("a basis needs its law, and its source unless the text itself was seen")


@dataclass(frozen=True, kw_only=True)
class Cap:
    """At most so much of a form counts ``per`` "day" or "month": JP where ``of`` is "jp", occasions or days where it is "unit"."""

    per: str
    of: str
    national: Decimal
    international: Decimal

    def __post_init__(self) -> None:
        _one_of("per", self.per, ("day", "month"))
        _one_of("of", self.of, ("jp", "unit"))
        if self.national <= 0 or self.international <= 0:
            raise ValueError("a cap must be above zero")

    def limit(self, *, international: bool) -> Decimal:
        """The most that counts in one day or month."""
        return self.international if international else self.national

    def code(self, *, international: bool) -> str:
        """The cap as the ledger keeps it: "jp/day:3"."""
        return f"{self.of}/{self.per}:{self.limit(international=international).normalize():f}"


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form of learning (C3, e-learning): how many JP one ``unit`` of it gives at home and abroad, and its cap if it has one."""

    code: str
    title: str
    group: str
    unit: str
    national: Decimal
    international: Decimal
    cap: Cap | None
    basis: Basis

    def __post_init__(self) -> None:
        _one_of("group", self.group, GROUPS)
        _one_of("unit", self.unit, UNITS)
        if not self.code or not self.title or self.national <= 0 or self.international <= 0:
            raise ValueError("a form needs code, title and JP above zero")

    def rate(self, *, international: bool) -> Decimal:
        """JP a unit."""
        return self.international if international else self.national


@dataclass(frozen=True, kw_only=True)
class Duty:
    """How much somebody of one of ``kinds`` has to learn: ``sense`` "floor" (at least) or "ceiling" (at most) ``jp`` in a
    ``period``: "calendar_year" or "contract_year" (from the anniversary of the contract)."""

    kinds: tuple[str, ...]
    sense: str
    jp: Decimal
    period: str
    basis: Basis

    def __post_init__(self) -> None:
        _one_of("sense", self.sense, ("floor", "ceiling"))
        _one_of("period", self.period, ("calendar_year", "contract_year"))


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """One state of the rules, in force from ``valid_from`` to ``valid_to`` (None: still). ``own`` marks a site's; ``extends`` names the
    set that it was written on top of."""

    id: str
    title: str
    valid_from: date
    valid_to: date | None
    jp_minutes: int
    minutes_basis: Basis
    basis: Basis
    forms: Mapping[str, Form]
    duties: tuple[Duty, ...]
    own: bool = False
    extends: str = ""
    file: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.id or len(self.id) > 80 or self.jp_minutes <= 0 or not self.forms:
            raise ValueError("a rule set needs an id of at most 80 signs, jp_minutes above zero and forms")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")

    def holds(self, day: date) -> bool:
        """Whether the set is in force on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def duty(self, kind: str) -> Duty | None:
        """What somebody of that staff kind has to learn; "pppk_paruh_waktu" falls under "pppk"."""
        return next((duty for duty in self.duties if _falls_under(kind, duty.kinds)), None)


class RuleBook:
    """All rule sets of a site. Raises ``SettingError`` where two cannot stand side by side."""

    def __init__(self, sets: Iterable[RuleSet]) -> None:
        self.sets = tuple(sorted(sets, key=lambda each: (each.valid_from, each.own, each.id)))
        seen: dict[object, RuleSet] = {}
        for rules in self.sets:
            for key, what in ((("id", rules.id), "id"), (("from", rules.valid_from, rules.own), "valid_from")):
                if key in seen:
                    raise SettingError(f"JP rules: {seen[key].file} and {rules.file} have the same {what}; one of them must change")
                seen[key] = rules
            for form in rules.forms.values():
                other = seen.setdefault(("form", form.code, form.cap and form.cap.of), rules)
                wrong = "unit" if form.cap and form.cap.of == "jp" else "jp"
                if form.cap and ("form", form.code, wrong) in seen:
                    raise SettingError(f"JP rules: {other.file} caps form {form.code} by another measure than an earlier set (jp or unit)")
        self._by_id = {rules.id: rules for rules in self.sets}

    def on(self, day: date) -> RuleSet | None:
        """The set in force on ``day``, or None."""
        return next((rules for rules in reversed(self.sets) if rules.holds(day)), None)

    def get(self, rule_set_id: str) -> RuleSet | None:
        """The set of that id, in force or not."""
        return self._by_id.get(rule_set_id)

    def form(self, code: str, *, day: date, rule_set_id: str = "") -> Form | None:
        """The form as the set of that id knows it, else as the set in force on ``day`` does."""
        rules = self.get(rule_set_id) or self.on(day)
        return rules.forms.get(code) if rules else None


def _falls_under(kind: str, names: Iterable[str]) -> bool:
    return any(kind == name or kind.startswith(f"{name}_") for name in names)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} = {value!r} is none of {', '.join(allowed)}")


def read_rule_set(path: Path, *, own: bool = False, known: Iterable[RuleSet] = ()) -> RuleSet:
    """The set written in a TOML file, which may extend one of ``known``; ``SettingError`` names the file and what is wrong with it."""
    try:
        data = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        base = {rules.id: rules for rules in known}[data["extends"]] if "extends" in data else None
        return _rule_set(data, base, own=own, file=path.name)
    except KeyError as error:
        raise SettingError(f"JP rules: {path.name}: {error} is missing or unknown") from error
    except (OSError, UnicodeDecodeError, TypeError, ValueError, ArithmeticError) as error:
        raise SettingError(f"JP rules: {path.name}: {error}") from error


def _rule_set(data: dict[str, Any], base: RuleSet | None, *, own: bool, file: str) -> RuleSet:
    bases = {name: Basis(**values) for name, values in data.pop("bases").items()}
    default = bases[data.pop("basis")]
    forms = [_form(values, bases, default) for values in (data.pop("forms", []) if base else data.pop("forms"))]
    duties = tuple(_duty(values, bases) for values in data.pop("duties", []))
    codes, dropped = [form.code for form in forms], data.pop("without", [])
    if len(set(codes)) < len(codes):
        raise ValueError("a form's code occurs twice")
    kept = {code: form for code, form in base.forms.items() if code not in dropped} if base else {}
    if base and (unknown := set(dropped) - set(base.forms)):
        raise ValueError(f"without names forms that {base.id} does not have: {', '.join(sorted(unknown))}")
    if "minutes_basis" in data:
        data["minutes_basis"] = bases[data["minutes_basis"]]
    inherited: dict[str, Any] = {"jp_minutes": base.jp_minutes, "minutes_basis": base.minutes_basis} if base else {}
    return RuleSet(
        basis=default,
        forms=kept | {form.code: form for form in forms},
        duties=(*duties, *(_left(base.duties, duties) if base else ())),
        own=own,
        file=file,
        **({"valid_to": None} | inherited | data),
    )


def _left(inherited: Iterable[Duty], own: Iterable[Duty]) -> Iterator[Duty]:
    """The inherited duties of those kinds for which there is no own one."""
    mine = [kind for duty in own for kind in duty.kinds]
    for duty in inherited:
        if kinds := tuple(kind for kind in duty.kinds if not _falls_under(kind, mine)):
            yield replace(duty, kinds=kinds)


def _form(values: dict[str, Any], bases: Mapping[str, Basis], default: Basis) -> Form:
    basis = bases[values.pop("basis")] if "basis" in values else default
    cap = values.pop("cap", None)
    national = Decimal(values.pop("national"))
    international = Decimal(values.pop("international", national))
    if cap:
        cap |= {name: Decimal(cap[name]) for name in ("national", "international")}
    return Form(basis=basis, national=national, international=international, cap=Cap(**cap) if cap is not None else None, **values)


def _duty(values: dict[str, Any], bases: Mapping[str, Basis]) -> Duty:
    kinds, jp, basis = tuple(values.pop("kinds")), Decimal(values.pop("jp")), bases[values.pop("basis")]
    return Duty(kinds=kinds, jp=jp, basis=basis, **values)


def book_of(site: Site) -> RuleBook:
    """The rules of a site: the bundled sets, and its own where the setting ``credits.rules`` says."""
    folder = Path(str(site.settings["credits.rules"]))
    if not folder.is_absolute():
        folder = site.store.folder.parent / folder  # the store lies in the site's data folder
    return _book(_files(BUNDLED), _files(folder))


def _files(folder: Path) -> tuple[tuple[Path, int], ...]:
    paths = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    return tuple((path, path.stat().st_mtime_ns) for path in paths)


@lru_cache(maxsize=8)
def _book(bundled: tuple[tuple[Path, int], ...], own: tuple[tuple[Path, int], ...]) -> RuleBook:
    """Read anew only when a file came, went or changed. In the order of their names: a set extends those before it."""
    sets: list[RuleSet] = []
    for path, mine in (*((path, False) for path, _ in bundled), *((path, True) for path, _ in own)):
        sets.append(read_rule_set(path, own=mine, known=sets))
    return RuleBook(sets)
