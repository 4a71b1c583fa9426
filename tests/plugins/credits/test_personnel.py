"""Courses to the personnel system: rows as it wants them, a state for each, nothing sent twice, faults kept row by row."""

import io
import json
import logging
from datetime import date, timedelta
from decimal import Decimal

import pytest
from elearn_credits import ledger
from elearn_credits.models import LedgerEntry
from elearn_credits.personnel import records, sending
from elearn_credits.personnel.codes import BUNDLED, read_codes
from elearn_credits.personnel.models import PersonnelIdentity, PersonnelRecord
from elearn_credits.personnel.rows import FIELDS
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select, update

from elearn import Person, SettingError, clock
from elearn.jobs import items_of, job_progress, retry_job
from elearn.registry import discover
from tests.plugins.conftest import COURSE
from tests.plugins.credits.siasn_server import KEY, PASSWORD, SECRET, USER, SiasnServer

NIPS = [f"19940721201903200{number}" for number in range(1, 6)]


@pytest.fixture
def server():
    with SiasnServer() as server:
        server.people = {nip: f"ORANG-{nip[-1]}" for nip in NIPS}
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request, make_app, server):
    """The application on each database, bound to the server."""
    database = request.param if request.param == "postgresql" else ""
    return make_app(*discover(without=()), database=database, strict=False, **server.settings)


def within(app, function):
    with app.extensions["elearn"].outbox.open_session() as session:
        result = function(session)
        session.commit()
    return result


def fill(app, count=3, *, certificate="12/BIMTEK/2026", form="B10", units="5"):
    """So many people with one verified course each."""

    def add(session):
        for number in range(count):
            person = session.scalar(select(Person).where(Person.nip == NIPS[number])) or Person(name=f"Orang {number}", nip=NIPS[number])
            session.add(person)
            session.flush()
            ledger.enter(
                session, key=f"own:{number}:{form}", person_id=person.id, form=form, units=Decimal(units),
                days=[date(2026, 2, 3), date(2026, 2, 4)], title=f"Bimtek {number}", organiser="BPSDM", rule_set="nasional-2018-1",
                state="recognised", certificate=certificate,
            )  # fmt: skip

    within(app, add)
    check(app)


def check(app):
    def look(session):
        for person_id in records.people_to_look_at(session):
            records.refresh(session, person_id)

    within(app, look)


def send(app, *, again=False):
    """Send whatever can go; answers the job's items that did not get through, as (state, what was said)."""
    if again:
        within(app, lambda session: session.execute(update(PersonnelRecord).values(sent_at=clock.now() - timedelta(hours=1))))

    def start(session):
        ids = list(session.scalars(select(PersonnelRecord.id).where(PersonnelRecord.state.in_(("ready", "sent", "refused")))))
        return sending.start(session, ids, by=7)

    job_id = within(app, start)
    app.extensions["elearn"].outbox.deliver_due()
    return job_id


def states(app):
    return within(
        app, lambda session: [(one.state, one.reason) for one in session.scalars(select(PersonnelRecord).order_by(PersonnelRecord.id))]
    )


def said(app, job_id):
    return within(
        app, lambda session: [(item.state, item.said) for item in items_of(session, job_id, states=("done", "refused", "failed"))]
    )


def test_the_codes_say_where_they_were_read_and_send_no_form_they_have_no_code_for(book):
    codes = read_codes(BUNDLED)
    assert codes.basis.certainty == "secondary"
    assert codes.hours_basis.certainty == "own"
    assert codes.forms.keys() < book.sets[0].forms.keys()
    assert (codes.forms["C3"].kind.id, codes.forms["C3"].kind.letter, codes.forms["C3"].certainty) == ("3", "T", "own")
    assert {"A1", "B1", "C1"} & codes.forms.keys() == set()


@pytest.mark.parametrize(
    ("change", "told"),
    [(('of = "counted"', 'of = "x"'), "hours.of"), (('kind = "5"', 'kind = "99"'), "99"), (("least", "fewest"), "least")],
)
def test_a_file_of_codes_that_will_not_do_says_where(tmp_path, change, told):
    path = tmp_path / "kode.toml"
    path.write_text(BUNDLED.read_text("utf-8").replace(*change, 1), "utf-8")
    with pytest.raises(SettingError, match=told):
        read_codes(path)


def test_a_row_has_every_field_as_the_service_wants_it(site, server):
    fill(site, 1, units="5.5")
    send(site)
    (row,) = server.kept.values()
    assert list(row) == list(FIELDS)
    assert row | {"id": None} == {
        "id": None, "pnsOrangId": "ORANG-1", "instansiId": "A5EB03E23BFBF6A0E040640A040252AD", "institusiPenyelenggara": "BPSDM",
        "jenisDiklatId": "8", "jenisKursus": "", "jenisKursusSertipikat": "P", "jumlahJam": 5, "namaKursus": "Bimtek 0",
        "nomorSertipikat": "12/BIMTEK/2026", "tahunKursus": 2026, "tanggalKursus": "03-02-2026", "tanggalSelesaiKursus": "04-02-2026",
        "lokasiId": "", "rumpunDiklatId": "", "path": [],
    }  # fmt: skip


def test_what_is_ready_goes_and_what_was_accepted_is_not_sent_again(site, server):
    fill(site)
    send(site)
    assert states(site) == [("accepted", "")] * 3
    assert server.drawn == {"gateway": 1, "sso": 1}, "one token of each does for all"
    check(site)
    with pytest.raises(Exception, match="Tidak ada yang perlu dikerjakan"):
        send(site)
    assert server.calls["POST /apisiasn/1.0/kursus/save"] == 3
    identities = within(
        site,
        lambda session: [(row.nip, row.remote_id) for row in session.scalars(select(PersonnelIdentity).order_by(PersonnelIdentity.id))],
    )
    assert identities == [(nip, f"ORANG-{nip[-1]}") for nip in NIPS[:3]]


@pytest.mark.parametrize("kind", ["gateway", "sso"])
def test_a_token_that_ends_half_way_is_drawn_anew_and_nothing_is_lost(site, server, kind):
    server.uses_left[kind] = 2
    fill(site, 5)
    send(site)
    assert [state for state, _ in states(site)] == ["accepted"] * 5
    other = {"gateway": "sso", "sso": "gateway"}[kind]
    assert server.drawn[kind] >= 2
    assert server.drawn[other] == 1, "the other token was still good"
    assert len(server.kept) == 5


def test_faults_are_kept_row_by_row_and_the_others_go_on(site, server):
    fill(site, 2)
    fill(site, 4, certificate="tanpa garis miring", form="B3")
    del server.people[NIPS[3]]
    job_id = send(site)
    found = states(site)
    assert [state for state, _ in found] == ["accepted", "accepted", "refused", "refused", "refused", "refused"]
    assert {reason for state, reason in found if state == "refused"} == {
        "Nomor sertipikat tidak sesuai format",
        "NIP tidak ditemukan di SIASN.",
    }
    assert ("done", "Ditolak: NIP tidak ditemukan di SIASN.") in said(site, job_id)
    server.people[NIPS[3]] = "ORANG-4"
    within(site, lambda session: [ledger.correct(session, one, by=1, reason="Nomor.", certificate=f"9/{one}") for one in list(
        session.scalars(select(PersonnelRecord.entry_id).where(PersonnelRecord.state == "refused")))])  # fmt: skip
    check(site)
    assert [state for state, _ in states(site)].count("ready") == 4, "a row that says something else may go again"
    send(site)
    assert [state for state, _ in states(site)] == ["accepted"] * 6


@pytest.mark.parametrize("step", ["lost", "slow", "stuck"])
def test_an_answer_that_never_arrives_leaves_it_sent_and_the_next_try_finds_it_there(site, server, step):
    fill(site, 1)
    server.plan = [step]
    send(site)
    ((state, reason),) = states(site)
    assert state == "sent"
    assert "tidak" in reason
    assert len(server.kept) == 1
    job_id = send(site)
    assert said(site, job_id) == [("refused", "Sedang dikirim. Coba lagi beberapa menit lagi.")], "it may still be answered"
    send(site, again=True)
    assert states(site) == [("accepted", "")]
    assert len(server.kept) == 1, "it was found there and not put twice"
    assert server.calls["GET /apisiasn/1.0/pns/rw-kursus"] == 1


def test_a_process_that_dies_after_the_service_answered_sends_nothing_twice(site, server, monkeypatch):
    fill(site, 1)
    within(site, lambda session: sending.start(session, [1], by=7))
    real = sending.told

    def dies(service, asked):
        real(service, asked)
        raise KeyboardInterrupt

    monkeypatch.setattr(sending, "told", dies)
    with pytest.raises(KeyboardInterrupt):
        site.extensions["elearn"].outbox.deliver_due()
    assert states(site) == [("sent", "")]
    monkeypatch.setattr(sending, "told", real)
    send(site, again=True)
    assert states(site) == [("accepted", "")]
    assert len(server.kept) == 1


def test_a_service_that_fails_for_one_row_is_tried_again_later(site, server):
    fill(site, 2)
    server.plan = ["error"]
    send(site)
    assert [state for state, _ in states(site)] == ["sent", "accepted"]
    send(site, again=True)
    assert [state for state, _ in states(site)] == ["accepted", "accepted"]


def test_a_service_that_is_away_stops_the_job_and_the_rows_stay_ready(make_app, server):
    gone = server.settings | {"credits__personnel_url": "http://127.0.0.1:1/apisiasn/1.0"}
    app = make_app(*discover(without=()), strict=False, **gone)
    fill(app)
    job_id = send(app)
    assert {state for state, _ in states(app)} == {"ready"}
    assert states(app)[0][1] == "Layanan kepegawaian tidak dapat dihubungi."
    assert said(app, job_id) == [("failed", "Layanan kepegawaian tidak dapat dihubungi.")] * 3
    assert within(app, lambda session: job_progress(session, job_id)).ended_at is not None


@pytest.mark.parametrize("name", ["personnel_secret", "personnel_sso_password"])
def test_wrong_keys_are_tried_once_and_stop_the_job(make_app, server, name):
    app = make_app(*discover(without=()), strict=False, **(server.settings | {f"credits__{name}": "salah"}))
    fill(app)
    job_id = send(app)
    assert {state for state, _ in states(app)} == {"ready"}
    assert "menolak kunci" in said(app, job_id)[0][1]
    assert server.calls["POST /sso/token"] <= 1, "an account is not locked by trying"
    within(app, lambda session: retry_job(session, job_id))
    app.extensions["elearn"].outbox.deliver_due()
    assert {state for state, _ in states(app)} == {"ready"}


def test_an_address_that_is_not_known_there_stops_the_job(site, server):
    fill(site)
    server.plan = ["closed"]
    job_id = send(site)
    assert "belum terdaftar" in said(site, job_id)[0][1]
    assert {state for state, _ in states(site)} == {"ready"}


def test_a_plain_address_elsewhere_is_never_asked(make_app, server):
    app = make_app(
        *discover(without=()), strict=False, **(server.settings | {"credits__personnel_token_url": "http://192.0.2.1/oauth2/token"})
    )
    fill(app, 1)
    send(app)
    assert states(app) == [("ready", "Layanan kepegawaian tidak dapat dihubungi.")]
    assert server.seen == []


def test_a_correction_after_it_was_accepted_goes_as_a_change_of_the_same_row(site, server):
    fill(site, 1)
    send(site)
    (remote_id,) = server.kept
    within(site, lambda session: ledger.correct(session, 1, by=1, reason="Salah hitung.", units=Decimal(7)))
    check(site)
    assert states(site) == [("ready", "")]
    send(site)
    assert states(site) == [("accepted", "")]
    assert {one: row["jumlahJam"] for one, row in server.kept.items()} == {remote_id: 7}


def accept_by_hand(app):
    """The answer that came as a file, without the row's id."""

    def keep(session):
        for record in session.scalars(select(PersonnelRecord)):
            sending.state_by_hand(record, state="accepted", by=7)

    within(app, keep)


def test_what_was_accepted_without_its_id_is_looked_for_before_it_is_changed(site, server):
    fill(site, 1)
    send(site)
    (remote_id,) = server.kept
    within(site, lambda session: session.execute(update(PersonnelRecord).values(remote_id="")))
    accept_by_hand(site)
    within(site, lambda session: ledger.correct(session, 1, by=1, reason="Salah hitung.", units=Decimal(7)))
    check(site)
    send(site)
    assert states(site) == [("accepted", "")]
    assert {one: row["jumlahJam"] for one, row in server.kept.items()} == {remote_id: 7}


@pytest.mark.parametrize("corrected_first", [False, True])
@pytest.mark.parametrize("there", [True, False])
def test_what_was_accepted_without_its_id_is_looked_for_and_deleted(site, server, corrected_first, there):
    fill(site, 1)
    send(site)
    within(site, lambda session: session.execute(update(PersonnelRecord).values(remote_id="")))
    accept_by_hand(site)
    if not there:
        server.kept.clear()
    if corrected_first:
        within(site, lambda session: ledger.correct(session, 1, by=1, reason="Salah hitung.", units=Decimal(7)))
        check(site)
    last = within(site, lambda session: session.scalar(select(func.max(LedgerEntry.id))))
    within(site, lambda session: ledger.correct(session, last, by=1, reason="Ganda.", state="withdrawn"))
    check(site)
    send(site)
    assert states(site) == [("accepted", "")]
    assert server.kept == {}
    assert server.calls["DELETE /apisiasn/1.0/kursus/delete"] == there


def test_who_was_looked_at_is_not_looked_at_again_and_who_was_corrected_under_way_is(site, server):
    fill(site, 2)
    send(site)
    within(site, lambda session: ledger.correct(session, 1, by=1, reason="Ganda.", state="withdrawn"))
    check(site)
    assert within(site, records.people_to_look_at) == []
    send(site)
    within(site, lambda session: ledger.correct(session, 3, by=1, reason="Tetap ganda.", state="withdrawn"))
    check(site)
    assert within(site, records.people_to_look_at) == []
    (person_id,) = within(site, lambda session: list(session.scalars(select(PersonnelRecord.person_id).where(PersonnelRecord.id == 2))))
    within(site, lambda session: session.execute(update(PersonnelRecord).where(PersonnelRecord.id == 2).values(state="sent")))
    within(site, lambda session: ledger.correct(session, 2, by=1, reason="Salah hitung.", units=Decimal(7)))
    check(site)
    within(site, lambda session: sending.state_by_hand(session.get(PersonnelRecord, 2), state="accepted", by=7))
    assert within(site, records.people_to_look_at) == [person_id]
    check(site)
    assert states(site)[1] == ("ready", "")


def test_a_stop_is_forgotten_when_sending_begins_anew(site, server):
    fill(site, 5)
    server.plan = ["error"] * sending.MOST_MISSES
    send(site)
    assert [state for state, _ in states(site)] == ["sent"] * 3 + ["ready"] * 2
    server.plan = ["error"]
    send(site, again=True)
    assert [state for state, _ in states(site)] == ["sent"] + ["accepted"] * 4


def test_what_no_longer_counts_is_deleted_there_and_what_never_went_is_forgotten(site, server):
    fill(site, 2)
    within(site, lambda session: session.execute(update(PersonnelRecord).where(PersonnelRecord.id == 2).values(state="lacking")))
    send(site)
    for entry_id in (1, 2):
        within(site, lambda session, entry_id=entry_id: ledger.correct(session, entry_id, by=1, reason="Ganda.", state="withdrawn"))
    check(site)
    (record,) = within(site, lambda session: list(session.scalars(select(PersonnelRecord))))
    assert (record.act, record.state) == ("delete", "ready")
    send(site)
    assert server.kept == {}
    (record,) = within(site, lambda session: list(session.scalars(select(PersonnelRecord))))
    assert (record.act, record.state, record.remote_id) == ("delete", "accepted", "")


def test_two_jobs_over_the_same_records_send_each_once(site, server, at_once):
    fill(site, 5)
    for _ in range(2):
        within(site, lambda session: sending.start(session, [1, 2, 3, 4, 5], by=7))
    at_once(4, site.extensions["elearn"].outbox.deliver_due)
    while site.extensions["elearn"].outbox.deliver_due():
        pass
    assert states(site) == [("accepted", "")] * 5
    assert len(server.kept) == 5
    assert server.calls["POST /apisiasn/1.0/kursus/save"] == 5


def test_no_secret_is_kept_logged_or_shown(make_app, server, caplog, sign_in):
    app = make_app(*discover(without=()), strict=False, **server.settings)
    fill(app, 3)
    server.plan = ["ok", "error", "lost"]
    with caplog.at_level(logging.DEBUG):
        send(app)
        server.drop("sso")
        send(app, again=True)
        boss = sign_in(app, role="administrator")
        pages = boss.get("/transkrip/kepegawaian").text + boss.get("/transkrip/kepegawaian/1").text + boss.get("/pekerjaan/1").text
    with app.extensions["elearn"].outbox.open_session() as session:
        dump = "\n".join(session.connection().connection.driver_connection.iterdump())
    shown = dump + caplog.text + pages + repr(sending.service_of(app.extensions["elearn"].site))
    for secret in (KEY, SECRET, PASSWORD, USER, "gateway-1", "sso-1"):
        assert secret not in shown


def test_a_completed_course_goes_with_the_number_of_its_certificate(make_app, server, write_course, complete):
    app = make_app(*discover(without=()), strict=False, **server.settings)
    write_course(app, COURSE)
    complete(app)
    nip = within(app, lambda session: session.scalar(select(Person.nip)))
    server.people = {nip: "SARI-1"}
    check(app)
    send(app)
    (row,) = server.kept.values()
    assert row["nomorSertipikat"].startswith("000001/")
    assert (row["jenisDiklatId"], row["jenisKursusSertipikat"], row["jumlahJam"]) == ("3", "T", 3)


# -- the pages -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def boss(app, sign_in):
    return sign_in(app, name="Pengelola", role="administrator")


def test_the_page_says_what_is_ready_and_what_is_missing_and_takes_what_is_missing(app, boss):
    fill(app, 2)
    fill(app, 1, certificate="", form="B3")
    page = boss.get("/transkrip/kepegawaian").text
    assert "Siap (2)" in page
    assert "Belum lengkap (1)" in page
    assert "Nomor sertifikat belum ada" in page
    assert "Layanan SIASN belum diatur" in page
    record = within(app, lambda session: session.scalar(select(PersonnelRecord.id).where(PersonnelRecord.state == "lacking")))
    answer = boss.post(f"/transkrip/kepegawaian/{record}", data={"nomor": " 77/B3/2026 "}, follow_redirects=True)
    assert "Siap" in answer.text
    assert "77/B3/2026" in answer.text
    assert (
        within(app, lambda session: session.scalar(select(LedgerEntry.certificate).where(LedgerEntry.corrects_id.is_not(None))))
        == "77/B3/2026"
    )
    assert boss.post(f"/transkrip/kepegawaian/{record}", data={"nomor": " "}).status_code == 409
    assert boss.post("/transkrip/kepegawaian/kirim").status_code == 409


def test_checking_is_a_job_that_says_what_it_found(app, boss):
    assert "Tidak ada catatan baru" in boss.post("/transkrip/kepegawaian/periksa", follow_redirects=True).text
    within(app, lambda session: ledger.enter(session, key="own:1", person_id=boss.person_id, form="B3", units=Decimal(3), days=[date(2026, 2, 3)],
        title="Teknis", organiser="BPSDM", rule_set="nasional-2018-1", state="recognised"))  # fmt: skip
    assert "/pekerjaan/" in boss.post("/transkrip/kepegawaian/periksa").headers["Location"]
    app.extensions["elearn"].outbox.deliver_due()
    assert "Belum lengkap (1)" in boss.get("/transkrip/kepegawaian").text


def test_the_files_hold_every_field_and_answers_come_back_in_the_same_sheet(app, boss):
    fill(app, 3)
    told = json.loads(boss.get("/transkrip/kepegawaian?format=json").data)
    assert told["certainty"] == "secondary"
    assert [list(one["row"]) for one in told["records"]] == [list(FIELDS)] * 3
    book = load_workbook(io.BytesIO(boss.get("/transkrip/kepegawaian?format=xlsx").data))
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    assert rows[0] == ["rekaman", "keadaan", "alasan", "nip", "nama", *FIELDS]
    assert rows[1][rows[0].index("jumlahJam")] == 5
    for row, (state, reason, remote) in zip(
        rows[1:], [("diterima", "", "8AE1"), ("ditolak", "NIP salah", ""), ("terkirim", "", "")], strict=True
    ):
        row[1], row[2], row[rows[0].index("id")] = state, reason, remote
    answered = Workbook()
    for row in rows:
        answered.active.append(row)
    out = io.BytesIO()
    answered.save(out)

    def bring(data):
        return boss.post("/transkrip/kepegawaian/hasil", data={"berkas": (io.BytesIO(data), "hasil.xlsx")})

    assert "Tersimpan: 3." in bring(out.getvalue()).text
    assert states(app) == [("accepted", ""), ("refused", "NIP salah"), ("sent", "")]
    assert within(app, lambda session: session.scalar(select(PersonnelRecord.remote_id).where(PersonnelRecord.id == 1))) == "8AE1"
    answer = bring(b"rekaman;keadaan;alasan;id\n1;diterima;;X\n99;diterima;;\n2;ditolak;;\n3;entah;;\n")
    assert answer.status_code == 422
    assert all(f"Baris {line}" in answer.text for line in (3, 4, 5))
    assert within(app, lambda session: session.scalar(select(PersonnelRecord.remote_id).where(PersonnelRecord.id == 1))) == "8AE1"
    whole = boss.get("/transkrip/kepegawaian?format=xlsx").data
    assert "Tersimpan: 0." in bring(whole).text, "the file as it came out says nothing new"
    told = load_workbook(io.BytesIO(whole))
    told.active["B4"] = "Diterima"
    told.save(again := io.BytesIO())
    assert "Tersimpan: 1." in bring(again.getvalue()).text
    assert states(app) == [("accepted", ""), ("refused", "NIP salah"), ("accepted", "")]


def test_a_long_file_of_answers_is_kept_in_few_statements(app, boss, count_statements):
    """All that runs in the one transaction stands between everybody else and SQLite's only write lock."""
    row = {"state": "ready", "year": 2026, "person_id": boss.person_id, "lacks": [], "row": {"namaKursus": "Bimtek"}}
    within(app, lambda session: session.add_all(PersonnelRecord(key=f"own:{number}", entry_id=number, **row) for number in range(1, 31)))
    data = "\n".join(["rekaman;keadaan;id", *(f"{number};diterima;8AE{number}" for number in range(1, 31))]).encode()
    with count_statements(app) as seen:
        answer = boss.post("/transkrip/kepegawaian/hasil", data={"berkas": (io.BytesIO(data), "hasil.csv")})
    assert "Tersimpan: 30." in answer.text
    assert len(seen) < 25
    assert states(app) == [("accepted", "")] * 30


@pytest.mark.parametrize("number", ["²", "9" * 40, "-1", "1,5"])
def test_an_answer_to_a_record_that_is_none_is_a_fault_of_its_line(app, boss, number):
    data = f'rekaman;keadaan\n"{number}";diterima\n'.encode()
    answer = boss.post("/transkrip/kepegawaian/hasil", data={"berkas": (io.BytesIO(data), "hasil.csv")})
    assert answer.status_code == 422
    assert "Baris 2" in answer.text
    assert boss.get("/transkrip/kepegawaian?tahun=²²²²").status_code == 200


def test_a_row_runs_nothing_in_a_spreadsheet(app, boss):
    within(app, lambda session: ledger.enter(session, key="own:1", person_id=boss.person_id, form="B3", units=Decimal(3), days=[date(2026, 2, 3)],
        title="=HYPERLINK(1)", organiser="@x", rule_set="nasional-2018-1", state="recognised", certificate="1/2"))  # fmt: skip
    check(app)
    rows = list(load_workbook(io.BytesIO(boss.get("/transkrip/kepegawaian?format=xlsx").data)).active.iter_rows(values_only=True))
    assert "'=HYPERLINK(1)" in rows[1]


def test_sending_from_the_page_is_a_job_and_shows_reasons(make_app, server, sign_in):
    app = make_app(*discover(without=()), strict=False, **server.settings)
    boss = sign_in(app, name="Pengelola", role="administrator")
    fill(app, 2)
    fill(app, 1, certificate="buruk", form="B3")
    assert "Kirim 3 yang siap" in boss.get("/transkrip/kepegawaian").text
    boss.post("/transkrip/kepegawaian/kirim", data={"tahun": "2026"})
    app.extensions["elearn"].outbox.deliver_due()
    page = boss.get("/transkrip/kepegawaian?keadaan=refused").text
    assert "Nomor sertipikat tidak sesuai format" in page
    assert "Kirim lagi 1 rekaman" in page
    record = within(app, lambda session: session.scalar(select(PersonnelRecord.id).where(PersonnelRecord.state == "refused")))
    assert "Kirim lagi" in boss.get(f"/transkrip/kepegawaian/{record}").text
    server.plan = []
    boss.post("/transkrip/kepegawaian/kirim", data={"rekaman": record})
    app.extensions["elearn"].outbox.deliver_due()
    assert server.calls["POST /apisiasn/1.0/kursus/save"] == 4


def test_only_who_keeps_the_personnel_data_may_look(app, sign_in, boss):
    fill(app, 1)
    for client in (sign_in(app, name="Sari"), sign_in(app, name="Kepala", role="unit_head")):
        assert client.get("/transkrip/kepegawaian").status_code == 403
        assert client.get("/transkrip/kepegawaian/1").status_code == 403
        for path in ("periksa", "kirim", "hasil", "1"):
            assert client.post(f"/transkrip/kepegawaian/{path}").status_code == 403
    assert boss.get("/transkrip/kepegawaian/999").status_code == 404


def test_a_site_that_is_half_set_up_is_told(make_app, server):
    app = make_app(*discover(without=()), strict=False, **(server.settings | {"credits__personnel_secret": ""}))
    from elearn_credits.personnel.checking import check as look

    with app.extensions["elearn"].outbox.open_session() as session:
        told = [str(problem) for problem in look(session)]
    assert any("credits.personnel_secret" in line for line in told)
    assert not any(PASSWORD in line for line in told)
