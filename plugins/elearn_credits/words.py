"""Rules in the reader's words: units, caps, duties, what differs, how sure a basis is."""

from __future__ import annotations

from decimal import Decimal

from elearn import gettext as _
from elearn import say_date, say_number

from .rule_differences import Difference, Value
from .rules import Basis, Cap, Duty, Form


def number(value: Decimal) -> str:
    """2,4"""
    return say_number(float(value), 2)


def unit_words(unit: str) -> str:
    """The unit of a form: hari, kali, semester or JP."""
    return {"semester": _("semester"), "jp": "JP", "day": _("hari"), "occasion": _("kali")}.get(unit, unit)


def group_words(group: str) -> str:
    """The group of a form."""
    return {"klasikal": _("klasikal"), "nonklasikal": _("nonklasikal"), "pendidikan": _("pendidikan")}.get(group, group)


def cap_words(cap: Cap | None, *, international: bool = False) -> str:
    """3 JP / hari; "" where there is no cap."""
    if cap is None:
        return ""
    what = "JP" if cap.of == "jp" else _("kali")
    return f"{number(cap.limit(international=international))} {what} / {_('hari') if cap.per == 'day' else _('bulan')}"


def duty_words(duty: Duty) -> str:
    """Paling sedikit 20 JP setahun"""
    if duty.sense == "floor":
        return _("Paling sedikit %(jp)s JP setahun", jp=number(duty.jp))
    return _("Paling banyak %(jp)s JP setahun masa perjanjian kerja", jp=number(duty.jp))


def certainty_words(basis: Basis) -> str:
    """How sure the basis is."""
    return {
        "text": _("dibaca di teks peraturannya"),
        "secondary": _("menurut sumber lain"),
        "general": _("pengetahuan umum, sumbernya belum dilihat"),
        "own": _("ketentuan atau tafsir sendiri"),
    }[basis.certainty]


def basis_words(basis: Basis) -> str:
    """The law, how sure it is, where it was read and when, in one line."""
    told = [certainty_words(basis), basis.source, _("per %(day)s", day=say_date(basis.as_of))]
    return f"{basis.law} ({', '.join(part for part in told if part)})"


def part_words(difference: Difference) -> str:
    """What of it differs."""
    return {
        "form": _("bentuk kegiatan"),
        "title": _("nama"),
        "group": _("kelompok"),
        "unit": _("satuan"),
        "national": _("JP per satuan"),
        "international": _("JP per satuan, internasional"),
        "cap": _("batas"),
        "duty": _("target setahun"),
        "minutes": _("menit per JP"),
    }[difference.part]


def value_words(part: str, value: Value) -> str:
    """One side of a difference; – for what is not there."""
    if value is None or value == "":
        return "–"
    if isinstance(value, Cap):
        at_home, abroad = cap_words(value), cap_words(value, international=True)
        return at_home if at_home == abroad else _("%(home)s; internasional %(abroad)s", home=at_home, abroad=abroad)
    if isinstance(value, Duty):
        return duty_words(value)
    if isinstance(value, Form):
        return f"{number(value.national)} JP / {unit_words(value.unit)}"
    if isinstance(value, Decimal):
        return number(value)
    return {"unit": unit_words, "group": group_words}.get(part, str)(str(value))
