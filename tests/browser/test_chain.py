"""The whole way at 360 pixels: sign in, enrol, read, check oneself, take the quizzes, complete, certificate, credit hours, and a
stranger's check of the paper. With JavaScript and without."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.browser.conftest import CHECKOUT, COURSE, LOGIN, PASSWORD

NO_SIDEWAYS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def answers_of(site_folder: Path) -> dict[str, dict]:
    """The keys, from the store behind the server's back: what the test knows, and no page may."""
    items = {}
    for file in site_folder.rglob("lessons/*.json"):
        for block in json.loads(file.read_text("utf-8"))["blocks"]:
            items |= {item["id"]: item for pool in block["data"]["pools"] for item in pool["items"]}
    return items


def give(page, item: dict) -> None:
    """Give the right answer to the question on the page."""
    if item["kind"] in ("single", "multiple"):
        best = max(choice["share"] for choice in item["choices"])
        for choice in item["choices"]:
            if choice["share"] == best:
                page.check(f"[name=answer][value={choice['id']}]")
    elif item["kind"] == "true_false":
        page.check(f"[name=answer][value={'benar' if item['truth'] else 'salah'}]")
    else:
        plain = next(answer for answer in item["answers"] if not answer.startswith("/"))
        page.fill("[name=answer]", plain.strip('"').split("±")[0].strip())


def take_quiz(page, keys: dict[str, dict]) -> None:
    page.click("main form[action*='/kuis/mulai'] button")
    while "/tinjau" not in page.url:
        fits(page)
        item = keys[page.input_value("[name=item]")]
        assert not item["explanation"] or item["explanation"] not in page.content()
        give(page, item)
        before = page.url
        page.click(".dock button:not(.alt)")
        page.wait_for_url(lambda address, before=before: address != before)
    page.click("form[action$='/kirim'] button")


def fits(page) -> None:
    page.wait_for_load_state()  # a click returns when the next page begins: it may have no element yet
    if page.script:
        assert page.evaluate(NO_SIDEWAYS), f"{page.url} scrolls sideways"


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_civil_servant_takes_a_course_end_to_end(site, phone, tmp_path, script):
    page = phone(script=script)
    page.script = script
    keys = answers_of(tmp_path / "situs")
    page.goto(site + "/masuk")
    page.fill("[name=login]", "19940721 201903 2 005")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button:not([data-reveal])")
    page.goto(f"{site}/pelatihan/{COURSE}")
    page.click("form[action$='/daftar'] button")
    lessons, checked = 0, 0
    while "/tamat" not in page.url:
        fits(page)
        lessons += 1
        assert lessons < 60, page.url
        if page.locator("form[action*='/kuis/mulai']").count():
            take_quiz(page, keys)
            assert page.locator("h1").inner_text() in ("Kuis sudah dikirim", "Anda lulus")
            page.click("main a.btn.wide")
        else:
            if not checked and page.locator("form[data-check]").count():
                checked += 1
                check_oneself(page, keys, script)
            page.click("nav.onward form button, nav.onward a.btn")
        page.wait_for_load_state()
    assert checked
    assert "Pelatihan ini selesai" in page.inner_text("h1")
    for _ in range(20):  # the paper and the hours follow by event; the page says so and asks to be opened again
        if "+3 JP" in page.inner_text("main") and page.locator("a[href$='.pdf']").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    assert "+3 JP" in page.inner_text("main")
    pdf = page.request.get(site + page.get_attribute("a[href$='.pdf']", "href"))
    assert pdf.ok
    paper = tmp_path / "sertifikat.pdf"
    paper.write_bytes(pdf.body())
    page.goto(site + "/transkrip")
    assert "3 dari 20 JP" in " ".join(page.inner_text("main").split())
    checked_by_a_stranger(phone(script=script), paper, site)


def check_oneself(page, keys, script):
    form = page.locator("form[data-check]").first
    item = keys[form.get_attribute("action").rsplit("/", 1)[1]]
    back = page.url
    if item["kind"] in ("single", "multiple"):
        right = next(choice["id"] for choice in item["choices"] if choice["right"])
        form.locator(f"[value={right}]").check()
    elif item["kind"] == "true_false":
        form.locator("[value=benar]").check()
    else:
        form.locator("[name=answer]").fill("7")
    form.locator("button").click()
    verdict = page.locator("form[data-check] [role=status]").first
    verdict.wait_for()
    assert verdict.inner_text()
    assert (page.url == back) == script
    page.goto(back)
    assert page.locator("form[data-check] [role=status]").count() == 1, "the verdict is there again"


def checked_by_a_stranger(page, paper, site):
    info = subprocess.run(["pdfinfo", paper], capture_output=True, text=True, check=True).stdout
    assert "Pages:           2" in info
    words = " ".join(subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout.split())
    for said in ("SERTIFIKAT", "Sari Wahyuni, S.E.", "19940721 201903 2 005", "3 (tiga) jam pelajaran", "Keamanan Informasi"):
        assert said in words
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-f", "1", "-l", "1", paper, paper.with_suffix("")], check=True)
    picture = next(paper.parent.glob("sertifikat*.png"))
    address = subprocess.run(["zbarimg", "--quiet", "--raw", picture], capture_output=True, text=True, check=True).stdout.strip()
    assert address.startswith(site + "/v/")
    page.goto(address)
    assert "sah" in page.inner_text("h1")
    text = page.inner_text("main")
    assert "Sari W." in text
    assert "Wahyuni" not in page.content()
    assert LOGIN not in page.content()
    page.goto(site + "/v")
    page.set_input_files("#berkas", paper)
    page.click("form[action$='/berkas'] button")
    assert "sama persis" in page.inner_text("main")
    changed = paper.with_name("ubah.pdf")
    changed.write_bytes(paper.read_bytes().replace(b"%%EOF", b"%%EOG", 1))
    page.goto(site + "/v")
    page.set_input_files("#berkas", changed)
    page.click("form[action$='/berkas'] button")
    assert "tidak kami kenal" in page.inner_text("main")


def test_the_course_of_this_test_is_bundled():
    assert (CHECKOUT / "courses" / COURSE / "course.yml").is_file()


@pytest.mark.browser
def test_text_twice_as_large_does_not_scroll_the_page_sideways(phone, site):
    page = phone(width=320)
    page.goto(site + "/masuk")
    page.fill("[name=login]", LOGIN)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.wide")
    page.wait_for_url(site + "/")
    page.goto(f"{site}/pelatihan/{COURSE}")
    page.click("form[action$='/daftar'] button")
    page.wait_for_url("**/belajar/**")
    lesson = page.url.removeprefix(site)
    for address in (
        "/",
        "/pelatihan",
        f"/pelatihan/{COURSE}",
        lesson,
        "/akun",
        "/transkrip",
        "/transkrip/aturan",
        "/transkrip/kompetensi",
        "/v",
        "/v/saya",
    ):
        page.goto(site + address)
        page.evaluate("document.documentElement.style.fontSize = '225%'")
        page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
        assert page.evaluate(NO_SIDEWAYS), address


@pytest.mark.browser
def test_a_table_of_many_columns_is_whole_on_paper(phone, site):
    page = phone(width=673)  # what A4 leaves between its margins
    page.goto(site + "/bantuan")
    page.emulate_media(media="print")
    page.evaluate(
        """() => {
          const names = Array.from({ length: 10 }, (_, at) => `<th>Pengembangan kompetensi ${at}</th>`).join("");
          document.querySelector("main").innerHTML = `<div class="table"><table><tr>${names}</tr></table></div>`;
        }"""
    )
    assert page.evaluate(NO_SIDEWAYS)
