"""How a quiz is run, from the front matter of its file: every key by its Indonesian and its English name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any, Literal

from elearn_quizzes.faults import Problem, fault
from elearn_quizzes.keywords import NO, YES
from elearn_quizzes.numbers import number, number_text

Result = Literal["best", "last", "first", "average"]
Test = Literal["", "pre", "post"]
RESULTS: dict[str, Result] = {
    "terbaik": "best", "terakhir": "last", "pertama": "first", "rata-rata": "average",
    "best": "best", "last": "last", "first": "first", "average": "average",
}  # fmt: skip
TESTS: dict[str, Test] = {"awal": "pre", "akhir": "post", "pre": "pre", "post": "post"}
SHUFFLES = {"soal": "questions", "questions": "questions", "pilihan": "options", "options": "options"}
KEYS = {
    "title": ("judul", "title"),
    "pass_mark": ("lulus", "pass"),
    "attempts": ("percobaan", "attempts"),
    "seconds": ("waktu", "time"),
    "draw": ("ambil", "draw"),
    "shuffle": ("acak", "shuffle"),
    "practice": ("latihan", "practice"),
    "test": ("tes", "test"),
    "pause": ("jeda", "cool-down", "cooldown"),
    "result": ("nilai", "grade"),
    "opens": ("dibuka", "opens"),
    "closes": ("ditutup", "closes"),
    "blind": ("tanpa-nama", "blind"),
    "second": ("penilai-kedua", "second-marker"),
}
REMEDIES = {
    "pass_mark": "Tulis persen, misalnya “lulus: 70%”.",
    "attempts": "Tulis angka 1 atau lebih, misalnya “percobaan: 2”, atau hapus barisnya bila tidak dibatasi.",
    "seconds": "Tulis lama pengerjaan, misalnya “waktu: 20 menit” atau “waktu: 1 jam 30 menit”.",
    "draw": "Tulis banyaknya soal yang diambil, misalnya “ambil: 8”.",
    "shuffle": "Tulis “acak: soal, pilihan”, salah satunya, atau “acak: tidak”.",
    "practice": "Tulis “ya” atau “tidak”.",
    "test": "Tulis “tes: awal” atau “tes: akhir”.",
    "pause": "Tulis jeda antar-percobaan, misalnya “jeda: 1 hari”.",
    "result": "Tulis terbaik, terakhir, pertama, atau rata-rata.",
    "opens": "Tulis tanggal dan jam, misalnya “dibuka: 2026-12-01 08:00 WIB”.",
    "closes": "Tulis tanggal dan jam, misalnya “ditutup: 4 Desember 2026 16.00 WIB”.",
    "blind": "Tulis “ya” atau “tidak”.",
    "second": "Tulis “ya” atau “tidak”.",
}
UNITS = {
    "detik": 1, "second": 1, "seconds": 1, "menit": 60, "minute": 60, "minutes": 60, "jam": 3600, "hour": 3600, "hours": 3600,
    "hari": 86400, "day": 86400, "days": 86400,
}  # fmt: skip
ZONES = {"wib": 7, "wita": 8, "wit": 9}
MONTHS = (
    "januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november", "desember",
)  # fmt: skip
_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z]+)?")
_CLOCK = r"(?:[T ]+(?:pukul |jam )?(\d{1,2})[.:](\d{2})(?:[.:]\d{2})?\s*(wib|wita|wit|z|utc|[+-]\d{2}:\d{2})?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_CLOCK}", re.IGNORECASE)
_SPOKEN = re.compile(rf"(\d{{1,2}}) ([a-z]+) (\d{{4}}),?{_CLOCK}", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a quiz is run.

    ``pass_mark`` is a share from 0 to 1, None for no mark to reach; ``attempts`` 0 is without limit; ``seconds`` is the time for one
    attempt, ``pause`` the time between two, 0 for none; ``draw`` is how many questions are asked, None for all; ``test`` names the pre-
    or post-test of a course; ``opens`` and ``closes`` are UTC in ISO form ("2026-12-01T01:00:00+00:00"), "" for always. A ``practice`` quiz
    counts for nothing and may show its keys at once. What people mark is marked ``blind`` to names, and by a ``second`` grader, if set.
    """

    title: str = ""
    pass_mark: float | None = None
    attempts: int = 0
    seconds: int = 0
    draw: int | None = None
    shuffle_questions: bool = False
    shuffle_options: bool = False
    practice: bool = False
    test: Test = ""
    pause: int = 0
    result: Result = "best"
    opens: str = ""
    closes: str = ""
    blind: bool = False
    second: bool = False

    @property
    def opens_at(self) -> datetime | None:
        """When it opens; None for always open."""
        return datetime.fromisoformat(self.opens) if self.opens else None

    @property
    def closes_at(self) -> datetime | None:
        """When it closes; None for never."""
        return datetime.fromisoformat(self.closes) if self.closes else None


def read_settings(meta: Mapping[str, Any]) -> tuple[Settings, list[Problem]]:
    """The settings that front matter gives, and what in it cannot be read; what cannot be read keeps its default.

    Keys are in lower case; hyphens and underscores are alike. Keys of others are left alone.
    """
    given = {str(key).lower().replace("_", "-"): value for key, value in meta.items()}
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, words in KEYS.items():
        word = next((word for word in words if word in given), None)
        if word is None or given[word] is None or given[word] == "":
            continue
        try:
            values.update(_READ[name](given[word]))
        except (ValueError, OverflowError):
            problems.append(
                fault("S30", "“{key}: {value}” tidak dapat dibaca.", REMEDIES.get(name, ""), line=1, key=word, value=_shown(given[word]))
            )
    settings = Settings(**values)
    if settings.opens and settings.closes and settings.closes <= settings.opens:
        problems.append(fault("S31", "Kuis ditutup sebelum dibuka.", "Periksa tanggal “dibuka” dan “ditutup”.", line=1))
    return settings, problems


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if not isinstance(value, str | int | float):
        raise ValueError
    return " ".join(str(value).split())


def _yes(value: Any) -> bool:
    word = _word(value).casefold()
    if word not in YES | NO:
        raise ValueError
    return word in YES


def _share(value: Any) -> float:
    word = _word(value)
    found = number(word.removesuffix("%"))
    if found is None:
        raise ValueError
    share = found / 100 if word.endswith("%") or found > 1 else found
    if not 0 <= share <= 1:
        raise ValueError
    return round(share, 6)


def _count(value: Any) -> int:
    word = _word(value).casefold().removesuffix("kali").removesuffix("soal").strip()
    if not re.fullmatch(r"\d{1,4}", word) or int(word) < 1:
        raise ValueError
    return int(word)


def _duration(value: Any) -> int:
    """Seconds from "20 menit", "1 jam 30 menit", "90" (minutes)."""
    word = _word(value).casefold()
    if _PART.sub("", word).replace("dan", "").strip(" ,"):
        raise ValueError
    seconds = 0.0
    for amount, unit in _PART.findall(word):
        if unit and unit not in UNITS:
            raise ValueError
        seconds += (number(amount) or 0) * UNITS[unit or "menit"]
    if not 0 < seconds <= 400 * 86400:
        raise ValueError
    return round(seconds)


def _shuffle(value: Any) -> dict[str, bool]:
    words = (
        [_word(item).casefold() for item in value] if isinstance(value, list) else re.split(r"[,\s]+(?:dan\s+)?", _word(value).casefold())
    )
    if len(words) == 1 and words[0] in YES | NO:
        return {"shuffle_questions": words[0] in YES, "shuffle_options": words[0] in YES}
    if not words or any(word not in SHUFFLES for word in words):
        raise ValueError
    return {f"shuffle_{SHUFFLES[word]}": True for word in words}


def _choice(value: Any, choices: Mapping[str, str]) -> str:
    word = _word(value).casefold().removeprefix("tes ").replace("rata rata", "rata-rata")
    if word not in choices:
        raise ValueError
    return choices[word]


def read_moment(value: Any, *, end_of_day: bool) -> str:
    """A moment in UTC; without a zone it is WIB (UTC+7). A day alone is its first or its last minute."""
    word = _word(value)
    match = _ISO.fullmatch(word)
    if match:
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    else:
        match = _SPOKEN.fullmatch(word)
        if match is None or match[2].casefold() not in MONTHS:
            raise ValueError
        year, month, day = int(match[3]), MONTHS.index(match[2].casefold()) + 1, int(match[1])
    clock = time(int(match[4]), int(match[5])) if match[4] else time(23, 59, 59) if end_of_day else time(0, 0)
    local = datetime.combine(datetime(year, month, day), clock, tzinfo=_zone((match[6] or "wib").casefold()))
    return local.astimezone(UTC).isoformat()


def _zone(word: str) -> timezone:
    if word in ZONES:
        return timezone(timedelta(hours=ZONES[word]))
    if word in ("z", "utc"):
        return UTC
    sign = -1 if word[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(word[1:3]), minutes=int(word[4:6])))


_READ: dict[str, Callable[[Any], dict[str, Any]]] = {
    "title": lambda value: {"title": _word(value)[:160]},
    "pass_mark": lambda value: {"pass_mark": _share(value)},
    "attempts": lambda value: {"attempts": _count(value)},
    "seconds": lambda value: {"seconds": _duration(value)},
    "draw": lambda value: {"draw": _count(value)},
    "shuffle": _shuffle,
    "practice": lambda value: {"practice": _yes(value)},
    "test": lambda value: {"test": _choice(value, TESTS)},
    "pause": lambda value: {"pause": _duration(value)},
    "result": lambda value: {"result": _choice(value, RESULTS)},
    "opens": lambda value: {"opens": read_moment(value, end_of_day=False)},
    "closes": lambda value: {"closes": read_moment(value, end_of_day=True)},
    "blind": lambda value: {"blind": _yes(value)},
    "second": lambda value: {"second": _yes(value)},
}


def written_settings(settings: Settings) -> dict[str, str]:
    """The settings as front matter, Indonesian key to text; what keeps its default is left out. ``read_settings`` reads them back."""
    shuffled = [word for word, on in (("soal", settings.shuffle_questions), ("pilihan", settings.shuffle_options)) if on]
    written = {
        "judul": settings.title,
        "lulus": f"{number_text(round(settings.pass_mark * 100, 4))}%" if settings.pass_mark is not None else "",
        "percobaan": str(settings.attempts or ""),
        "waktu": _written_duration(settings.seconds),
        "ambil": str(settings.draw or ""),
        "acak": ", ".join(shuffled),
        "latihan": "ya" if settings.practice else "",
        "tes": {"pre": "awal", "post": "akhir", "": ""}[settings.test],
        "jeda": _written_duration(settings.pause),
        "nilai": {"best": "", "last": "terakhir", "first": "pertama", "average": "rata-rata"}[settings.result],
        "dibuka": settings.opens,
        "ditutup": settings.closes,
        "tanpa-nama": "ya" if settings.blind else "",
        "penilai-kedua": "ya" if settings.second else "",
    }
    return {key: value for key, value in written.items() if value}


def _written_duration(seconds: int) -> str:
    parts = []
    for word, size in (("hari", 86400), ("jam", 3600), ("menit", 60), ("detik", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {word}")
    return " ".join(parts)
