"""A ZIP whose middle is damaged, though its list of contents is whole, is refused by every reader with its own words."""

import io
import zipfile

import pytest
from elearn_quizzes.exchange.archive import read_archive
from elearn_quizzes.exchange.bundle import BadFile
from elearn_studio.contribution import signing
from elearn_studio.word.guard import look_inside

from elearn import ContentError, Refused, read_table
from elearn.content.archive import unpack


def torn(*names):
    """A ZIP of these files, each packed in a way that there is not."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"judul: Satu\n" * 200)
        places = [entry.header_offset + 30 + len(entry.filename) for entry in archive.infolist()]
    data = bytearray(out.getvalue())
    for place in places:
        data[place] = 0b111
    return bytes(data)


def test_a_course(tmp_path):
    (tmp_path / "etika.zip").write_bytes(torn("etika/course.yml"))
    with pytest.raises(ContentError, match="Z02"):
        unpack(tmp_path / "etika.zip", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["etika.zip"]


def test_a_package_of_questions():
    with pytest.raises(BadFile, match="ZIP yang utuh"):
        read_archive(torn("imsmanifest.xml"))


def test_a_signed_pack():
    with pytest.raises(Refused, match="ZIP yang utuh"):
        signing.key_of_zip(io.BytesIO(torn(signing.MANIFEST, signing.SIGNATURE)), [])


def test_a_document():
    with pytest.raises(Refused, match="tidak dapat dibaca"):
        look_inside(torn("[Content_Types].xml", "word/document.xml"))


def test_a_spreadsheet():
    with pytest.raises(Refused, match="bukan CSV atau XLSX"):
        read_table(torn("[Content_Types].xml", "xl/workbook.xml"), needed=("nama",), most=10)
