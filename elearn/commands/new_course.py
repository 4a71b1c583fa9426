"""Writes a course to start from: it passes its own check, and shows each thing a trainer needs once."""

from __future__ import annotations

from pathlib import Path
from string import Template

from elearn.errors import SettingError

FILES = {
    "course.yml": """\
judul: $title
ringkasan: Satu atau dua kalimat tentang apa yang akan dikuasai peserta.
bahasa: id
jp: 1
tingkat: dasar
kompetensi:
  - kode: pelayanan-publik
    level: 1
tujuan:
  - Menjelaskan …
  - Menerapkan …
penulis:
  - nama: Nama Anda
    organisasi: Instansi Anda
organisasi: Instansi Anda
lisensi: CC-BY-SA-4.0
urutan: bebas
lulus: 80%
""",
    "01-pembuka/_bagian.md": "# Pembuka\n\nApa yang dipelajari di modul ini, dalam satu kalimat.\n",
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


def write_course(folder: Path) -> None:
    """Write the course into ``folder``, which must not exist or be empty; its name becomes the course's slug."""
    if folder.exists() and any(folder.iterdir()):
        raise SettingError(f"{folder} is not empty")
    words = {"title": folder.name.replace("-", " ").capitalize()}
    for name, text in FILES.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(text).safe_substitute(words), "utf-8")
