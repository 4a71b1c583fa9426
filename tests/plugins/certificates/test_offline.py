"""The check without us: the QR code's claim, the command, and the page that one keeps."""

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from elearn_certificates import proving, verifying
from elearn_certificates.credential import claim
from elearn_certificates.drawing import draw
from elearn_certificates.facts import Facts
from elearn_certificates.life import revoke
from elearn_certificates.sheet import WIDTH
from PIL import Image, ImageFilter

from elearn import now
from elearn.clock import frozen
from tests.plugins.certificates.proofs import cli, data_of, needs, proof, run
from tests.plugins.certificates.test_pdf import LONG, ODD, PLAIN
from tests.plugins.conftest import COURSE

A4_WIDTH, PHONE = 11.69, 1080  # inches; pixels across a telephone held upright


def scanned(path, *, pixels, folder):
    """What zbar reads on the first page, drawn ``pixels`` wide."""
    needs("zbarimg")
    run("pdftoppm", "-scale-to-x", pixels, "-scale-to-y", "-1", "-png", "-f", "1", "-l", "1", path, folder / "depan")
    return run("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", next(folder.glob("depan*.png"))).stdout.strip()


@pytest.mark.parametrize("facts", [PLAIN, LONG, ODD], ids=["plain", "long", "odd"])
@pytest.mark.parametrize("pixels", [PHONE, 1600, 2480])
def test_a_telephone_reads_address_and_claim_from_the_page(tmp_path, facts, pixels):
    key = ec.generate_private_key(ec.SECP256R1())
    known = Facts(**facts)
    text = claim.write(known, key="00112233", sign=lambda data: key.sign(data, ec.ECDSA(hashes.SHA256())))
    path = tmp_path / "s.pdf"
    path.write_bytes(draw(Facts(**facts, claim=text)))
    read = scanned(path, pixels=pixels, folder=tmp_path)
    assert read == f"{known.verify_url}#{text}"
    found, signed, signature = claim.read(read)
    assert claim.holds(key.public_key(), signed, signature)
    assert (found.number, found.hours, found.issued_on) == (known.number, 3, date(2026, 12, 4))
    assert known.person_name.startswith(found.name.rstrip("…"))


def test_a_telephone_held_askew_reads_it_too(tmp_path):
    needs("zbarimg")
    key = ec.generate_private_key(ec.SECP256R1())
    text = claim.write(Facts(**LONG), key="00112233", sign=lambda data: key.sign(data, ec.ECDSA(hashes.SHA256())))
    (tmp_path / "s.pdf").write_bytes(draw(Facts(**LONG, claim=text)))
    run("pdftoppm", "-r", "300", "-png", "-f", "1", "-l", "1", tmp_path / "s.pdf", tmp_path / "depan")
    page = Image.open(next(tmp_path.glob("depan*.png"))).convert("RGB")
    mm = page.width / WIDTH
    seen = page.crop((int(10 * mm), int(138 * mm), int(70 * mm), int(190 * mm))).rotate(8, expand=True, fillcolor=(90, 80, 70))
    across, down = seen.size
    keystone = (0, 0, -0.04 * across, down, 1.03 * across, 1.02 * down, across, 0)
    seen = seen.transform(seen.size, Image.Transform.QUAD, keystone).resize((1080, down * 1080 // across))
    seen.filter(ImageFilter.GaussianBlur(2)).point(lambda light: int(light * 0.7 + 25)).save(tmp_path / "foto.jpg", quality=60)
    read = run("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", tmp_path / "foto.jpg").stdout.strip()
    assert read == f"{LONG['verify_url']}#{text}"


def test_a_claim_holds_for_its_own_address_and_every_letter_of_it_counts(app, signed):
    facts = signed[0].facts
    known = proving.ring_of(app.extensions["elearn"].site).all()
    whole = f"{facts['verify_url']}#{facts['claim']}"
    assert verifying.check(whole.encode(), known, at=now()).valid
    assert verifying.check(whole.lower().replace("http://localhost", "https://mirror.example").encode(), known, at=now()).valid
    other = whole.replace(facts["check_code"][:5], "00000" if facts["check_code"][:5] != "00000" else "11111")
    assert not verifying.check(other.encode(), known, at=now()).valid
    start = whole.index("#") + 1
    for place in range(start, len(whole) - 1):
        letter = "A" if whole[place] != "A" else "B"
        assert not verifying.check(f"{whole[:place]}{letter}{whole[place + 1 :]}".encode(), known, at=now()).valid, place
    for odd in (
        "",
        "#",
        "x#y",
        whole[: start + 40],
        whole + "A" * 5_000,
        facts["verify_url"],
        "{",
        "{}",
        "[1]",
        "a.b.c",
        "%PDF-1.7 x",
        "\0",
    ):
        assert not verifying.check(odd.encode(), known, at=now()).valid


def test_the_command_checks_every_form_with_and_without_the_register(app, signed, tmp_path):
    certificate, pdf = signed
    forms = {form: proof(app, certificate.id, form) for form in ("jwt", "svg", "png")}
    files = {"pdf": pdf, "json": json.dumps(proof(app, certificate.id, "json")).encode(), **forms}
    targets = []
    for form, content in files.items():
        targets.append(tmp_path / f"s.{form}")
        targets[-1].write_bytes(content)
    whole = f"{certificate.facts['verify_url']}#{certificate.facts['claim']}"
    for target in (*targets, whole):
        for more in ((), ("--offline",)):
            result = cli(app, "verify", target, *more)
            assert result.exit_code == 0, (target, result.output)
            assert result.output.startswith("SAH")
    assert cli(app, "verify", certificate.check_code.lower()).exit_code == 0
    assert cli(app, "verify", certificate.number).exit_code == 0
    for wrong in ("000099/E/2026", "x" * 400):
        result = cli(app, "verify", wrong)
        assert result.exit_code == 1
        assert result.output.startswith("TIDAK SAH")
    absent = cli(app, "verify", tmp_path / "absent.pdf")
    assert absent.exit_code == 1
    assert "there is no file" in absent.output
    assert "SAH" not in absent.output, "a slip of the pen is no verdict on a certificate"
    with app.extensions["elearn"].outbox.open_session() as session:
        revoke(session, certificate.id, by=1, reason="Diterbitkan keliru.")
        session.commit()
    for target in (*targets, whole, certificate.number):
        result = cli(app, "verify", target)
        assert result.exit_code == 1
        assert "Diterbitkan keliru." in result.output
    listed = tmp_path / "dicabut.json"
    listed.write_text(app.test_client().get("/v/status/0.json").text, "utf-8")
    assert cli(app, "verify", tmp_path / "s.json", "--offline", "--revoked", listed).exit_code == 1


def test_the_command_speaks_english_too(app, signed, tmp_path):
    certificate, pdf = signed
    path, changed = tmp_path / "s.pdf", tmp_path / "t.json"
    path.write_bytes(pdf)
    changed.write_text(json.dumps(proof(app, certificate.id, "json") | {"name": "Another course"}), "utf-8")
    english = ("--language", "en")
    assert cli(app, "verify", path, *english).output.startswith("VALID: By the issuer's register this certificate is valid.")
    told = cli(app, "verify", changed, "--offline", *english).output
    assert told.startswith("NOT VALID: The signature does not match: the content was changed.")
    assert cli(app, "verify", "nothing", "--offline", *english).output.startswith("NOT VALID: It holds no claim that can be read.")
    path.write_bytes(pdf[:-40] + b"x" + pdf[-39:])
    assert "This file is not the same as the one that was issued. " in cli(app, "verify", path, *english).output
    with app.extensions["elearn"].outbox.open_session() as session:
        revoke(session, certificate.id, by=1, reason="Diterbitkan keliru.")
        session.commit()
    assert cli(app, "verify", certificate.number, *english).output.startswith("NOT VALID: Revoked. Diterbitkan keliru.")


@pytest.mark.parametrize("text", ["nonsense", "[1]", "{}", "[" * 100_000, "\udcff"], ids=["words", "list", "empty", "deep", "bytes"])
@pytest.mark.parametrize("option", ["--revoked", "--keys"])
def test_a_damaged_list_or_keys_are_no_verdict(app, signed, tmp_path, option, text):
    path, damaged = tmp_path / "s.pdf", tmp_path / "rusak.json"
    path.write_bytes(signed[1])
    damaged.write_bytes(text.encode("utf-8", "surrogateescape"))
    result = cli(app, "verify", path, "--offline", option, damaged)
    assert result.exit_code == 2, "1 says that the certificate is not valid"
    assert f"{damaged} holds no " in result.output
    assert "SAH" not in result.output


def test_the_code_of_a_site_without_keys_is_looked_up(app, write_course, complete, of):
    write_course(app, COURSE)
    complete(app)
    address = of(app)[0][0].facts["verify_url"]
    assert cli(app, "verify", address).exit_code == 0
    assert cli(app, "verify", address, "--offline").exit_code == 1
    assert cli(app, "verify", f"{address}#AAAA").exit_code == 1, "a claim that cannot be read is none of ours"
    assert cli(app, "verify", address[:-1] + ("2" if address[-1] != "2" else "3")).exit_code == 1


def test_keys_kept_from_the_site_suffice_after_it_is_gone(app, signed, tmp_path):
    kept = tmp_path / "kunci.json"
    kept.write_text(app.test_client().get("/v/kunci.json").text, "utf-8")
    path = tmp_path / "s.pdf"
    path.write_bytes(signed[1])
    (data_of(app) / "keys").rename(tmp_path / "gone")
    assert cli(app, "verify", path, "--offline", "--keys", kept).exit_code == 0
    assert cli(app, "verify", path, "--offline").exit_code == 1
    kept.write_text("[]")
    assert cli(app, "verify", path, "--offline", "--keys", kept).exit_code == 2


@pytest.mark.parametrize("form", ["pdf", "ob3", "jwt", "svg", "png"])
def test_a_certificate_is_exported_in_every_form(app, signed, tmp_path, form):
    path = tmp_path / "keluar"
    assert cli(app, "export", signed[0].number.lower(), "--format", form, "--output", path).exit_code == 0
    assert cli(app, "verify", path, "--offline").exit_code == 0
    assert cli(app, "export", "999999/E/2026", "--format", form).exit_code == 1


@pytest.fixture
def dated(app, signed):
    """The text of a QR code that holds until 4 December 2026."""
    site = app.extensions["elearn"].site
    facts = proving.claimed(
        site,
        replace(Facts.from_json(signed[0].facts), expires_on=date(2026, 12, 4), completed_on=date(2026, 1, 5), started_on=date(2026, 1, 5)),
    )
    return f"{facts.verify_url}#{facts.claim}"


LAST_MINUTE, NEXT_DAY = datetime(2026, 12, 4, 16, 30, tzinfo=UTC), datetime(2026, 12, 4, 17, 30, tzinfo=UTC)  # 23.30 and 0.30 WIB


def test_a_code_holds_until_its_last_day_ends_in_the_sites_zone(app, dated):
    with frozen(LAST_MINUTE):
        assert cli(app, "verify", dated, "--offline").exit_code == 0
    with frozen(NEXT_DAY):
        assert "Masa berlakunya habis" in cli(app, "verify", dated, "--offline").output


@pytest.mark.browser
def test_a_code_holds_on_the_kept_page_until_its_last_day_ends_there(app, dated, tmp_path):
    chromium = os.environ.get("ELEARN_TEST_CHROMIUM", "")
    if not chromium:
        pytest.skip("ELEARN_TEST_CHROMIUM names no browser: make test finds Debian's chromium where it is installed")
    from playwright.sync_api import sync_playwright

    kept = tmp_path / "periksa-sertifikat.html"
    kept.write_bytes(app.test_client().get("/v/luring.html").data)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_context(offline=True, timezone_id="Asia/Jakarta").new_page()
        for moment, said in ((LAST_MINUTE, "Kode ini asli"), (NEXT_DAY, "Masa berlakunya habis")):
            page.clock.set_fixed_time(moment)
            page.goto(kept.as_uri())
            page.fill("#text", dated)
            page.click("button")
            page.wait_for_selector("#verdict:not([hidden])")
            assert said in page.inner_text("#verdict")
        browser.close()


@pytest.mark.browser
def test_the_kept_page_checks_a_code_without_any_server(app, signed, tmp_path):
    chromium = os.environ.get("ELEARN_TEST_CHROMIUM", "")
    if not chromium:
        pytest.skip("ELEARN_TEST_CHROMIUM names no browser: make test finds Debian's chromium where it is installed")
    from playwright.sync_api import sync_playwright

    answer = app.test_client().get("/v/luring.html")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "http" not in answer.text.replace("http-equiv", "").replace("https://…", "")
    kept = tmp_path / "periksa-sertifikat.html"
    kept.write_bytes(answer.data)
    facts = signed[0].facts
    whole = f"{facts['verify_url']}#{facts['claim']}"
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(offline=True, viewport={"width": 360, "height": 800})
        page = context.new_page()
        page.goto(kept.as_uri())

        def verdict(text):
            page.fill("#text", text)
            page.evaluate("document.getElementById('verdict').hidden = true")
            page.click("button")
            page.wait_for_selector("#verdict:not([hidden])")
            return page.inner_text("#verdict")

        said = verdict(whole)
        assert "Kode ini asli" in said
        assert "Sari Wahyuni, S.E." in said
        assert signed[0].number in said
        assert "3" in said
        changed = whole[:-8] + ("A" if whole[-8] != "A" else "B") + whole[-7:]
        assert "tidak cocok" in verdict(changed)
        assert "Tidak ada klaim" in verdict("apa saja")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        with app.extensions["elearn"].outbox.open_session() as session:
            revoke(session, signed[0].id, by=1, reason="Keliru.")
            session.commit()
        assert "Kode ini asli" in verdict(whole), "the kept page cannot know yet"
        later = app.test_client().get("/v/luring.html")
        assert facts["check_code"] not in later.text
        kept.write_bytes(later.data)
        page.goto(kept.as_uri())
        assert "sudah dicabut atau diganti" in verdict(whole)
        browser.close()
