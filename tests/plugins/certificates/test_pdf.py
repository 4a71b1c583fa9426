"""The paper, by independent readers: qpdf checks its bones, poppler its fonts and words, zbar its code."""

import re
import shutil
import subprocess
from datetime import date

import pytest
from elearn_certificates.drawing import draw
from elearn_certificates.facts import Facts

PLAIN = {
    "number": "000001/EPP/2026", "check_code": "AAAAA-BBBBB-CCCCC-DDDDD-EEEEEE", "verify_url": "https://belajar.kota.go.id/v/AAAAA-BBBBB-CCCCC-DDDDD-EEEEEE",
    "person_name": "Sari Wahyuni, S.E.", "person_number_label": "NIP", "person_number": "199407212019032005", "post": "Analis Pelayanan", "unit": "Loket Belawan",
    "course_title": "Etika Pelayanan Publik", "course_slug": "etika-pelayanan-publik", "course_version": 1, "hours": 3, "score": 92.5,
    "started_on": date(2026, 11, 28), "completed_on": date(2026, 12, 4), "issued_on": date(2026, 12, 4), "modules": (("Pelayanan publik", "1,5"), ("Gratifikasi", "1,5")),
    "organiser": "BPSDM Kota Contoh",
}  # fmt: skip
LONG = PLAIN | {
    "person_name": "Prof. Dr. Ir. Tengku Muhammad Abdurrachman Wahidin Nasution Simanjuntak, S.Kom., M.Si., Ph.D., IPU., ASEAN Eng.",
    "course_title": "Penyelenggaraan Pelayanan Publik yang Berintegritas, Inklusif, dan Berkelanjutan bagi Aparatur Sipil Negara di Daerah Kepulauan",
    "organiser": "Badan Pengembangan Sumber Daya Manusia Daerah Provinsi Nusa Tenggara Barat bersama Universitas Mataram",
    "modules": tuple((f"Modul yang judulnya panjang sekali dan tetap harus terbaca, nomor {n}", "0,1") for n in range(60)),
}
ODD = PLAIN | {"person_name": "Ńĝÿễn <b>Ÿ</b> {nb} \u202eOlé\u0000 山", "course_title": "A & B: “C” – 100 %"}


def needs(tool):
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed: Debian has it in poppler-utils, qpdf or zbar-tools")


@pytest.fixture(params=[PLAIN, LONG, ODD], ids=["plain", "long", "odd"])
def paper(request, tmp_path):
    path = tmp_path / "sertifikat.pdf"
    path.write_bytes(draw(Facts(**request.param)))
    return path


def run(*command):
    needs(command[0])
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_its_bones_are_sound_and_its_fonts_inside(paper):
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", paper)
    fonts = run("pdffonts", paper).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), fonts
    assert "pdfaid" in paper.read_bytes().decode("latin-1")


def test_it_says_what_it_must(tmp_path):
    path = tmp_path / "s.pdf"
    path.write_bytes(draw(Facts(**PLAIN)))
    words = " ".join(run("pdftotext", "-layout", path, "-").split())
    for said in (
        "Sari Wahyuni, S.E.",
        "NIP 19940721 201903 2 005",
        "28 November–4 Desember 2026",
        "3 (tiga) jam pelajaran",
        "92,5",
        "000001/EPP/2026",
    ):
        assert said in words


def test_who_has_it_read_out_hears_what_is_what_in_its_order(paper):
    assert re.search(r"Tagged: +yes", run("pdfinfo", paper))
    lines = [line.strip() for line in run("pdfinfo", "-struct-text", paper).splitlines()]
    kinds = [line.split(" ")[0].rstrip(":") for line in lines if line and not line.startswith(('"', "/"))]
    assert kinds[:2] == ["Document", "P"]
    assert [kind for kind in kinds if kind in ("H1", "H2", "H3")][:3] == ["H1", "H2", "H2"]
    assert lines[lines.index("H1 (block)") + 1] == '"SERTIFIKAT"'
    assert kinds.count("Figure") == 1
    assert kinds.count("Link") == 2
    assert kinds.count("TH") == 3 * kinds.count("Table")
    assert kinds.count("TD") == 3 * (kinds.count("TR") - kinds.count("Table"))
    assert "Object" in kinds, "links stand in the tree as what they are"


@pytest.mark.parametrize(
    "name", ["{{7*7}}", "${7*7}", "<img src=file:///etc/passwd>", "{nb} **tebal** __x__", "Robert'); --", r"\input{/etc/passwd}"]
)
def test_a_hostile_name_is_printed_as_it_is_spelt(tmp_path, name):
    path = tmp_path / "s.pdf"
    path.write_bytes(draw(Facts(**PLAIN | {"person_name": name, "course_title": name})))
    words = run("pdftotext", "-layout", path, "-")
    assert words.count(name) == 4
    assert "root:" not in words


def test_words_at_the_ends_of_lines_are_read_apart(tmp_path):
    path = tmp_path / "s.pdf"
    path.write_bytes(draw(Facts(**LONG)))
    assert f'"{LONG["course_title"]}"' in run("pdfinfo", "-struct-text", path)


def test_its_code_leads_to_its_page(paper, tmp_path):
    needs("zbarimg")
    run("pdftoppm", "-r", "110", "-png", "-f", "1", "-l", "1", paper, tmp_path / "depan")
    assert run("zbarimg", "--quiet", "--raw", next(tmp_path.glob("depan*.png"))).strip() == PLAIN["verify_url"]


def test_the_same_facts_give_the_same_bytes():
    assert draw(Facts(**PLAIN)) == draw(Facts.from_json(Facts(**PLAIN).to_json()))


@pytest.mark.parametrize("change", [{"person_name": " "}, {"verify_url": "javascript:x"}, {"hours": -1}, {"issued_on": date(2026, 1, 1)}])
def test_facts_on_which_no_certificate_can_stand_are_refused(change):
    with pytest.raises(ValueError, match=r"\w{4,}"):
        Facts(**PLAIN | change)
