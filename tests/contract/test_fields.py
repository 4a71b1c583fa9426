"""Every field of the contract does what it says."""

from dataclasses import fields
from datetime import date

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from click.testing import CliRunner
from flask import Blueprint

from elearn import (
    Column,
    Paper,
    Person,
    Plugin,
    Refused,
    can_print,
    figures_told,
    finish_lesson,
    gettext,
    hours_basis_of,
    job_progress,
    note,
    print_paper,
    proofs_of,
    public,
    site_of,
    start_job,
)
from elearn.cli import OWN, main
from elearn.commands import plugin as plugin_command
from elearn.commands.check import check_site
from elearn.commands.demo import DemoPerson, _show, _take, _write
from elearn.content.values import Lesson, Placed, Section
from elearn.erasure import erase
from elearn.errors import ContentError
from elearn.packs import read_pack
from elearn.plugin import SLOTS
from elearn.services import learning
from tests.contract import sampel

TESTED = {
    "name", "title", "summary", "blueprint", "mount", "models", "migrations", "blocks", "markdown", "lint", "gates", "nav", "cards",
    "slots", "permissions", "acts", "settings", "events", "subscribers", "commands", "checks", "jobs", "personal", "api", "demo", "translations",
    "demo_author", "demo_site", "figures", "papers", "proofs", "hours_basis",
}  # fmt: skip


def test_no_field_of_the_contract_goes_untested():
    assert {field.name for field in fields(Plugin)} == TESTED


@pytest.fixture
def course(app, make_course, publish_course):
    block = Placed(kind="sampel", id="s1", data={"html": "<b>isi</b>", "rahasia": "k-u-n-c-i"})
    lessons = (
        Lesson(id="satu", title="Satu", parts=("<p>Isi satu.</p>", 0), blocks=(block,)),
        Lesson(id="terkunci", title="Terkunci", parts=("<p>Isi dua.</p>",)),
    )
    made = make_course("etika", sections=(Section(id="m", title="Modul", lessons=lessons),))
    publish_course(app, made)
    return made


def standing_for(app, client):
    with app.extensions["elearn"].outbox.open_session() as session:
        standing = learning.enrol(session, client.person_id, "etika", outline=app.extensions["elearn"].site.course)
        session.commit()
    return standing


def kept(app, client):
    with app.extensions["elearn"].outbox.open_session() as session:
        return sampel.notes(session, client.person_id)


def test_blueprint_and_mount_put_its_pages_where_it_says(app):
    assert app.test_client().get("/contoh-sampel/").text == "halaman sampel"


def test_without_a_mount_its_pages_stand_under_its_name(make_app, sample):
    assert make_app(sample(mount="")).test_client().get("/sampel/").text == "halaman sampel"


def test_api_stands_under_api(app):
    assert app.test_client().get("/api/sampel/angka").json == {"angka": 7}


def test_permissions_open_its_routes_to_the_roles_it_names(app, sign_in):
    assert app.test_client().get("/contoh-sampel/rahasia").status_code == 302
    assert sign_in(app).get("/contoh-sampel/rahasia").status_code == 403
    assert sign_in(app, role="administrator").get("/contoh-sampel/rahasia").text == "rahasia"


def test_acts_stand_in_the_record_in_words(app, sign_in):
    with app.extensions["elearn"].outbox.open_session() as session:
        for act in ("sampel.open", "sampel.lain"):
            note(session, act, actor=None)
        session.commit()
    client = sign_in(app, role="administrator")
    page = client.get("/kelola/catatan").text
    assert "<b>Membuka rahasia sampel</b>" in page
    assert "<b>sampel.lain</b>" in page
    for text, found in (("rahasia", True), ("sampel.o", True), ("lain", False)):
        assert ("Membuka rahasia sampel" in client.get(f"/kelola/catatan?cari={text}").text) is found


def test_models_migrations_and_settings_serve_its_pages(make_app, sample, sign_in):
    app = make_app(sample(), sampel__greeting="siang")
    assert sign_in(app).post("/contoh-sampel/catat").text == "ada 1, salam siang"


def test_its_own_events_reach_its_own_subscribers(app, sign_in):
    client = sign_in(app)
    client.post("/contoh-sampel/catat")
    app.extensions["elearn"].outbox.deliver_due()
    assert kept(app, client) == ["dicatat", "gema dicatat"]


def test_subscribers_hear_of_a_completed_course_once(app, sign_in, course):
    client = sign_in(app)
    client.post("/contoh-sampel/catat")
    standing = standing_for(app, client)
    with app.extensions["elearn"].outbox.open_session() as session:
        for lesson in course.lessons():
            standing = finish_lesson(session, standing, lesson.id)
        session.commit()
    app.extensions["elearn"].outbox.deliver_due()
    app.extensions["elearn"].outbox.deliver_due()
    assert kept(app, client).count("tamat etika") == 1


def test_gates_hold_a_lesson_back_with_their_reason(app, sign_in, course):
    client = sign_in(app)
    standing = standing_for(app, client)
    with app.extensions["elearn"].outbox.open_session() as session:
        with pytest.raises(Refused, match="Catat sesuatu dahulu"):
            finish_lesson(session, standing, "terkunci")
        session.rollback()


def test_blocks_are_drawn_for_each_viewer_and_their_data_stay_behind(app, sign_in, course):
    client = sign_in(app, name="Togar Simanjuntak")
    standing_for(app, client)
    page = client.get("/belajar/etika/satu").text
    assert "<p class=sampel><b>isi</b> untuk Togar Simanjuntak</p>" in page
    assert "k-u-n-c-i" not in page


def test_nav_cards_and_slots_show_on_the_pages(app, sign_in, course):
    client = sign_in(app)
    standing_for(app, client)
    home = client.get("/").text
    assert "Kartu sampel" in home
    assert "catatan: 0" in home
    assert "slot beranda" in home
    assert 'href="/contoh-sampel/"' in home
    assert "slot etika" in client.get("/pelatihan/etika").text
    assert "slot satu" in client.get("/belajar/etika/satu").text
    assert "slot akun" in client.get("/akun").text
    client.post("/contoh-sampel/catat")
    for lesson in ("satu", "terkunci"):
        client.post(f"/belajar/etika/{lesson}/selesai")
    assert "slot completed" in client.get("/belajar/etika/tamat").text


def test_work_is_offered_on_its_own_page_to_whoever_has_some(app, sign_in):
    learner, one, chief = sign_in(app), sign_in(app, role="reviewer"), sign_in(app, role="administrator")
    assert 'href="/kelola"' not in learner.get("/").text
    assert "Belum ada yang Anda kelola" in learner.get("/kelola").text
    assert 'href="/contoh-sampel/rahasia"' in one.get("/").text, "where there is one thing to do, the tab leads to it"
    assert 'href="/kelola"' in chief.get("/").text
    page = chief.get("/kelola").text
    assert "Pekerjaan sampel" in page
    assert "Untuk apa ini." in page
    assert 'href="/contoh-sampel/rahasia"' in page


def test_there_is_no_slot_that_these_tests_do_not_draw(sample):
    assert set(sample().slots) == set(SLOTS)


def write_course(folder, body, title="Etika"):
    (folder / "01-modul").mkdir(parents=True)
    (folder / "course.yml").write_text(
        f"judul: {title}\nringkasan: Ringkas.\nbahasa: id\njp: 1\nlisensi: CC-BY-SA-4.0\npenulis:\n  - nama: Tim\ntujuan:\n  - Mengerti\n"
    )
    (folder / "01-modul" / "_bagian.md").write_text("# Modul\n\nRingkasan.\n")
    (folder / "01-modul" / "01-satu.md").write_text(f"---\njudul: Satu\nmenit: 3\n---\n\n{body}\n")
    return folder


def test_blocks_and_markdown_are_read_at_publishing(app, tmp_path):
    folder = write_course(tmp_path / "etika", "Ada TANDA di sini.\n\n::: sampel\nisi\n:::\n\n## Sampel kedua\n\nisi")
    reading = read_pack(folder, app.extensions["elearn"].registry)
    (lesson,) = reading.course.lessons()
    assert "ditandai plugin" in "".join(part for part in lesson.parts if isinstance(part, str))
    assert [block.kind for block in lesson.blocks] == ["sampel", "sampel"]
    assert "<strong>tebal</strong>" in lesson.blocks[0].data["html"]


def test_a_lesson_kind_makes_a_whole_file_one_block(app, tmp_path):
    folder = write_course(tmp_path / "etika", "isi")
    (folder / "01-modul" / "02-dua.md").write_text("---\njudul: Dua\nmenit: 3\njenis: sampelan\n---\n\nsemua isi\n")
    reading = read_pack(folder, app.extensions["elearn"].registry)
    assert [block.kind for block in list(reading.course.lessons())[1].blocks] == ["sampel"]


def test_a_blocks_faults_stop_publishing_with_file_and_line(app, tmp_path):
    folder = write_course(tmp_path / "etika", "Baik.\n\n::: sampel\nsalah\n:::\n")
    with pytest.raises(ContentError) as caught:
        read_pack(folder, app.extensions["elearn"].registry)
    (fault,) = [problem for problem in caught.value.problems if problem.code == "SP1"]
    assert fault.file.endswith("01-satu.md")
    assert fault.line >= 8


def test_lint_sees_the_whole_course(app, tmp_path):
    with pytest.raises(ContentError) as caught:
        read_pack(write_course(tmp_path / "etika", "isi", title="Terlarang"), app.extensions["elearn"].registry)
    assert [problem.code for problem in caught.value.problems if problem.severity == "error"] == ["SP2"]


def test_checks_speak_in_elearn_check(app):
    (line,) = [line for line in check_site(app) if line.startswith("sampel:")]
    assert "Ada yang perlu dilihat." in line


def test_personal_data_are_exported_and_erased(app, sign_in):
    client = sign_in(app)
    client.post("/contoh-sampel/catat")
    assert client.get("/akun/data.json").json["sampel"] == {"catatan": ["dicatat"]}
    state = app.extensions["elearn"]
    with state.outbox.open_session() as session:
        erase(session, state.registry, session.get_one(Person, client.person_id), by=None)
        session.commit()
    assert kept(app, client) == []
    assert "/masuk" in client.get("/akun").headers["Location"], "signed out, and for good"


def test_commands_stand_under_the_plugins_name(monkeypatch, sample):
    monkeypatch.setattr(plugin_command, "_installed", lambda: (sample(),))
    result = CliRunner().invoke(main, ["sampel", "hitung"])
    assert (result.exit_code, result.output) == (0, "tiga\n")
    listed = CliRunner().invoke(main, ["--help"])
    assert listed.exit_code == 0, listed.output
    assert {"sampel", *OWN} <= set(listed.output.split()), "each of the core's was read for its line of help"


def test_figures_tell_authors_how_a_course_fares(app, course):
    with app.extensions["elearn"].outbox.open_session() as session:
        told = figures_told(session, "etika")
        assert [(each.title, each.value) for each in told] == [("Angka etika", "7")]
        assert figures_told(session, "tidak-ada") == []


def test_a_paper_is_printed_by_the_plugin_that_prints(app, make_app):
    paper = Paper(identifier="x:1", title="Transkrip", about=(), columns=(Column(name="JP"),), rows=(("3",),), issued_on=date(2026, 11, 24))
    with app.extensions["elearn"].outbox.open_session() as session:
        assert can_print(session)
        assert print_paper(session, paper).startswith(b"Transkrip|(('3',),)|")
    with make_app().extensions["elearn"].outbox.open_session() as session:
        assert (can_print(session), print_paper(session, paper)) == (False, None)


def test_demo_author_shows_what_an_author_has_under_way(app, sign_in):
    client = sign_in(app, role="author")
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get(Person, client.person_id).nip = "197405181999032003"
        session.commit()
    _write(app, DemoPerson("Nurhayati", "197405181999032003", "Widyaiswara", "BPSDM", "author"))
    assert kept(app, client) == ["3 pelatihan, True"]


def test_demo_site_shows_what_else_there_is_knowing_who_is_who(app, sign_in, course):
    client = sign_in(app)
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get(Person, client.person_id).nip = "199407212019032005"
        session.commit()
    _show(app)
    assert "situs demo, 1 peserta" in kept(app, client)


def test_demo_works_a_learner_through_each_lesson(app, sign_in, course):
    client = sign_in(app)
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get_one(Person, client.person_id).nip = "199407212019032005"
        session.commit()
    _take(app, DemoPerson("Sari", "199407212019032005", "Analis", "-"), course, 1.0, 1.0)
    assert {"demo satu", "demo terkunci"} <= set(kept(app, client))


def test_translations_speak_on_its_pages(make_app, sample, tmp_path, sign_in):
    folder = tmp_path / "translations" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog(locale="en", domain="messages")
    catalogue.add("Halo dari sampel", "Hello from the sample")
    with open(folder / "messages.mo", "wb") as file:
        write_mo(file, catalogue)
    pages = Blueprint("sampel", __name__)

    @pages.get("/salam")
    @public
    def greet():
        return gettext("Halo dari sampel")

    app = make_app(sample(blueprint=pages, nav=None, translations=tmp_path / "translations"))
    client = app.test_client()
    assert client.get("/contoh-sampel/salam").text == "Halo dari sampel"
    client.post("/bahasa", data={"bahasa": "en"})
    assert client.get("/contoh-sampel/salam").text == "Hello from the sample"


def test_a_job_does_its_items_in_the_background(app):
    outbox = app.extensions["elearn"].outbox
    with outbox.open_session() as session:
        job_id = start_job(session, "sampel.catat", title="Catat", items=[("7", "Tujuh")], by=None, given={"text": "dari pekerjaan"})
        session.commit()
    outbox.deliver_due()
    with outbox.open_session() as session:
        assert sampel.notes(session, 7) == ["dari pekerjaan"]
        assert job_progress(session, job_id).done == 1


def test_proofs_of_completed_courses_are_told_to_whoever_asks(app, make_app):
    with app.extensions["elearn"].outbox.open_session() as session:
        assert {one: proof.number for one, proof in proofs_of(session, [7, 9]).items()} == {7: "S-7"}
        assert proofs_of(session, []) == {}
    with make_app().extensions["elearn"].outbox.open_session() as session:
        assert proofs_of(session, [7]) == {}


def test_the_basis_of_hours_is_told_to_whoever_prints_them(app, make_app):
    with app.extensions["elearn"].outbox.open_session() as session:
        assert hours_basis_of(session, date(2026, 5, 4)) == "Aturan sampel sejak 2026"
    with make_app().extensions["elearn"].outbox.open_session() as session:
        assert hours_basis_of(session, date(2026, 5, 4)) == ""


def test_a_plugin_finds_the_data_folder_for_its_own_files(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        settings = site_of(session).settings
        assert settings.data.is_dir()
        assert site_of(session).store.folder.is_relative_to(settings.data)
