"""HTML that an author wrote into a text: what acts is refused with its name, and what would vanish is pointed out.

The sanitisers take it all out whatever is said here (see ``policy``); this tells the author, who otherwise would see words disappear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from elearn.content import policy

ACTIVE = policy.DROPPED | set("applet base button form frame frameset link meta option select".split())
OPENED = re.compile(r"<([a-zA-Z][\w:-]*)((?:\s|/)[^<>]*)?>")
HANDLER = re.compile(r"(?:[\s/\"'])(on[a-z]{3,30})\s*=", re.IGNORECASE)
HREF = re.compile(r"""href\s*=\s*["']?\s*([^"'\s>]{1,200})""", re.IGNORECASE)
MOST = 10
FAULTS = {
    "M08": "“<{tag}>” tidak diizinkan di pelajaran.",
    "M09": "Gambar yang ditulis sebagai HTML tidak tampil.",
    "M10": "Atribut “{name}” menjalankan skrip; itu tidak diizinkan.",
    "M11": "Alamat “{target}” tidak diizinkan.",
    "M12": "“<{tag}>” terbaca sebagai tag HTML, jadi tidak tampil.",
}
REMEDIES = {
    "M08": "Hapus. Video: tulis alamatnya saja pada satu baris. Contoh kode: di antara tanda `…`.",
    "M09": "Tulis ![teks pengganti](../media/gambar.png).",
    "M10": "Hapus atribut itu.",
    "M11": "Pakai https://, mailto:, atau tel:.",
    "M12": "Tulis \\<{tag}>, atau taruh di antara tanda `…`; bila memang HTML, hapus.",
}
Fault = tuple[str, str, dict[str, str]]


def acts(address: str) -> bool:
    """Whether an address runs something or carries a page in itself, or leads into the reader's own machine."""
    scheme = re.sub(r"[\s\0-\x1f]", "", address.partition(":")[0]).casefold()
    return ":" in address and scheme in ("javascript", "vbscript", "data", "file")


def faults(pieces: Iterable[object]) -> Iterator[Fault]:
    """The faults of pieces of raw HTML, each once: (code, where it stands, values)."""
    told: set[tuple[str, str]] = set()
    for found in (match for piece in pieces if isinstance(piece, str) for match in OPENED.finditer(piece)):
        for code, near, values in _of_tag(found[0], found[1].casefold(), found[2] or ""):
            key = (code, next(iter(values.values()), ""))
            if key not in told and len(told) < MOST:
                told.add(key)
                yield code, near, values


def _of_tag(tag: str, name: str, rest: str) -> Iterator[Fault]:
    near = f"<{tag[1 : len(name) + 1]}"
    if name in ACTIVE:
        yield "M08", near, {"tag": name[:40]}
    elif name == "img":
        yield "M09", near, {}
    elif name not in policy.TAGS:
        yield "M12", near, {"tag": name[:40]}
    yield from (("M10", near, {"name": handler}) for handler in HANDLER.findall(rest))
    yield from (("M11", near, {"target": address[:80]}) for address in HREF.findall(rest) if acts(address))
