"""The transcript's page and files, and that each sees only their own."""

import csv
import io
import json
from datetime import date

import pytest
from elearn_credits import ledger

from elearn import Person
from tests.plugins.conftest import COURSE


@pytest.fixture
def learner(app, write_course, sign_in):
    """Somebody who has completed the course."""
    write_course(app, COURSE)
    client = sign_in(app, name="Sari Wahyuni")
    client.post("/pelatihan/etika/daftar")
    for lesson in ("satu", "dua"):
        client.post(f"/belajar/etika/{lesson}/selesai")
    app.extensions["elearn"].outbox.deliver_due()
    return client


def write(app, person_id, **values):
    with app.extensions["elearn"].outbox.open_session() as session:
        values = {"form": "B3", "units": 5, "rule_set": "nasional-2018-1", "state": "recognised", "title": "Bimtek", "key": "x:1"} | values
        ledger.enter(session, person_id=person_id, days=[values.pop("day", date(2026, 3, 2))], **values)
        session.commit()


def test_the_year_stands_against_the_target_with_what_is_left(learner):
    page = learner.get("/transkrip").text
    assert "dari 20 JP" in page
    assert "Kurang 17 JP" in page
    assert "Etika" in page
    assert "Diakui" in page
    assert "PP 11/2017 pasal 203" in page


def test_nothing_yet_says_what_will_stand_here(app, sign_in):
    page = sign_in(app).get("/transkrip").text
    assert "Belum ada catatan" in page
    assert "Cari pelatihan" in page


def test_the_completed_page_says_what_it_brought(learner):
    page = learner.get("/belajar/etika/tamat").text
    assert "+3 JP" in page
    assert "3 dari 20 JP" in page


def test_json_has_the_fields_that_programs_read(app, learner):
    write(app, learner.person_id, day=date(2025, 3, 2))
    answer = learner.get("/transkrip?format=json")
    data = json.loads(answer.data)
    assert answer.mimetype == "application/json"
    assert data["totals"]["2025"] == 5
    assert data["totals"][str(date.today().year)] == 3
    first = data["entries"][0]
    assert {"date", "year", "form", "title", "jp", "state"} <= set(first)
    assert (first["title"], first["jp"], first["state"], first["form"]) == ("Etika", 3, "recognised", "E-learning")
    assert sum(one["jp"] for one in data["entries"]) == sum(data["totals"].values())


def test_csv_opens_in_a_spreadsheet_and_runs_nothing_there(app, learner):
    write(app, learner.person_id, title="=HYPERLINK(1)", organiser="@bad")
    answer = learner.get("/transkrip?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert {row["title"] for row in rows} == {"Etika", "'=HYPERLINK(1)"}
    assert "'@bad" in {row["organiser"] for row in rows}


@pytest.mark.parametrize("query", ["", "?format=json", "?format=csv", "?tahun=2026"])
def test_nobody_sees_anothers(app, learner, sign_in, query):
    write(app, learner.person_id, title="Rahasia Sari")
    assert "Rahasia Sari" in learner.get("/transkrip?format=json").text
    for role in ("learner", "unit_head", "administrator"):
        assert "Rahasia Sari" not in sign_in(app, name="Togar", role=role).get("/transkrip" + query).text
    assert app.test_client().get("/transkrip" + query).status_code in (302, 401)


@pytest.mark.parametrize("query", ["tahun=1", "tahun=x", "tahun=99999999999999999999", "format=exe", "hitung=kontrak", "tahun=-5"])
def test_odd_questions_get_the_page(learner, query):
    assert learner.get("/transkrip?" + query).status_code == 200


def test_a_waiting_and_a_refused_entry_say_why(app, learner):
    write(app, learner.person_id, key="x:2", state="waiting", day=date.today())
    write(app, learner.person_id, key="x:3", state="refused", reason="Bukti tidak terbaca.", day=date.today())
    page = learner.get("/transkrip").text
    assert "Menunggu verifikasi" in page
    assert "Bukti tidak terbaca." in page
    assert "Kurang 17 JP" in page


def test_the_contract_year_is_for_who_has_a_contract(app, learner):
    assert "Tanggal mulai perjanjian kerja" not in learner.get("/transkrip").text
    with app.extensions["elearn"].outbox.open_session() as session:
        session.get(Person, learner.person_id).kind = "pppk"
        session.commit()
    assert "Tanggal mulai perjanjian kerja" in learner.get("/transkrip").text
    assert learner.post("/transkrip/kontrak", data={"mulai": "2024-03-01"}).status_code == 302
    write(app, learner.person_id, key="y:1", day=date(2025, 2, 28), units=4)
    write(app, learner.person_id, key="y:2", day=date(2025, 3, 1), units=7)
    told = json.loads(learner.get("/transkrip?format=json").data)
    assert told["totals"]["2025"] == 11
    assert (told["contract_totals"]["2024-03-01/2025-02-28"], told["contract_totals"]["2025-03-01/2026-02-28"]) == (4, 7)
    page = learner.get("/transkrip?hitung=kontrak").text
    assert "1 Maret" in page
    assert "Paling banyak 24 JP" in page
    for wrong in ("", "besok", "1980-01-01", "2999-01-01"):
        assert learner.post("/transkrip/kontrak", data={"mulai": wrong}).status_code == 409


def test_who_keeps_the_ledger_of_one_unit_corrects_nobody_elses(app, learner, sign_in):
    """Neither by the form nor by sending what it would."""
    keeper = sign_in(app, name="Pengelola bagian", role="administrator", scope="unit", scope_id=999)
    assert keeper.get("/transkrip/1").status_code == 404
    assert keeper.post("/transkrip/1/perbaiki", data={"alasan": "Keliru.", "units": "0"}).status_code == 404
    assert keeper.get("/transkrip/kepegawaian").status_code == 403
    assert keeper.get("/transkrip/aturan/hitung-ulang").status_code == 403


def test_only_who_keeps_the_ledger_corrects_it(app, learner, sign_in):
    assert learner.post("/transkrip/1/perbaiki", data={"alasan": "Mau."}).status_code == 403
    boss = sign_in(app, name="Pengelola", role="administrator")
    assert boss.post("/transkrip/1/perbaiki", data={"alasan": " "}).status_code == 409
    assert boss.post("/transkrip/1/perbaiki", data={"alasan": "Keliru.", "units": "NaN"}).status_code == 409
    assert boss.post("/transkrip/1/perbaiki", data={"alasan": "Keliru.", "units": "2,5"}).status_code == 302
    assert json.loads(learner.get("/transkrip?format=json").data)["entries"][0]["jp"] == 2.5


def test_my_data_holds_every_row(app, learner, sign_in):
    from elearn import About

    credits = next(one for one in app.extensions["elearn"].registry.plugins.values() if one.name == "credits")
    with app.extensions["elearn"].outbox.open_session() as session:
        mine = credits.personal.export(About(session=session, person_id=learner.person_id))
        theirs = credits.personal.export(About(session=session, person_id=learner.person_id + 1))
    assert [row["title"] for row in mine["entries"]] == ["Etika"]
    assert theirs["entries"] == []


def test_the_transcript_costs_few_statements_however_much_there_is(app, learner, count_statements):
    for n in range(40):
        write(app, learner.person_id, key=f"y:{n}", day=date(2026, 1 + n % 11, 3))
    for address in ("/transkrip", "/transkrip?format=json", "/transkrip?format=csv", "/"):
        learner.get(address)
        with count_statements(app) as seen:
            assert learner.get(address).status_code == 200
        assert len(seen) <= 8, f"{address}: {len(seen)} statements\n" + "\n".join(seen)


def test_the_way_to_the_target_is_told_in_minutes_a_day_while_that_is_gentle():
    from decimal import Decimal

    from elearn_credits.counting import account
    from elearn_credits.home import daily_minutes
    from elearn_credits.rules import RuleBook

    def left(jp):
        return account([], RuleBook([]), first=date(2026, 1, 1), last=date(2026, 12, 31), kind="pns", target=Decimal(jp))

    assert daily_minutes(left(20), date(2026, 1, 1)) == 5
    assert daily_minutes(left(20), date(2026, 12, 1)) == 30
    assert daily_minutes(left(20), date(2026, 12, 30)) == 0
    assert daily_minutes(left(0), date(2026, 12, 1)) == 0
    assert daily_minutes(left(20), date(2027, 1, 1)) == 0


def test_the_home_page_points_at_what_was_asked_about(app, learner):
    write(app, learner.person_id, key="own:1:x", state="asked", title="Coaching", reason="Lampirkan.")
    page = learner.get("/").text
    assert "1 kegiatan perlu Anda perbaiki" in page
    assert "Coaching" in page
