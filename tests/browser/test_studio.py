"""A trainer in the editor: saved by itself, faults that lead to their lines, a picture dropped on the text, two people at once."""

import base64
import io
import re

import pytest
from PIL import Image

from elearn.app import create_app
from elearn.registry import discover
from elearn.services import people
from elearn.web.database import db
from tests.browser.conftest import PASSWORD

MAILS = ("nurhayati@contoh.go.id", "bayu@contoh.go.id")
LESSON = "/tulis/menangani-keluhan/naskah/01-pembuka/01-mengapa-ini-penting.md"
DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], name, { type: "image/png" }));
  document.querySelector("#text").dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
}"""

PASTE = """(html) => {
  const board = new DataTransfer();
  board.setData("text/html", html);
  board.setData("text/plain", "TEKS POLOS");
  document.querySelector("#text").dispatchEvent(new ClipboardEvent("paste", { clipboardData: board, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def authors(site, chromium, tmp_path):
    """Two authors, each signed in in a browser of their own."""
    app = create_app(tmp_path / "situs", plugins=discover(), check_schema=False)
    with app.extensions["elearn"].outbox.open_session() as session:
        for name, mail in zip(("Nurhayati Siregar", "Bayu Prakoso"), MAILS, strict=True):
            people.grant(session, people.add_person(session, name=name, email=mail, password=PASSWORD).id, "author")
        session.commit()
    with app.app_context():
        db.engine.dispose()
    contexts = [chromium.new_context(viewport={"width": 360, "height": 740}) for _ in MAILS]
    pages = []
    for context, mail in zip(contexts, MAILS, strict=True):
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(f"{site}/masuk")
        page.fill("#login", mail)
        page.fill("[type=password]", PASSWORD)
        page.click("main form button:not(.plain)")
        page.wait_for_load_state()
        pages.append(page)
    yield pages
    for context in contexts:
        context.close()


def begin_together(page, site):
    """A new course from the template, of which the other author is one too."""
    page.goto(f"{site}/tulis/baru")
    page.fill("#judul", "Menangani keluhan")
    page.click("button.wide")
    page.wait_for_url("**/tulis/menangani-keluhan")
    page.goto(f"{site}/tulis/menangani-keluhan/penulis")
    page.fill("#siapa", MAILS[1])
    page.click("text=Tambah penulis")
    page.wait_for_selector("text=Bayu Prakoso")


def arrives(other, site, words):
    """What the one wrote is soon there for the other."""
    for _ in range(30):
        other.goto(site + LESSON)
        if words in other.input_value("#text"):
            return
        other.wait_for_timeout(1_000)
    assert words in other.input_value("#text")


def answer_after(page, milliseconds):
    """From now on every answer takes so long on its way."""
    wire = page.context.new_cdp_session(page)
    line = {"offline": False, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1}
    wire.send("Network.emulateNetworkConditions", line)


@pytest.mark.browser
def test_a_trainer_writes_in_the_browser(site, authors):
    page, other = authors
    begin_together(page, site)

    # saved by itself; the fault leads to its line
    page.goto(site + LESSON)
    start = page.input_value("#text")
    page.fill("#text", start.replace("Mulailah", "![](../media/langkah.svg)\n\nMulailah"))
    page.wait_for_selector("text=Tersimpan pukul", timeout=15_000)
    page.wait_for_selector("[data-problems].bad a[data-line='6']", timeout=15_000)
    page.click("[data-problems] a[data-line='6']")
    selected = page.evaluate("() => { const t = document.querySelector('#text'); return t.value.slice(t.selectionStart, t.selectionEnd) }")
    assert selected == "![](../media/langkah.svg)"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    # what is typed while it is being saved, or tidied, on a slow line is neither forgotten nor overwritten
    page.fill("#text", start + "\nSATU\n")
    answer_after(page, 3_000)
    with page.expect_request(lambda request: request.method == "POST" and "otomatis" in (request.post_data or "")):
        pass
    page.fill("#text", start + "\nSATU DUA\n")
    arrives(other, site, "SATU DUA")
    page.click("button[value=rapikan]")
    page.fill("#text", start + "\nTIGA\n")
    page.wait_for_timeout(4_000)
    assert page.input_value("#text") == start + "\nTIGA\n"
    answer_after(page, 0)

    # what was tidied is saved by itself, and who goes on by a link takes along what was typed last
    page.fill("#text", start + "\n---\n\n##Empat\n• lima\n")
    page.click("button[value=rapikan]")
    arrives(other, site, "## Empat\n- lima\n")
    page.fill("#text", start + "\nENAM\n")
    page.click("a.back")
    page.wait_for_url("**/tulis/menangani-keluhan")
    other.goto(site + LESSON)
    assert "ENAM" in other.input_value("#text")

    # from the list of the whole course as well: the text stands in view, not the numbered lines
    page.goto(f"{site}/tulis/menangani-keluhan/periksa")
    page.click("a[href$='01-mengapa-ini-penting.md#baris-6']")
    page.wait_for_load_state()
    page.wait_for_timeout(500)
    seen = page.evaluate("() => { const box = document.querySelector('#text').getBoundingClientRect(); return [box.top, box.bottom] }")
    assert seen[0] < 740
    assert seen[1] > 0
    assert page.locator("[data-numbered]").get_attribute("open") is None

    # what was typed and never sent is there after a crash
    page.route("**/naskah/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.fill("#text", start.replace("Mulailah", "BELUM-TERKIRIM mulailah"))
    page.reload()
    assert "BELUM-TERKIRIM" in page.input_value("#text")
    page.unroute("**/naskah/**")
    page.fill("#text", start)
    page.click(".row button[value=simpan]")
    page.wait_for_load_state()

    # a picture dropped on the text asks for its words, then stands at the end, where nobody has set the cursor
    out = io.BytesIO()
    Image.effect_noise((900, 600), 60).convert("RGB").save(out, "PNG")
    page.evaluate(DROP, ["Antrean Pagi.png", base64.b64encode(out.getvalue()).decode()])
    page.fill("#alt", "Antrean di loket")
    page.click("[data-upload] button")
    page.wait_for_selector("text=Gambar diperkecil")
    assert page.input_value("#text").endswith("\n\n---\n\n![Antrean di loket](../media/antrean-pagi.webp)\n\n")
    page.wait_for_selector("text=Tersimpan pukul", timeout=15_000)
    page.click("button[value=pratinjau]")
    page.wait_for_selector("[data-preview] img[src^='data:image/webp']")
    assert page.evaluate("document.querySelector('[data-preview] img').naturalWidth") > 0, "the policy of the page lets it show"

    # a piece stands where the cursor is, though never above the title; and what comes from Word is Markdown
    page.evaluate("() => { const t = document.querySelector('#text'); t.focus(); t.setSelectionRange(0, 0) }")
    page.click("button[value=kotak]")
    assert page.input_value("#text").startswith("---\njudul: Mengapa ini penting\nmenit: 15\n---\n\n> [!")
    page.fill("#text", page.input_value("#text"))
    page.evaluate("() => { const t = document.querySelector('#text'); t.focus(); t.setSelectionRange(t.value.length, t.value.length) }")
    page.click("button[value=benar-salah]")
    page.click("button[value=tabel]")
    end = page.input_value("#text").rpartition("## Soal")[2]
    assert end.startswith(": Tulis pernyataannya di sini."), "the second piece does not take the place of the first"
    assert "Jelaskan mengapa.\n\n---\n\n| Langkah |" in end, "nor does it become a part of that question"
    assert end.endswith("| Memeriksa berkas | Verifikator | 10 menit |\n\n")
    page.evaluate(PASTE, "<p>Dari <b>Word</b></p><ul><li>Satu</li><li>Dua</li></ul>")
    page.wait_for_selector("text=Tempelan dari Word sudah menjadi naskah", timeout=15_000)
    assert "TEKS POLOS" not in page.input_value("#text")
    assert "Dari **Word**\n\n- Satu\n- Dua" in page.input_value("#text")

    # two at once: told, and neither overwritten
    page.wait_for_timeout(6_000)
    other.goto(site + LESSON)
    other.wait_for_selector("text=Nurhayati Siregar")
    mine, theirs = page.input_value("#text"), other.input_value("#text")
    assert mine == theirs
    other.fill("#text", theirs.replace("Yang dilihat sendiri", "DARI-BAYU yang dilihat sendiri"))
    other.click(".row button[value=simpan]")
    other.wait_for_load_state()
    page.fill("#text", mine.replace("Mulailah", "DARI-NURHAYATI mulailah"))
    page.wait_for_selector("[role=alert]:has-text('Bayu Prakoso menyimpan naskah ini')", timeout=15_000)
    page.click(".row button[value=simpan]")
    page.wait_for_selector("text=Kedua perubahan sudah digabung")
    merged = page.input_value("#text")
    assert "DARI-BAYU" in merged
    assert "DARI-NURHAYATI" in merged
    page.click("text=Simpan gabungan ini")
    page.wait_for_load_state()
    assert page.input_value("#text") == merged

    # and published
    page.goto(f"{site}/tulis/menangani-keluhan/terbit")
    page.click("text=Terbitkan sekarang")
    page.wait_for_selector("text=Versi 1 diterbitkan")
    page.click("text=Lihat di katalog")
    assert re.search(r"/pelatihan/menangani-keluhan$", page.url)


@pytest.mark.browser
def test_what_was_typed_without_a_line_outlives_what_a_colleague_saved_meanwhile(site, authors):
    page, other = authors
    begin_together(page, site)

    page.goto(site + LESSON)
    start = page.input_value("#text")
    page.route("**/naskah/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.fill("#text", start.replace("Mulailah", "TANPA-SINYAL mulailah"))
    other.goto(site + LESSON)
    other.fill("#text", start.replace("Yang dilihat sendiri", "DARI-BAYU yang dilihat sendiri"))
    other.click(".row button[value=simpan]")
    other.wait_for_url("**tersimpan=1")
    page.goto(f"{site}/tulis/")
    page.unroute("**/naskah/**")

    page.goto(site + LESSON)
    assert "TANPA-SINYAL" in page.input_value("#text")
    page.click(".row button[value=simpan]")
    page.wait_for_selector("text=Kedua perubahan sudah digabung")
    merged = page.input_value("#text")
    assert "TANPA-SINYAL" in merged
    assert "DARI-BAYU" in merged
    page.goto(site + LESSON)
    assert "TANPA-SINYAL" in page.input_value("#text"), "whoever leaves the merge loses nothing by it"
    page.click(".row button[value=simpan]")
    page.click("text=Simpan gabungan ini")
    page.wait_for_url("**tersimpan=1")
    assert page.input_value("#text") == merged
    assert page.is_hidden("[data-discard]")

    page.route("**/naskah/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.fill("#text", merged.replace("Mulailah", "KELIRU mulailah") + "KELIRU\n")
    page.reload()
    page.click("text=Buang, pakai yang tersimpan")
    page.wait_for_load_state()
    assert page.input_value("#text") == merged
