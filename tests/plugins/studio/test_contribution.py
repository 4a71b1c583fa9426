"""A module comes in: submitted whole, checked, reviewed with reasons, published as it was submitted, and never twice."""

import io
import json
import re
import zipfile
from smtplib import SMTPRecipientsRefused

import pytest
from click.testing import CliRunner
from elearn_studio.contribution import commands, comparing, likeness, signing
from elearn_studio.contribution.models import OrganisationKey, Step, Submission
from elearn_studio.models import Draft, Member
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from elearn import Lesson, Person, Refused, Section, SettingError
from elearn.models.learning import Delivery
from elearn.registry import discover
from elearn.services import people
from tests.plugins.studio.conftest import Author

LESSON = "01-pembuka/01-mengapa-ini-penting.md"


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, make_app):
    return make_app(*discover(without=()), database=request.param if request.param == "postgresql" else "")


@pytest.fixture
def contributor(app, sign_in):
    return Author(sign_in(app, name="Bayu Prakoso", role="contributor"), app)


@pytest.fixture
def reviewer(app, sign_in):
    return Author(sign_in(app, name="Maria Ginting", role="reviewer"), app)


@pytest.fixture
def slug(contributor):
    slug = contributor.new(title="Hukum dasar", mulai="kosong")
    text = contributor.text(slug, "course.yml")
    text = re.sub(r"(?m)^lisensi:.*$", "lisensi: CC-BY-SA-4.0", text)
    contributor.save(slug, "course.yml", text)
    return slug


def submit(contributor, slug, status=302, source="Disusun sendiri dari bahan kuliah."):
    page = contributor.page(f"/tulis/{slug}/pengajuan")
    change = re.search(r'name="perubahan" value="(\d+)"', page)
    return contributor.post(f"/tulis/{slug}/pengajuan", status, lakukan="ajukan", asal=source, perubahan=change[1] if change else "0")


def waiting(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        return session.scalar(select(Submission.id).order_by(Submission.id.desc()).limit(1))


def decide(reviewer, number, act, reason="", status=302):
    return reviewer.post(f"/tulis/tinjauan/{number}", status, keputusan=act, alasan=reason)


def test_a_contributor_may_not_publish_but_submit_and_the_reviewer_publishes_exactly_that(app, contributor, reviewer, slug):
    contributor.post(f"/tulis/{slug}/terbit", 403, lakukan="terbit")
    submit(contributor, slug)
    assert "Sedang menunggu peninjau" in contributor.page(f"/tulis/{slug}/pengajuan")
    lesson = contributor.paths(slug)
    path = next(one for one in lesson if one.endswith(".md") and "_bagian" not in one)
    contributor.save(slug, path, contributor.text(slug, path) + "\nKalimat sesudah pengajuan.\n")
    number = waiting(app)
    page = reviewer.page(f"/tulis/tinjauan/{number}")
    assert "Belum pernah terbit" in page
    assert "Disusun sendiri" in page
    assert "Kalimat sesudah pengajuan" not in page
    decide(reviewer, number, "accept", "Baik.")
    assert "Hukum dasar" in reviewer.page("/pelatihan")
    with app.extensions["elearn"].outbox.open_session() as session:
        assert [step.act for step in session.scalars(select(Step).order_by(Step.id))] == ["submit", "accept"]
    assert "diterima" in contributor.page(f"/tulis/{slug}/pengajuan")


def test_changes_are_asked_for_with_a_reason_and_comments_and_answered_by_a_new_submission(app, contributor, reviewer, slug, capsys):
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get(Person, contributor.person_id).email = "bayu@kampus.ac.id"
        session.commit()
    submit(contributor, slug)
    number = waiting(app)
    assert "Tulis alasannya" in decide(reviewer, number, "ask", "  ", status=409)
    reviewer.post(f"/tulis/tinjauan/{number}/komentar", berkas="course.yml", baris="2", komentar="Ringkasannya terlalu pendek.")
    reviewer.post(f"/tulis/tinjauan/{number}/komentar", 409, berkas="tidak-ada.md", baris="2", komentar="x")
    decide(reviewer, number, "ask", "Tambah contoh dari loket.")
    page = contributor.page(f"/tulis/{slug}/pengajuan")
    assert "Tambah contoh dari loket." in page
    assert "course.yml, baris 2" in page
    app.extensions["elearn"].outbox.deliver_due()
    said = capsys.readouterr().err
    assert "To: bayu@kampus.ac.id" in said
    assert "Tambah contoh dari loket." in said
    submit(contributor, slug)
    second = waiting(app)
    assert second != number
    decide(reviewer, second, "refuse", "Sudah ada modul yang sama.")
    assert "Sudah ada modul yang sama." in contributor.page(f"/tulis/{slug}/pengajuan")


class OneMailboxIsGone:
    """A mail server that knows one of the writers no more."""

    def __init__(self):
        self.sent = []

    def send(self, *, to, subject, body):
        if to == "hilang@kampus.ac.id":
            raise SMTPRecipientsRefused({to: (550, b"no such mailbox")})
        self.sent.append(to)


def test_a_writer_who_cannot_be_reached_brings_the_others_no_second_letter(app, contributor, slug):
    elearn, mailer = app.extensions["elearn"], OneMailboxIsGone()
    elearn.registry.strict = False
    object.__setattr__(elearn.site, "mailer", mailer)
    with elearn.outbox.open_session() as session:
        session.get(Person, contributor.person_id).email = "bayu@kampus.ac.id"
        gone = people.add_person(session, name="Sari", email="hilang@kampus.ac.id")
        session.add(Member(draft_id=session.scalar(select(Draft.id)), person_id=gone.id))
        session.commit()
    submit(contributor, slug)
    for _ in range(2):
        elearn.outbox.deliver_due()
        with elearn.outbox.open_session() as session:
            session.execute(update(Delivery).where(Delivery.state == "waiting").values(due_at=func.now()))
            session.commit()
    assert mailer.sent == ["bayu@kampus.ac.id"]
    with elearn.outbox.open_session() as session:
        assert "550" in session.scalars(select(Delivery.error).where(Delivery.state == "waiting")).one()


def test_what_was_decided_is_not_decided_again_and_nobody_reviews_their_own(app, contributor, reviewer, slug, sign_in):
    submit(contributor, slug)
    number = waiting(app)
    decide(reviewer, number, "accept")
    assert "sudah diputuskan" in decide(reviewer, number, "refuse", "Terlambat.", status=409)
    chief = Author(sign_in(app, name="Rahmat", role="administrator"), app)
    own = chief.new(title="Naskah sendiri", mulai="kosong")
    chief.save(own, "course.yml", re.sub(r"(?m)^lisensi:.*$", "lisensi: CC-BY-4.0", chief.text(own, "course.yml")))
    submit(chief, own)
    assert "ditinjau oleh orang lain" in decide(chief, waiting(app), "accept", status=409)


def test_an_older_text_that_was_to_follow_does_not_come_over_what_was_accepted(app, reviewer, sign_in):
    chief = Author(sign_in(app, name="Rahmat", role="administrator"), app)
    slug = chief.new(title="Naskah sendiri", mulai="kosong")
    chief.save(slug, "course.yml", re.sub(r"(?m)^lisensi:.*$", "lisensi: CC-BY-4.0", chief.text(slug, "course.yml")))
    chief.post(f"/tulis/{slug}/terbit", lakukan="jadwal", kapan="2099-01-02T08:00")
    chief.save(slug, "course.yml", chief.text(slug, "course.yml").replace("Naskah sendiri", "Naskah yang lebih baru"))
    submit(chief, slug)
    decide(reviewer, waiting(app), "accept")
    assert "Terjadwal terbit" not in chief.page(f"/tulis/{slug}/terbit")
    outbox = app.extensions["elearn"].outbox
    with outbox.open_session() as session:
        session.execute(update(Delivery).where(Delivery.state == "waiting").values(due_at=func.now()))
        session.commit()
    outbox.deliver_due()
    assert "Naskah yang lebih baru" in chief.page("/pelatihan")


def test_a_submission_that_waits_can_be_taken_back_and_not_doubled(app, contributor, reviewer, slug):
    submit(contributor, slug)
    assert contributor.client.post(f"/tulis/{slug}/pengajuan", data={"lakukan": "ajukan", "asal": "x"}).status_code == 409
    contributor.post(f"/tulis/{slug}/pengajuan", lakukan="tarik")
    assert "sudah diputuskan" in decide(reviewer, waiting(app), "accept", status=409)
    submit(contributor, slug)


def test_without_licence_or_provenance_nothing_is_sent_in(app, contributor, slug):
    assert "Tulis asal naskah" in submit(contributor, slug, status=409, source=" ")
    contributor.save(slug, "course.yml", re.sub(r"(?m)^lisensi:.*\n", "", contributor.text(slug, "course.yml")))
    assert "Lisensi belum disebut" in contributor.page(f"/tulis/{slug}/pengajuan")
    contributor.post(f"/tulis/{slug}/pengajuan", 409, lakukan="ajukan", asal="Sendiri.")
    assert waiting(app) is None


def test_what_keeps_readers_out_is_named_before_a_person_looks(contributor, slug):
    path = next(one for one in contributor.paths(slug) if one.endswith("pertama.md"))
    contributor.save(slug, path, "---\njudul: A\nmenit: 5\n---\n\n#### Jauh\n\n[klik di sini](https://lan.go.id)\n")
    page = contributor.page(f"/tulis/{slug}/pengajuan")
    assert "2 hal menyulitkan pembaca layar" in page
    assert "melompati satu tingkat" in page


def test_strangers_to_a_draft_see_nothing_of_its_submission(app, contributor, slug, sign_in):
    submit(contributor, slug)
    number = waiting(app)
    other = Author(sign_in(app, name="Orang Lain", role="contributor"), app)
    other.page(f"/tulis/{slug}/pengajuan", status=404)
    other.page(f"/tulis/tinjauan/{number}", status=403)
    other.post(f"/tulis/tinjauan/{number}", 403, keputusan="accept")


def signed_pack(folder, key_file, *, change=None):
    (folder / "01-awal").mkdir(parents=True)
    (folder / "course.yml").write_text(
        "judul: Paket\nringkasan: x\njp: 1\nlisensi: CC-BY-4.0\npenulis:\n  - nama: A\n    instansi: Kampus\n", "utf-8"
    )
    (folder / "01-awal" / "01-a.md").write_text("---\njudul: A\nmenit: 5\n---\n\nIsi.\n", "utf-8")
    public = signing.sign_folder(folder, key_file)
    if change:
        change(folder)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"paket/{path.relative_to(folder).as_posix()}")
    return public, out.getvalue()


def bring(author, data, status=302):
    answer = author.client.post("/tulis/impor", data={"cara": "zip", "berkas": (io.BytesIO(data), "paket.zip")})
    assert answer.status_code == status, answer.text
    return answer.text


def test_a_signed_pack_is_known_by_its_organisation_until_somebody_changes_it(app, contributor, tmp_path, sign_in):
    signing.new_key(tmp_path / "kunci.pem")
    assert (tmp_path / "kunci.pem").stat().st_mode & 0o077 == 0
    public, data = signed_pack(tmp_path / "paket", tmp_path / "kunci.pem")
    assert "tidak terdaftar" in bring(contributor, data, status=409)
    chief = Author(sign_in(app, name="Rahmat", role="administrator"), app)
    chief.post("/tulis/kunci", instansi="Universitas Contoh", kunci=public)
    bring(contributor, data)
    assert "elearn-manifest.txt" not in contributor.paths("paket")
    submit(contributor, "paket")
    with app.extensions["elearn"].outbox.open_session() as session:
        assert session.scalar(select(Submission.signed_by)) == "Universitas Contoh"
    contributor.post("/tulis/paket/pengajuan", lakukan="tarik")
    contributor.save("paket", "01-awal/01-a.md", "---\njudul: A\nmenit: 5\n---\n\nIsi lain.\n")
    submit(contributor, "paket")
    with app.extensions["elearn"].outbox.open_session() as session:
        assert session.scalar(select(Submission.signed_by).order_by(Submission.id.desc()).limit(1)) == ""


@pytest.mark.parametrize("harm", ["a word", "a file more", "a file less", "the signature"])
def test_a_signed_pack_that_was_touched_is_refused(app, contributor, tmp_path, harm):
    signing.new_key(tmp_path / "kunci.pem")

    def change(folder):
        if harm == "a word":
            (folder / "01-awal" / "01-a.md").write_text("---\njudul: A\nmenit: 5\n---\n\nIsi palsu.\n", "utf-8")
        elif harm == "a file more":
            (folder / "01-awal" / "02-b.md").write_text("---\njudul: B\nmenit: 5\n---\n\nIsi.\n", "utf-8")
        elif harm == "a file less":
            (folder / "01-awal" / "01-a.md").unlink()
        else:
            (folder / signing.SIGNATURE).write_text("zz")

    public, data = signed_pack(tmp_path / "paket", tmp_path / "kunci.pem", change=change)
    with app.extensions["elearn"].outbox.open_session() as session:
        session.add(OrganisationKey(organisation="U", public=public, by=1))
        session.commit()
    said = bring(contributor, data, status=409)
    assert "tidak sama dengan yang ditandatangani" in said or "rusak" in said
    with app.extensions["elearn"].outbox.open_session() as session:
        assert session.scalar(select(Draft.id)) is None


def test_a_pack_is_sent_in_at_the_command_line_and_again_as_its_next_state(app, tmp_path, monkeypatch):
    with app.extensions["elearn"].outbox.open_session() as session:
        person = people.add_person(session, name="Bayu", email="bayu@kampus.ac.id")
        people.grant(session, person.id, "contributor")
        session.commit()
    signing.new_key(tmp_path / "kunci.pem")
    public, data = signed_pack(tmp_path / "paket", tmp_path / "kunci.pem")
    with app.extensions["elearn"].outbox.open_session() as session:
        session.add(OrganisationKey(organisation="Kampus", public=public, by=1))
        session.commit()
    (tmp_path / "paket.zip").write_bytes(data)
    monkeypatch.setattr(commands, "create_app", lambda data: app)
    ask = [str(tmp_path / "paket.zip"), "--by", "bayu@kampus.ac.id", "--source", "Bahan kuliah."]
    said = CliRunner().invoke(commands.submit_command, ask)
    assert said.exit_code == 0, said.output
    assert "menunggu peninjau" in said.output
    again = CliRunner().invoke(commands.submit_command, ask)
    assert isinstance(again.exception, Refused)
    with app.extensions["elearn"].outbox.open_session() as session:
        row = session.scalars(select(Submission)).one()
        assert (row.signed_by, row.state, row.provenance) == ("Kampus", "submitted", "Bahan kuliah.")
    stranger = CliRunner().invoke(commands.submit_command, [*ask[:2], "tidak@ada.id", *ask[3:]])
    assert isinstance(stranger.exception, SettingError)


def test_the_manifest_says_its_course_and_files_and_a_foreign_key_is_refused(tmp_path):
    files = {"a.md": b"satu", "b.md": b"dua"}
    manifest = json.loads(signing.manifest_of(files, course="etika"))
    assert manifest["course"] == "etika"
    assert set(manifest["files"]) == {"a.md", "b.md"}
    assert signing.signer_of(files, {}, course="etika") == ""
    (tmp_path / "bukan.pem").write_text("bukan kunci")
    with pytest.raises(Refused, match="Ed25519"):
        signing.sign_folder(tmp_path, tmp_path / "bukan.pem")


def test_what_was_signed_for_one_course_is_not_taken_for_another(tmp_path):
    signing.new_key(tmp_path / "kunci.pem")
    public, _data = signed_pack(tmp_path / "paket", tmp_path / "kunci.pem")
    files = signing.files_in(tmp_path / "paket")
    assert signing.signer_of(files, {public: "Kampus"}, course="paket") == "Kampus"
    with pytest.raises(Refused, match="tidak sama"):
        signing.signer_of(files, {public: "Kampus"}, course="lain")


WORDS = " ".join(f"kata{number}" for number in range(400))
OWN = " ".join(f"lain{number}" for number in range(400))


def test_text_taken_over_from_another_course_is_pointed_out():
    mine = {"a": f"<p>{WORDS} {OWN}</p>", "b": f"<p>{OWN}</p>", "c": f"<blockquote><p>{WORDS}</p></blockquote>", "d": "<p>pendek</p>"}
    sketches = {title: likeness.sketch([html]) for title, html in mine.items()}
    found = likeness.likenesses(sketches, [("Modul lama", likeness.sketch([f"<p>{WORDS.title()}</p>"]))])
    assert [(each.title, each.other) for each in found] == [("a", "Modul lama")]
    assert 0.4 < found[0].share < 0.6


def test_a_course_is_compared_with_all_on_offer_and_not_with_itself(app, author, contributor, make_course, publish_course):
    taken = Lesson(id="a", title="A", parts=(f"<p>{WORDS}</p>",))
    publish_course(app, make_course("lama", title="Modul lama", sections=(Section(id="satu", title="Satu", lessons=(taken,)),)))
    slug = contributor.new(title="Salinan", mulai="kosong")
    path = next(one for one in contributor.paths(slug) if one.endswith("pertama.md"))
    contributor.save(slug, path, f"---\njudul: Salin\nmenit: 5\n---\n\n{WORDS}.\n")
    assert "1 pelajaran mirip “Modul lama”: Salin 100%." in contributor.page(f"/tulis/{slug}/pengajuan")
    assert "100%" in contributor.page(f"/tulis/{slug}/pengajuan"), "the second time from what was kept"
    contributor.save(slug, path, f"---\njudul: Salin\nmenit: 5\n---\n\n{OWN}.\n")
    assert "Tidak ada bagian yang sama" in contributor.page(f"/tulis/{slug}/pengajuan")


def test_the_reviewer_sees_what_came_and_what_went_word_by_word():
    old = comparing.paragraphs_of(["<p>Batas waktu lapor tiga puluh hari.</p><p>Tetap.</p><ul><li>Hilang</li></ul>"])
    new = comparing.paragraphs_of(['<p>Batas waktu lapor sepuluh hari.</p><p>Tetap.</p><p>Baru <img src="x" alt="bagan alur"></p>'])
    found = comparing.compare(old, new)
    text = " ".join(str(each.html) for each in found)
    assert "<del>tiga puluh</del> <ins>sepuluh</ins>" in text
    assert "[bagan alur]" in text
    assert {each.kind for each in found} >= {"changed"}


def test_a_tables_cells_stand_apart_and_a_paragraph_knows_its_line():
    html = "<table><tr><th>Hal</th><th>Batas</th></tr><tr><td>Makan</td><td>Rp1</td></tr></table><p>Teks <em>akhir</em>.</p>"
    paragraphs = comparing.paragraphs_of([html])
    assert paragraphs == ["Hal | Batas", "Makan | Rp1", "Teks akhir."]
    source = "---\njudul: A\n---\n\n| Hal | Batas |\n|---|---|\n| Makan | Rp1 |\n\nTeks *akhir*."
    assert comparing.lines_of(paragraphs, source) == [5, 7, 9]
    assert [one.line for one in comparing.compare(["Hal | Batas"], paragraphs, lines=[5, 7, 9])] == [5, 7, 9]


def test_a_contributor_hears_how_many_learn_but_not_of_few(app, contributor, reviewer, slug, sign_in):
    submit(contributor, slug)
    decide(reviewer, waiting(app), "accept")

    def learn(count):
        for number in range(count):
            client = sign_in(app, name=f"Peserta {number}")
            client.post(f"/pelatihan/{slug}/daftar")

    learn(2)
    for page in (contributor.page(f"/tulis/{slug}/pengajuan"), contributor.page(f"/tulis/{slug}/versi")):
        assert "kurang dari 5" in page
        assert not re.search(r"\b2 (sedang belajar|peserta)", page)
    assert "2 peserta" not in contributor.page(f"/tulis/{slug}/terbit")
    learn(4)
    assert "6 sedang belajar, 0 tamat" in contributor.page(f"/tulis/{slug}/versi")
    assert re.search(r"Sedang belajar</dt><dd>6</dd>", contributor.page(f"/tulis/{slug}/pengajuan"))


def test_what_waits_is_told_on_the_home_page(app, contributor, reviewer, slug):
    assert "Menunggu Anda" not in reviewer.page("/")
    submit(contributor, slug)
    assert "1 naskah menunggu tinjauan" in reviewer.page("/")
    assert "Menunggu Anda" not in contributor.page("/")
    decide(reviewer, waiting(app), "ask", "Tambahkan sumber.")
    assert "Menunggu Anda" not in reviewer.page("/")
    assert "1 naskah Anda perlu perbaikan" in contributor.page("/")
    assert "perlu perbaikan" in contributor.page("/tulis/")
    submit(contributor, slug)
    assert "Menunggu Anda" not in contributor.page("/")


def test_the_reviewer_sees_a_lesson_whole_with_its_pictures_before_and_after(app, contributor, reviewer, sign_in):
    slug = contributor.new(title="Hukum dasar", mulai="singkat")
    contributor.save(slug, "course.yml", re.sub(r"(?m)^lisensi:.*$", "lisensi: CC-BY-SA-4.0", contributor.text(slug, "course.yml")))
    submit(contributor, slug)
    number = waiting(app)
    page = reviewer.page(f"/tulis/tinjauan/{number}")
    assert "01-pembuka/_bagian.md:3 Teks contoh belum diganti" in page, "what the check found is said to whoever cannot open the draft"
    assert "memeriksaLaporan" not in page, "an option and its feedback stand apart"
    assert "Hanya soal; lihat kotak" in page, "a new quiz is not called a text that stayed the same"
    address = f"/tulis/tinjauan/{number}/lihat/mengapa-ini-penting"
    assert f'href="{address}"' in page
    whole = reviewer.page(address)
    assert 'src="data:image/svg+xml;base64,' in whole
    assert "Bu Ratna menolak" in whole
    assert "Sebelum" not in whole
    assert "tag ok" not in whole, "no answer unasked"
    assert "Yang dilihat sendiri dapat dicatat" in reviewer.page(f"{address}?kunci=1")
    decide(reviewer, number, "accept")
    assert "Diterima dan terbit" in contributor.page(f"/tulis/{slug}/pengajuan")
    contributor.save(slug, LESSON, contributor.text(slug, LESSON).replace("Bu Ratna menolak", "Pak Budi menolak"))
    submit(contributor, slug)
    both = reviewer.page(f"/tulis/tinjauan/{waiting(app)}/lihat/mengapa-ini-penting")
    assert both.index("Pak Budi menolak") < both.index("Sebelum: versi 1") < both.index("Bu Ratna menolak")
    assert reviewer.page(f"/tulis/tinjauan/{waiting(app)}/lihat/tidak-ada", 404)
    assert contributor.client.get(address).status_code == 403


def test_a_word_on_a_part_stands_where_it_is_read(app, contributor, reviewer, slug):
    path = next(one for one in contributor.paths(slug) if one.endswith("pertama.md"))
    contributor.save(slug, path, "---\njudul: A\nmenit: 5\n---\n\nSatu.\n\nDua.\n\n## Soal 1: Apa?\n\nJawaban: Benar\n")
    submit(contributor, slug)
    number = waiting(app)
    page = reviewer.page(f"/tulis/tinjauan/{number}")
    assert '<option value="8">Dua.</option>' in page
    questions = page.partition("Soal dan kuncinya")[2].partition("Sebagaimana dibaca")[0]
    assert "Apa?" in questions
    assert "Dua." not in questions, "the box of questions holds the text too"
    reviewer.post(f"/tulis/tinjauan/{number}/komentar", berkas=path, baris="8", komentar="Sebutkan sumbernya.", kembali="p-1")
    text = reviewer.page(f"/tulis/tinjauan/{number}").partition("Sebagaimana dibaca")[2]
    assert re.search(r"<ins>Dua\.</ins></p>\s*<div class=\"note\"[^>]*><p>Sebutkan sumbernya\.", text)
    assert "Sebutkan sumbernya." in contributor.page(f"/tulis/{slug}/pengajuan")


@given(st.lists(st.text(alphabet="ab <>&", max_size=12), max_size=6), st.lists(st.text(alphabet="ab <>&", max_size=12), max_size=6))
def test_no_text_of_a_comparison_becomes_a_tag(old, new):
    for each in comparing.compare(old, new):
        bare = re.sub(r"</?(ins|del)>", "", str(each.html))
        assert "<" not in bare
