"""What this plugin notes down of privileged people, in words."""

ACTS = {
    "studio.accept": "Menyetujui naskah",
    "studio.ask": "Meminta perbaikan naskah",
    "studio.cancel": "Membatalkan jadwal terbit",
    "studio.delete": "Menghapus naskah",
    "studio.key": "Menambah kunci instansi",
    "studio.key_revoked": "Mencabut kunci instansi",
    "studio.member": "Mengubah penulis naskah",
    "studio.refresher": "Menawarkan pelatihan penyegaran",
    "studio.refuse": "Menolak naskah",
    "studio.regulation": "Mencatat perubahan peraturan",
    "studio.schedule": "Menjadwalkan penerbitan",
    "studio.taken_in": "Menyatakan pelatihan sudah memuat perubahan peraturan",
    "studio.withdraw": "Menarik pengajuan naskah",
}
