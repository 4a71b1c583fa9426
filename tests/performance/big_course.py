"""A course of real size for measuring: lessons with tables, links, pictures and questions, each different from the other."""

from __future__ import annotations

import io
import random
from pathlib import Path

from PIL import Image

WORDS = (
    "pelayanan warga loket berkas aturan dokumen petugas kepala dinas kota anggaran data laporan jadwal rapat keputusan alasan "
    "penilaian hasil bukti masalah sebab akibat pilihan dampak keluhan janji waktu biaya hak kewajiban antrean permohonan"
).split()


def write_big_course(folder: Path, *, lessons: int = 100, questions: int = 500, seed: int = 1) -> None:
    """Write a course of ``lessons`` lessons in modules of ten, the ``questions`` spread over them, a photograph every fifth lesson."""
    chance = random.Random(seed)
    folder.mkdir(parents=True)
    (folder / "media").mkdir()
    head = f"judul: Pelatihan besar\nringkasan: Untuk mengukur.\njp: {max(1, lessons * 9 // 45)}\nlulus: 80%\n"
    (folder / "course.yml").write_text(head, "utf-8")
    for number in range(lessons):
        module = folder / f"{number // 10 + 1:02}-modul-{number // 10 + 1}"
        module.mkdir(exist_ok=True)
        if number % 5 == 0:
            (folder / "media" / f"foto-{number}.jpg").write_bytes(_photograph(seed * 1000 + number))
        text = lesson_text(number, chance, count=questions // lessons + (number < questions % lessons))
        (module / f"{number % 10 + 1:02}-pelajaran-{number}.md").write_text(text, "utf-8")


def lesson_text(number: int, chance: random.Random, *, count: int) -> str:
    """A lesson of about 600 words with ``count`` questions."""
    lines = ["---", f"judul: Pelajaran {number}", "menit: 9", "---", ""]
    for part in range(4):
        lines += [f"## Bagian {part + 1}", ""]
        lines += [_paragraph(chance) + "\n" for _ in range(3)]
        lines += ["- " + _sentence(chance) for _ in range(3)] + [""]
    lines += (
        ["| Langkah | Petugas | Waktu |", "|---|---|---|"] + [f"| {_few(chance)} | {_few(chance)} | {n} menit |" for n in range(4)] + [""]
    )
    lines += ["> [!CONTOH]", f"> {_paragraph(chance)}", ""]
    if number % 5 == 0:
        lines += [f"![Foto loket {number}](../media/foto-{number}.jpg)", ""]
    for question in range(count):
        lines += [f"## Soal {question + 1}: {_sentence(chance)}", f"<!-- id: s-{number}-{question} -->", ""]
        lines += [f"- ({'x' if option == 1 else ' '}) {_few(chance)} {option}" for option in range(4)]
        lines += ["", f"Pembahasan: {_sentence(chance)}", ""]
    return "\n".join(lines)


def _few(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=3))


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=12)).capitalize() + "."


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance) for _ in range(4))


def _photograph(seed: int) -> bytes:
    chance = random.Random(seed)
    small = Image.frombytes("RGB", (64, 48), chance.randbytes(64 * 48 * 3))
    out = io.BytesIO()
    small.resize((1600, 1200), Image.Resampling.BICUBIC).save(out, "JPEG", quality=88)
    return out.getvalue()
