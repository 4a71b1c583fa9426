"""Numbers as people write them: Indonesian (1.250.000,50) and plain (1250000.50), with tolerance, range and unit."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_SIGN = r"[-+−]?\s?"
_EXPONENT = r"(?:[eE][-+]?\d{1,3})?"
_NUMBER = (
    rf"{_SIGN}(?:[1-9]\d{{0,2}}(?:\.\d{{3}})+(?:,\d+)?|\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+(?:,\d+)?"
    rf"|\d{{1,3}}(?:,\d{{3}})+\.\d+|[1-9]\d{{0,2}}(?:,\d{{3}}){{2,}}|\d+(?:[.,]\d+)?|[.,]\d+){_EXPONENT}"
)
_ALONE = re.compile(_NUMBER)
_CURRENCY = re.compile(r"^(?:Rp\.?|IDR)\s*(?=[-+−]?\s?[\d.,])|(?<=\d),\s?[-–—]+$", re.IGNORECASE)  # "Rp1.250.000,-"
# A unit stands behind a space, or is a sign or small letters glued to the number: "30 hari", "5km", "12%", "37°C"; "12C" is text.
_UNIT = r"(\s*(?:%|‰|°\s?[A-Za-z]?)|\s*[a-zµμ][a-zµμ²³/]{0,11}|\s+[^\W\d][^\d|]{0,19}?)?"
_VALUE = re.compile(rf"({_NUMBER}){_UNIT}\s*(?:(?:±|\+/-|\+-)\s*({_NUMBER})\s*(%)?{_UNIT})?")
_RANGE = re.compile(rf"({_NUMBER})\s*(?:\.\.|…|s\.?d\.?|s/d|sampai|hingga)\s*({_NUMBER}){_UNIT}", re.IGNORECASE)
_INDONESIAN = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|[1-9]\d{0,2}(?:,\d{3}){2,}")
_PLAIN_TOO = re.compile(r"\d{1,3}\.\d{3}")
CLOSE = 1e-9


@dataclass(frozen=True, kw_only=True)
class Range:
    """The numbers from ``low`` to ``high`` are right. ``value`` is the middle the author wrote; None where a range was written."""

    low: float
    high: float
    value: float | None = None
    unit: str = ""

    def holds(self, number: float) -> bool:
        """Whether ``number`` lies in the range, allowing for the rounding of binary fractions (1e-9, relative)."""
        slack = CLOSE * max(1.0, abs(number))
        return self.low - slack <= number <= self.high + slack


def readings(text: str) -> tuple[float, ...]:
    """What ``text`` may say as a number, the Indonesian reading first; empty where it is none.

    Only one form is open to two readings: "1.250" is 1250 in Indonesian and 1.25 in plain writing. "0.125" and "1,250,000" are not:
    no group of thousands begins with 0, and no number has two decimal commas.
    """
    text = _CURRENCY.sub("", text.strip())
    if not _ALONE.fullmatch(text):
        return ()
    text = re.sub(r"\s", "", text).replace("−", "-")
    sign = -1.0 if text.startswith("-") else 1.0
    body, _, exponent = text.lstrip("+-").lower().partition("e")
    found: list[float] = []
    if _INDONESIAN.fullmatch(body):
        found.append(_float(body.replace(".", "").replace(",", "."), exponent))
        if _PLAIN_TOO.fullmatch(body):
            found.append(_float(body, exponent))
    elif _ENGLISH.fullmatch(body):
        found.append(_float(body.replace(",", ""), exponent))
    else:
        found.append(_float(body.replace(",", "."), exponent))
    return tuple(sign * number for number in found if math.isfinite(number))


def _float(body: str, exponent: str) -> float:
    return float(f"{body}e{exponent}") if exponent else float(body)


def number(text: str) -> float | None:
    """The number that an author wrote; None where ``text`` is none."""
    found = readings(text)
    return found[0] if found else None


def read_range(text: str) -> Range | None:
    """What an author gave as the right number: "= 30", "30 hari", "3,14 ± 0,01", "100 ± 5%", "10..20"; None where it is text."""
    text = _CURRENCY.sub("", text.strip().removeprefix("=").strip())
    match = _RANGE.fullmatch(text)
    if match:
        first, last = number(match[1]), number(match[2])
        if first is None or last is None:
            return None
        return Range(low=min(first, last), high=max(first, last), unit=(match[3] or "").strip())
    match = _VALUE.fullmatch(text)
    value = number(match[1]) if match else None
    if match is None or value is None:
        return None
    tolerance = abs(number(match[3]) or 0.0) if match[3] else 0.0
    if match[4]:
        tolerance *= abs(value) / 100
    if not math.isfinite(value + tolerance):
        return None
    return Range(low=value - tolerance, high=value + tolerance, value=value, unit=(match[2] or match[5] or "").strip())


def without_unit(text: str, unit: str) -> str:
    """An answer without the unit behind it, where the learner wrote one."""
    text = text.strip().rstrip(".").rstrip()
    if unit and text.casefold().endswith(unit.casefold()):
        return text[: -len(unit)].rstrip()
    return text


def answers_within(text: str, ranges: tuple[Range, ...], unit: str) -> bool:
    """Whether an answer, in any reading, lies in one of the ranges; the unit may be left out."""
    found = readings(without_unit(text, unit))
    return any(wanted.holds(reading) for wanted in ranges for reading in found)


def number_text(value: float) -> str:
    """A number in Indonesian writing, from 1e-6 to 1e15 without exponent: 1250000.5 -> "1.250.000,5"."""
    if value and not 1e-6 <= abs(value) < 1e15:
        return repr(value).replace(".", ",")
    whole, _, fraction = f"{abs(value):.12f}".partition(".")
    significant = repr(abs(value))
    if "e" not in significant:
        whole, _, fraction = significant.partition(".")
    fraction = fraction.rstrip("0")
    grouped = f"{int(whole):,}".replace(",", ".")
    return ("-" if value < 0 else "") + grouped + ("," + fraction if fraction else "")
