"""The civil servant's number: reading it as people write it, checking its parts, showing it with its private parts hidden.

NIP: birth date (8 digits), month of first appointment (6), sex (1), serial (3). NI PPPK has the same length with another
middle. Neither has a check digit. Layout after Perka BKN 22/2007 and 43/2007 as reported by the press, per November 2026.
"""

from __future__ import annotations

import re
from datetime import date

from elearn.errors import Refused

PNS = re.compile(r"(?P<birth>(19|20)\d{6})(?P<year>(19|20)\d{2})(?P<month>0[1-9]|1[0-2])[12](?P<serial>\d{3})")
PPPK = re.compile(r"(?P<birth>(19|20)\d{6})(?P<year>20\d{2})(?P<month>\d{2})[12](?P<serial>\d{3})")
ROUNDED = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)  # as spreadsheets show a long number


def tidy_nip(text: str) -> str:
    """The digits alone: spaces, dots and dashes that people type are dropped."""
    return re.sub(r"[\s.\-]", "", text)


def looks_like_nip(text: str) -> bool:
    """Whether somebody meant to type a number rather than an e-mail address."""
    return tidy_nip(text).isdigit()


def check_nip(text: str) -> str:
    """The 18 digits of a well-formed NIP or NI PPPK; raises ``Refused`` with a sentence that says what is wrong."""
    digits = tidy_nip(text)
    if ROUNDED.fullmatch(text.strip()):
        raise Refused("nip_rounded", "NIP ini dibulatkan oleh lembar kerja. Jadikan kolomnya teks, lalu isi lagi.")
    if not digits.isdigit() or not digits.isascii():
        raise Refused("nip_digits", "NIP hanya berisi angka.")
    if len(digits) != 18:
        raise Refused("nip_length", "NIP harus 18 angka. Anda mengetik {count} angka.", count=len(digits))
    match = PNS.fullmatch(digits) or PPPK.fullmatch(digits)
    if not match:
        raise Refused("nip_parts", "Susunan NIP tidak dikenali. Periksa tahun, bulan, dan angka jenis kelamin.")
    if match["serial"] == "000":
        raise Refused("nip_serial", "Tiga angka terakhir NIP tidak boleh 000.")
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError as error:
        raise Refused("nip_birth", "Delapan angka pertama NIP bukan tanggal lahir yang benar.") from error
    return digits


def nip_doubts(digits: str) -> str | None:
    """A warning about a well-formed number that looks odd (old records have errors, so this never refuses); None if all is well."""
    if int(digits[8:12]) - int(digits[:4]) < 17:
        return "Tahun pengangkatan kurang dari 17 tahun sesudah tahun lahir."
    return None


def spaced_nip(digits: str) -> str:
    """As it is printed: 19860926 201505 1 001."""
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}" if len(digits) == 18 else digits


def masked_nip(digits: str) -> str:
    """As strangers may see it: the year of birth and the serial only."""
    return f"{digits[:4]}•••• •••••• {digits[14]} {digits[15:]}" if len(digits) == 18 else "•" * len(digits)
