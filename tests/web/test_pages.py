"""Every page of the core in every state: one heading, a title, a label for each field, nothing inline, few bytes, legible colours."""

import gzip
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Blueprint
from markupsafe import Markup
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from elearn import Refused, public
from elearn.content.values import Author, Heading, LegalBasis
from elearn.plugin import Card, NavEntry, Plugin
from elearn.services import people, versions
from elearn.services import sign_in as service

STATIC = Path(__file__).resolve().parents[2] / "elearn" / "web" / "static"
VOID = {"input", "meta", "link", "br", "hr", "img", "use", "path", "circle", "source", "wbr", "col", "area", "base", "embed"}
PASSWORD = "kalimat-yang-panjang"


class Page(HTMLParser):
    """A page taken apart: its elements as (tag, attributes), and the text within each."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self._open = [], [], []
        self.feed(text)
        self.left_open = [self.elements[index][0] for index in self._open]

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.texts.append("")
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.texts.append("")

    def handle_endtag(self, tag):
        assert self._open, f"</{tag}> closes nothing"
        opened = self.elements[self._open.pop()][0]
        assert opened == tag, f"</{tag}> closes <{opened}>"

    def handle_data(self, data):
        for index in self._open:
            self.texts[index] += data

    def all(self, *tags):
        return [
            (attributes, " ".join(text.split())) for (tag, attributes), text in zip(self.elements, self.texts, strict=True) if tag in tags
        ]

    def ids(self):
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


def box(viewer):
    return Card(title="Kotak", body=Markup("<p>Isi kotak.</p>")) if viewer.person else None


def held(completing):
    if completing.lesson and completing.lesson.id == "pelajaran-2":
        return Refused("belum", "Jawab dahulu pertanyaannya.")
    return None


FULL = Plugin(
    name="contoh",
    title="Contoh",
    cards=(box,),
    gates=(held,),
    nav=lambda viewer: [NavEntry(title="Contoh", endpoint="help.help_page", icon="award")],
    slots={"course": lambda viewer, course: Markup("<div class='card'><h2>Slot</h2></div>")},
)


@pytest.fixture
def site(make_app, make_course, publish_course):
    """A site with a plugin that fills every place, and courses of every sort."""
    app = make_app(FULL, help="Hubungi 0812-0000-0000.", organisation="BPSDM")
    plain = make_course("etika", lessons=3)
    first = replace(plain.sections[0].lessons[0], headings=(Heading(level=2, id="h-a", text="A"), Heading(level=2, id="h-b", text="B")))
    sections = (replace(plain.sections[0], summary="Tentang modul.", lessons=(first, *plain.sections[0].lessons[1:])),)
    full = replace(
        plain,
        sections=sections,
        level="basic",
        language="en",
        objectives=("Menolak gratifikasi.",),
        authors=(Author(name="Baiq Ratna", organisation="Universitas"),),
        organisation="BPSDM",
        licence="CC-BY-SA-4.0",
        pass_mark=0.8,
        legal_basis=(LegalBasis(regulation="UU 5/2014", note="Pokok.", as_of="2026-11-01", source="https://peraturan.bpk.go.id/"),),
    )
    publish_course(app, full)
    publish_course(app, make_course("berurut", lessons=3, order="sequential"))
    publish_course(app, make_course("lanjutan", prerequisites=("etika",)))
    publish_course(app, make_course("pendek", lessons=1))
    publish_course(app, make_course("ditutup", lessons=1))
    with app.extensions["elearn"].outbox.open_session() as session:
        versions.withdraw(session, "ditutup", by=None)
        session.commit()
    return app


@pytest.fixture
def new_password_link(site, capsys):
    """The address of a mailed link."""
    with site.extensions["elearn"].outbox.open_session() as session:
        people.add_person(session, name="Togar", email="togar@contoh.go.id", password=PASSWORD)
        session.commit()
    site.test_client().post("/sandi", data={"login": "togar@contoh.go.id"})
    site.extensions["elearn"].outbox.deliver_due()
    said = capsys.readouterr()
    return re.findall(r"http://localhost(/sandi/\S+)", said.out + said.err)[0]


def states(site, sign_in, link):
    """(name, answer) of every page in every state."""
    stranger, fresh, busy, done = site.test_client(), sign_in(site), sign_in(site, name="Dra. Nurhayati Siregar, M.Pd."), sign_in(site)
    author, boss = sign_in(site, role="author"), sign_in(site, role="administrator")
    for slug in ("etika", "berurut"):
        busy.post(f"/pelatihan/{slug}/daftar")
    busy.post("/belajar/etika/pelajaran-1/selesai")
    done.post("/pelatihan/pendek/daftar")
    done.post("/belajar/pendek/pelajaran-1/selesai")
    yield "front", stranger.get("/")
    yield "home of somebody new", fresh.get("/")
    yield "home midway", busy.get("/")
    yield "home of somebody finished", done.get("/")
    yield "catalogue", stranger.get("/pelatihan")
    yield "catalogue of somebody", busy.get("/pelatihan")
    yield "search", busy.get("/pelatihan?q=etika")
    yield "search with a near miss", busy.get("/pelatihan?q=etikka")
    yield "search without a hit", busy.get("/pelatihan?q=zzzz")
    yield "catalogue filtered", busy.get("/pelatihan?jp=1-3&kompetensi=tidak-ada&tingkat=basic&lama=1")
    yield "catalogue filtered to nothing", busy.get("/pelatihan?jp=10-")
    yield "catalogue filtered and searched", stranger.get("/pelatihan?q=etika&jp=1-3")
    yield "catalogue filtered and searched for nothing", stranger.get("/pelatihan?q=zzzz&jp=1-3")
    yield "course closed for stranger", stranger.get("/pelatihan/ditutup")
    yield "course closed for somebody new", fresh.get("/pelatihan/ditutup")
    yield "course closed and enrolling refused", fresh.post("/pelatihan/ditutup/daftar")
    yield "catalogue beyond its end", busy.get("/pelatihan?hal=9")
    for slug in ("etika", "berurut", "lanjutan", "pendek"):
        for name, who in (("stranger", stranger), ("somebody new", fresh), ("somebody midway", busy), ("somebody finished", done)):
            yield f"course {slug} for {name}", who.get(f"/pelatihan/{slug}")
    yield "lesson done", busy.get("/belajar/etika/pelajaran-1")
    yield "lesson open", busy.get("/belajar/etika/pelajaran-2")
    yield "lesson last", busy.get("/belajar/etika/pelajaran-3")
    yield "lesson refused", busy.post("/belajar/etika/pelajaran-2/selesai")
    yield "lesson preview", author.get("/belajar/etika/pelajaran-2")
    yield "lesson locked", busy.get("/belajar/berurut/pelajaran-3")
    yield "not yet completed", busy.get("/belajar/etika/tamat?dari=pelajaran-1")
    yield "not yet completed in order", busy.get("/belajar/berurut/tamat")
    yield "completed", done.get("/belajar/pendek/tamat")
    yield "sign in", stranger.get("/masuk")
    yield "sign in refused", stranger.post("/masuk", data={"login": "123", "password": "x"})
    yield "password asked", stranger.get("/sandi")
    yield "password mailed", stranger.post("/sandi", data={"login": "orang@lain.id"})
    yield "password link stale", stranger.get("/sandi/basi")
    yield "password new", stranger.get(link)
    yield "password new refused", stranger.post(link, data={"password": "x", "password2": "y"})
    yield "password done", stranger.post(link, data={"password": PASSWORD, "password2": PASSWORD})
    yield "account", busy.get("/akun")
    yield "account saved", busy.get("/akun?tersimpan=pilihan")
    yield "account refused", busy.post("/akun/sandi", data={"lama": "x", "password": "y", "password2": "y"})
    yield "help", stranger.get("/bantuan")
    yield "not found", stranger.get("/tidak-ada")
    yield "not signed in", stranger.post("/pelatihan/etika/daftar")
    yield "enrolling refused", fresh.post("/pelatihan/lanjutan/daftar")
    yield "wrong way in", boss.get("/keluar")


@pytest.fixture
def pages(site, sign_in, new_password_link, make_app):
    """The pages in all states, by name."""
    found = dict(states(site, sign_in, new_password_link))
    bare = make_app()
    found["front with nothing on offer"] = bare.test_client().get("/")
    found["home with nothing on offer"] = sign_in(bare).get("/")
    found["home of the administrator of a new site"] = sign_in(bare, role="administrator").get("/")
    found["catalogue with nothing on offer"] = bare.test_client().get("/pelatihan")
    with site.test_request_context():
        text = site.jinja_env.get_template("error_plain.html").render(status=503, title="Sistem sedang penuh", text="Coba lagi.")
    found["error without a database"] = TestResponse(
        response=[text.encode()], status="503", headers=Headers({"Content-Type": "text/html"}), request=None
    )
    return found


def test_every_page_is_well_made(pages):
    faults = []
    for name, answer in pages.items():
        assert answer.mimetype == "text/html", f"{name}: {answer.status_code} {answer.mimetype}"
        try:
            faults += [f"{name}: {fault}" for fault in faults_in(answer.text)]
        except AssertionError as error:
            faults.append(f"{name}: {error}")
    assert faults == []


def faults_in(text):
    """What is wrong with a page, a line each."""
    page = Page(text)
    if not text.startswith("<!doctype html>"):
        yield "it does not begin with its doctype"
    if page.left_open:
        yield f"left open: {page.left_open}"
    if [attributes.get("lang") for attributes, _ in page.all("html")] not in (["id"], ["en"]):
        yield "the page does not name its language"
    if len(page.all("h1")) != 1 or not page.all("h1")[0][1]:
        yield f"headings of the first level: {page.all('h1')}"
    titles = [words for _, words in page.all("title")]
    if len(titles) != 1 or len(titles[0].split(" - ")) < 2 or not titles[0].split(" - ")[0].strip():
        yield f"title {titles}"
    if len(page.all("main")) != 1:
        yield "there is not one main"
    yield from inline_faults(page)
    yield from name_faults(page)
    yield from heading_faults(page)
    yield from form_faults(page)


def inline_faults(page):
    for tag, attributes in page.elements:
        if tag == "style" or "style" in attributes or any(name.startswith("on") for name in attributes):
            yield f"inline: <{tag} {attributes}>"
        if tag == "script" and not attributes.get("src", "").startswith("/static/"):
            yield "a script that is not a file of the site"
        if attributes.get("src", attributes.get("href", "/")).startswith("http:") or attributes.get("href", "").startswith("javascript:"):
            yield f"<{tag} {attributes}>"


def name_faults(page):
    ids = page.ids()
    if len(ids) != len(set(ids)):
        yield f"ids twice: {sorted(one for one in set(ids) if ids.count(one) > 1)}"
    for tag, attributes in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            for one in attributes.get(name, "").split():
                if one not in ids:
                    yield f"<{tag}> names #{one}, which is not there"
        if attributes.get("href", "").startswith("#") and attributes["href"][1:] not in {*ids, "h-a", "h-b"}:
            yield f"{attributes['href']} leads nowhere"
    for attributes, words in page.all("a", "button", "summary", "label", "option"):
        if not words and not attributes.get("aria-label"):
            yield f"without a name: {attributes}"
    if [attributes for attributes, _ in page.all("img") if "alt" not in attributes]:
        yield "a picture without alt"
    if [attributes for attributes, _ in page.all("nav", "progress") if not attributes.get("aria-label")]:
        yield "a nav or progress without a name"


def heading_faults(page):
    before = 0
    for tag, _ in page.elements:
        if re.fullmatch("h[1-6]", tag):
            if int(tag[1]) > before + 1:
                yield f"{tag} follows h{before}"
            before = int(tag[1])


def form_faults(page):
    labelled = {attributes.get("for") for attributes, _ in page.all("label")}
    for tag, attributes in page.elements:
        if tag not in ("input", "select", "textarea") or attributes.get("type") in ("hidden", "submit") or "hidden" in attributes:
            continue
        if attributes.get("id") not in labelled and not attributes.get("aria-label"):
            yield f"a field without a label: {attributes}"
        if "required" in attributes:
            yield f"the browser would check {attributes.get('name')} instead of the page"
    posts = [attributes for attributes, _ in page.all("form") if attributes.get("method", "get").lower() == "post"]
    tokens = [attributes for attributes, _ in page.all("input") if attributes.get("name") == "csrf_token"]
    if len(posts) != len(tokens):
        yield f"{len(posts)} forms, {len(tokens)} tokens"


def test_the_check_of_pages_finds_what_it_looks_for():
    bad = (
        "<html><main><h1>a</h1><h1></h1><h3 style='x' id='a' onclick='y'>b</h3><p id='a'></p><a href='#q'></a><input name='n' required>"
        "<form method='post'></form><img src='/x'><script>1</script><progress></progress></main></html>"
    )
    said = "\n".join(faults_in(bad))
    for word in (
        "doctype",
        "language",
        "first level",
        "title",
        "inline",
        "not a file",
        "twice",
        "nowhere",
        "without a name",
        "alt",
        "label",
        "forms",
    ):
        assert word in said
    with pytest.raises(AssertionError):
        Page("<p><b>x</p></b>")


def test_a_page_that_says_no_says_so_in_its_title_and_takes_the_focus(pages):
    for name in ("sign in refused", "password new refused", "account refused", "password link stale", "lesson refused"):
        page = Page(pages[name].text)
        assert page.all("title")[0][1].startswith(("Galat: ", "Belum bisa: ")), name
        (alert,) = [attributes for attributes, _ in page.all("div") if attributes.get("role") == "alert"]
        assert "autofocus" in alert
        assert alert["tabindex"] == "-1"
    assert 'aria-invalid="true"' in pages["sign in refused"].text
    assert 'value="123"' in pages["sign in refused"].text
    assert "Jawab dahulu pertanyaannya." in pages["lesson refused"].text


def test_a_lesson_that_a_gate_holds_says_what_is_needed_and_offers_no_way_to_mark_it_done(pages):
    page = pages["lesson open"].text
    assert "Jawab dahulu pertanyaannya." in page
    assert "/selesai" not in page
    assert 'href="/belajar/etika/pelajaran-3"' in page.split("</article>")[1], "what comes next can be read all the same"


def test_each_state_says_the_one_next_step(pages):
    for name, address in {
        "front": "/masuk",
        "home midway": "/belajar/berurut/pelajaran-1",
        "home of somebody new": "/pelatihan/",
        "home with nothing on offer": "/bantuan",
        "home of the administrator of a new site": "/kelola",
        "search without a hit": "/pelatihan",
        "catalogue filtered to nothing": "/pelatihan",
        "catalogue filtered and searched for nothing": "/pelatihan?q=zzzz",
        "course closed for stranger": "/masuk?lanjut=/pelatihan/ditutup",
        "course closed for somebody new": "/pelatihan",
        "course etika for stranger": "/masuk?lanjut=/pelatihan/etika",
        "course etika for somebody midway": "/belajar/etika/pelajaran-2",
        "course lanjutan for somebody new": "/pelatihan/etika",
        "course pendek for somebody finished": "/belajar/pendek/tamat",
        "lesson done": "/belajar/etika/pelajaran-2",
        "lesson locked": "/belajar/berurut/pelajaran-1",
        "not yet completed": "/belajar/etika/pelajaran-2",
        "completed": "/pelatihan",
        "password done": "/masuk",
        "not signed in": "/masuk",
    }.items():
        main = pages[name].text.split("<main")[1].split("</main>")[0]
        assert f'href="{address}' in main, name
    assert 'action="/pelatihan/etika/daftar"' in pages["course etika for somebody new"].text
    assert 'action="/pelatihan/lanjutan/daftar"' not in pages["course lanjutan for somebody new"].text


ORDERS = (5, 33, 34)


def tab_of_its_own(order):
    """A plugin with one page and one tab."""
    pages = Blueprint(f"tab{order}", __name__)
    pages.get("/", endpoint="index")(public(lambda: ""))
    entry = NavEntry(title=f"Tab {order}", endpoint=f"tab{order}.index", order=order)
    return Plugin(name=f"tab{order}", title="Tab", blueprint=pages, nav=lambda viewer: [entry])


@pytest.mark.parametrize(("role", "word"), [("learner", "Lainnya"), ("administrator", "Kelola")])
def test_a_phone_has_room_for_five_tabs_and_the_others_stand_on_a_page(make_app, sign_in, role, word):
    client = sign_in(make_app(*(tab_of_its_own(order) for order in ORDERS)), role=role)
    tabs = client.get("/").text.split('<nav class="tabs"')[1].split("</nav>")[0]
    assert tabs.count("<a ") == 5
    assert "Akun" in tabs
    assert word in tabs
    rows = client.get("/kelola").text
    assert f"<h1>{word}</h1>" in rows
    main = rows.split("<main")[1]
    assert all((f"Tab {order}" in tabs) != (f"Tab {order}" in main) for order in ORDERS)


def test_a_lesson_hides_the_tabs_and_shows_one_way_out(pages):
    for name, answer in pages.items():
        tabs = [attributes for attributes, _ in Page(answer.text).all("nav") if attributes.get("class") == "tabs"]
        assert len(tabs) == (0 if name.startswith(("lesson", "error without")) else 1), name
    assert 'data-here="/belajar/etika/pelajaran-3/di-sini"' in pages["lesson last"].text
    assert "data-here" not in pages["lesson preview"].text


def test_the_tab_of_the_page_is_marked(pages):
    for name, tab in {
        "home midway": "Beranda",
        "catalogue": "Pelatihan",
        "course etika for stranger": "Pelatihan",
        "account": "Akun",
    }.items():
        marked = [words for attributes, words in Page(pages[name].text).all("a") if "aria-current" in attributes]
        assert marked == [tab], name


def packed(data):
    return len(gzip.compress(data, 6))


def test_pages_and_files_keep_within_their_budget(pages):
    for name, answer in pages.items():
        assert packed(answer.data) <= 15_000, name
    assert packed((STATIC / "app.css").read_bytes()) <= 10_000
    assert packed((STATIC / "app.js").read_bytes()) <= 10_000
    for name, answer in pages.items():
        files = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', answer.text))
        assert len(files) + 1 <= 8, name
        weight = sum(packed((STATIC / file.split("?")[0].removeprefix("/static/")).read_bytes()) for file in files)
        assert weight + packed(answer.data) <= 60_000, name


def test_every_icon_is_in_the_sprite(pages):
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    used = {name for answer in pages.values() for name in re.findall(r'icons\.svg\?v=\w+#([^"]+)"', answer.text)}
    assert len(used) > 10
    assert used - drawn == set()


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """The contrast of two colours after WCAG 2.2: 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_are_legible_in_light_and_dark():
    assert round(contrast("#000000", "#ffffff")) == 21
    css = (STATIC / "app.css").read_text("utf-8")
    light, dark, chosen = (
        dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", block)) for block in re.findall(r":root[^{,]*{(.*?)}", css, re.DOTALL)[:3]
    )
    assert light.keys() == dark.keys()
    assert chosen == dark, "what one chooses is what a dark device shows"
    assert len(light) > 18
    grounds = ("bg", "alt", "info-bg", "ok-bg", "warn-bg", "bad-bg", "law-bg")
    for name, colours in (("light", light), ("dark", dark)):
        pairs = [(text, ground, 4.5) for text in ("ink", "soft", "pri") for ground in grounds]
        pairs += [(kind, f"{kind}-bg", 4.5) for kind in ("info", "ok", "warn", "bad", "law")]
        pairs += [(kind, "bg", 4.5) for kind in ("info", "ok", "warn", "bad", "law")]
        pairs += [("pri-ink", "pri", 4.5), ("pri-ink", "pri-deep", 4.5), ("pri-deep", "bg", 4.5), ("pri-deep", "info-bg", 4.5)]
        pairs += [("ink", "bg", 7), ("edge", "bg", 3), ("edge", "alt", 3)]
        low = [
            f"{name}: {text} on {ground} {contrast(colours[text], colours[ground]):.2f}"
            for text, ground, least in pairs
            if contrast(colours[text], colours[ground]) < least
        ]
        assert low == []


@pytest.mark.parametrize("lessons", [3, 60])
def test_pages_cost_few_statements_however_much_there_is(make_app, make_course, publish_course, sign_in, count_statements, lessons):
    app = make_app()
    for number in range(lessons // 3):
        publish_course(app, make_course(f"pelatihan-{number}", lessons=lessons))
    client = sign_in(app)
    client.post("/pelatihan/pelatihan-0/daftar")
    for number in range(1, lessons):
        client.post(f"/belajar/pelatihan-0/pelajaran-{number}/selesai")
    for address, most in (
        ("/", 5),
        ("/pelatihan", 4),
        ("/pelatihan/pelatihan-0", 4),
        (f"/belajar/pelatihan-0/pelajaran-{lessons}", 3),
        ("/akun", 3),
        ("/bantuan", 1),
    ):
        with count_statements(app) as seen:
            assert client.get(address).status_code == 200
        assert len(seen) <= most, f"{address}: {len(seen)} statements\n" + "\n".join(seen)


def test_devices_are_named_as_their_owner_would(site, sign_in):
    client = sign_in(site)
    agents = {
        "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36": "Chrome, Android",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Mobile Safari/604.1": "Safari, iPhone",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0": "Edge, Windows",
        "": "Perangkat tidak dikenali",
        "<b>curl</b>": "Perangkat tidak dikenali",
    }
    with site.extensions["elearn"].outbox.open_session() as session:
        person = session.get_one(people.Person, client.person_id)
        for agent in agents:
            service.start(session, person, agent=agent, days=1)
        session.commit()
    shown = client.get("/akun").text
    for name in agents.values():
        assert f"<b>{name}</b>" in shown
    assert "<b>curl</b>" not in shown


def test_the_look_chosen_on_a_device_holds_there_and_on_no_other(site, sign_in):
    here, there = sign_in(site), site.test_client()
    assert 'data-theme="' not in here.get("/akun").text
    for look, shown in (("gelap", 'data-theme="gelap"'), ("terang", 'data-theme="terang"')):
        here.post("/akun/pilihan", data={"tampilan": look})
        assert shown in here.get("/").text
        assert f'<option value="{look}" selected>' in here.get("/akun").text
    assert 'data-theme="' not in there.get("/").text
    here.post("/akun/pilihan", data={"tampilan": "ungu"})
    assert 'data-theme="' not in here.get("/").text
    here.set_cookie("tampilan", '"><script>')
    assert 'data-theme="' not in here.get("/").text


def test_filters_keep_each_other_and_what_was_searched_for(site):
    page = site.test_client().get("/pelatihan?q=etika&jp=1-3&lama=ngawur").text
    hrefs = [attributes["href"] for attributes, _ in Page(page).all("a")]
    assert "/pelatihan?q=etika&jp=1-3&tingkat=basic" in hrefs
    assert "/pelatihan?q=etika&jp=4-9" in hrefs
    assert "/pelatihan?q=etika" in hrefs, "the one that is set can be taken off"
    assert not [href for href in hrefs if "ngawur" in href]
    assert '<input type="hidden" name="jp" value="1-3">' in page


def test_a_course_that_was_withdrawn_goes_on_for_who_takes_it(site, sign_in):
    client = sign_in(site)
    client.post("/pelatihan/pendek/daftar")
    with site.extensions["elearn"].outbox.open_session() as session:
        versions.withdraw(session, "pendek", by=None)
        session.commit()
    assert client.get("/pelatihan/pendek").status_code == 200
    assert client.post("/belajar/pendek/pelajaran-1/selesai").headers["Location"] == "/belajar/pendek/tamat"
    closed = sign_in(site).get("/pelatihan/pendek")
    assert closed.status_code == 410
    assert "tidak sedang ditawarkan" in closed.text


def test_a_reader_is_told_when_the_database_is_gone(make_app, sign_in, elearn_databases):
    """The page that tells it needs nothing of who reads: what language they chose stands in what is gone."""
    app = make_app(database="postgresql", strict=False)
    client = sign_in(app)
    assert client.get("/akun").status_code == 200
    elearn_databases.drop(app.config["SQLALCHEMY_DATABASE_URI"])
    for answer in (client.get("/akun"), client.get("/pelatihan"), client.post("/akun/pilihan", data={"bahasa": "en"})):
        assert answer.status_code == 503
        assert "Yang sudah tersimpan tetap aman" in answer.text
        assert answer.headers["Retry-After"]
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert client.get("/tidak-ada").status_code == 404
    refused = client.get("/akun", headers={"Accept": "application/json"})
    assert (refused.status_code, list(refused.json)) == (503, ["error"])


def test_the_language_changed_on_a_refused_form_leads_back_to_the_form(app, sari):
    def leads_to(page):
        return re.search(r'name="lanjut" value="([^"]*)"', page.text)[1]

    client = app.test_client()
    assert leads_to(client.post("/sandi", data={"login": ""})) == "/sandi"
    assert leads_to(client.get("/pelatihan?cari=surat")) == "/pelatihan?cari=surat"
    wrong = {"lama": "bukan", "password": "kalimat yang panjang", "password2": "kalimat yang panjang"}
    assert leads_to(sari.post("/akun/sandi", data=wrong, headers={"Referer": "http://localhost/akun"})) == "/akun"
    assert leads_to(sari.post("/akun/sandi", data=wrong, headers={"Referer": "http://jahat.example/jahat"})) == "/"
    assert leads_to(sari.post("/akun/sandi", data=wrong)) == "/"
