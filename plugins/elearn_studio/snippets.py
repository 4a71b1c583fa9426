"""What one inserts instead of remembering how it is written: a heading, a table, a question."""

from __future__ import annotations

SNIPPETS = {
    "judul": "## Judul bagian\n\nTulis isinya di sini.",
    "daftar": "- Butir pertama\n- Butir kedua\n- Butir ketiga",
    "tabel": "| Langkah | Petugas | Waktu |\n|---|---|---|\n| Menerima berkas | Loket | 5 menit |\n| Memeriksa berkas | Verifikator | 10 menit |",
    "kotak": "> [!CONTOH]\n> Tulis contohnya di sini.",
    "pilihan": (
        "## Soal: Tulis pertanyaannya di sini?\n\n- (x) Jawaban yang benar\n- ( ) Jawaban yang lain\n- ( ) Jawaban yang lain lagi\n\n"
        "Pembahasan: Jelaskan mengapa."
    ),
    "benar-salah": "## Soal: Tulis pernyataannya di sini.\n\nJawaban: Benar\n\nPembahasan: Jelaskan mengapa.",
}
PIECES = (
    "Judul bagian",
    "Tulis isinya di sini.",
    "Butir pertama",
    "Tulis contohnya di sini.",
    "Tulis pertanyaannya di sini?",
    "Tulis pernyataannya di sini.",
    "Jawaban yang lain",
    "Tulis langkah pertama tugas ini.",
)


def with_piece(text: str, piece: str) -> str:
    """The text with the piece at its end, a blank line before it; a question that ends the text is closed first where the piece is
    none."""
    last = next((line for line in reversed(text.split("\n")) if line.startswith(("## ", "---"))), "")
    rule = "\n\n---" if last.startswith(("## Soal", "## Question")) and not piece.startswith("## ") else ""
    return f"{text.rstrip()}{rule}\n\n{piece}\n"
