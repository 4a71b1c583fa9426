"""Questions in and out by browser: what a trainer gets is what the command gives, and nobody gets another's."""

import io
import os
import re
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from elearn_quizzes import sittings
from elearn_quizzes.analysis import exchange_pages
from elearn_quizzes.exchange.formats import FORMATS, read_bytes
from elearn_quizzes.exchange.taking import bundle_of
from elearn_quizzes.pictures import PICTURE
from elearn_quizzes.published import Published, quiz_of

HERE = Path(__file__).parent
FORMS = (HERE.parent / "forms.md").read_text("utf-8")
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>logo</title><rect width="9" height="9"/></svg>'
PICTURED = "---\njenis: kuis\n---\n## Soal 1: ![Logo](gambar/logo.svg) siapa?\n<!-- id: satu -->\n- (x) KPK\n- ( ) BPK\n"


@pytest.fixture
def author(app, write_course, sign_in):
    write_course(app, {"01-semua.md": FORMS, "02-gambar.md": PICTURED, "gambar/logo.svg": LOGO})
    return sign_in(app, role="author")


def send(client, name, data, ending=".md"):
    return client.post("/kuis/bank/tukar", data={"berkas": (io.BytesIO(data), name), "bentuk": ending})


def get(client, address):
    """An answer, read and closed."""
    got = client.get(address)
    assert got.data is not None
    got.close()
    return got


def fetched(client, page):
    return get(client, re.search(r'href="(/kuis/bank/tukar/[^"]+)"', page.text)[1])


@pytest.mark.parametrize("ending", [one.endings[0] for one in FORMATS])
def test_a_published_quiz_goes_out_in_every_format_and_says_what_stays(author, ending):
    page = author.get(f"/kuis/bank/etika/ekspor/semua?bentuk={ending}")
    assert page.status_code == 200
    got = author.get(f"/kuis/bank/etika/ekspor/semua?bentuk={ending}&unduh=1")
    assert f"semua{ending}" in got.headers["Content-Disposition"]
    came = len(list(read_bytes(f"semua{ending}", got.data).quiz.questions()))
    left = int((re.search(r"(\d+) soal tidak ikut", page.text) or [0, 0])[1])
    assert came + left == 9
    assert came == 9 or "Tidak ikut" in page.text


def test_pictures_go_along(author):
    got = author.get("/kuis/bank/etika/ekspor/gambar?bentuk=.md&unduh=1")
    assert "gambar.md.zip" in got.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(got.data)) as archive:
        assert sorted(archive.namelist()) == ["gambar.md", "media/logo.svg"]
        assert "![Logo](media/logo.svg)" in archive.read("gambar.md").decode()
        assert b"<svg" in archive.read("media/logo.svg")
    assert (
        b"<svg"
        in read_bytes("a.qti.zip", author.get("/kuis/bank/etika/ekspor/gambar?bentuk=.qti.zip&unduh=1").data).files["media/logo.svg"]
    )


def test_two_pictures_of_one_name_stay_two():
    written = "## Soal 1: ![A](bank/logo.svg)\nJawaban: Benar\n\n## Soal 2: ![B](media/logo.svg)\nJawaban: Salah\n"
    quiz = Published(source=written, pictures={"bank/logo.svg": "/media/satu.svg", "media/logo.svg": "/media/dua.svg"})
    bundle = bundle_of(quiz, picture=lambda name: name.encode())
    first, second = (PICTURE.findall(question.stem or question.title)[0] for question in bundle.quiz.questions())
    assert (bundle.files[first], bundle.files[second]) == (b"satu.svg", b"dua.svg")


@pytest.mark.parametrize(
    ("name", "count"),
    [("sample.gift", 8), ("Kuis-etika-20261101.xml", 1), ("soal.txt", 1)],
)
def test_a_file_of_another_system_comes_in_whatever_it_is_called(author, name, count):
    data = {
        "sample.gift": (HERE / "sample.gift").read_bytes(),
        "Kuis-etika-20261101.xml": (HERE / "sample.moodle.xml").read_bytes(),
        "soal.txt": b"Apa gratifikasi?\nA) Pemberian\nB. Gaji\nANSWER: A\n",
    }[name]
    page = send(author, name, data)
    assert page.status_code == 200
    told = int(re.search(r"(\d+) soal ikut", page.text)[1])
    assert told >= count
    got = fetched(author, page)
    body = got.data
    if ".zip" in got.headers["Content-Disposition"]:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = archive.read(next(one for one in archive.namelist() if one.endswith(".md")))
    assert len(list(read_bytes("a.md", body).quiz.questions())) == told


def test_what_does_not_come_along_is_named_with_its_reason(author):
    page = send(author, "a.md", b"## Soal 1: Susun.\n\nUrutkan:\n1. satu\n2. dua\n\n## Soal 2: A?\nJawaban: Benar\n", ".gift").text
    assert "1 soal ikut" in page
    assert "1 soal tidak ikut" in page
    assert re.search(r"Tidak ikut:</b> Susun\..*urutan", page)


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.docx", b"x", "Bentuk berkas tidak dikenal"),
        ("a.xml", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>', "DOCTYPE"),
        ("a.gift", b"\xff\xfe\x00", "UTF-8"),
        ("a.zip", b"PK\x03\x04 no", "ZIP"),
        ("a.gift", b"// nothing\n", "Tidak ada soal"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(author, name, data, word):
    page = send(author, name, data)
    assert page.status_code == 422
    assert word in page.text
    assert "/etc/passwd" not in page.text


def test_a_file_that_is_too_large_is_refused(author, monkeypatch):
    monkeypatch.setattr(exchange_pages, "LARGEST", 1_000)
    page = send(author, "a.gift", b"x" * 1_001)
    assert (page.status_code, "lebih besar" in page.text) == (422, True)


def test_a_form_without_a_file_or_with_a_strange_format_is_refused(author):
    assert author.post("/kuis/bank/tukar", data={}).status_code == 422
    assert send(author, "a.md", b"## Soal 1: A?\nJawaban: Benar\n", ".exe").status_code == 422
    assert author.get("/kuis/bank/etika/ekspor/semua?bentuk=.exe").status_code == 409


def test_a_result_is_its_makers_alone_and_goes_after_a_day(app, author, sign_in):
    page = send(author, "a.md", b"## Soal 1: A?\nJawaban: Benar\n", ".json")
    address = re.search(r'href="(/kuis/bank/tukar/[^"]+)"', page.text)[1]
    assert get(author, address).status_code == 200
    assert sign_in(app, role="author").get(address).status_code == 302
    assert sign_in(app).get(address).status_code == 403
    shelf = app.extensions["elearn"].site.settings.data / "exchange"
    (kept,) = shelf.iterdir()
    os.utime(kept, (time.time() - 90_000,) * 2)
    assert author.get(address).status_code == 302
    send(author, "b.md", b"## Soal 1: A?\nJawaban: Benar\n", ".json")
    assert not kept.exists()
    for strange in ("..%2f..%2fsite.db", f"{author.person_id}-..%2f..%2fsecret.key"):
        assert author.get(f"/kuis/bank/tukar/{strange}").status_code in (302, 404)


def test_only_who_may_see_the_bank_takes_questions_out(app, author, sign_in):
    address = "/kuis/bank/etika/ekspor/semua?bentuk=.md&unduh=1"
    assert sign_in(app).get(address).status_code == 403
    assert sign_in(app, role="author", scope="course", scope_id=999).get(address).status_code == 403
    assert "KUNCI-RUMPANG" in author.get(address).text


def test_a_version_of_an_earlier_release_says_what_to_do(author, monkeypatch):
    address = "/kuis/bank/etika/ekspor/semua?bentuk=.md"
    assert "Unduh" in author.get(address).text
    monkeypatch.setattr(sittings, "quiz_of", lambda placed: replace(quiz_of(placed), source=""))
    assert "Terbitkan pelatihannya sekali lagi" in author.get(address).text
