"""A learner's competency pages and the administrator's files, through the whole application."""

import io
import json
from datetime import date

import pytest
from elearn_credits.competency import reminding, upkeep
from elearn_credits.competency.models import CompetencyProfile, FinalTestFailed
from sqlalchemy import event, select

from elearn import About, Person
from elearn.packs import read_pack
from elearn.services.publishing import publish
from elearn.web.database import db

COURSE = """
judul: Etika
ringkasan: Ringkasan.
jp: 3
kompetensi:
  - kode: integritas
    level: 2
"""


@pytest.fixture
def course(app, tmp_path):
    files = {"01-a.md": "---\njudul: Satu\nmenit: 3\n---\n\nIsi.\n"}

    def write(slug, title, *, head=COURSE):
        place = tmp_path / "tulis" / slug
        place.mkdir(parents=True, exist_ok=True)
        (place / "course.yml").write_text(head.replace("judul: Etika", f"judul: {title}"), "utf-8")
        for name, text in files.items():
            (place / name).write_text(text, "utf-8")
        state = app.extensions["elearn"]
        reading = read_pack(place, state.registry)
        with state.outbox.open_session() as session:
            publish(session, state.site.store, reading.course, reading.media, by=None)
            session.commit()

    write("etika", "Etika")
    write("etika-lanjut", "Etika Lanjut")
    return write


def finish(app, client, slug):
    client.post(f"/pelatihan/{slug}/daftar")
    client.post(f"/belajar/{slug}/a/selesai")
    app.extensions["elearn"].outbox.deliver_due()


def test_a_newcomer_is_told_what_will_stand_here_and_what_to_take(app, sign_in, course):
    page = sign_in(app).get("/transkrip/kompetensi").text
    assert "Belum ada bukti kompetensi" in page
    assert "Menutup 1 tingkat kesenjangan: Integritas." in page
    assert "paling cepat dalam 2 hari" in page
    assert "Sisanya, 14 JP" in page


def test_a_completed_course_is_evidence_and_is_not_advised_again(app, sign_in, course):
    client = sign_in(app)
    finish(app, client, "etika")
    page = client.get("/transkrip/kompetensi").text
    assert "tingkat 2 (perkiraan)" in page
    assert "Pelatihan: Etika" in page
    assert 'href="/pelatihan/etika"' not in page
    finish(app, client, "etika")
    data = json.loads(client.get("/akun/data.json").text)
    evidence = data["credits"]["competency"]["evidence"] if "credits" in data else data["plugins"]["credits"]["competency"]["evidence"]
    assert [row["code"] for row in evidence] == ["integritas"]


def test_the_wanted_post_shows_its_own_gap_and_can_be_forgotten(app, sign_in, course):
    client = sign_in(app)
    page = client.post("/transkrip/kompetensi/jabatan", data={"jabatan": "Analis  Ahli Muda"}, follow_redirects=True).text
    assert "Pelatihan ke arah itu" in page
    assert "Diminta tingkat 3" in page
    page = client.post("/transkrip/kompetensi/jabatan", data={"jabatan": ""}, follow_redirects=True).text
    assert "Pelatihan ke arah itu" not in page
    assert client.post("/transkrip/kompetensi/jabatan", data={"jabatan": "x" * 161}).status_code == 409


def test_the_card_on_the_home_page_points_at_the_course_that_closes_most(app, sign_in, course):
    with app.extensions["elearn"].outbox.open_session() as session:
        client = sign_in(app)
        session.get(Person, client.person_id).post = "Analis Ahli Pertama"
        session.commit()
    page = client.get("/").text
    assert "Untuk jabatan Anda" in page
    assert "Menutup 2 tingkat kesenjangan: Integritas." in page


def test_the_card_on_the_home_page_names_no_course_to_take_first_that_is_done(app, sign_in, course):
    course("bicara", "Bicara", head=COURSE.replace("integritas", "komunikasi") + "prasyarat: [etika]\n")
    client = sign_in(app)
    finish(app, client, "etika")
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get(Person, client.person_id).post = "Analis Ahli Pertama"
        session.commit()
    page = client.get("/").text
    assert "Menutup 2 tingkat kesenjangan: Komunikasi." in page
    assert "Selesaikan dahulu" not in page


def test_what_is_kept_about_failing_and_reminding_is_in_the_data_of_its_person(app, sign_in):
    client, head = sign_in(app), sign_in(app, role="unit_head")
    with app.extensions["elearn"].outbox.open_session() as session:
        session.add(FinalTestFailed(enrolment_id=1, person_id=client.person_id, title="Etika", times=2, last_on=date(2026, 3, 1)))
        reminding.remind(session, client.person_id, by=head.person_id, rule="failed")
        session.commit()
        mine, theirs = (upkeep.export(About(session=session, person_id=who.person_id)) for who in (client, head))
    assert mine["failed_final_tests"] == [{"title": "Etika", "times": 2, "last_on": "2026-03-01"}]
    assert [one["rule"] for one in mine["reminders"]] == ["failed"]
    assert theirs["failed_final_tests"] == theirs["reminders"] == []


def test_the_dictionary_can_be_read_and_taken_along(app, sign_in):
    client = sign_in(app)
    assert "Perekat Bangsa" in client.get("/transkrip/kamus").text
    assert json.loads(client.get("/transkrip/kamus?format=case").text)["CFDocument"]["language"] == "id"


def send(client, kind, text, *, trial=False):
    data = {"berkas": (io.BytesIO(text.encode()), "tabel.csv")} | ({"periksa": "1"} if trial else {})
    return client.post(f"/transkrip/kompetensi/kelola/{kind}", data=data)


def test_files_are_tried_first_then_kept_whole_or_not_at_all(app, sign_in):
    client = sign_in(app, role="administrator")
    good = "jabatan;kode;tingkat\nAnalis;integritas;3\nAnalis;komunikasi;2\n"
    assert "Belum ada yang diubah" in send(client, "standar", good, trial=True).text
    assert "Sekarang ada 0" in client.get("/transkrip/kompetensi/kelola").text
    answer = send(client, "standar", good + "Analis;tidak-ada;9\n")
    assert answer.status_code == 422
    assert "Baris 4" in answer.text
    assert "Sekarang ada 0" in answer.text
    assert "Tersimpan: 2." in send(client, "standar", good).text
    assert "Sekarang ada 1" in client.get("/transkrip/kompetensi/kelola").text


def test_an_assessment_file_moves_the_level_and_unknown_people_stop_it(app, sign_in):
    client = sign_in(app, role="administrator")
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get(Person, client.person_id).nip = "199407212019032005"
        session.commit()
    head = "nip;kode;tingkat;tanggal;penilai\n"
    stranger = send(
        client, "penilaian", head + "199407212019032005;integritas;4;2025-05-01;P\n198001012005011003;integritas;4;2025-05-01;P\n"
    )
    assert stranger.status_code == 422
    assert "198001012005011003" in stranger.text
    assert "Tersimpan: 1." in send(client, "penilaian", head + "199407212019032005;integritas;4;2025-05-01;Puspenkom\n").text
    assert "Tersimpan: 0." in send(client, "penilaian", head + "199407212019032005;integritas;4;2025-05-01;Puspenkom\n").text
    page = client.get("/transkrip/kompetensi").text
    assert "Penilaian: Puspenkom" in page
    assert "tingkat 4" in page


@pytest.mark.parametrize("kind", ["penilaian", "standar", "indeks"])
def test_a_long_file_is_kept_in_few_statements(app, sign_in, count_statements, kind):
    """All that runs in the one transaction stands between everybody else and SQLite's only write lock."""
    client = sign_in(app, role="administrator")
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get(Person, client.person_id).nip = "199407212019032005"
        session.commit()
    head, line = {
        "penilaian": ("nip;kode;tingkat;tanggal;penilai", "199407212019032005;integritas;4;{}-05-01;Puspenkom"),
        "standar": ("jabatan;kode;tingkat", "Analis {};integritas;3"),
        "indeks": ("nip;tahun;dimensi;nilai", "199407212019032005;{};kinerja;baik"),
    }[kind]
    text = "\n".join([head, *(line.format(2001 + number) for number in range(25))])
    with count_statements(app) as seen:
        assert "Tersimpan: 25" in send(client, kind, text).text
    assert len(seen) < 25


def test_imported_dimensions_make_the_whole_index_with_its_band(app, sign_in):
    client = sign_in(app, role="administrator")
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get(Person, client.person_id).nip = "199407212019032005"
        session.commit()
    year = date.today().year
    lines = "".join(
        f"199407212019032005;{year};{name};{value};BKPSDM\n"
        for name, value in (("Kualifikasi", "S2"), ("kinerja", "baik"), ("Disiplin", "Tidak pernah"))
    )
    assert "Tersimpan: 3." in send(client, "indeks", "nip;tahun;dimensi;nilai;sumber\n" + lines).text
    page = client.get("/transkrip/kompetensi").text
    assert "Sangat rendah" in page, "20 + 0 + 25 + 5 = 50"
    assert "S2 bernilai 20; BKPSDM" in page


def test_only_who_may_opens_the_upkeep(app, sign_in):
    assert sign_in(app).get("/transkrip/kompetensi/kelola").status_code == 403
    assert send(sign_in(app, role="unit_head"), "standar", "x").status_code == 403


def test_the_pages_take_few_statements(app, sign_in, course):
    client = sign_in(app)
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get(Person, client.person_id).post = "Analis Ahli Pertama"
        session.commit()
    seen = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    for address, most in (("/", 8), ("/transkrip/kompetensi", 10), ("/transkrip", 2)):
        client.get(address)
        seen.clear()
        client.get(address)
        asked = [text for text in seen if text.startswith("SELECT")]
        assert 0 < len(asked) <= most, (address, asked)


def test_a_completed_course_says_which_competency_it_raised(app, sign_in, course):
    client = sign_in(app)
    finish(app, client, "etika")
    page = client.get("/belajar/etika/tamat").text
    assert "+3 JP" in page
    assert "Kompetensi yang naik: Integritas, tingkat 2 (perkiraan)" in page
    finish(app, client, "etika-lanjut")
    assert "Kompetensi yang naik" not in client.get("/belajar/etika-lanjut/tamat").text, "the same level is nothing new"


def test_one_assessment_is_entered_by_hand_and_what_is_wrong_loses_nothing(app, sign_in):
    client = sign_in(app, role="administrator")
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get(Person, client.person_id).nip = "199407212019032005"
        session.commit()
    said = {"nip": "19940721 201903 2 005", "kode": "integritas", "tingkat": "4", "tanggal": "2025-05-01", "penilai": "Puspenkom"}
    assert "Tersimpan: 1." in client.post("/transkrip/kompetensi/kelola/satu", data=said).text
    assert "Penilaian: Puspenkom" in client.get("/transkrip/kompetensi").text
    for name, wrong in (
        ("nip", "1"),
        ("kode", "lain"),
        ("tingkat", "9"),
        ("tanggal", "besok"),
        ("penilai", ""),
        ("nip", "198001012005011003"),
    ):
        answer = client.post("/transkrip/kompetensi/kelola/satu", data=said | {name: wrong})
        assert answer.status_code == 422
        assert "Puspenkom" in answer.text or name == "penilai"
    assert client.post("/transkrip/kompetensi/kelola/satu", data=said | {"tanggal": "2999-01-01"}).status_code == 422
    assert sign_in(app, role="unit_head").post("/transkrip/kompetensi/kelola/satu", data=said).status_code == 403


def test_an_assessment_is_put_right_and_back_again_on_the_same_day(app, sign_in):
    client = sign_in(app, role="administrator")
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get(Person, client.person_id).nip = "199407212019032005"
        session.commit()
    said = {"nip": "199407212019032005", "kode": "integritas", "tanggal": "2025-05-01", "penilai": "Puspenkom"}
    for level, kept in (("3", 1), ("3", 0), ("4", 1), ("3", 1), ("4", 1)):
        assert f"Tersimpan: {kept}." in client.post("/transkrip/kompetensi/kelola/satu", data=said | {"tingkat": level}).text
        with app.extensions["elearn"].outbox.open_session() as session:
            assert session.scalar(select(CompetencyProfile.levels)) == f"|integritas={level}|"
