"""Numbers, hours and dates as Indonesian official papers write them.

The names stand here and not in a locale library because a certificate printed again in ten years must be the same to the byte.
"""

from __future__ import annotations

from datetime import date

UNITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


def in_words(number: int) -> str:
    """``number`` from 0 to 9999 in words (``1105`` is "seribu seratus lima"); ``ValueError`` outside that range."""
    if not 0 <= number <= 9999:
        raise ValueError(f"Bilangan harus 0 sampai 9999, bukan {number}.")
    if number < 10:
        return UNITS[number]
    if number < 20:
        return {10: "sepuluh", 11: "sebelas"}.get(number) or f"{UNITS[number - 10]} belas"
    step, name = next((step, name) for step, name in ((1000, "ribu"), (100, "ratus"), (10, "puluh")) if number >= step)
    count, rest = divmod(number, step)
    head = f"se{name}" if count == 1 else f"{UNITS[count]} {name}"
    return f"{head} {in_words(rest)}" if rest else head


def hours_in_words(hours: int) -> str:
    """As a certificate says it: "3 (tiga) jam pelajaran"."""
    return f"{hours} ({in_words(hours)}) jam pelajaran"


def decimal(number: float) -> str:
    """A score with a decimal comma and at most two places: ``92.5`` is "92,5", ``90.0`` is "90"."""
    return f"{number:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def long_date(day: date) -> str:
    """ "4 Desember 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def period(start: date, end: date) -> str:
    """From ``start`` to ``end`` without saying a month or year twice: "1–4 Desember 2026", "28 November–4 Desember 2026"."""
    if start == end:
        return long_date(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{long_date(end)}"
    if start.year == end.year:
        return f"{start.day} {MONTHS[start.month - 1]}–{long_date(end)}"
    return f"{long_date(start)}–{long_date(end)}"
