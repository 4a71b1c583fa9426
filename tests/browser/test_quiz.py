"""A quiz on a phone whose line, session and time run out: no answer is lost, and the learner is told what is safe."""

import re
import sqlite3
import subprocess
import sys

import pytest

from tests.browser.conftest import LOGIN, PASSWORD

QUIZ = """---
judul: Kuis uji
jenis: kuis
waktu: 7 menit
lulus: 60%
---

## Soal 1: Lembaga mana?
<!-- id: lembaga -->
Jawaban: KPK

Petunjuk: Tiga huruf.
Biaya petunjuk: 50%

## Soal 2: Mana yang benar?
<!-- id: pilih -->

| a | b | c | d | e | f |
|---|---|---|---|---|---|
| satu | dua | tiga | empat | lima | enam |

- (x) Ini
- ( ) Itu

## Soal 3: Jelaskan.
<!-- id: esai -->
Tipe: esai

## Soal 4: Unggah tugas Anda.
<!-- id: berkas -->
Tipe: unggah
"""
pytestmark = pytest.mark.browser


@pytest.fixture
def quiz(site, tmp_path):
    """The address of a lesson that is a quiz; the learner still has to enrol."""
    folder = tmp_path / "kuis-uji"
    folder.mkdir()
    (folder / "course.yml").write_text("judul: Kuis uji\nringkasan: Uji.\njp: 1\n", "utf-8")
    (folder / "01-kuis.md").write_text(QUIZ, "utf-8")
    command = [sys.executable, "-m", "elearn.cli", "course", "publish", str(folder), "--data", str(tmp_path / "situs")]
    subprocess.run(command, check=True, capture_output=True)
    return f"{site}/belajar/kuis-uji/kuis"


def sign_in(page, site):
    page.goto(site + "/masuk")
    page.fill("[name=login]", LOGIN)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.wide")
    page.wait_for_url(lambda address: "/masuk" not in address)


def begin(page, quiz):
    """Enrol where that must be, begin or go on; answers the address of the attempt."""
    site = quiz.partition("/belajar")[0]
    sign_in(page, site)
    page.goto(f"{site}/pelatihan/kuis-uji")
    if page.locator("form[action$='/daftar'] button").count():
        page.click("form[action$='/daftar'] button")
    page.goto(quiz)
    page.click("form[action*='/kuis/mulai'] button")
    page.wait_for_url(re.compile(r"/kuis/\d+/\d+"))
    return page.url.rsplit("/", 1)[0]


def said(page, text):
    page.locator(f"[data-alert]:has-text('{text}'), [data-status]:has-text('{text}')").first.wait_for()


def go_on(page, number):
    page.click(".dock button:not(.alt)")
    page.wait_for_url(re.compile(rf"/{number}$"))


@pytest.fixture
def page(phone):
    """A page on which a refused or failed request is no fault: that is what is tried here."""
    page = phone()
    yield page
    page.faults[:] = [fault for fault in page.faults if "Failed to load resource" not in fault]


@pytest.mark.parametrize("script", [True, False])
def test_enter_goes_on_and_opens_no_hint_that_costs(quiz, phone, script):
    page = phone(script=script)
    base = begin(page, quiz)
    page.fill("[name=answer]", "KPK")
    page.press("[name=answer]", "Enter")
    page.wait_for_url(f"{base}/2")
    page.goto(f"{base}/1")
    assert page.input_value("[name=answer]") == "KPK"
    assert page.locator("text=Buka petunjuk").count() == 1, "the hint is still closed"


def test_a_server_that_does_not_answer_costs_nothing(quiz, page):
    base = begin(page, quiz)
    page.route("**/simpan", lambda route: route.fulfill(status=503, body="penuh"))
    page.fill("[name=answer]", "KPK")
    said(page, "1 jawaban tersimpan di perangkat ini")
    said(page, "Sambungan terputus. Jawaban tetap tersimpan di perangkat ini.")
    page.click(".dock button:not(.alt)")
    page.wait_for_timeout(500)
    assert page.url == f"{base}/1", "nobody is sent on while the answer is not safe"
    page.reload()
    assert page.input_value("[name=answer]") == "KPK", "it shows again"
    page.unroute("**/simpan")
    said(page, "Tersimpan pukul")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('unsent:')).length") == 0
    go_on(page, 2)


def test_a_line_that_swallows_what_is_sent_is_told_and_tried_anew(quiz, page):
    page.clock.install()
    base = begin(page, quiz)
    page.goto(f"{base}/2")
    page.route("**/simpan", lambda route: None)
    page.check("[value=a]")
    said(page, "Menyimpan…")
    page.clock.run_for(11_000)
    said(page, "1 jawaban tersimpan di perangkat ini, menunggu sinyal")
    page.route("**/simpan", lambda route: route.continue_())
    page.clock.run_for(50_000)
    said(page, "Sambungan terputus. Jawaban tetap tersimpan di perangkat ini.")
    page.clock.run_for(6_000)
    said(page, "Tersimpan pukul")


def test_without_a_line_the_answer_waits_here(quiz, page):
    base = begin(page, quiz)
    page.goto(f"{base}/2")
    page.context.set_offline(True)
    page.check("[value=a]")
    said(page, "1 jawaban tersimpan di perangkat ini, menunggu sinyal")
    page.click(".dock button:not(.alt)")
    page.wait_for_timeout(300)
    assert page.url == f"{base}/2"
    page.context.set_offline(False)
    said(page, "Tersimpan pukul")
    go_on(page, 3)


def test_a_file_is_not_lost_with_the_line(quiz, page):
    base = begin(page, quiz)
    page.goto(f"{base}/4")
    page.set_input_files("[name=file]", {"name": "tugas.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"})
    page.context.set_offline(True)
    page.click(".dock button:not(.alt)")
    page.wait_for_selector(".net:visible")
    assert page.url == f"{base}/4"
    assert page.evaluate("document.querySelector('[name=file]').files.length") == 1


def test_the_later_answer_holds_where_a_clock_runs_behind(quiz, page):
    base = begin(page, quiz)
    page.goto(f"{base}/2")
    page.check("[value=a]")
    said(page, "Tersimpan pukul")
    page.add_init_script("const now = Date.now.bind(Date); Date.now = () => now() - 600_000;")
    for choice in ("b", "a", "b"):
        page.reload()
        page.check(f"[value={choice}]")
        said(page, "Tersimpan pukul")
    page.check("[value=a]")
    said(page, "Tersimpan pukul")
    page.reload()
    assert page.is_checked("[value=a]")


@pytest.mark.parametrize("line", ["none", "dead"])
def test_a_self_check_without_a_line_leaves_the_lesson_and_the_answer(page, site, line):
    sign_in(page, site)
    page.goto(f"{site}/pelatihan/keamanan-informasi")
    page.click("form[action$='/daftar'] button")
    lesson = f"{site}/belajar/keamanan-informasi/aset-di-atas-meja"
    page.goto(lesson)
    check = page.locator("form[data-check]").first
    check.locator("label.opt").first.click()
    if line == "none":
        page.context.set_offline(True)
    else:
        page.route("**/kuis/cek/**", lambda route: route.abort("connectionreset"))
    check.locator("button").last.click()
    page.wait_for_selector(".net:visible")
    assert page.url == lesson
    assert check.locator("[name=answer]").first.is_checked()
    page.context.set_offline(False)
    page.unroute("**/kuis/cek/**")
    check.locator("button").last.click()
    page.wait_for_selector("form[data-check] [role=status]:focus")
    assert page.locator(".net:visible").count() == 0


@pytest.mark.parametrize("how", ["ended elsewhere", "cookies gone"])
def test_a_session_that_ended_keeps_the_answer_until_one_is_back(quiz, page, phone, site, how):
    base = begin(page, quiz)
    page.goto(f"{base}/3")
    if how == "cookies gone":
        page.context.clear_cookies()
    else:
        other = phone()
        sign_in(other, site)
        other.goto(site + "/akun")
        other.click("button[name=semua]")
        other.wait_for_url(site + "/masuk")
    page.fill("textarea", "Saya menolak, lalu melapor.")
    said(page, "Sesi Anda telah berakhir")
    page.click(".dock button:not(.alt)")
    said(page, "1 jawaban tersimpan di perangkat ini, belum terkirim")
    assert page.evaluate("document.activeElement.textContent") == "Masuk"
    page.click("[data-alert] a")
    page.fill("[name=login]", LOGIN)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.wide")
    page.wait_for_url(f"{base}/3")
    assert page.input_value("textarea") == "Saya menolak, lalu melapor."
    said(page, "Tersimpan pukul")
    page.reload()
    assert page.input_value("textarea") == "Saya menolak, lalu melapor."


def test_two_devices_are_asked_which_answer_holds(quiz, page, phone):
    base = begin(page, quiz)
    page.goto(f"{base}/2")
    other = phone()
    begin(other, quiz)
    other.goto(f"{base}/2")
    other.check("[value=a]")
    said(other, "Tersimpan pukul")
    page.check("[value=b]")
    said(page, "dijawab lain di perangkat lain")
    page.click("[data-alert] a")
    page.wait_for_selector("text=Soal ini dijawab di dua perangkat")
    page.click("button[value=aside]")
    page.wait_for_url(f"{base}/2")
    assert page.is_checked("[value=b]")
    assert not page.locator("text=dua perangkat").count()


def test_time_is_told_at_five_minutes_and_at_one_and_ends_the_page(quiz, page):
    page.clock.install()
    base = begin(page, quiz)
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    aloud = page.locator("[data-announce]")
    assert aloud.inner_text() == ""
    page.clock.run_for(121_000)
    assert aloud.inner_text() == "Sisa waktu 5 menit"
    page.clock.run_for(60_000)
    assert aloud.inner_text() == "Sisa waktu 5 menit", "and not in between"
    page.clock.run_for(180_000)
    assert aloud.inner_text() == "Sisa waktu 1 menit"
    assert page.url.startswith(base)


def test_a_phone_that_slept_shows_the_time_that_is_left(quiz, page):
    page.add_init_script("const real = Date.now; window.slept = 0; Date.now = () => real() + window.slept;")
    begin(page, quiz)
    clock = page.locator("[data-seconds] span").first

    def shown():
        minutes, seconds = clock.inner_text().split()[-1].split(":")
        return int(minutes) * 60 + int(seconds)

    before = shown()
    page.evaluate("window.slept = 120_000")  # two minutes that performance.now, which stands still meanwhile, did not count
    page.wait_for_timeout(2_500)
    assert before - 180 <= shown() <= before - 120


def test_a_question_with_a_wide_table_does_not_scroll_the_page(quiz, phone):
    for width in (320, 360, 1280):
        page = phone(width=width)
        base = begin(page, quiz)
        for number in (1, 2, 3):
            page.goto(f"{base}/{number}")
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (width, number)
            right = page.evaluate(
                "Math.max(...[...document.querySelectorAll('.dock button')].map((one) => one.getBoundingClientRect().right))"
            )
            edge = page.evaluate("document.querySelector('.dock').getBoundingClientRect().right")
            assert right <= edge + 1, (width, number)


def test_signing_out_asks_before_it_forgets_an_answer(quiz, page, site):
    begin(page, quiz)
    page.route("**/simpan", lambda route: route.abort())
    page.fill("[name=answer]", "KPK")
    said(page, "1 jawaban tersimpan")
    page.goto(site + "/akun")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.click("form[data-forgets] button >> nth=0")
    page.wait_for_timeout(300)
    assert asked
    assert "belum terkirim" in asked[0]
    assert page.url == site + "/akun"


def test_what_comes_after_time_is_up_is_kept_and_told(quiz, page, tmp_path):
    base = begin(page, quiz)
    page.route("**/simpan", lambda route: route.abort())
    page.fill("[name=answer]", "KPK")
    said(page, "1 jawaban tersimpan")
    with sqlite3.connect(next((tmp_path / "situs").glob("*.db"))) as database:
        database.execute("UPDATE quizzes_attempt SET started_at = datetime(started_at, '-8 minutes')")
    page.reload()
    page.wait_for_selector("h1:has-text('Waktu habis')")
    page.click("form[data-hand-in] button")
    page.wait_for_selector("text=Ada jawaban yang belum sampai ke server")
    page.unroute("**/simpan")
    said(page, "Jawaban tiba setelah waktu habis")
    page.click("form[data-hand-in] button")
    page.wait_for_url(f"{base}/hasil")
    assert "1 jawaban tiba setelah waktu habis" in page.inner_text("main")
