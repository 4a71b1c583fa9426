"""What this plugin notes down of privileged people, in words."""

ACTS = {
    "certificate.bulk": "Menerbitkan sertifikat satu kelas",
    "certificate.key.new": "Membuat kunci sertifikat",
    "certificate.key.retired": "Mengakhiri kunci sertifikat",
    "certificate.key.revoked": "Mencabut kunci sertifikat",
    "certificate.replace": "Mengganti sertifikat",
    "certificate.revoke": "Mencabut satu sertifikat",
    "certificate.sign": "Menandatangani satu sertifikat melalui BSrE",
}
