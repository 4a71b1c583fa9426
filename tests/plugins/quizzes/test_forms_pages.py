"""All forms through the pages: answered by forms alone, keys kept back until they may be shown, shown again exactly, marked again alike."""

import io
import os
import re
import sqlite3
import zipfile
from pathlib import Path

import pytest
from elearn_quizzes import attempts, grading, human, uploads
from elearn_quizzes.models import AnswerFile, Attempt
from PIL import Image
from sqlalchemy import select, update

FORMS = Path(__file__).with_name("forms.md").read_text("utf-8")
AUTOMATIC = FORMS[: FORMS.index("## Soal 5")] + FORMS[FORMS.index("## Soal 7") :]
HIDDEN = ("UMPAN-LIMA", "BAHAS-PASANG", "PETUNJUK-URUT", "KUNCI-RUMPANG", "SALAH-RUMPANG", "CONTOH-ESAI", "RUBRIK-DASAR", "rupiah.")
READING = """
    # Bacaan

    ## Soal 1: Pasangkan.
    <!-- id: cek-pasang -->

    - satu => KUNCI-SATU
    - dua => KUNCI-DUA
    - => pengecoh

    Pembahasan: BAHAS-CEK-PASANG

    ## Soal 2: Susun.
    <!-- id: cek-urut -->

    Urutkan:
    1. pertama
    2. kedua

    Pembahasan: BAHAS-CEK-URUT

    ## Soal 3: Isi [[KUNCI-CEK]] ini.
    <!-- id: cek-isi -->

    Pembahasan: BAHAS-CEK-ISI

    ## Soal 4: Tulis.
    <!-- id: cek-esai -->

    Tipe: esai
    Jawaban: CONTOH-CEK
    """
CHECKS = ("BAHAS-CEK-PASANG", "BAHAS-CEK-URUT", "KUNCI-CEK", "BAHAS-CEK-ISI", "CONTOH-CEK")


@pytest.fixture
def client(app, write_course, sign_in):
    write_course(app, {"01-bacaan.md": READING, "02-kuis.md": FORMS, "03-otomatis.md": AUTOMATIC})
    client = sign_in(app)
    client.post("/pelatihan/etika/daftar")
    return client


@pytest.fixture
def session(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        yield session


def begin(client, lesson="kuis"):
    return client.post(f"/kuis/mulai/etika/{lesson}").headers["Location"].rsplit("/", 1)[0]


def sitting_of(session, base, client):
    """The attempt as it stands; the transaction is over, for on SQLite one that stays open locks the pages out."""
    one = attempts.sitting(session, int(base.rsplit("/", 1)[1]), client.person_id)
    session.expunge_all()
    session.rollback()
    return one


def fetch(client, address):
    """An answer, read and closed."""
    got = client.get(address)
    assert got.data is not None
    got.close()
    return got


def rows(session, model):
    found = session.scalars(select(model)).all()
    session.expunge_all()
    session.rollback()
    return found


def right(item, value=None):
    """What a form sends for a right answer."""
    if item.kind == "single":
        return [max(item.choices, key=lambda choice: choice.share).id]
    if item.kind in ("match", "order"):
        return [f"{row.id}:{row.key}" for row in item.rows]
    if item.kind == "cloze":
        return ["kunci-rumpang", next(choice.id for choice in item.gaps[1].choices if choice.right), "15"]
    if item.kind == "number":
        return [f"{item.ranges[0].value:g}"]
    return ["Saya menolak dengan sopan,\nlalu melapor."] if not item.choices else [item.choices[0].id]


def answer_all(client, session, base, value=right):
    for number, item in enumerate(sitting_of(session, base, client).items, 1):
        if item.kind == "upload":
            data = {"item": item.id, "file": (io.BytesIO(b"%PDF-1.7\n%%EOF"), "../../Formulir saya.pdf.exe")}
            assert client.post(f"{base}/{number}", data=data, content_type="multipart/form-data").status_code == 302
        else:
            assert client.post(f"{base}/{number}", data={"item": item.id, "answer": value(item)}).status_code == 302


def test_all_forms_answered_by_forms_alone_earn_everything(client, session):
    base = begin(client, "otomatis")
    for number in range(1, 8):
        page = client.get(f"{base}/{number}")
        assert page.status_code == 200
        assert not re.search("[\ue000-\uf8ff]", page.text), "a token is left in the page"
        assert "{{" not in page.text
    answer_all(client, session, base)
    assert "Semua soal sudah dijawab" in client.get(f"{base}/tinjau").text
    result = client.post(f"{base}/kirim", follow_redirects=True).text
    assert "Anda lulus" in result
    assert "100" in result
    assert not re.search("[\ue000-\uf8ff]", result)


def test_given_answers_stand_in_the_form_again(client, session):
    base = begin(client, "otomatis")
    answer_all(client, session, base)
    for number, item in enumerate(sitting_of(session, base, client).items, 1):
        page = client.get(f"{base}/{number}").text
        assert "Jawaban tersimpan" in page
        for value in right(item):
            assert re.search(rf'value="{re.escape(value)}" (selected|checked)|value="{re.escape(value)}" maxlength|{re.escape(value)}</textarea>', page), (item.kind, value)  # fmt: skip


def test_the_same_is_shown_again_after_another_version_is_published(client, session, app, write_course):
    base = begin(client, "otomatis")
    before = [client.get(f"{base}/{number}").text for number in range(1, 8)]
    write_course(app, {"01-bacaan.md": READING, "03-otomatis.md": "---\njenis: kuis\n---\n## Soal: Lain?\nJawaban: Benar\n"}, title="Baru")
    fields = re.compile(r'[\w-]{40,}\.[\w-]+\.[\w-]+|nonce="[^"]+"|data-seconds="\d+"')
    assert [fields.sub("", client.get(f"{base}/{number}").text) for number in range(1, 8)] == [fields.sub("", page) for page in before]


def crawl(client, base, count):
    """Everything a learner can open around an attempt, and what its saves answer."""
    seen = [
        client.get(address).text
        for address in ("/", "/belajar", "/pelatihan/etika", "/belajar/etika/kuis", f"{base}/tinjau", "/akun/data.json")
    ]
    for number in range(1, count + 1):
        page = client.get(f"{base}/{number}").text
        item = re.search(r'name="item" value="([^"]+)"', page)[1]
        seen += [page, client.post(f"{base}/{number}", data={"item": item, "answer": "x"}, headers={"Accept": "application/json"}).text]
        seen += [fetch(client, address).text for address in set(re.findall(r'(?:href|src)="(/[^"#]+)"', page)) if "keluar" not in address]
    return seen


def test_canaries_none_before_release_each_after(client, session):
    base = begin(client)
    for page in crawl(client, base, 9):
        assert [key for key in HIDDEN if key in page] == []
    answer_all(client, session, base, value=lambda item: ["x"] if item.kind == "cloze" else right(item))
    handed = client.post(f"{base}/kirim", follow_redirects=True).text
    handed += client.get("/belajar/etika/kuis").text
    early = [key for key in HIDDEN if key in handed]
    assert early == ["UMPAN-LIMA"], "the attempt waits for a human; only what belongs to a choice that was made is told"
    one = sitting_of(session, base, client)
    session.execute(update(Attempt).where(Attempt.id == one.attempt.id).values(**finished(one)))
    session.commit()
    shown = client.get(f"{base}/hasil").text
    assert [key for key in HIDDEN if shown.count(key) != 1 and key not in ("PETUNJUK-URUT", "KUNCI-RUMPANG", "rupiah.")] == []
    assert "KUNCI-RUMPANG" in shown
    assert "PETUNJUK-URUT" not in shown, "nobody opened it"


def finished(one):
    """The columns of an attempt after a human has given everything."""
    items = {item.id: item for item in one.items}
    marks = [human.award(items[name], mark, human.most(items[name])) if mark.waits else mark for name, mark in one.marks.items()]
    assert human.waiting(marks) == []
    return {"marks": [mark.to_json() for mark in marks], "score": grading.score(marks), "passed": True}


def test_what_needs_a_human_has_no_score_and_finishes_nothing(client, session):
    base = begin(client)
    answer_all(client, session, base)
    page = client.post(f"{base}/kirim", follow_redirects=True).text
    assert "Menunggu penilaian" in page
    one = sitting_of(session, base, client)
    assert (one.attempt.state, one.attempt.score, one.attempt.passed) == ("submitted", None, None)
    assert {mark.item for mark in human.waiting(one.marks.values())} == {"esai", "unggah"}
    assert "sedang dinilai" in client.get("/belajar/etika/kuis").text
    assert "sedang dinilai" in client.post("/kuis/mulai/etika/kuis", follow_redirects=True).text
    assert "sedang dinilai" in client.post("/belajar/etika/kuis/selesai", follow_redirects=True).text


def test_recomputing_every_stored_score_gives_the_same(client, session):
    for value in (lambda item: ["x"], lambda item: right(item)[:1]):
        base = begin(client, "otomatis")
        answer_all(client, session, base, value)
        client.post(f"{base}/1/petunjuk", data={"item": "urut", "answer": ["a:1"]})
        client.post(f"{base}/kirim", data={"score": "1", "marks": "[]"})
    stored = session.scalars(select(Attempt).where(Attempt.state == "graded")).all()
    assert stored
    for attempt in stored:
        one = attempts.sitting(session, attempt.id, client.person_id)
        again = [grading.grade(item, one.answers.get(item.id), hinted=item.id in one.hints) for item in one.items]
        assert grading.score(again) == attempt.score
        assert [mark.to_json() for mark in again] == attempt.marks


def test_a_hint_that_costs_is_shown_on_demand_alone_and_counted(client, session):
    base = begin(client, "otomatis")
    items = sitting_of(session, base, client).items
    number = next(at for at, item in enumerate(items, 1) if item.id == "urut")
    assert "PETUNJUK-URUT" not in client.get(f"{base}/{number}").text
    kept = right(items[number - 1])
    assert client.post(f"{base}/{number}/petunjuk", data={"item": "urut", "answer": kept}).headers["Location"] == f"{base}/{number}"
    page = client.get(f"{base}/{number}").text
    assert "PETUNJUK-URUT" in page
    assert "selected" in page, "what was answered so far is kept"
    client.post(f"{base}/{number}/petunjuk", data={"item": "urut", "answer": kept})
    client.post(f"{base}/kirim")
    marks = sitting_of(session, base, client).marks
    assert marks["urut"].share == 0.8
    assert client.post(f"{base}/{number}/petunjuk", data={"item": "urut"}).status_code in (403, 409)


def test_a_hint_asked_for_twice_at_once_is_opened_once(any_app, write_course, sign_in, at_once):
    write_course(any_app, {"01-otomatis.md": AUTOMATIC})
    client = sign_in(any_app)
    client.post("/pelatihan/etika/daftar")
    base = begin(client, "otomatis")
    pages = [any_app.test_client() for _ in range(4)]
    for page in pages:
        page.set_cookie("elearn", client.get_cookie("elearn").value)
    for _ in range(5):
        waiting = iter(pages)
        got = at_once(4, lambda: next(waiting).post(f"{base}/1/petunjuk", data={"item": "urut", "answer": ["a:1"]}).status_code)  # noqa: B023
        assert got == [302] * 4


def docx(*names):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return packed.getvalue()


def png():
    drawn = io.BytesIO()
    Image.new("RGB", (4, 4)).save(drawn, "PNG")
    return drawn.getvalue()


WORD = docx("[Content_Types].xml", "word/document.xml")


def upload(client, session, base, data, name="a.pdf"):
    items = sitting_of(session, base, client).items
    number = next(at for at, item in enumerate(items, 1) if item.kind == "upload")
    sent = {"item": "unggah", "file": (io.BytesIO(data), name)}
    return client.post(f"{base}/{number}", data=sent, content_type="multipart/form-data")


@pytest.mark.parametrize(("data", "kind"), [(b"%PDF-1.7\n%%EOF", "pdf"), (png(), "png"), (WORD, "docx")], ids=["pdf", "png", "docx"])
def test_a_file_is_kept_by_what_it_is_and_fetched_by_its_owner(client, session, app, sign_in, data, kind):
    base = begin(client)
    assert upload(client, session, base, data, name="../../etc/Foto <b>KTP</b>.exe").status_code == 302
    row = rows(session, AnswerFile)[0]
    assert row.type == kind
    assert row.name.endswith("." + kind)
    assert not set(row.name) & set("<>/\\\"'")
    address = f"/kuis/berkas/{row.id}"
    page = next(text for number in range(1, 10) if "unggah" in (text := client.get(f"{base}/{number}").text) and address in text)
    assert row.name in page
    got = fetch(client, address)
    assert got.data == data
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in got.headers["Cache-Control"]
    assert sign_in(app, name="Togar").get(address).status_code == 404
    assert sign_in(app, role="unit_head").get(address).status_code == 404
    assert fetch(sign_in(app, role="administrator"), address).data == data, "who grades may read it"
    assert app.test_client().get(address).status_code in (302, 401)


@pytest.mark.parametrize(
    "data",
    [b"", b"MZ\x90\x00", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\nbroken", b"PK\x03\x04broken", docx("a.txt"),
     docx("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), b"%PDF-1.7" + b"0" * 90_000],
    ids=["empty", "program", "svg", "broken picture", "broken archive", "archive", "macro", "too large"],
)  # fmt: skip
def test_other_files_are_refused_with_a_reason_and_leave_nothing(client, session, app, data, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST", 80_000)
    base = begin(client)
    told = upload(client, session, base, data)
    assert told.status_code == 422
    assert 'role="alert"' in told.text
    assert rows(session, AnswerFile) == []
    folder = app.extensions["elearn"].site.settings.data / "answers"
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_while_a_file_is_put_on_the_disk_others_save(client, session, app, monkeypatch):
    """On SQLite one may write at a time: photographs of a whole class, checked and synced one after another, would hold up every answer."""
    base, synced, saved = begin(client), os.fsync, []

    def sync(handle):
        synced(handle)
        if not saved:
            saved.append(sqlite3.connect(app.extensions["elearn"].site.settings.data / "elearn.db", timeout=0, isolation_level=None))
            saved[0].execute("BEGIN IMMEDIATE")
            saved[0].execute("ROLLBACK")
            saved[0].close()

    monkeypatch.setattr(uploads.os, "fsync", sync)
    assert upload(client, session, base, png(), name="foto.png").status_code == 302
    assert saved
    assert len(rows(session, AnswerFile)) == 1


def test_a_form_without_a_file_leaves_the_file(client, session):
    base = begin(client)
    upload(client, session, base, b"%PDF-1.7\n%%EOF")
    items = sitting_of(session, base, client).items
    number = next(at for at, item in enumerate(items, 1) if item.kind == "upload")
    client.post(f"{base}/{number}", data={"item": "unggah", "answer": ["{'file': 1}"]})
    assert sitting_of(session, base, client).answers["unggah"]["name"] == "a.pdf"


def test_files_are_forgotten_with_the_person(client, session, app):
    from elearn_quizzes import erase

    from elearn import About

    base = begin(client)
    upload(client, session, base, b"%PDF-1.7\n%%EOF")
    folder = app.extensions["elearn"].site.settings.data / "answers"
    assert [path for path in folder.rglob("*") if path.is_file()]
    erase(About(session=session, person_id=client.person_id))
    session.commit()
    assert not [path for path in folder.rglob("*") if path.is_file()]
    assert rows(session, AnswerFile) == []


def test_checks_within_a_lesson_tell_after_an_answer_and_look_the_same_at_each_visit(client):
    lesson = "/belajar/etika/bacaan"
    page = client.get(lesson).text
    assert [key for key in CHECKS if key in page] == []
    signed = re.compile(r"[\w-]{40,}\.[\w-]+\.[\w-]+")  # the form's token holds the time
    assert signed.sub("", client.get(lesson).text) == signed.sub("", page)
    assert "Jawaban tidak dinilai." in page, "an essay to check oneself is read by nobody"
    assert "dinilai orang" not in page
    addresses = re.findall(r'action="(/kuis/cek/[^"]+)"', page)
    given = {"cek-pasang": ["1:a", "2:b"], "cek-urut": ["a:1", "b:1"], "cek-isi": ["salah"], "cek-esai": ["Saya menolak."]}
    for address in addresses:
        told = client.post(address, data={"answer": given[address.rsplit("/", 1)[1]]})
        assert told.status_code == 200
    after = client.get(lesson).text
    assert [key for key in CHECKS if key not in after] == []
    assert "Saya menolak." in after
