"""A course with a pre-test, a lesson with questions to check oneself, and a final test. Every key carries a mark to search for."""

import pytest

KEYS = ("KUNCI-ISIAN", "4711", "BAHAS-TUNGGAL", "BAHAS-ISIAN", "UMPAN-SALAH", "UMPAN-BENAR", "JIKA-BENAR")

FILES = {
    "01-tes-awal.md": """
        ---
        judul: Tes awal
        jenis: kuis
        tes: awal
        percobaan: 1
        ---
        ## Soal 1: Mana yang benar?
        <!-- id: awal-1 -->
        - (x) Ini
        - ( ) Itu
        """,
    "02-bacaan.md": """
        # Bacaan
        Teks pelajaran.

        ## Soal 1: Gratifikasi dilaporkan dalam berapa hari kerja?
        <!-- id: cek-1 -->
        Jawaban: 30
        Satuan: hari

        Pembahasan: BAHAS-CEK
        """,
    "03-tes-akhir.md": """
        ---
        judul: Tes akhir
        jenis: kuis
        tes: akhir
        lulus: 75%
        percobaan: 3
        waktu: 20 menit
        acak: soal, pilihan
        ---
        ## Soal 1: Satu jawaban.
        <!-- id: tunggal -->
        - (x) Kanan
          > UMPAN-BENAR
        - ( ) Kiri
          > UMPAN-SALAH
        - ( ) Tengah

        Petunjuk: Lihat kompas.
        Jika-benar: JIKA-BENAR
        Pembahasan: BAHAS-TUNGGAL

        ## Soal 2: Beberapa jawaban.
        <!-- id: ganda -->
        - [x] Satu
        - [x] Dua
        - [ ] Tiga

        ## Soal 3: Bumi bulat.
        <!-- id: bs -->
        Jawaban: Benar

        ## Soal 4: Sebut kata sandinya.
        <!-- id: isian -->
        Jawaban: KUNCI-ISIAN | /kunci( isian)?/i

        Pembahasan: BAHAS-ISIAN

        ## Soal 5: Berapa?
        <!-- id: angka -->
        Jawaban: 4711 ± 1
        """,
}
RIGHT = {"tunggal": ["a"], "ganda": ["a", "b"], "bs": ["benar"], "isian": ["kunci-isian"], "angka": ["4.711"]}


@pytest.fixture
def course(any_app, write_course):
    return write_course(any_app, FILES)


@pytest.fixture
def standing(any_app, course, enrolled):
    return enrolled(any_app)


@pytest.fixture
def session(any_app):
    with any_app.extensions["elearn"].outbox.open_session() as session:
        yield session
