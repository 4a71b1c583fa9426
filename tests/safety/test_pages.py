"""All pages that anybody can reach, in a site whose every word is hostile: nothing acts, nothing is told that is not one's own."""

import re
import subprocess
from html import escape

import pytest

from tests.safety.reader import open_it
from tests.safety.site import KEY, REVEALED, SECRET

NOT_BY_LINKS = {
    "sign_in.new_password": "its link is mailed",
    "certificates.signing": "only where an agency's BSrE service is set",
    "quizzes.fetch": "what came of a file just sent",
    "learn.resume": "leads on to a lesson",
}
CACHES = {"quizzes_tally": "sums over attempts, kept so that nobody counts them again"}
# Who may read what Sari did: herself, her unit's head, those who grade and run the site.
MAY_KNOW_SARI = {"sari", "baiq", "nur", "rahmat"}
MAY_KNOW_KEYS = {"sari", "nur", "maria", "rahmat"}
FILES = {"credits.evidence", "quizzes.file", "files.media"}
OTHERS = ("stranger", "togar", "lalu", "bayu", "dewi", "wira")


def test_every_page_is_reached_by_somebody(rich, crawled):
    reached = {answer.endpoint for answer in crawled.all() if answer.status == 200}
    rules = {rule.endpoint: rule.rule for rule in rich.app().url_map.iter_rules() if "GET" in rule.methods}
    assert {rule for endpoint, rule in rules.items() if endpoint not in reached and endpoint not in NOT_BY_LINKS} == set()


def test_no_page_breaks(crawled):
    assert [
        f"{answer.who} {answer.address}: {answer.status}" for answer in crawled.all() if answer.status >= 400 and answer.address != "/v/tte"
    ] == []


def test_no_word_becomes_a_tag_a_script_or_a_template(crawled):
    faults = []
    for answer in crawled.all():
        place = f"{answer.who} {answer.address}"
        if REVEALED in answer.text:
            faults.append(f"{place}: a template was filled in")
        inline = answer.address == "/v/luring.html"  # one file to keep on a phone, with a policy of its own
        for tag, attributes in answer.tags:
            if (
                tag == "kanari"
                or (tag == "script" and "src" not in attributes and not inline)
                or any(name.startswith("on") for name in attributes)
            ):
                faults.append(f"{place}: <{tag} {attributes}>")
    assert faults == []


def test_every_page_shows_the_hostile_words_it_has(crawled):
    """The test above looks at something: most pages hold them."""
    pages = [answer for answer in crawled.all() if answer.html and answer.status == 200]
    assert sum("kanari onclick" in answer.text for answer in pages) > 0.9 * len(pages)


def test_looking_changes_nothing(crawled):
    written = {re.match(r"(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)", statement)[1] for statement in crawled.changing}
    assert written <= CACHES.keys()


def test_what_knows_its_reader_is_kept_by_no_cache(crawled):
    public = {"static", "files.media"}
    for answer in crawled.all():
        if answer.who == "stranger" or answer.endpoint in public or answer.endpoint.endswith(".static"):
            continue
        assert answer.headers["Cache-Control"] == "private, no-store", answer.address
        assert "Cookie" in answer.headers["Vary"], answer.address


def test_every_answer_carries_the_walls(crawled):
    for answer in crawled.all():
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, answer.address
        assert "script-src 'unsafe" not in policy, answer.address
        assert answer.headers["X-Content-Type-Options"] == "nosniff", answer.address


def test_nobody_finds_what_is_somebody_elses(crawled):
    assert {answer.who for answer in crawled.all() if SECRET in answer.text} - MAY_KNOW_SARI == set()
    assert SECRET in crawled.pages["sari"]["/akun"].text


def test_no_key_is_found_by_who_has_not_answered(crawled):
    assert {answer.who for answer in crawled.all() if KEY in answer.text} - MAY_KNOW_KEYS == set()
    assert "nur" in {answer.who for answer in crawled.all() if KEY in answer.text}


@pytest.mark.parametrize("who", OTHERS)
def test_an_address_opens_nothing_that_is_somebody_elses(rich, crawled, who):
    app = rich.app()
    client = rich.client(app, who)
    for address in sorted({answer.address for answer in crawled.all()}):
        answer = open_it(app, client, who, address)
        assert answer.status < 500, address
        assert SECRET not in answer.text, address
        assert KEY not in answer.text, address


@pytest.mark.parametrize("who", ["togar", "dewi", "wira"])
def test_what_one_may_not_see_looks_like_what_is_not_there(rich, crawled, who):
    app = rich.app()
    client = rich.client(app, who)
    compared = 0
    for address in sorted({answer.address for answer in crawled.all() if re.search(r"^[^?]*/\d+\b", answer.address)}):
        closed = open_it(app, client, who, address)
        if closed.status < 400:
            continue
        missing = open_it(app, client, who, re.sub(r"/\d+\b", "/987654321", address, count=1))
        assert (closed.status, plain(closed, address)) == (missing.status, plain(missing, missing.address)), address
        compared += 1
    assert compared > 5


def plain(answer, address):
    """The page without its form tokens and without its own address."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", answer.text).replace(escape(address), "").replace(address, "")


def test_what_people_sent_is_never_shown_in_place(crawled):
    """Files and pictures of strangers are downloaded, or open in a sandbox where nothing runs."""
    files = [answer for answer in crawled.all() if answer.status == 200 and answer.endpoint in FILES]
    assert {answer.endpoint for answer in files} == FILES
    for answer in files:
        assert "sandbox" in answer.headers["Content-Security-Policy"], answer.address
        assert answer.endpoint == "files.media" or answer.headers["Content-Disposition"].startswith("attachment"), answer.address


def test_papers_show_hostile_words_as_they_are(crawled, tmp_path):
    papers = [answer for answer in crawled.pages["sari"].values() if answer.headers.get("Content-Type") == "application/pdf"]
    papers = [answer for answer in papers if answer.endpoint != "credits.evidence"]
    assert len(papers) >= 2, "the certificate and the transcript"
    for answer in papers:
        paper = tmp_path / "paper.pdf"
        paper.write_bytes(answer.body)
        words = subprocess.run(["pdftotext", paper, "-"], capture_output=True, text=True, check=True).stdout
        said = "".join(words.split())
        assert "{{31337*3}}${31337*3}%(x)s{x}" in said, answer.address
        assert REVEALED not in said
        assert b"/JavaScript" not in answer.body
        assert b"/Launch" not in answer.body
