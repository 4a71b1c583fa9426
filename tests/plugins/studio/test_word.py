"""What trainers really type in Word becomes what the guide shows: tables whole, lists nested, notes in place, questions marked."""

import io
import re

import pytest
from elearn_studio.word.document import convert, text_of
from elearn_studio.word.questions import typed_in, with_questions

from tests.plugins.studio import word_file as w
from tests.plugins.studio.test_imports import png, sent

QUIZ = (
    "1. Apa yang pertama dilakukan petugas?",
    "A. Menjawab",
    "B. Mendengarkan",
    "Jawaban: B",
    "Pembahasan: Dengarkan dahulu.",
    "2. Keluhan tertulis dijawab paling lambat ...",
    "a) 3 hari",
    "b) 5 hari",
    "Kunci: b",
)


def lessons_of(data):
    return dict(convert(data).lessons)


@pytest.fixture
def told(author):
    """``told(data)`` imports the document as "uji" and answers what the next page says."""

    def bring(data):
        sent(author, data, 302, how="word", alamat="uji")
        return author.page("/tulis/uji/periksa")

    return bring


def test_questions_typed_with_numbers_and_letters_become_questions(author, told):
    page = told(w.document(w.heading("Soal Latihan"), *(w.paragraph(line) for line in QUIZ), w.heading("Penutup"), w.paragraph("Selesai.")))
    assert "2 soal yang dikenali" in page
    assert "harus diperbaiki" not in page
    text = author.text("uji", "01-isi/01-soal-latihan.md")
    assert "## Soal 1: Apa yang pertama dilakukan petugas?\n" in text
    assert "- (x) Mendengarkan" in text
    assert "- (x) 5 hari" in text
    assert "Pembahasan: Dengarkan dahulu." in text


def test_letters_that_word_drew_by_itself_are_choices(told, author):
    numbering = (
        f'<w:numbering {w.W}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="upperLetter"/></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )

    def item(text, level):
        numbered = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr></w:pPr>'
        return f"<w:p>{numbered}<w:r><w:t>{text}</w:t></w:r></w:p>"

    body = [item("Sikap terhadap warga yang marah adalah …", 0), item("Ikut marah", 1), item("Tenang", 1), w.paragraph("Jawaban: B")]
    body += [item("Siapa yang melayani?", 0), item("Petugas", 1), item("Satpam", 1), w.paragraph("Jawaban: A")]
    told(w.document(w.heading("Latihan"), *body, parts={"word/numbering.xml": numbering}, numbering=True))
    text = re.sub(r"<!-- id: .*-->\n", "", author.text("uji", "01-isi/01-latihan.md"))
    assert "## Soal 1: Sikap terhadap warga yang marah adalah …\n\n- ( ) Ikut marah\n- (x) Tenang\n" in text
    assert "## Soal 2: Siapa yang melayani?\n\n- (x) Petugas\n- ( ) Satpam\n" in text


def test_a_list_of_answers_at_the_end_goes_to_its_questions_and_out_of_the_readers_sight():
    text, count = with_questions(
        "1. Syarat:\n\na. KTP\n\nb. KK\n\n# Tes\n\n1. Siapa?\n\na. Petugas\n\nb. Satpam\n\n2. Kapan?\n\na. Pagi\n\nb. Sore\n\n## Kunci Jawaban\n\n1. B  2. A"
    )
    assert count == 2
    assert text == (
        "1. Syarat:\n\na. KTP\n\nb. KK\n\n# Tes\n\n## Soal 1: Siapa?\n\na. Petugas\n\nb. Satpam\n\nJawaban: B\n\n"
        "## Soal 2: Kapan?\n\na. Pagi\n\nb. Sore\n\nJawaban: A"
    )


SOAL = "## Soal 1: Apa?\n\nPerhatikan:\n\n1. x\n2. y\n\nA. 1 benar\nB. 2 benar\n\nJawaban: A\n\nPembahasan: Karena.\n"
TYPED = "2. Siapa yang menyapa?\nA. Satpam\nB. Petugas\nJawaban: B\n"


def test_a_question_typed_behind_another_is_found_and_the_other_stays_as_it_is():
    head = "---\njudul: A\n---\n\nIsi.\n\n"
    text, count, line = typed_in(head + SOAL + "\n" + TYPED)
    assert (count, line) == (1, 21)
    assert text.startswith(head + SOAL.rstrip())
    assert "## Soal 1: Siapa yang menyapa?\n\nA. Satpam\nB. Petugas\nJawaban: B" in text
    assert typed_in(text)[1] == 0


@pytest.mark.parametrize("text", [SOAL, f"```\n{TYPED}```\n", "---\njudul: A\n---\n\n1. Satu\n2. Dua\n", f"## Soal: Apa?\n\n{TYPED}"])
def test_what_is_a_question_already_or_none_is_not_touched(text):
    assert typed_in(text) == (text, 0, 0)


def test_tidying_makes_questions_of_what_is_typed_and_the_check_warns_before(author):
    slug = author.new(mulai="kosong")
    path = next(one for one in author.paths(slug) if one.endswith("pertama.md"))
    text = f"---\njudul: A\nmenit: 5\n---\n\nIsi.\n\n{TYPED}"
    author.save(slug, path, text)
    assert "peserta membaca kuncinya" in author.page(f"/tulis/{slug}/naskah/{path}")
    assert "peserta membaca kuncinya" in author.page(f"/tulis/{slug}/periksa")
    said = author.post(f"/tulis/{slug}/naskah/{path}", 200, json=True, text=text, revision=2, lakukan="rapikan")
    assert "- (x) Petugas" in said["text"]
    assert "1 soal yang diketik dengan angka dan huruf menjadi soal." in said["fixed"]
    author.save(slug, path, said["text"])
    assert author.faults(slug) == []


@pytest.mark.parametrize(
    "text",
    [
        "1. Siapkan:\n\na. KTP\n\nb. Kartu keluarga\n\n2. Serahkan ke loket.",
        "1. Dengarkan\n2. Catat\n3. Jawab",
        "1. Mengapa melapor?\n\nJawaban: Karena gratifikasi yang dilaporkan dalam tiga puluh hari kerja tidak dipidana.",
        "Kunci keberhasilan: 1. sabar",
    ],
)
def test_lists_that_ask_nothing_stay_lists(text):
    assert with_questions(text) == (text, 0)


def test_a_statement_with_its_answer_is_a_question_and_what_follows_is_not_part_of_it():
    text, count = with_questions("1. Keluhan wajib dicatat.\n\nJawaban: Benar\n\nSelamat bekerja.")
    assert (text, count) == ("## Soal 1: Keluhan wajib dicatat.\n\nJawaban: Benar\n\n---\n\nSelamat bekerja.", 1)


def test_a_lesson_called_a_test_is_one(author, told):
    page = told(w.document(w.heading("Pengantar"), w.paragraph("Isi."), w.heading("Tes Akhir"), *(w.paragraph(line) for line in QUIZ)))
    assert "harus diperbaiki" not in page
    assert "jenis: kuis\ntes: akhir\nlulus: 80%\n" in author.text("uji", "01-isi/02-tes-akhir.md")
    assert "jenis:" not in text_of("Tes urine bagi pegawai", "Isi tanpa soal.")


def test_a_table_keeps_its_head_its_merged_cells_and_its_bars():
    rows = (
        f"<w:tr><w:tc>{w.paragraph('Jenis', bold=True)}</w:tc><w:tc>{w.paragraph('Waktu', bold=True)}</w:tc></w:tr>"
        f'<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{w.paragraph("Tertulis")}</w:tc><w:tc>{w.paragraph("5 hari")}{w.paragraph("kerja | cuti")}</w:tc></w:tr>'
        f"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{w.paragraph('')}</w:tc><w:tc>{w.paragraph('10 hari')}</w:tc></w:tr>"
    )
    text = lessons_of(w.document(w.heading("Waktu"), f"<w:tbl>{rows}</w:tbl>"))["Waktu"]
    assert text == "| Jenis | Waktu |\n| --- | --- |\n| Tertulis | 5 hari<br>kerja \\| cuti |\n|  | 10 hari |"


def test_the_documents_title_is_the_courses(author):
    title = '<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>Menangani Keluhan</w:t></w:r></w:p>'
    data = w.document(title, w.paragraph("Pengantar."), w.heading("Satu"), w.paragraph("Isi."), w.heading("Dua"), w.paragraph("Isi."))
    sent(author, data, 302, how="word")
    assert author.text("menangani-keluhan", "course.yml").startswith("judul: Menangani Keluhan\n")
    assert [path for path in author.paths("menangani-keluhan") if "/0" in path] == [
        "01-isi/01-pembuka.md",
        "01-isi/02-satu.md",
        "01-isi/03-dua.md",
    ]


def test_a_note_stands_at_the_foot_of_the_lesson_that_has_it():
    reference = '<w:p><w:r><w:t>Melapor{}</w:t></w:r><w:r><w:footnoteReference w:id="{}"/></w:r></w:p>'
    notes = "".join(f'<w:footnote w:id="{n}">{w.paragraph(f"Pasal {n}.")}</w:footnote>' for n in (1, 2))
    data = w.document(
        w.heading("Satu"),
        reference.format("", 1),
        w.heading("Dua"),
        reference.format(" lagi", 2),
        parts={"word/footnotes.xml": f"<w:footnotes {w.W}>{notes}</w:footnotes>"},
        footnotes=True,
    )
    assert lessons_of(data) == {"Satu": "Melapor[^1]\n\n[^1]: Pasal 1.", "Dua": "Melapor lagi[^1]\n\n[^1]: Pasal 2."}


def test_a_heading_that_begins_with_the_word_for_question_asks_nothing(told):
    page = told(
        w.document(w.heading("Satu"), w.paragraph("Isi."), w.heading("Soal yang sering muncul", 2), w.paragraph("Isi."), w.heading("Dua"))
    )
    assert "harus diperbaiki" not in page


def test_the_same_picture_twice_is_kept_once_and_a_broken_one_is_told(author, told):
    parts = {"word/media/image1.png": png(), "word/media/image2.png": b"rusak"}
    relations = w.image_relation("media/image1.png") + w.image_relation("media/image2.png").replace('"p1"', '"p2"')
    body = (w.heading("Satu"), w.picture("Loket"), w.picture("Loket lagi"), w.picture("Rusak", "p2"))
    assert "1 berkas atau gambar tidak dikenali dan tidak ikut" in told(w.document(*body, parts=parts, relations=relations))
    assert [path for path in author.paths("uji") if path.startswith("media/")] == ["media/gambar-1.webp"]


def test_formulas_that_stay_behind_are_told(told):
    formula = (
        '<w:p><m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>a</m:t></m:r></m:oMath>'
        "<w:r><w:t>Rumus.</w:t></w:r></w:p>"
    )
    assert "1 rumus dari Word tidak ikut" in told(w.document(w.heading("Satu"), formula))


def test_a_document_added_to_a_course_brings_its_questions_and_pictures(author):
    slug = author.new()
    data = w.document(
        w.heading("Tambahan"),
        w.picture("Loket"),
        *(w.paragraph(line) for line in QUIZ),
        parts={"word/media/image1.png": png()},
        relations=w.image_relation("media/image1.png"),
    )
    for number in (1, 2):
        author.post(f"/tulis/{slug}/impor", modul="01-pembuka", berkas=(io.BytesIO(data), "a.docx"))
        assert "harus diperbaiki" not in author.page(f"/tulis/{slug}/periksa")
        media = "gambar-1.webp" if number == 1 else "gambar-1-2.webp"
        path = f"01-pembuka/0{3 + number}-tambahan{'' if number == 1 else '-2'}.md"
        assert f"![Loket](../media/{media})" in author.text(slug, path)
        assert "- (x) Mendengarkan" in author.text(slug, path)
