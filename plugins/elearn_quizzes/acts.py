"""What this plugin notes down of privileged people, in words."""

ACTS = {
    "quizzes.allow": "Memberi tambahan waktu atau kesempatan",
    "quizzes.answer_report": "Menjawab laporan soal",
    "quizzes.correct": "Memperbaiki soal yang sudah dikerjakan",
}
