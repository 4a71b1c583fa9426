"""Courses to start from: each passes its own check, and shows each thing a trainer needs once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from string import Template

HEAD = """\
judul: $title
ringkasan: $summary
bahasa: id
jp: $hours
tingkat: dasar
kompetensi:
  - kode: pelayanan-publik
    level: 1
tujuan:
  - Menjelaskan …
  - Menerapkan …
penulis:
  - nama: $author
    organisasi: $organisation
organisasi: $organisation
lisensi: CC-BY-SA-4.0
urutan: bebas
lulus: 80%
"""

SHORT = {
    "01-pembuka/_bagian.md": """\
# Pembuka

Apa yang dipelajari di modul ini, dalam satu kalimat.
""",
    "01-pembuka/01-mengapa-ini-penting.md": """\
---
judul: Mengapa ini penting
menit: 15
---

Mulailah dengan satu kejadian nyata di meja pelayanan. Paragraf dipisah satu baris kosong.

> [!CONTOH]
> Bu Ratna menolak bingkisan dengan ramah, lalu mencatatnya.

![Tiga langkah: lihat, catat, laporkan](../media/langkah.svg)

## Soal 1: Apa langkah pertama?
<!-- id: langkah-1 -->

- (x) Melihat apa yang terjadi
- ( ) Melaporkan tanpa memeriksa
  > Laporan tanpa pemeriksaan sulit ditindaklanjuti.

Pembahasan: Yang dilihat sendiri dapat dicatat dengan benar.
""",
    "01-pembuka/02-langkah-di-meja-anda.md": """\
---
judul: Langkah di meja Anda
menit: 15
jenis: tugas
---

1. Pilih satu kejadian minggu ini.
2. Isi tabel berikut. (10 menit)

| Yang terjadi | Yang Anda lakukan | Yang lebih baik |
|---|---|---|
| | | |
""",
    "01-pembuka/03-tes-akhir.md": """\
---
judul: Tes akhir
menit: 15
jenis: kuis
tes: akhir
lulus: 80%
percobaan: 3
acak: soal, pilihan
---

## Soal 1: Mencatat kejadian dilakukan pada hari yang sama.
<!-- id: akhir-1 -->

Jawaban: Benar

Pembahasan: Ingatan berubah; catatan tidak.

## Soal 2: Mana yang perlu dicatat?
<!-- id: akhir-2 -->

- [x] Waktu dan tempat
- [x] Siapa yang hadir
- [ ] Dugaan tentang niat orang

Pembahasan: Catatan memuat yang terlihat, bukan yang diduga.
""",
    "media/langkah.svg": """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 200" role="img">
<title>Tiga langkah: lihat, catat, laporkan</title>
<rect width="720" height="200" fill="#ffffff"/>
<g font-family="sans-serif" font-size="30" text-anchor="middle" fill="#12324a">
<rect x="20" y="50" width="200" height="100" rx="14" fill="#dcebf5"/><text x="120" y="111">Lihat</text>
<rect x="260" y="50" width="200" height="100" rx="14" fill="#dcebf5"/><text x="360" y="111">Catat</text>
<rect x="500" y="50" width="200" height="100" rx="14" fill="#dcebf5"/><text x="600" y="111">Laporkan</text>
</g>
</svg>
""",
}

EMPTY = {
    "01-pembuka/_bagian.md": "# Pembuka\n\nApa yang dipelajari di modul ini, dalam satu kalimat.\n",
    "01-pembuka/01-pelajaran-pertama.md": "---\njudul: Pelajaran pertama\nmenit: 5\n---\n\nTulis di sini. Paragraf dipisah satu baris kosong.\n",
}

PRETEST = """\
---
judul: Tes awal
menit: 5
jenis: kuis
tes: awal
percobaan: 1
---

## Soal 1: Apa yang sudah Anda ketahui tentang hal ini?
<!-- id: awal-1 -->

- (x) Jawaban yang benar
- ( ) Jawaban yang sering dikira benar
  > Jelaskan mengapa banyak orang memilih ini.

Pembahasan: Tes awal tidak memengaruhi kelulusan.
"""

LESSON = """\
---
judul: $lesson
menit: 20
---

Mulailah dengan satu kejadian nyata. Satu gagasan per pelajaran, 600 sampai 900 kata.

> [!CONTOH]
> Bu Ratna menolak bingkisan dengan ramah, lalu mencatatnya.

## Soal 1: Apa langkah pertama?
<!-- id: $lesson_id-1 -->

- (x) Melihat apa yang terjadi
- ( ) Melaporkan tanpa memeriksa
  > Laporan tanpa pemeriksaan sulit ditindaklanjuti.

Pembahasan: Yang dilihat sendiri dapat dicatat dengan benar.
"""


def _three_modules() -> dict[str, str]:
    """Three JP as the guide counts them: reading, checks, a task at one's own desk, a test at either end."""
    files = {"01-mengenali/01-tes-awal.md": PRETEST}
    for number, name in enumerate(("mengenali", "menerapkan", "menilai"), 1):
        title = name.capitalize()
        files[f"{number:02}-{name}/_bagian.md"] = f"# {title}\n\nApa yang dipelajari di modul ini, dalam satu kalimat.\n"
        words = {"lesson": f"{title} dalam satu kejadian", "lesson_id": name}
        files[f"{number:02}-{name}/02-{name}-dalam-satu-kejadian.md"] = Template(LESSON).safe_substitute(words)
    task, test = (SHORT[f"01-pembuka/{name}"] for name in ("02-langkah-di-meja-anda.md", "03-tes-akhir.md"))
    files["03-menilai/03-langkah-di-meja-anda.md"] = task.replace("menit: 15", "menit: 45")
    files["03-menilai/04-tes-akhir.md"] = test.replace("menit: 15", "menit: 25")
    return files


STARTERS = {"singkat": (1, SHORT), "tiga-jp": (3, _three_modules()), "kosong": (1, EMPTY)}


PLACEHOLDERS = (
    "Satu atau dua kalimat tentang apa yang akan dikuasai peserta.",
    "Menjelaskan …",
    "Menerapkan …",
    "Apa yang dipelajari di modul ini, dalam satu kalimat.",
    "Mulailah dengan satu kejadian nyata",
    "Tulis di sini. Paragraf dipisah satu baris kosong.",
    "Jawaban yang sering dikira benar",
    "Nama Anda",
    "Instansi Anda",
)


def placeholders_in(text: str) -> Iterator[tuple[int, str]]:
    """(line, words) of everything that a course to start from only holds to be replaced."""
    for number, line in enumerate(text.split("\n"), 1):
        yield from ((number, words) for words in PLACEHOLDERS if words in line)


def starter_files(
    name: str,
    *,
    title: str,
    summary: str = "Satu atau dua kalimat tentang apa yang akan dikuasai peserta.",
    author: str = "Nama Anda",
    organisation: str = "Instansi Anda",
) -> dict[str, str]:
    """The files of the course to start from of that ``name`` (a key of ``STARTERS``), by their path. KeyError for another."""
    hours, files = STARTERS[name]
    given = {"title": title, "summary": summary, "author": author, "organisation": organisation}
    words = {key: _scalar(value) for key, value in given.items()} | {"hours": str(hours)}
    return {"course.yml": Template(HEAD).substitute(words)} | files


def _scalar(text: str) -> str:
    """The text as YAML holds it: in quotes only where it needs them."""
    plain = text and text[0].isalpha() and not any(sign in text for sign in (": ", " #", "\n", '"')) and not text.endswith((":", " "))
    return text if plain else json.dumps(text, ensure_ascii=False)
