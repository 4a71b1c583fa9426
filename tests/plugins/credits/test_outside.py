"""Learning outside the site, from the form to the decision, on both databases where writers meet."""

import io
import json
import sqlite3
import subprocess
import sys
import time
import zlib
from datetime import date

import pytest
from elearn_credits import ledger
from elearn_credits.outside import claims, files
from openpyxl import Workbook
from PIL import Image

from elearn import Person, Refused
from elearn.services import people

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
SAID = {
    "bentuk": "B6",
    "judul": "Seminar Satu Data",
    "penyelenggara": "Bappeda",
    "mulai": "2026-03-02",
    "selesai": "2026-03-03",
    "jumlah": "2",
}


def picture(kind="JPEG", *, exif=None):
    out = io.BytesIO()
    image = Image.new("RGB", (40, 30), "white")
    image.save(out, kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


def send(client, *, to="/transkrip/luar", file=PDF, name="bukti.pdf", **said):
    data = SAID | said
    if file is not None:
        data = data | {"bukti": (io.BytesIO(file), name)}
    return client.post(to, data=data, content_type="multipart/form-data")


def entries(client):
    return json.loads(client.get("/transkrip?format=json").data)["entries"]


def newest(app, person_id):
    with app.extensions["elearn"].outbox.open_session() as session:
        return ledger.entries_of(session, person_id)[-1]


@pytest.fixture
def office(app, sign_in):
    """A unit with a head and a learner in it; answers (learner, head, unit id)."""
    state = app.extensions["elearn"]
    with state.outbox.open_session() as session:
        unit = people.add_unit(session, "Dinas A", code="A")
        session.commit()
        unit_id = unit.id
    learner = sign_in(app, name="Sari")
    head = sign_in(app, name="Kepala", role="unit_head", scope="unit", scope_id=unit_id)
    with state.outbox.open_session() as session:
        for number, client in enumerate((learner, head), 1):
            person = session.get(Person, client.person_id)
            person.unit_id, person.nip = unit_id, f"19940721201903200{number}"
        session.commit()
    return learner, head, unit_id


def test_what_is_told_waits_and_counts_only_once_it_is_accepted(app, office):
    learner, head, _unit = office
    assert send(learner).status_code == 302
    (entry,) = entries(learner)
    assert (entry["state"], entry["jp"], entry["claimed"], entry["form"]) == ("waiting", 0, 8, "Seminar, konferensi, atau sarasehan")
    assert "Menunggu verifikasi" in learner.get("/transkrip?tahun=2026").text
    page = head.get("/transkrip/verifikasi").text
    assert "Seminar Satu Data" in page
    assert "2 hari = 8 JP" in page
    number = newest(app, learner.person_id).id
    assert head.post(f"/transkrip/verifikasi/{number}", data={"putusan": "terima"}).status_code == 302
    (entry,) = entries(learner)
    assert (entry["state"], entry["jp"]) == ("recognised", 8)
    assert "Tidak ada yang menunggu" in head.get("/transkrip/verifikasi").text
    assert head.post(f"/transkrip/verifikasi/{number}", data={"putusan": "tolak", "alasan": "Terlambat."}).status_code == 422


@pytest.mark.parametrize(("decision", "state", "shown"), [("tanya", "asked", "Perlu perbaikan"), ("tolak", "refused", "Ditolak")])
def test_a_question_and_a_refusal_have_a_reason_and_can_be_answered(app, office, decision, state, shown):
    learner, head, _unit = office
    send(learner)
    number = newest(app, learner.person_id).id
    address = f"/transkrip/verifikasi/{number}"
    assert head.post(address, data={"putusan": decision, "alasan": " "}).status_code == 422
    assert head.post(address, data={"putusan": decision, "alasan": "Sertifikat tidak terbaca."}).status_code == 302
    assert entries(learner)[0]["state"] == state
    page = learner.get("/transkrip?tahun=2026").text
    assert shown in page
    assert "Sertifikat tidak terbaca." in page
    now_at = newest(app, learner.person_id)
    assert "Sertifikat tidak terbaca." in learner.get(f"/transkrip/luar/{now_at.id}").text
    assert send(learner, to=f"/transkrip/luar/{now_at.id}", file=None, jumlah="1").status_code == 302
    after = newest(app, learner.person_id)
    assert (after.state, after.units, after.evidence, after.key) == ("waiting", 1, now_at.evidence, now_at.key)
    assert learner.post(f"/transkrip/luar/{after.id}", data={"tarik": "1"}).status_code == 302
    assert entries(learner)[0]["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("bentuk", {"bentuk": "X9"}),
        ("judul", {"judul": ""}),
        ("jumlah", {"jumlah": "banyak"}),
        ("selesai", {"selesai": "kemarin"}),
        ("bukti", {"file": b"a"}),
    ],
)
def test_a_fault_in_the_form_stands_in_its_title_and_at_its_field(app, office, field, said):
    learner, _head, _unit = office
    page = send(learner, **said).text
    assert "<title>Galat: " in page
    assert f'<a href="#{field}">' in page
    assert page.count('class="field bad"') == 1
    before, _sign, after = page.partition(f'id="{field}-err"')
    assert f'for="{field}"' in before
    assert f'{field}-err"' in after, "the field names it"


def test_what_was_taken_back_by_mistake_can_be_told_again(app, office):
    learner, _head, _unit = office
    send(learner)
    assert learner.post(f"/transkrip/luar/{newest(app, learner.person_id).id}", data={"tarik": "1"}).status_code == 302
    taken = newest(app, learner.person_id)
    assert send(learner, jumlah="1").status_code == 302
    (entry,) = entries(learner)
    assert (entry["state"], entry["claimed"]) == ("waiting", 4)
    again = newest(app, learner.person_id)
    assert (again.key, again.units) == (taken.key, 1)
    assert send(learner, tetap="1").status_code == 422, "and once only"
    assert "sama persis sudah ada" in send(learner, tetap="1").text


def test_what_was_changed_into_something_else_does_not_stand_in_the_way(app, office):
    learner, _head, _unit = office
    send(learner)
    send(learner, to=f"/transkrip/luar/{newest(app, learner.person_id).id}", judul="Bimtek Arsip", bentuk="B10")
    assert send(learner, tetap="1").status_code == 302
    assert sorted((one["title"], one["state"]) for one in entries(learner)) == [
        ("Bimtek Arsip", "waiting"),
        ("Seminar Satu Data", "waiting"),
    ]
    again = send(learner, judul="bimtek arsip", bentuk="B10", tetap="1")
    assert again.status_code == 422
    assert "sudah ada di transkrip" in again.text, "what it was changed into is there, under whatever key"
    assert len(entries(learner)) == 2


def test_a_correction_recognises_nothing_that_nobody_verified(app, office, sign_in):
    learner, head, _unit = office
    boss = sign_in(app, name="Pengelola", role="administrator")

    def correct(**said):
        entry = newest(app, learner.person_id)
        assert boss.post(f"/transkrip/{entry.id}/perbaiki", data={"alasan": "Keliru."} | said).status_code == 302
        return newest(app, learner.person_id)

    send(learner)
    after = correct(units="1")
    assert (after.state, after.units) == ("waiting", 1)
    assert learner.post(f"/transkrip/luar/{after.id}", data={"tarik": "1"}).status_code == 302
    after = correct()
    assert after.state == "waiting", "what its owner took back waits again, and no more"
    assert head.post(f"/transkrip/verifikasi/{after.id}", data={"putusan": "terima"}).status_code == 302
    assert correct(units="2").state == "recognised"
    assert correct(tarik="1").state == correct(tarik="1").state == "withdrawn"
    assert correct().state == "recognised", "a withdrawal by mistake can be undone"
    assert entries(learner)[0]["jp"] == 8


def test_only_the_owner_and_the_verifier_of_the_unit_open_the_evidence(app, office, sign_in):
    learner, head, _unit = office
    send(learner)
    entry = newest(app, learner.person_id)
    address = f"/transkrip/bukti/{entry.id}"
    for allowed in (learner, head, sign_in(app, name="Pengelola", role="administrator")):
        answer = allowed.get(address)
        assert answer.data == PDF
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Content-Disposition"].startswith("attachment")
    with app.extensions["elearn"].outbox.open_session() as session:
        elsewhere = people.add_unit(session, "Dinas B", code="B")
        session.commit()
        other_unit = elsewhere.id
    for stranger in (sign_in(app, name="Togar"), sign_in(app, name="Lain", role="unit_head", scope="unit", scope_id=other_unit)):
        assert stranger.get(address).status_code == 404
    assert app.test_client().get(address).status_code in (302, 401)


def test_a_head_of_another_unit_neither_sees_nor_decides(app, office, sign_in):
    learner, _head, _unit = office
    send(learner)
    with app.extensions["elearn"].outbox.open_session() as session:
        elsewhere = people.add_unit(session, "Dinas B", code="B")
        session.commit()
        other_unit = elsewhere.id
    stranger = sign_in(app, name="Lain", role="unit_head", scope="unit", scope_id=other_unit)
    assert "Seminar Satu Data" not in stranger.get("/transkrip/verifikasi").text
    number = newest(app, learner.person_id).id
    assert stranger.post(f"/transkrip/verifikasi/{number}", data={"putusan": "terima"}).status_code == 404
    assert learner.post(f"/transkrip/verifikasi/{number}", data={"putusan": "terima"}).status_code == 403
    assert learner.get("/transkrip/verifikasi").status_code == 403
    assert stranger.get(f"/transkrip/luar/{number}").status_code == 404
    assert send(stranger, to=f"/transkrip/luar/{number}").status_code == 404


def test_nobody_verifies_their_own(app, office):
    _learner, head, _unit = office
    send(head)
    assert "Seminar Satu Data" not in head.get("/transkrip/verifikasi").text
    number = newest(app, head.person_id).id
    assert head.post(f"/transkrip/verifikasi/{number}", data={"putusan": "terima"}).status_code == 422


def test_the_same_is_entered_once_and_the_like_is_asked_about(app, office):
    learner, head, _unit = office
    send(learner)
    again = send(learner)
    assert again.status_code == 422
    assert "Mungkin sudah tercatat" in again.text
    assert send(learner, tetap="1").status_code == 422  # the very same facts
    assert send(learner, judul="Seminar Satu Data Indonesia", tetap="1").status_code == 302
    assert len(entries(learner)) == 2
    assert "Pada hari yang sama juga tercatat" in head.get("/transkrip/verifikasi").text


def test_a_file_used_by_two_people_is_pointed_out(app, office, sign_in):
    learner, head, unit_id = office
    other = sign_in(app, name="Togar")
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get(Person, other.person_id).unit_id = unit_id
        session.commit()
    send(learner)
    assert "dipakai oleh" not in head.get("/transkrip/verifikasi").text
    send(other)
    assert "dipakai oleh 2 orang" in head.get("/transkrip/verifikasi").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"judul": ""}, {"judul": "ab"}, {"penyelenggara": ""}, {"bentuk": "Z9"}, {"bentuk": ""}, {"jumlah": "banyak"}, {"jumlah": "NaN"},
        {"jumlah": "0"}, {"jumlah": "-1"}, {"jumlah": "3"}, {"jumlah": "1e9"}, {"mulai": ""}, {"mulai": "2026-13-01"}, {"mulai": "2999-01-01"},
        {"selesai": "2026-03-01"}, {"selesai": "2999-01-01"}, {"mulai": "2016-01-01", "selesai": "2016-01-02"}, {"mulai": "2018-01-01"},
        {"jumlah": "Infinity"}, {"judul": "x" * 400},
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(app, sign_in, wrong):
    client = sign_in(app)
    answer = send(client, **wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    kept = SAID | wrong
    assert kept["penyelenggara"] in answer.text
    assert entries(client) == []


@pytest.mark.parametrize(
    "file",
    [
        b"", b"x", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html><script>alert(1)</script>", b"MZ\x90\x00", b"%PDF-1.7 cut",
        b"%PDF-1.7 /OpenAction << /S /JavaScript /JS (x) >> %%EOF", b"GIF89a", b"\x89PNG\r\n\x1a\n",
    ],
)  # fmt: skip
def test_evidence_of_another_kind_is_refused(app, sign_in, file):
    client = sign_in(app)
    assert send(client, file=file).status_code == 422
    assert entries(client) == []


def pdf_of(*objects):
    return b"%PDF-1.7\n" + b"\n".join(b"%d 0 obj\n%s\nendobj" % (number, one) for number, one in enumerate(objects, 1)) + b"\n%%EOF"


def packed(text, *, of=b"/ObjStm"):
    body = zlib.compress(text)
    return b"<< /Type %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (of, len(body), body)


def test_a_scan_whose_pixels_spell_a_word_by_chance_is_taken():
    pixels = b"<< /Type /XObject /Length 99 >>\nstream\n" + b"\x00/JS \xff/JS\x00" + b"\nendstream"
    assert files.check(pdf_of(pixels))[0].endswith(".pdf")
    assert files.check(pdf_of(packed(b"/JS (x)", of=b"/XObject")))[0].endswith(".pdf")
    assert files.check(pdf_of(b"<< /Title (JSON) /JSONLD 1 >>"))[0].endswith(".pdf")


@pytest.mark.parametrize(
    "program",
    [b"<< /S /JavaScript /JS (app.alert(1)) >>", b"<< /S /J#61vaScript >>", packed(b"1 0 << /S /JavaScript /JS (x) >>"), packed(b"/EmbeddedFiles 3 0 R"),
     b"%stream\n<< /S /JavaScript /JS (x) >>\n%endstream", b"%stream\n<< /S /Rendition /JS (x) >>\n%endstream",
     b"(stream) " + packed(b"1 0 << /S /JavaScript /JS (x) >>"), packed(b" " * 30_000_000), b"<< /Length 3 >>\nstream\nabc\nendstream\nendobj\n9 0 obj\n<< /S /Launch >>",
     packed(b"1 0 << /S /JavaScript /JS (x) >>", of=b"/Obj#53tm"), b"<< /Type /ObjStm /Filter /ASCIIHexDecode >>\nstream\n2f4a53>\nendstream"],
)  # fmt: skip
def test_a_program_in_a_pdf_is_found_where_it_hides(program):
    with pytest.raises(Refused) as caught:
        files.check(pdf_of(program))
    assert caught.value.code == "pdf_active"


def test_a_locked_pdf_is_told_to_come_unlocked():
    with pytest.raises(Refused) as caught:
        files.check(pdf_of(b"<< /Pages 2 0 R >>") + b"\ntrailer << /Root 1 0 R /Encrypt 5 0 R >>\n%%EOF")
    assert caught.value.code == "pdf_locked"
    assert files.check(pdf_of(b"<< /EncryptMetadata true >>"))[0].endswith(".pdf")


def test_looking_through_a_pdf_takes_no_longer_the_odder_it_is():
    begun = time.process_time()
    for odd in (b"/ObjStm stream " * 300, b"<< " * 1_500_000, b">> stream\n" * 450_000, b"#6a" * 1_500_000, b"endstream" * 500_000):
        files.check(b"%PDF-1.7\n" + odd[:4_900_000] + b"\n%%EOF")
    assert time.process_time() - begun < 10


def test_evidence_is_at_most_five_megabytes():
    assert files.check(PDF[:8] + b"0" * (5_000_000 - len(PDF)) + PDF[8:])[0].endswith(".pdf")
    with pytest.raises(Refused) as caught:
        files.check(PDF[:8] + b"0" * 5_000_000 + PDF[8:])
    assert caught.value.code == "file_size"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_without_what_the_camera_wrote_into_it(kind):
    exif = Image.Exif()
    exif[0x010F] = "Kamera Rahasia"
    name, kept = files.check(picture(kind, exif=exif) + b"<script>")
    assert name.endswith(".jpg")
    assert b"Rahasia" not in kept
    assert b"<script>" not in kept
    assert Image.open(io.BytesIO(kept)).size == (40, 30)


def test_a_large_picture_is_made_small_before_it_is_turned():
    """In a process of its own, for what it takes at most is told of a whole process."""
    program = """
import io, resource
from PIL import Image
from elearn_credits.outside import files
exif = Image.Exif()
exif[0x0112] = 6
out = io.BytesIO()
Image.new("RGB", (8000, 6000), "white").save(out, "PNG", exif=exif)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
name, kept = files.check(out.getvalue())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, *Image.open(io.BytesIO(kept)).size)
"""
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    more, width, height = map(int, told.stdout.split())
    assert (width, height) == (1500, 2000)
    assert more < 150_000, "KB beyond the one copy that the program itself made and freed"


def test_a_name_that_the_check_never_gave_opens_no_file(app):
    site = app.extensions["elearn"].site
    for name in ("", "../elearn.db", "a" * 64 + ".exe", "a" * 64 + ".pdf/../x"):
        with pytest.raises(ValueError, match=r".*"):
            files.place(site, name)


def test_many_verifiers_at_once_decide_once(any_app, at_once):
    state = any_app.extensions["elearn"]
    with state.outbox.open_session() as session:
        people_ids = []
        for number in (1, 2):
            person = Person(name="Sari", nip=f"19940721201903200{number}")
            session.add(person)
            session.flush()
            people_ids.append(person.id)
        claim = claims.read_claim(
            claims.book(session), form="B6", title="Seminar", organiser="Bappeda", first="2026-03-02", last="", units="1",
            international=False, today=date(2026, 4, 1),
        )  # fmt: skip
        claims.enter(session, claim, person_id=people_ids[0], evidence="", by=people_ids[0])
        session.commit()
        (entry,) = ledger.entries_of(session, people_ids[0])
    choices = iter(["terima", "tolak"] * 10)

    def decide():
        with state.outbox.open_session() as session:
            claims.decide(session, entry.id, decision=next(choices), reason="Alasan.", by=people_ids[1])
            session.commit()
            return "done"

    results = at_once(20, decide)
    assert results.count("done") == 1
    assert all(isinstance(result, Refused) for result in results if result != "done")


def table(rows, *, xlsx=False):
    head = ["nip", "bentuk", "judul", "penyelenggara", "mulai", "selesai", "jumlah"]
    if not xlsx:
        return "\n".join(";".join(row) for row in [head, *rows]).encode()
    book = Workbook()
    for row in [head, *rows]:
        book.active.append([date.fromisoformat(cell) if cell[:4] == "2026" and len(cell) == 10 else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


GOOD = ["19940721 201903 2 001", "B7", "Lokakarya Arsip", "ANRI", "2026-04-01", "2026-04-02", "2"]


def bring(client, data, **more):
    return client.post("/transkrip/verifikasi/banyak", data={"berkas": (io.BytesIO(data), "b")} | more, content_type="multipart/form-data")


@pytest.mark.parametrize("xlsx", [False, True])
def test_many_come_in_from_a_spreadsheet_after_a_trial(office, xlsx):
    learner, head, _unit = office
    trial = bring(head, table([GOOD], xlsx=xlsx), periksa="1")
    assert "Belum ada yang diubah" in trial.text
    assert entries(learner) == []
    assert "Tersimpan: 1" in bring(head, table([GOOD], xlsx=xlsx)).text
    assert [(one["state"], one["jp"]) for one in entries(learner)] == [("recognised", 10)]
    again = bring(head, table([GOOD], xlsx=xlsx))
    assert again.status_code == 422
    assert "sudah ada" in again.text
    assert len(entries(learner)) == 1


def test_a_long_spreadsheet_takes_few_statements_and_its_trial_no_lock(app, office, count_statements):
    """All that runs in the one transaction stands between everybody else and SQLite's only write lock."""
    learner, head, _unit = office
    rows = [[GOOD[0], "B7", f"Lokakarya {number} {number}", "ANRI", "2026-04-01", "", "1", "ya"] for number in range(1, 61)]
    text = "\n".join(";".join(row) for row in [["nip", "bentuk", "judul", "penyelenggara", "mulai", "selesai", "jumlah", "tetap"], *rows])
    with count_statements(app) as seen:
        assert "Tersimpan: 60" in bring(head, text.encode()).text
    assert len(seen) < 40
    assert len(entries(learner)) == 60
    assert sum(one["jp"] for one in entries(learner)) == 60 * 5
    holder = sqlite3.connect(app.extensions["elearn"].site.store.folder.parent / "elearn.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    more = text.replace("Lokakarya", "Rapat kerja")
    assert "Akan disimpan: 60" in bring(head, more.encode(), periksa="1").text
    holder.execute("ROLLBACK")


def test_what_looks_like_something_that_is_there_is_pointed_out_in_the_trial(office):
    learner, head, _unit = office
    bring(head, table([GOOD]))
    like = [GOOD[0], "B7", "Lokakarya arsip!", "ANRI Pusat", "2026-04-02", "2026-04-03", "2"]
    page = bring(head, table([like]), periksa="1")
    assert page.status_code == 422
    assert "Baris 2: Mungkin sudah tercatat: Lokakarya Arsip (2026-04-02)" in page.text
    assert len(entries(learner)) == 1
    sure = (
        ";".join([*"nip bentuk judul penyelenggara mulai selesai jumlah tetap nomor".split()])
        + "\n"
        + ";".join([*like, "ya", "7/ANRI/2026"])
    )
    assert "Tersimpan: 1" in bring(head, sure.encode()).text
    assert sorted(one["jp"] for one in entries(learner)) == [10, 10]
    assert "Sertifikat 7/ANRI/2026" in learner.get("/transkrip?tahun=2026").text


def test_one_wrong_row_keeps_all_out_and_every_fault_is_named(office):
    learner, head, _unit = office
    own = ["199407212019032002", *GOOD[1:]]
    rows = [GOOD, GOOD, ["1", *GOOD[1:]], [GOOD[0], "Z1", *GOOD[2:]], own]
    page = bring(head, table(rows))
    assert page.status_code == 422
    for line in (3, 4, 5, 6):
        assert f"Baris {line}:" in page.text
    assert "1 baris benar, 4 baris salah" in page.text
    assert entries(learner) == []


@pytest.mark.parametrize(
    "data", [b"", b"nip;judul\n1;2", b"PK\x03\x04rusak", b"\xff\xfe\x00", b"nip;bentuk;judul;penyelenggara;mulai;jumlah\n"]
)
def test_a_file_that_is_no_table_is_refused(office, data):
    _learner, head, _unit = office
    answer = bring(head, data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_the_pages_cost_few_statements(app, office, count_statements):
    learner, head, _unit = office
    for number in range(12):
        send(learner, judul=f"Kegiatan {number}", mulai=f"2026-03-{number + 1:02}", selesai="", jumlah="1", tetap="1")
    for client, address in ((head, "/transkrip/verifikasi"), (learner, "/transkrip/luar"), (learner, "/transkrip")):
        client.get(address)
        with count_statements(app) as seen:
            assert client.get(address).status_code == 200
        assert len(seen) <= 8, f"{address}: {len(seen)} statements\n" + "\n".join(seen)
