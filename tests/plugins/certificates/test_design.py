"""An organisation's design: read as data, checked before use, nothing in it runs, nothing outside its folder is read."""

import io
import shutil
import subprocess
from datetime import date

import pytest
from elearn_certificates.design.reading import MOST_LOGO, MOST_TOML, clean_logo, contrast_on_white, read_design, read_designs
from elearn_certificates.design.values import choose
from elearn_certificates.drawing import draw
from elearn_certificates.facts import Facts
from PIL import Image
from sqlalchemy import update

from elearn import ContentError, now
from elearn.commands.check import check_site
from elearn.models.learning import Delivery
from elearn.registry import discover
from tests.plugins.certificates.test_pdf import LONG, PLAIN
from tests.plugins.conftest import COURSE

GOOD = """
organiser = "Badan Pengembangan SDM Provinsi Contoh"
place = "Mataram"
courses = ["etika-*"]
valid_months = 24
renew_days = 60
[colours]
deep = "#7a1f1f"
pale = "#e3c9c9"
[logo]
file = "lambang.png"
text = "Lambang provinsi"
[[signatories]]
name = "Drs. Lama"
post = "Kepala"
until = 2026-06-30
[[signatories]]
name = "Dr. Baru"
post = "Kepala"
nip = "197701012001121001"
from = 2026-07-01
"""


def picture(size=(300, 200), form="PNG", colour=(30, 90, 60, 128)):
    out = io.BytesIO()
    image = Image.new("RGBA", size, colour)
    (image if form == "PNG" else image.convert("RGB")).save(out, form)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path):
    """``folder(toml, **files)`` makes one."""

    def make(text=GOOD, *, name="provinsi", **files):
        place = tmp_path / "sertifikat" / name
        place.mkdir(parents=True)
        (place / "design.toml").write_text(text, "utf-8")
        for file, data in ({"lambang.png": picture()} | files).items():
            if data is not None:
                (place / file).write_bytes(data)
        return place

    return make


def faults(place):
    with pytest.raises(ContentError) as caught:
        read_design(place)
    return " ".join(problem.text() for problem in caught.value.problems)


def test_a_good_one_is_read_whole(folder):
    design = read_design(folder())
    assert (design.organiser, design.place, design.valid_months, design.renew_days) == (
        "Badan Pengembangan SDM Provinsi Contoh",
        "Mataram",
        24,
        60,
    )
    assert (design.deep, design.pale, design.logo_size) == ((122, 31, 31), (227, 201, 201), (200, 300))
    assert design.signatory("etika", date(2026, 6, 30)).name == "Drs. Lama"
    assert design.signatory("etika", date(2026, 7, 1)).name == "Dr. Baru"


def test_the_design_that_names_a_course_goes_before_the_one_for_all(folder):
    folder('organiser = "Semua"\n', name="a-umum", **{"lambang.png": None})
    place = folder()
    designs = read_designs(place.parent)
    assert choose(designs, "etika-publik").name == "provinsi"
    assert choose(designs, "pajak").name == "a-umum"
    assert choose((), "pajak") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("organiser = 3", "organiser"),
        ("[colours]\ndeep = '#ffff00'", "pucat"),
        ("[colours]\ndeep = 'red'", "#rrggbb"),
        ("script = 'x'", "script"),
        ("valid_months = -1", "valid_months"),
        ("valid_months = true", "valid_months"),
        ("courses = ['../x']", "courses"),
        ("[[signatories]]\nname = 'A'", "post"),
        ("[[signatories]]\nname = 'A'\npost = 'B'\nfrom = 'kemarin'", "from"),
        ("signatories = 'A'", "signatories"),
        ("= rusak", "TOML"),
        ("[logo]\nfile = '../../secret.key'", "secret.key"),
        ("[logo]\nfile = '/etc/passwd'", "passwd"),
        ("[logo]\nfile = 'tidak-ada.png'", "tidak-ada.png"),
        ("organiser = '" + "x" * (MOST_TOML + 1) + "'", "lebih besar"),
    ],
)
def test_every_fault_is_named(folder, text, said):
    assert said in faults(folder(text, **{"lambang.png": None}))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"GIF89a" + b"\x00" * 50, "tidak terbaca"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "tidak terbaca"),
        (picture()[:60], "tidak terbaca"),
        (picture(size=(4_001, 2)), "4000"),
        (b"\x89PNG" + b"0" * MOST_LOGO, "lebih besar"),
    ],
)
def test_a_logo_that_is_no_plain_picture_is_refused(folder, data, said):
    assert said in faults(folder(**{"lambang.png": data}))


def test_links_and_strange_files_are_refused(folder, tmp_path):
    secret = tmp_path / "rahasia.png"
    secret.write_bytes(picture())
    place = folder(**{"lambang.png": None})
    (place / "lambang.png").symlink_to(secret)
    assert "berkas biasa" in faults(place)
    assert "kode.py" in faults(folder(name="dua", **{"kode.py": b"print(1)"}))
    (tmp_path / "sertifikat" / "tiga").symlink_to(place)
    assert "bukan tautan" in faults(tmp_path / "sertifikat" / "tiga")


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_logo_is_written_anew_opaque_and_of_bounded_size(form):
    data, size = clean_logo(picture(size=(3_000, 1_500), form=form) + b"<?php evil ?>")
    assert b"evil" not in data
    assert size == (600, 1_200)
    assert Image.open(io.BytesIO(data)).mode == "RGB"


def test_contrast_is_wcags():
    assert contrast_on_white((0, 0, 0)) == pytest.approx(21)
    assert contrast_on_white((255, 255, 255)) == pytest.approx(1)
    assert contrast_on_white((0x76, 0x76, 0x76)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    "facts",
    [
        PLAIN,
        LONG,
        PLAIN | {"kind": "statement", "hours": 0, "modules": (("Modul satu", "2 / 3"),)},
        PLAIN | {"expires_on": date(2028, 12, 4)},
    ],
)
def test_the_paper_in_a_design_is_sound(folder, tmp_path, facts):
    for tool in ("qpdf", "pdfimages", "pdftotext"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed: Debian has it in poppler-utils or qpdf")
    path = tmp_path / "s.pdf"
    path.write_bytes(draw(Facts(**facts), read_design(folder())))
    assert (
        "No syntax or stream encoding errors"
        in subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=True).stdout
    )
    images = subprocess.run(["pdfimages", "-list", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert len(images) == 1, "one logo, without a mask beside it"
    words = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    assert ("SURAT KETERANGAN" in words) == (facts.get("kind") == "statement")
    assert ("bukan tanda lulus" in " ".join(words.split())) == (facts.get("kind") == "statement")
    assert ("Berlaku sampai 4 Desember 2028" in " ".join(words.split())) == ("expires_on" in facts)


def test_a_faulty_design_is_told_and_its_certificates_wait_until_it_is_mended(make_app, write_course, complete, of):
    app = make_app(*discover(without=()), strict=False)
    write_course(app, COURSE)
    place = app.extensions["elearn"].site.store.folder.parent / "sertifikat" / "kota"
    place.mkdir(parents=True)
    (place / "design.toml").write_text("salah = 1", "utf-8")
    assert any("salah" in line for line in check_site(app))
    complete(app)
    assert of(app) == []
    (place / "design.toml").write_text('organiser = "Kota Contoh"', "utf-8")
    with app.extensions["elearn"].outbox.open_session() as session:
        session.execute(update(Delivery).values(due_at=now().replace(year=2020)))
        session.commit()
    app.extensions["elearn"].outbox.deliver_due()
    ((certificate, _),) = of(app)
    assert certificate.facts["organiser"] == "Kota Contoh"
    assert certificate.facts["design"].startswith("kota ")
