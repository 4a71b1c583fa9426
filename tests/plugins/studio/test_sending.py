"""A university's packs come without a browser: over HTTPS by their signature, from a folder, or out of an installed wheel."""

import io
import threading
import zipfile
from importlib.metadata import EntryPoint

import pytest
from click.testing import CliRunner
from elearn_studio.contribution import commands, intake, sending, signing
from elearn_studio.contribution.models import OrganisationKey, Submission
from elearn_studio.models import Draft, File
from sqlalchemy import func, select
from werkzeug.serving import make_server

from elearn.content import packs
from elearn.errors import SettingError
from elearn.services import people
from tests.plugins.studio.test_contribution import signed_pack
from tests.serving import Quiet, Serving


@pytest.fixture
def university(app, tmp_path):
    """(its contributor's id, its signed ZIP); the administrator registered its key in the contributor's name."""
    state = app.extensions["elearn"]
    with state.outbox.open_session() as session:
        person = people.add_person(session, name="Bayu", email="bayu@kampus.ac.id")
        people.grant(session, person.id, "contributor")
        signing.new_key(tmp_path / "kunci.pem")
        public, data = signed_pack(tmp_path / "paket", tmp_path / "kunci.pem")
        session.add(OrganisationKey(organisation="Kampus", public=public, contributor=person.id, by=1))
        session.commit()
        (tmp_path / "paket.zip").write_bytes(data)
        return person.id, tmp_path / "paket.zip"


@pytest.fixture
def site(app):
    """The application behind a real server; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def count(app, model):
    with app.extensions["elearn"].outbox.open_session() as session:
        return session.scalar(select(func.count()).select_from(model))


def run(*arguments):
    return CliRunner().invoke(commands.submit_command, [*map(str, arguments), "--source", "Bahan kuliah."])


def test_a_signed_pack_is_sent_over_the_network_and_waits_for_the_reviewer(app, university, site):
    person_id, pack = university
    said = run(pack, "--to", site)
    assert said.exit_code == 0, said.output + str(said.exception)
    assert "menunggu peninjau" in said.output
    with app.extensions["elearn"].outbox.open_session() as session:
        row = session.scalars(select(Submission)).one()
        assert (row.signed_by, row.by, row.state, row.provenance) == ("Kampus", person_id, "submitted", "Bahan kuliah.")
    assert "sudah menunggu peninjau" in str(run(pack, "--to", site).exception)
    assert count(app, Submission) == 1


def test_the_next_state_takes_the_place_of_what_waits(app, university, site, tmp_path):
    _person, pack = university
    run(pack, "--to", site)
    lesson = tmp_path / "paket" / "01-awal" / "01-a.md"
    lesson.write_text("---\njudul: A\nmenit: 5\n---\n\nIsi baru.\n", "utf-8")
    signing.sign_folder(tmp_path / "paket", tmp_path / "kunci.pem")
    assert CliRunner().invoke(commands.sign_command, [str(tmp_path / "paket"), "--key", str(tmp_path / "kunci.pem")]).exit_code == 0
    pack.write_bytes(zipped(tmp_path / "paket"))
    assert run(pack, "--to", site).exit_code == 0
    with app.extensions["elearn"].outbox.open_session() as session:
        assert list(session.scalars(select(Submission.state).order_by(Submission.id))) == ["withdrawn", "submitted"]
        assert "Isi baru." in session.scalar(select(File.text).where(File.path == "01-awal/01-a.md"))


def test_words_of_the_course_it_was_begun_from_are_pointed_out(app, university, site, tmp_path):
    _person, pack = university
    lesson = tmp_path / "paket" / "01-awal" / "01-a.md"
    lesson.write_text("---\njudul: A\nmenit: 5\n---\n\nTulis di sini. Paragraf dipisah satu baris kosong.\n", "utf-8")
    signing.sign_folder(tmp_path / "paket", tmp_path / "kunci.pem")
    pack.write_bytes(zipped(tmp_path / "paket"))
    said = run(pack, "--to", site)
    assert "01-awal/01-a.md:6 Teks contoh belum diganti" in said.output


def zipped(folder):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")
    return out.getvalue()


@pytest.mark.parametrize("harm", ["unsigned", "foreign key", "touched", "no contributor", "faults", "another name", "no zip"])
def test_what_does_not_come_rightly_is_refused_with_the_reason_and_leaves_nothing(app, university, site, tmp_path, harm):
    _person, pack = university
    folder, reason = tmp_path / "paket", ""
    if harm == "unsigned":
        (folder / signing.SIGNATURE).unlink()
        reason = "tidak ditandatangani"
    elif harm == "foreign key":
        signing.new_key(tmp_path / "lain.pem")
        signing.sign_folder(folder, tmp_path / "lain.pem")
        reason = "tidak terdaftar"
    elif harm == "touched":
        (folder / "course.yml").write_text("judul: Lain\nringkasan: x\n", "utf-8")
        reason = "tidak sama"
    elif harm == "no contributor":
        with app.extensions["elearn"].outbox.open_session() as session:
            session.scalars(select(OrganisationKey)).one().contributor = None
            session.commit()
        reason = "belum dikaitkan"
    elif harm == "faults":
        (folder / "01-awal" / "01-a.md").write_text("---\njudul: A\n---\n\n![](gambar.png)\n", "utf-8")
        signing.sign_folder(folder, tmp_path / "kunci.pem")
        reason = "01-awal/01-a.md:5"
    elif harm == "another name":
        folder = folder.rename(tmp_path / "kursus-lain")
        reason = "tidak sama"
    pack.write_bytes(b"bukan zip" if harm == "no zip" else zipped(folder))
    said = run(pack, "--to", site)
    assert isinstance(said.exception, SettingError)
    assert reason in str(said.exception)
    assert (count(app, Draft), count(app, Submission)) == (0, 0)


def test_a_pack_goes_by_https_and_follows_no_redirect(tmp_path):
    with pytest.raises(SettingError, match="https://"):
        sending.send(tmp_path / "a.zip", "http://belajar.contoh.go.id", provenance="x")

    class Elsewhere(Quiet):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()

    (tmp_path / "a.zip").write_bytes(b"x")
    with Serving(Elsewhere) as server, pytest.raises(SettingError, match="HTTP 302"):
        sending.send(tmp_path / "a.zip", server.url, provenance="x")


def test_a_session_does_not_help_who_cannot_sign(app, sign_in, university):
    client = sign_in(app, role="administrator")
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/api/studio/pengajuan?asal=x", data=b"bukan zip", content_type="application/zip")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "zip")


def test_a_course_comes_from_a_folder_and_from_an_installed_wheel(app, university, tmp_path, monkeypatch):
    assert intake.pack_at(str(tmp_path / "paket"), {public(app): "Kampus"}).signed_by == "Kampus"
    library = tmp_path / "site-packages" / "kursus_kampus"
    library.mkdir(parents=True)
    (library / "__init__.py").write_text("raise SystemExit('a course runs no code')", "utf-8")
    (tmp_path / "paket").rename(library / "paket")
    monkeypatch.syspath_prepend(str(tmp_path / "site-packages"))
    entry = EntryPoint(name="kampus", value="kursus_kampus", group=packs.GROUP)
    monkeypatch.setattr(packs, "entry_points", lambda group: [entry])
    monkeypatch.setattr(commands, "create_app", lambda data: app)
    said = run("paket", "--by", "bayu@kampus.ac.id")
    assert said.exit_code == 0, said.output + str(said.exception)
    with app.extensions["elearn"].outbox.open_session() as session:
        assert session.scalars(select(Submission)).one().signed_by == "Kampus"
    with pytest.raises(SettingError, match="neither a ZIP"):
        intake.pack_at("tidak-ada", {})


def public(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        return session.scalar(select(OrganisationKey.public))
