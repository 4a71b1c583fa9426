"""What one rule set says otherwise than another, line by line: for who must know what their region changed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .rules import Cap, Duty, Form, RuleBook, RuleSet

PARTS = ("title", "group", "unit", "national", "international", "cap")
Value = Form | Cap | Duty | Decimal | str | int | None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One value that differs. ``code`` is a form's, or the staff kind of a duty; ``part`` one of ``PARTS``, "form" (all of it came or
    went), "duty" or "minutes"; None stands for what one side does not have."""

    code: str
    title: str
    part: str
    before: Value
    after: Value


def base_of(rules: RuleSet, book: RuleBook) -> RuleSet | None:
    """What a site's own set is laid beside: the set it extends, else the bundled one in force when it begins."""
    if rules.extends:
        return book.get(rules.extends)
    return RuleBook(one for one in book.sets if not one.own).on(rules.valid_from) if rules.own else None


def differences(base: RuleSet, rules: RuleSet) -> list[Difference]:
    """All that ``rules`` changes of ``base``: forms in the order of their codes, then duties, then the minutes of a JP."""
    found = []
    for code in sorted({*base.forms, *rules.forms}, key=_place):
        old, new = base.forms.get(code), rules.forms.get(code)
        title = new.title if new else old.title if old else ""
        parts = PARTS if old and new else ("form",)
        for part in parts:
            before, after = (old, new) if part == "form" else (getattr(old, part), getattr(new, part))
            if before != after:
                found.append(Difference(code=code, title=title, part=part, before=before, after=after))
    for kind in dict.fromkeys(kind for duty in (*base.duties, *rules.duties) for kind in duty.kinds):
        old_duty, new_duty = base.duty(kind), rules.duty(kind)
        if _asks(old_duty) != _asks(new_duty):
            found.append(Difference(code=kind, title="", part="duty", before=old_duty, after=new_duty))
    if base.jp_minutes != rules.jp_minutes:
        found.append(Difference(code="", title="", part="minutes", before=base.jp_minutes, after=rules.jp_minutes))
    return found


def _place(code: str) -> tuple[str, int, str]:
    """C9 before C10."""
    letters = code.rstrip("0123456789")
    digits = code[len(letters) :]
    return letters, int(digits or 0), code


def _asks(duty: Duty | None) -> tuple[str, Decimal, str] | None:
    return (duty.sense, duty.jp, duty.period) if duty else None
