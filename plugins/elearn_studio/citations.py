"""Citations of regulations, known however people write them: "PerKPK 1/2026 ps. 2", "Pasal 2 Peraturan KPK Nomor 1 Tahun 2026". Pure."""

from __future__ import annotations

import re

WORD = re.compile(r"[0-9]+|[^\W\d_]+")
SILENT = frozenset({"no", "nomor", "nomer", "tahun", "ri", "jo"})
SHORT = (  # the longer first: one holds the other
    ("peraturan pemerintah pengganti undang undang", "perppu"),
    ("undang undang", "uu"),
    ("peraturan pemerintah", "pp"),
    ("peraturan presiden", "perpres"),
    ("keputusan presiden", "keppres"),
    ("instruksi presiden", "inpres"),
    ("peraturan menteri", "permen"),
    ("keputusan menteri", "kepmen"),
    ("surat edaran", "se"),
    ("peraturan daerah", "perda"),
    ("peraturan gubernur", "pergub"),
    ("peraturan bupati", "perbup"),
    ("peraturan wali kota", "perwali"),
    ("peraturan walikota", "perwali"),
    ("peraturan komisi pemberantasan korupsi", "perkpk"),
    ("peraturan", "per"),
    ("pasal", "ps"),
)
TITLE = re.compile(r"\btentang\b.*?(?=\b(?:ps|pasal) \d|$)")
ARTICLE = re.compile(r"^((?:ps|ayat|huruf|angka) (?:\d+(?: [a-z](?= |$))?|[a-z]) )+")


def key_of(name: str) -> str:
    """A citation without what people write differently: the kind of regulation in one short word, its number, its year, then articles."""
    text = " ".join(word for word in WORD.findall(name.casefold()) if word not in SILENT)
    text = TITLE.sub("", text).strip()
    for long, short in SHORT:
        text = re.sub(rf"\b{long}\b", short, text)
    article = ARTICLE.match(text + " ")
    if article and article.end() < len(text):
        text = f"{text[article.end() :]} {article[0].strip()}"  # "Pasal 36 UU 25/2009"
    head = re.match(r"[^\d]+", text)
    if head and not text.startswith("ps "):
        text = head[0].replace(" ", "") + " " + text[head.end() :]
    return text.strip()[:200]


def cites(citation: str, key: str) -> bool:
    """Whether a citation names the regulation, with or without articles after it."""
    own = key_of(citation)
    return bool(key) and (own == key or own.startswith(key + " "))
