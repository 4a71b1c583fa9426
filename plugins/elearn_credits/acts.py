"""What this plugin notes down of privileged people, in words."""

ACTS = {
    "credits.bring": "Memasukkan banyak kegiatan dari berkas",
    "credits.case": "Membawa masuk kamus kompetensi (CASE)",
    "credits.correct": "Memperbaiki catatan JP",
    "credits.indeks": "Membawa masuk dimensi indeks profesionalitas",
    "credits.kamus": "Membawa masuk kompetensi teknis",
    "credits.penilaian": "Memasukkan hasil penilaian",
    "credits.personnel": "Mengubah rekaman kepegawaian",
    "credits.personnel_answers": "Membawa masuk jawaban layanan kepegawaian",
    "credits.recount": "Menghitung ulang JP",
    "credits.remind": "Mengingatkan pegawai",
    "credits.send": "Mengirim rekaman ke layanan kepegawaian",
    "credits.standar": "Membawa masuk standar jabatan",
    "credits.verify": "Memutuskan pengajuan kegiatan",
}
