"""Certificate numbers, check codes, and how much of a holder strangers may see."""

from __future__ import annotations

import re
import secrets
from string import Formatter

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: without I, L, O and U
BITS = 128
LENGTH = -(-BITS // 5)
GROUPS = (5, 5, 5, 5, 6)
LOOKALIKES = str.maketrans("OIL", "011")
FIELDS = ("serial", "programme", "unit", "year")


def format_number(template: str, *, serial: int, programme: str, unit: str, year: int) -> str:
    """A certificate's number by the office's own pattern.

    ``template`` is text with ``{serial}``, ``{programme}``, ``{unit}`` and ``{year}``; ``{serial:6}`` and ``{serial:06}`` both fill up
    with zeros to six digits. ``ValueError`` names what is wrong with a template: a field that does not exist, a form that is no width, a
    brace that is not closed, or no ``{serial}`` or ``{year}``, without which numbers would come twice.
    """
    values = {"serial": str(serial), "programme": programme, "unit": unit, "year": str(year)}
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise ValueError(f"Kurung kurawal pada pola nomor {template!r} tidak berpasangan.") from error
    number = ""
    seen = set()
    for text, name, form, conversion in parts:
        number += text
        if name is None:
            continue
        if name not in values:
            raise ValueError(f"Pola nomor memuat {{{name}}} yang tidak dikenal. Yang ada: {', '.join(f'{{{known}}}' for known in FIELDS)}.")
        if conversion or not re.fullmatch(r"(0?[1-9]\d?)?" if name == "serial" else "", form or ""):
            raise ValueError(
                f"Bentuk {{{name}:{form}}} pada pola nomor tidak dikenal. Hanya {{serial}} yang berlebar, misalnya {{serial:06}}."
            )
        number += values[name].zfill(int(form or 0))
        seen.add(name)
    if "serial" not in seen:
        raise ValueError("Pola nomor harus memuat {serial}; tanpa itu semua sertifikat bernomor sama.")
    if "year" not in seen:
        raise ValueError("Pola nomor harus memuat {year}; nomor urut mulai lagi dari satu setiap tahun.")
    return number


def check_code() -> str:
    """A new code that nobody can guess: 128 random bits in Crockford's base 32, in groups that can be read out over a telephone."""
    number = secrets.randbits(BITS)
    return _grouped("".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5)))


def tidy_code(text: str) -> str:
    """The code somebody typed, as ``check_code`` writes it; "" if it cannot be one.

    Forgives case, spaces, any dash, O for 0, and I or L for 1.
    """
    code = re.sub(r"[\s\-\u2010-\u2015\u2212]", "", text).upper().translate(LOOKALIKES)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return ""
    return _grouped(code)


def _grouped(code: str) -> str:
    groups, start = [], 0
    for size in GROUPS:
        groups.append(code[start : start + size])
        start += size
    return "-".join(groups)


def mask_name(name: str) -> str:
    """Enough of a name to compare with the paper in one's hand: "Sari Wahyuni, S.Sos." is "Sari W.".

    Titles behind the comma are dropped; what comes before the first full name ("Dr.", "M.") stays. A single name, which many
    Indonesians have, keeps three letters.
    """
    words = name.split(",")[0].split()
    given = next((place for place, word in enumerate(words) if not word.endswith(".")), 0)
    if not words:
        return ""
    if given == len(words) - 1:
        return " ".join([*words[:given], f"{words[given][:3]}•••"])
    return " ".join(words[: given + 1] + [word[0] + "." for word in words[given + 1 :]])


def mask_nip(number: str) -> str:
    """A NIP for strangers: birth month and day and the appointment hidden, "1986•••• •••••• 1 001"; any other number all but hidden."""
    digits = re.sub(r"[\s.\-]", "", number)
    if len(digits) != 18:
        return "•" * max(len(digits) - 3, 0) + digits[-3:] if len(digits) > 6 else "•" * len(digits)
    return f"{digits[:4]}•••• •••••• {digits[14]} {digits[15:]}"


def spaced_nip(number: str) -> str:
    """A NIP as papers print it, "19860926 201505 1 001"; any other number as it came."""
    digits = re.sub(r"[\s.\-]", "", number)
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}" if len(digits) == 18 and digits.isdigit() else number
