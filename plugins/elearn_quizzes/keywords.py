"""The words that carry meaning at the start of a line ("Jawaban: …"), and the words their values may be, in Indonesian and English."""

from __future__ import annotations

import re

WORDS = {
    "answer": ("jawaban", "kunci", "kunci jawaban", "answer"),
    "explanation": ("pembahasan", "explanation"),
    "hint": ("petunjuk", "hint"),
    "hint_cost": ("biaya petunjuk", "biaya-petunjuk", "hint cost", "hint-cost"),
    "parameters": ("parameter", "parameters"),
    "points": ("poin", "skor", "points"),
    "competencies": ("kompetensi", "competency", "competencies"),
    "tags": ("tag", "tags"),
    "legal_basis": ("dasar", "dasar hukum", "legal basis"),
    "order": ("urutkan", "order"),
    "match": ("pasangkan", "match"),
    "rubric": ("rubrik", "rubric"),
    "type": ("tipe", "type"),
    "grading": ("penilaian", "grading"),
    "shuffle": ("acak", "shuffle"),
    "unit": ("satuan", "unit"),
    "words": ("kata", "words"),
    "level": ("tingkat", "level"),
    "if_right": ("jika-benar", "jika benar", "if-correct", "if correct"),
    "if_wrong": ("jika-salah", "jika salah", "if-wrong", "if wrong"),
    "draw": ("ambil", "draw"),
    "source": ("sumber", "source"),
}
KEYWORDS = {word: name for name, words in WORDS.items() for word in words}
CANONICAL = {name: words[0].capitalize() for name, words in WORDS.items()}
GROUP_ONLY = frozenset({"draw", "source"})

_WORD = "|".join(re.escape(word).replace(r"\ ", " +") for word in sorted(KEYWORDS, key=len, reverse=True))
_LINE = re.compile(rf"^ {{0,3}}(?:\*\*|__)?({_WORD})(?:\*\*|__)?\s*:(?:\*\*|__)?(?:\s+|$)(.*)$", re.IGNORECASE)

# "" stands for a form that shows by itself (boxes, =>, [[…]]): naming it is allowed and changes nothing.
TYPES = {
    "esai": "essay", "essay": "essay", "uraian": "essay",
    "unggah": "upload", "upload": "upload",
    "survei": "survey", "survey": "survey", "angket": "survey",
    "isian": "short", "teks": "short", "text": "short", "short": "short",
    "angka": "number", "number": "number", "numerik": "number",
    "pilihan": "", "pilihan ganda": "", "benar-salah": "", "benar salah": "", "menjodohkan": "", "urutan": "", "rumpang": "",
}  # fmt: skip
TYPE_WORDS = {"essay": "esai", "upload": "unggah", "survey": "survei", "short": "isian", "number": "angka"}
TRUTH = {"benar": True, "betul": True, "true": True, "salah": False, "false": False}
YES = frozenset({"ya", "yes", "true", "benar", "1"})
NO = frozenset({"tidak", "no", "false", "salah", "0"})
ALL_OR_NOTHING = {"semua": True, "all": True, "sebagian": False, "partial": False}


def keyword(text: str) -> tuple[str, str] | None:
    """The keyword a line begins with (its English name) and the rest of the line; None where it has none.

    Bold marks round the word are ignored: "**Jawaban:** B" reads as "Jawaban: B".
    """
    if ":" not in text:
        return None
    match = _LINE.match(text)
    return (KEYWORDS[re.sub(r" +", " ", match[1].lower())], match[2].strip()) if match else None


def truth(text: str) -> bool | None:
    """What "Benar" or "Salah" says; None for any other word."""
    return TRUTH.get(text.strip().rstrip(".").casefold())
