"""A trainer writes a course in the browser, without JavaScript: a new course, its outline, its texts, its pictures."""

import html
import io
import re

import pytest
from elearn_studio.models import Draft, File
from elearn_studio.snippets import SNIPPETS, with_piece
from PIL import Image
from sqlalchemy import select

LESSON = "01-pembuka/01-mengapa-ini-penting.md"


def picture(kind="PNG", size=(2400, 1200), **more):
    out = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(out, kind, **more)
    return out.getvalue()


def test_on_a_site_without_courses_an_author_is_shown_where_to_write(author, sign_in, app):
    assert 'href="/kelola">Buka Kelola' in author.client.get("/").text
    assert "Buka Kelola" not in sign_in(app, name="Togar").get("/").text


def test_a_newcomer_is_told_what_to_do(author):
    page = author.page("/tulis/")
    assert "Buat pelatihan pertama" in page
    assert "Sudah punya naskah Word atau ZIP" in page


@pytest.mark.parametrize("starter", ["singkat", "tiga-jp", "kosong"])
def test_a_new_course_from_each_template_can_be_published_at_once(author, starter):
    slug = author.new("Etika: “dari” nol # satu", mulai=starter)
    assert author.faults(slug) == []
    assert "Versi 1 diterbitkan" in author.publish(slug)
    assert "Etika: “dari” nol # satu" in author.page(f"/pelatihan/{slug}")


def test_a_title_is_asked_for_and_what_was_typed_stays(author):
    page = author.post("/tulis/baru", 409, judul="", ringkasan="Ringkas sekali")
    assert "Tulis judulnya dahulu." in page
    assert "Ringkas sekali" in page


@pytest.mark.parametrize("address", ["baru", "impor", "etika_1", "a--b", "../a", "a" * 81])
def test_an_address_that_no_page_could_have_is_refused(author, address):
    answer = author.client.post("/tulis/baru", data={"judul": "Satu", "alamat": address})
    assert (answer.status_code, "Alamat pelatihan hanya boleh" in answer.text) == (409, True)


def test_an_address_is_given_once(author, another):
    author.new("Keluhan")
    assert "sudah dipakai" in another.post("/tulis/baru", 409, judul="Keluhan")


def test_nobody_opens_the_draft_of_another(author, another, sign_in, app):
    slug = author.new()
    for path in ("", "/periksa", "/terbit", f"/naskah/{LESSON}", f"/riwayat/{LESSON}", "/gambar", "/penulis", "/versi", "/unduh"):
        another.page(f"/tulis/{slug}{path}", 404)
    another.post(f"/tulis/{slug}/naskah/{LESSON}", 404, text="x", revision=1)
    boss = sign_in(app, role="administrator")
    assert boss.get(f"/tulis/{slug}").status_code == 200


def test_a_bank_of_questions_stands_in_the_outline_and_opens(author, app):
    slug = author.new()
    assert "Bank soal</h2>" not in author.page(f"/tulis/{slug}")
    with app.extensions["elearn"].outbox.open_session() as session:
        draft = session.scalars(select(Draft).where(Draft.slug == slug)).one()
        session.add(File(draft_id=draft.id, path="bank/etika.md", text="## Soal 1: A?\n- (x) ya\n- ( ) tidak\n"))
        session.commit()
    assert f'href="/tulis/{slug}/naskah/bank/etika.md"' in author.page(f"/tulis/{slug}")
    author.save(slug, "bank/etika.md", "## Soal 1: B?\n- (x) ya\n- ( ) tidak\n")
    assert "B?" in author.text(slug, "bank/etika.md")


def test_what_was_saved_is_said(author):
    slug = author.new()
    answer = author.client.post(f"/tulis/{slug}/naskah/{LESSON}", data={"lakukan": "simpan", "revision": 1, "text": "Halo\n"})
    assert "Tersimpan pukul" in author.page(answer.headers["Location"])
    assert "Tersimpan pukul" not in author.page(f"/tulis/{slug}/naskah/{LESSON}")


def test_a_fault_is_told_with_its_line_and_stops_publishing(author):
    slug = author.new()
    author.save(slug, LESSON, "---\njudul: Satu\n---\n\nTeks.\n\n![](../media/langkah.svg)\n")
    page = author.page(f"/tulis/{slug}/naskah/{LESSON}")
    assert "belum memiliki teks pengganti" in page
    assert 'href="#baris-7"' in page
    assert 'id="baris-7"' in page
    assert "Masih ada kesalahan" in author.post(f"/tulis/{slug}/terbit", 409, lakukan="terbit")
    assert author.client.get(f"/pelatihan/{slug}").status_code == 404


def test_a_preview_shows_what_is_not_saved_and_saves_nothing(author):
    slug = author.new()
    before = author.text(slug, LESSON)
    page = author.post(
        f"/tulis/{slug}/naskah/{LESSON}", 200, lakukan="pratinjau", revision=1, text="Halo **dunia**\n\n![Alur](../media/langkah.svg)\n"
    )
    assert "<strong>dunia</strong>" in page
    assert "data:image/svg+xml;base64," in page
    assert author.text(slug, LESSON) == before


def test_answer_keys_are_shown_on_demand_only(author):
    slug = author.new()
    text = "## Soal 1: Mana?\n\n- (x) Ini\n- ( ) Itu\n\nPembahasan: RAHASIA-SOAL\n"
    plain = author.post(f"/tulis/{slug}/naskah/{LESSON}", 200, lakukan="pratinjau", revision=1, text=text, json=True)
    assert "RAHASIA-SOAL" not in plain["html"]
    keys = author.post(f"/tulis/{slug}/naskah/{LESSON}", 200, lakukan="pratinjau", revision=1, text=text, kunci="1", json=True)
    assert "RAHASIA-SOAL" in keys["html"]
    assert "kunci" in keys["html"]


def test_tidying_puts_right_what_word_leaves_behind(author):
    slug = author.new()
    text = "---\njudul: Satu\n---\n\n##Judul\u00a0satu\n• butir   \n\n\n\n## Soal 1: Mana?\n\nA. Ini\nB. Itu\nJawaban: B\n"
    said = author.post(f"/tulis/{slug}/naskah/{LESSON}", 200, lakukan="rapikan", revision=1, text=text, json=True)
    assert "## Judul satu\n- butir\n\n## Soal 1" in said["text"]
    assert re.search(r"## Soal 1: Mana\?\n<!-- id: q-[0-9a-f]{12} -->\n\n- \( \) Ini\n- \(x\) Itu", said["text"])
    assert any("butir" in one for one in said["fixed"])
    again = author.post(f"/tulis/{slug}/naskah/{LESSON}", 200, lakukan="rapikan", revision=1, text=said["text"], json=True)
    assert again == {"text": said["text"], "fixed": []}


def test_looking_changes_nothing(app, author, count_statements):
    slug = author.new()
    author.publish(slug)
    paths = (
        "",
        "/periksa",
        "/terbit",
        f"/naskah/{LESSON}",
        f"/riwayat/{LESSON}?lihat=1",
        "/riwayat",
        "/gambar",
        "/penulis",
        "/versi",
        "/unduh",
        "/keterangan",
    )
    for path in paths:
        with count_statements(app) as seen:
            author.client.get(f"/tulis/{slug}{path}")
        assert [one for one in seen if not one.lstrip().upper().startswith(("SELECT", "WITH"))] == [], path
        assert len(seen) <= 14, f"{path}: {len(seen)}"


# -- what the course says of itself ------------------------------------------------------------------------------------------


def about(author, slug):
    page = author.page(f"/tulis/{slug}/keterangan")
    names = ("judul", "ringkasan", "jp", "lulus", "organisasi", "lisensi")
    found = {name: html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1]) for name in names}
    return found | {"revision": re.search(r'name="revision" value="(\d+)"', page)[1], "tingkat": "dasar", "urutan": "bebas"}


def test_the_form_changes_its_own_lines_and_no_others(author):
    slug = author.new()
    author.save(slug, "course.yml", author.text(slug, "course.yml").replace("tingkat: dasar", "# kata penelaah: naikkan?\ntingkat: dasar"))
    before = author.text(slug, "course.yml")
    values = about(author, slug) | {"tujuan": "Mendengar: dahulu\r\nMenjawab # tuntas\r\n", "jp": "2", "judul": 'Keluhan "warga": satu'}
    author.post(f"/tulis/{slug}/keterangan", **values)
    after = author.text(slug, "course.yml")
    changed = set(before.splitlines()) ^ set(after.splitlines())
    assert changed == {
        "judul: Menangani keluhan", 'judul: "Keluhan \\"warga\\": satu"', "jp: 1", "jp: 2",
        "  - Menjelaskan …", "  - Menerapkan …", '  - "Mendengar: dahulu"', '  - "Menjawab # tuntas"',
    }  # fmt: skip
    assert "Keluhan &#34;warga&#34;: satu" in author.page(f"/tulis/{slug}")
    assert "harus diperbaiki" not in author.page(f"/tulis/{slug}/periksa")
    author.post(f"/tulis/{slug}/keterangan", **about(author, slug), tujuan="Mendengar: dahulu\nMenjawab # tuntas")
    assert author.text(slug, "course.yml") == after


def test_authors_law_and_competencies_are_lines_of_the_form(author):
    slug = author.new()
    page = author.page(f"/tulis/{slug}/keterangan")
    assert re.search(r'<textarea id="penulis"[^>]*>\nNurhayati Siregar; Instansi Anda</textarea>', page)
    values = {
        "penulis": "Dr. Bayu Prakoso; Universitas Contoh; 0000-0002-1825-0097\r\nSari: Wahyuni",
        "kompetensi": "integritas; 2",
        "dasar": "UU 25/2009; 2026-11-01; https://peraturan.bpk.go.id/; pasal 36",
        "prasyarat": "etika-dasar",
    }
    author.post(f"/tulis/{slug}/keterangan", **about(author, slug), **values)
    text = author.text(slug, "course.yml")
    assert (
        "penulis:\n  - nama: Dr. Bayu Prakoso\n    organisasi: Universitas Contoh\n    orcid: 0000-0002-1825-0097\n"
        '  - nama: "Sari: Wahyuni"\n' in text
    )
    assert "kompetensi:\n  - kode: integritas\n    level: 2\n" in text
    assert "    per: 2026-11-01\n    sumber: https://peraturan.bpk.go.id/\n    keterangan: pasal 36\n" in text
    assert "prasyarat:\n  - etika-dasar\n" in text
    assert "harus diperbaiki" not in author.page(f"/tulis/{slug}/keterangan")
    author.post(f"/tulis/{slug}/keterangan", **about(author, slug), **values)
    assert author.text(slug, "course.yml") == text, "the same again changes nothing"
    author.post(f"/tulis/{slug}/keterangan", **about(author, slug), **(values | {"prasyarat": ""}))
    assert "prasyarat" not in author.text(slug, "course.yml")


def test_what_a_line_cannot_show_stays_in_the_text(author):
    slug = author.new()
    author.save(slug, "course.yml", author.text(slug, "course.yml") + "dasar:\n  - peraturan: UU 25/2009\n    catatan: lain\n")
    page = author.page(f"/tulis/{slug}/keterangan")
    assert 'id="dasar"' not in page
    author.post(f"/tulis/{slug}/keterangan", **about(author, slug), dasar="UU 1/1999")
    assert "catatan: lain" in author.text(slug, "course.yml")


def test_yaml_that_no_form_can_show_is_edited_as_text(author):
    slug = author.new()
    author.save(slug, "course.yml", "judul: &a Satu\nringkasan: *a\n")
    assert author.client.get(f"/tulis/{slug}/keterangan").headers["Location"].endswith("/naskah/course.yml")


def test_a_form_filled_in_by_two_overwrites_nobody(author):
    slug = author.new()
    mine = about(author, slug) | {"jp": "2", "tujuan": ""}
    author.post(f"/tulis/{slug}/keterangan", **(about(author, slug) | {"lulus": "70%", "tujuan": "Menjelaskan …\nMenerapkan …"}))
    page = author.post(f"/tulis/{slug}/keterangan", 409, **mine)
    assert "jp: 2" in page
    assert "lulus: 70%" in page
    assert "jp: 1" in author.text(slug, "course.yml")


# -- the outline ------------------------------------------------------------------------------------------------------------


def ids(page):
    return [int(number) for number in re.findall(r'id="p-(\d+)"', page)]


def test_lessons_are_added_moved_renamed_and_taken_out(author):
    slug = author.new()
    author.post(f"/tulis/{slug}", ubah="pelajaran-baru", modul="01-pembuka", judul="Menutup percakapan")
    assert "01-pembuka/04-menutup-percakapan.md" in author.paths(slug)
    first, *_, last = ids(author.page(f"/tulis/{slug}"))
    author.post(f"/tulis/{slug}", ubah="naik", pelajaran=last)
    assert "01-pembuka/03-menutup-percakapan.md" in author.paths(slug)
    author.post(f"/tulis/{slug}", ubah="judul", pelajaran=last, judul='Menutup: dengan "baik"')
    assert "Menutup: dengan &#34;baik&#34;" in author.page(f"/tulis/{slug}")
    around = author.page(f"/tulis/{slug}?atur={last}").split(f'id="p-{last}"')[1]
    assert "<details open>" in around.split("</li>")[0], "whoever moves a lesson twice finds the button again"
    author.post(f"/tulis/{slug}", ubah="hapus", pelajaran=first)
    assert "dihapus. Di halaman Riwayat" in author.page(f"/tulis/{slug}")
    assert author.paths(slug)[:3] == [
        "01-pembuka/01-langkah-di-meja-anda.md",
        "01-pembuka/02-menutup-percakapan.md",
        "01-pembuka/03-tes-akhir.md",
    ]
    assert author.faults(slug) == []


def test_links_between_lessons_follow_a_move(author):
    slug = author.new()
    author.save(
        slug, LESSON, "---\njudul: Satu\n---\n\nBaca [langkah](02-langkah-di-meja-anda.md#isi) dan ![Alur](../media/langkah.svg).\n"
    )
    author.post(f"/tulis/{slug}", ubah="modul-baru", judul="Lanjutan")
    second = ids(author.page(f"/tulis/{slug}"))[1]
    author.post(f"/tulis/{slug}", ubah="ke-modul", pelajaran=second, modul="02-lanjutan")
    assert "[langkah](../02-lanjutan/02-langkah-di-meja-anda.md#isi)" in author.text(slug, LESSON)
    author.post(f"/tulis/{slug}", ubah="modul-naik", modul="02-lanjutan")
    moved = "02-pembuka/01-mengapa-ini-penting.md"
    assert "[langkah](../01-lanjutan/02-langkah-di-meja-anda.md#isi)" in author.text(slug, moved)
    assert "![Alur](../media/langkah.svg)" in author.text(slug, moved)
    assert author.faults(slug) == []


def test_a_draft_that_was_never_published_can_be_deleted_by_its_owner(author, another, left_behind):
    before = left_behind()[0]
    slug = author.new()
    another.post(f"/tulis/{slug}/hapus", 404, yakin="1")
    assert "Centang dahulu" in author.post(f"/tulis/{slug}/hapus", 409)
    author.post(f"/tulis/{slug}/hapus", yakin="1")
    assert left_behind()[0] == before
    assert author.new() == slug
    author.publish(slug)
    assert "yang pernah terbit tidak dihapus" in author.post(f"/tulis/{slug}/hapus", 409, yakin="1")


def test_a_text_that_did_not_come_along_is_not_taken_for_an_empty_one(author):
    slug = author.new()
    before = author.text(slug, LESSON)
    author.post(f"/tulis/{slug}/naskah/{LESSON}", 409, lakukan="simpan", revision=1)
    author.post(f"/tulis/{slug}/naskah/{LESSON}", 409, lakukan="simpan", text="tanpa nomor keadaan")
    assert author.text(slug, LESSON) == before


def test_a_module_with_lessons_is_not_taken_out(author):
    slug = author.new()
    assert "masih memuat pelajaran" in author.post(f"/tulis/{slug}", 409, ubah="hapus-modul", modul="01-pembuka")


# -- pictures ---------------------------------------------------------------------------------------------------------------


def test_a_picture_is_made_smaller_and_loses_what_it_hides(author, app):
    slug = author.new()
    exif = Image.Exif()
    exif[0x010E] = "RUMAH-SAYA"
    data = picture("JPEG", (1800, 900), quality=20, exif=exif)
    assert 100_000 < len(data) < 500_000
    said = author.post(
        f"/tulis/{slug}/gambar", 200, json=True, alt="Antrean di loket", untuk=LESSON, gambar=(io.BytesIO(data), "Foto Loket.JPG")
    )
    assert said["line"] == "![Antrean di loket](../media/foto-loket.webp)"
    assert "Gambar diperkecil" in said["said"]
    blob = author.client.get(f"/tulis/{slug}/gambar").text
    assert "media/foto-loket.webp" in blob
    assert "UlVNQUgtU0FZQQ" not in blob
    author.save(slug, LESSON, f"---\njudul: Satu\n---\n\n{said['line']}\n")
    assert author.faults(slug) == []


def test_a_picture_without_alternative_text_is_refused(author, left_behind):
    slug = author.new()
    before = left_behind()
    page = author.post(f"/tulis/{slug}/gambar", 409, alt="  ", untuk=LESSON, gambar=(io.BytesIO(picture(size=(20, 20))), "a.png"))
    assert "Tulis teks pengganti" in page
    assert left_behind() == before


def test_a_picture_for_a_text_that_is_not_saved_yet_loses_nothing_of_it(author, left_behind):
    slug = author.new()
    typed = "---\njudul: Satu\n---\n\nBELUM-TERSIMPAN.\n"
    sent = {"text": typed, "revision": author.revision(slug, LESSON), "lakukan": "gambar"}
    before = left_behind()
    page = author.post(f"/tulis/{slug}/naskah/{LESSON}", 409, gambar=(io.BytesIO(picture(size=(20, 20))), "a.png"), alt=" ", **sent)
    assert "BELUM-TERSIMPAN" in page
    assert "Tulis teks pengganti" in page
    assert "data-upload open" in page, "where the words were missing, their field is open"
    page = author.post(f"/tulis/{slug}/naskah/{LESSON}", 409, gambar=(io.BytesIO(b"bukan gambar"), "Foto Loket.png"), alt="Loket", **sent)
    assert "Foto Loket.png: " in page, "the file is called as its sender calls it"
    page = author.post(f"/tulis/{slug}/naskah/{LESSON}", 409, alt="Loket pagi", **sent)
    assert 'value="Loket pagi"' in page, "the words are kept where the file was forgotten"
    assert left_behind() == before
    page = author.post(f"/tulis/{slug}/naskah/{LESSON}", 200, gambar=(io.BytesIO(picture(size=(20, 20))), "a.png"), alt="Loket", **sent)
    assert "BELUM-TERSIMPAN.\n\n![Loket](../media/a.webp)\n" in html.unescape(page)
    assert "Gambar diperkecil" in page
    assert "BELUM-TERSIMPAN" not in author.text(slug, LESSON), "a picture saves no text"


@pytest.mark.parametrize("piece", list(SNIPPETS))
def test_each_piece_is_put_in_without_javascript_and_passes_the_check(author, piece):
    slug = author.new(mulai="kosong")
    path = next(one for one in author.paths(slug) if one.endswith("pertama.md"))
    sent = {"text": author.text(slug, path), "revision": author.revision(slug, path), "lakukan": piece}
    page = author.post(f"/tulis/{slug}/naskah/{path}", 200, **sent)
    text = html.unescape(re.search(r"(?s)<textarea[^>]*>\n(.*?)</textarea>", page)[1])
    assert SNIPPETS[piece] in text
    assert "Tidak ada kesalahan" in page
    twice = with_piece(with_piece(text, SNIPPETS["tabel"]), SNIPPETS["kotak"])
    author.save(slug, path, twice)
    page = author.page(f"/tulis/{slug}/naskah/{path}?pratinjau=1&kunci=1")
    assert "Tidak ada kesalahan" in page
    assert page.partition("data-preview>")[2].count("<table>") == 1 + (piece == "tabel"), "a table after a question is no part of it"


def test_what_is_pasted_from_word_becomes_markdown(author):
    slug = author.new()
    table = "<table><tr><td><p><b>Jenis</b></p></td><td>Waktu</td></tr><tr><td>Lisan</td><td>15 menit</td></tr></table>"
    lists = "<p style='mso-list:l0 level1 lfo1'><![if !supportLists]>·  <![endif]>Satu</p><p style='mso-list:l0 level2 lfo1'>o  Dua</p>"
    said = author.post(
        f"/tulis/{slug}/tempel", 200, json=True, html=f"<html>{table}{lists}<p>1. Apa?</p><p>A. Ya</p><p>B. Tidak</p><p>Jawaban: A</p>"
    )
    assert "| Jenis | Waktu |\n| --- | --- |\n| Lisan | 15 menit |" in said["text"]
    assert "- Satu\n  - Dua" in said["text"]
    assert "- (x) Ya\n- ( ) Tidak" in said["text"]


@pytest.mark.parametrize(
    "pasted",
    [
        "<script>alert(1)</script><p>Isi</p>",
        "<p onclick='x()'>Isi<img src=x onerror=alert(1)></p>",
        "<a href='javascript:alert(1)'>Isi</a>",
        "<p>" * 3_000 + "Isi",
    ],
)
def test_what_is_pasted_brings_nothing_that_acts(author, pasted):
    slug = author.new()
    said = author.post(f"/tulis/{slug}/tempel", 200, json=True, html=pasted, plain="Isi")
    assert said["text"] == "Isi"


def test_lessons_lead_to_each_other(author):
    slug = author.new()
    page = author.page(f"/tulis/{slug}/naskah/{LESSON}")
    assert "02-langkah-di-meja-anda.md" in page


def test_a_picture_in_use_is_not_deleted(author, app):
    slug = author.new()
    page = author.page(f"/tulis/{slug}/gambar")
    assert "Dipakai di" in page
    number = re.search(r'name="berkas" value="(\d+)"', page)
    assert number is None


def test_the_draft_comes_back_as_a_zip_that_can_be_imported(author):
    slug = author.new()
    data = author.client.get(f"/tulis/{slug}/unduh").data
    author.post("/tulis/impor", cara="zip", alamat="salinan", berkas=(io.BytesIO(data), "x.zip"))
    assert author.paths("salinan") == author.paths(slug)
    assert author.text("salinan", LESSON) == author.text(slug, LESSON)


def test_words_of_the_template_that_nobody_replaced_are_pointed_out_and_stop_nothing(author):
    slug = author.new()
    page = author.page(f"/tulis/{slug}/periksa")
    assert "Teks contoh belum diganti: “Mulailah dengan satu kejadian nyata”" in page
    assert "Teks contoh belum diganti: “Satu atau dua kalimat" in page
    assert "Dapat diterbitkan" in page
    author.save(slug, LESSON, "---\njudul: Satu\nmenit: 5\n---\n\nIsi.\n")
    assert "Mulailah" not in author.page(f"/tulis/{slug}/periksa")


def test_whose_picture_it_is_is_said_where_the_pictures_are(author):
    slug = author.new()
    assert "Karya sendiri" in author.page(f"/tulis/{slug}/gambar")
    author.post(f"/tulis/{slug}/gambar/lisensi", 409, nama="langkah.svg", lisensi="CC-BY-4.0", sumber="")
    author.post(f"/tulis/{slug}/gambar/lisensi", 404, nama="tidak-ada.svg", lisensi="CC-BY-4.0", sumber="x")
    author.post(f"/tulis/{slug}/gambar/lisensi", nama="langkah.svg", lisensi="CC-BY-4.0", sumber="Foto: A; B, https://contoh.id")
    assert author.text(slug, "media/lisensi.csv") == 'nama;lisensi;sumber\nlangkah.svg;CC-BY-4.0;"Foto: A; B, https://contoh.id"\n'
    assert "Lisensi: CC-BY-4.0" in author.page(f"/tulis/{slug}/gambar")
    assert "1 dari pihak lain dengan lisensi dan sumbernya" in author.page(f"/tulis/{slug}/pengajuan")
    author.post(f"/tulis/{slug}/gambar/lisensi", nama="langkah.svg", lisensi="", sumber="")
    assert "Karya sendiri" in author.page(f"/tulis/{slug}/gambar")
    author.publish(slug)
