"""A region's own rules on top of the national ones: what differs is shown, and counting anew is a dry run before it is an act."""

import csv
import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner
from elearn_credits import ledger, recounting
from elearn_credits.counting import Entry, count
from elearn_credits.models import LedgerEntry
from elearn_credits.rule_differences import base_of, differences
from elearn_credits.rules import BUNDLED, RuleBook, book_of, read_rule_set
from elearn_credits.years import YearTotal
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from elearn import Person, SettingError, site_of
from elearn.cli import main
from elearn.models.people import AuditEntry

ON_TOP = """
id = "provinsi-2026-1"
title = "Aturan Provinsi Contoh"
extends = "nasional-2018-1"
valid_from = 2026-01-01
basis = "pergub"
without = ["C7"]

[bases.pergub]
law = "Pergub 7/2026"
certainty = "own"
source = "keputusan gubernur"
as_of = 2026-03-01

[[duties]]
kinds = ["pns"]
sense = "floor"
jp = 24
period = "calendar_year"
basis = "pergub"

[[forms]]
code = "C3"
title = "E-learning"
group = "nonklasikal"
unit = "jp"
national = 1
international = 1
cap = { per = "day", of = "jp", national = 4, international = 4 }
"""


def place(app, text=ON_TOP, name="provinsi.toml"):
    folder = app.extensions["elearn"].site.store.folder.parent / "jp-rules"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def filled(any_app):
    """Two people with a day of four JP of e-learning each, and one whose learning the new rules do not touch."""
    with any_app.extensions["elearn"].outbox.open_session() as session:
        for number, (form, day) in enumerate([("C3", date(2026, 2, 3)), ("C3", date(2026, 5, 6)), ("B3", date(2025, 4, 1))]):
            person = Person(name=f"Orang {number}", nip=f"19940721201903200{number}")
            session.add(person)
            session.flush()
            ledger.enter(
                session, key=f"x:{number}", person_id=person.id, form=form, units=Decimal(4), days=[day],
                title="Pelatihan", rule_set="nasional-2018-1", state="recognised",
            )  # fmt: skip
        session.commit()
    return any_app


def totals(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        rows = session.execute(select(Person.name, YearTotal.jp).join(YearTotal, YearTotal.person_id == Person.id).order_by(Person.name))
        return dict(rows.all())


def test_a_set_on_top_keeps_what_it_does_not_name(tmp_path, book):
    path = tmp_path / "a.toml"
    path.write_text(ON_TOP, "utf-8")
    mine = read_rule_set(path, own=True, known=book.sets)
    both = RuleBook([*book.sets, mine])
    assert mine.forms["B6"] == book.sets[0].forms["B6"]
    assert (mine.forms["C3"].cap.national, mine.duty("pns").jp, mine.duty("pppk").jp, mine.jp_minutes) == (4, 24, 24, 45)
    assert "C7" not in mine.forms
    assert [(duty.kinds, duty.jp) for duty in mine.duties] == [(("pns",), 24), (("cpns",), 20), (("pppk",), 24)]
    assert base_of(mine, both) is book.sets[0]
    told = [(one.code, one.part) for one in differences(book.sets[0], mine)]
    assert told == [("C3", "cap"), ("C7", "form"), ("pns", "duty")]
    assert differences(mine, mine) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [(('"nasional-2018-1"', '"lain"'), "lain"), (('without = ["C7"]', 'without = ["Z7"]'), "Z7"), (("title =", "judul ="), "judul")],
)
def test_a_set_on_top_of_nothing_known_is_refused_with_the_word(tmp_path, book, change, told):
    path = tmp_path / "salah.toml"
    path.write_text(ON_TOP.replace(*change), "utf-8")
    with pytest.raises(SettingError, match=told):
        read_rule_set(path, own=True, known=book.sets)


def test_the_dry_run_says_whom_it_changes_and_changes_nothing(filled):
    place(filled)
    before = totals(filled)
    with filled.extensions["elearn"].outbox.open_session() as session:
        book = book_of(site_of(session))
        ids = recounting.people_to_look_at(session, book)
        plans = [recounting.plan(session, person_id, book) for person_id in ids]
        session.commit()
    assert [one.years for one in plans] == [{2026: (3, 4)}, {2026: (3, 4)}]
    assert totals(filled) == before == {"Orang 0": 3, "Orang 1": 3, "Orang 2": 4}


def test_the_act_adds_corrections_and_a_second_time_finds_nothing(filled, rows):
    place(filled)
    with filled.extensions["elearn"].outbox.open_session() as session:
        for person_id in recounting.people_to_look_at(session, book_of(site_of(session))):
            recounting.recount(session, person_id, by=7)
        session.commit()
        assert recounting.people_to_look_at(session, book_of(site_of(session))) == []
    assert totals(filled) == {"Orang 0": 4, "Orang 1": 4, "Orang 2": 4}
    old, new = (row for row in rows(filled) if row.key.partition("~")[0] == "x:0")
    assert (old.rule_set, new.rule_set, new.corrects_id, new.recorded_by) == ("nasional-2018-1", "provinsi-2026-1", old.id, 7)
    assert new.reason == "Dihitung ulang menurut aturan yang berlaku."


def test_whoever_has_an_entry_that_moves_is_looked_at_and_nobody_else(filled):
    """A set in force for a while cuts the days of the one before it in two; the days of both ends count."""
    for name, change in (("a.toml", ("2026-01-01", "2025-07-01")), ("b.toml", ("2026-01-01", "2026-02-01\nvalid_to = 2026-03-31"))):
        text = (
            ON_TOP.replace(*change)
            .replace("provinsi-2026-1", name[0])
            .replace("national = 4, international = 4", "national = 5, international = 5")
        )
        place(filled, text, name)
    days = [(2025, 6, 30), (2025, 7, 1), (2026, 1, 31), (2026, 2, 1), (2026, 3, 31), (2026, 4, 1), (2016, 1, 1)]
    sets = {"nasional-2018-1": "recognised", "a": "recognised", "b": "recognised", "": "waiting"}
    with filled.extensions["elearn"].outbox.open_session() as session:
        for number, (day, (rule_set, state)) in enumerate((day, one) for day in days for one in sets.items()):
            person = Person(name="Orang", nip=f"1994072120190{number:05}")
            session.add(person)
            session.flush()
            ledger.enter(
                session, key=f"y:{number}", person_id=person.id, form="C3", units=Decimal(4), days=[date(*day)],
                title="Pelatihan", rule_set=rule_set, state=state,
            )  # fmt: skip
        session.commit()
        book = book_of(site_of(session))
        everybody = list(session.scalars(select(Person.id).order_by(Person.id)))
        moving = [person_id for person_id in everybody if recounting.plan(session, person_id, book).moves]
        assert recounting.people_to_look_at(session, book) == moving
    assert 10 < len(moving) < len(everybody)


def test_what_waited_for_a_rule_is_recognised_when_there_is_one(filled, rows):
    with filled.extensions["elearn"].outbox.open_session() as session:
        person_id = session.scalar(select(Person.id).limit(1))
        ledger.enter(session, key="course:9", person_id=person_id, form="C3", units=Decimal(2), days=[date(2010, 5, 1)],
                     title="Lama", rule_set="", state="waiting", reason="Belum ada aturan JP yang berlaku pada tanggal ini.")  # fmt: skip
        session.commit()
    place(filled, ON_TOP.replace("2026-01-01", "2009-01-01").replace("provinsi-2026-1", "lama-1"))
    with filled.extensions["elearn"].outbox.open_session() as session:
        assert recounting.recount(session, person_id, by=None).years[2010] == (0, 2)
        session.commit()
    assert rows(filled)[-1].state == "recognised"


def test_a_unit_that_changed_moves_nothing_and_is_named(filled, rows):
    place(filled, ON_TOP.replace('unit = "jp"', 'unit = "day"'))
    with filled.extensions["elearn"].outbox.open_session() as session:
        found = [recounting.recount(session, one, by=1) for one in recounting.people_to_look_at(session, book_of(site_of(session)))]
    assert all(plan.idle and plan.moves[0].stuck and not plan.years for plan in found)
    assert len(rows(filled)) == 3


facts = st.lists(st.tuples(st.sampled_from(["C3", "B3", "C7"]), st.integers(1, 9), st.integers(0, 400)), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(facts)
def test_what_was_moved_counts_as_if_it_had_been_entered_under_the_new_rules(make_book, drawn):
    old, new = make_book
    days = [date(2025, 8, 1) + timedelta(days=offset) for _form, _units, offset in drawn]
    entries = [
        Entry(
            id=n,
            key=f"f:{n}",
            form=form,
            title="K",
            units=Decimal(units),
            days=(day,),
            started_on=day,
            ended_on=day,
            rule_set=old.on(day).id,
        )
        for n, ((form, units, _offset), day) in enumerate(zip(drawn, days, strict=True), 1)
    ]
    assert count(entries, old) == count(entries, new), "until it is moved, an entry keeps the set it was counted by"
    moved = {entry.id: replace(entry, rule_set=rules.id) for entry, rules in recounting.movable(entries, new)}
    after = [moved.get(entry.id, entry) for entry in entries]
    fresh = count([replace(entry, rule_set=new.on(entry.ended_on).id) for entry in entries], new)
    assert {i: line.counted for i, line in count(after, new).items()} == {i: line.counted for i, line in fresh.items()}
    assert recounting.movable(after, new) == []


@pytest.fixture(scope="module")
def make_book(tmp_path_factory):
    bundled = [read_rule_set(path) for path in sorted(BUNDLED.glob("*.toml"))]
    path = tmp_path_factory.mktemp("aturan") / "a.toml"
    path.write_text(ON_TOP, "utf-8")
    return RuleBook(bundled), RuleBook([*bundled, read_rule_set(path, own=True, known=bundled)])


def run(app, *words):
    return CliRunner().invoke(main, ["credits", *map(str, words), "--data", app.config["ELEARN_DATA"]])


def test_the_command_is_dry_until_told_otherwise(app, tmp_path):
    with app.extensions["elearn"].outbox.open_session() as session:
        person = Person(name="Sari", nip="199407212019032005")
        session.add(person)
        session.flush()
        ledger.enter(session, key="x:1", person_id=person.id, form="C3", units=Decimal(4), days=[date(2026, 2, 3)],
                     title="P", rule_set="nasional-2018-1", state="recognised")  # fmt: skip
        session.commit()
    apart = tmp_path / "calon.toml"
    apart.write_text(ON_TOP, "utf-8")
    said = run(app, "rules", "--file", apart).output
    assert "Yang berbeda dari nasional-2018-1" in said
    assert "C3 E-learning [batas]: 3 JP / hari; internasional 4 JP / hari → 4 JP / hari" in said
    assert "3 → 4" in run(app, "recount", "--file", apart).output.replace("3.00", "3").replace("4.00", "4")
    assert run(app, "recount", "--file", apart, "--apply").exit_code == 2
    assert "0 orang" in run(app, "recount").output
    place(app)
    table = tmp_path / "beda.csv"
    answer = run(app, "recount", "--csv", table)
    assert "Belum ada yang diubah" in answer.output
    assert [row[1:3] for row in csv.reader(table.read_text("utf-8-sig").splitlines(), delimiter=";")][1] == ["Sari", "2026"]
    assert "Dihitung ulang: 1 orang, 1 catatan" in run(app, "recount", "--apply").output
    assert "0 orang" in run(app, "recount").output
    with app.extensions["elearn"].outbox.open_session() as session:
        assert session.scalar(select(YearTotal.jp)) == 4
        assert session.scalar(select(AuditEntry.act).where(AuditEntry.act == "credits.recount"))


def test_totals_out_of_step_are_found_and_mended(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        session.add(Person(name="Sari", nip="199407212019032005"))
        session.flush()
        ledger.enter(session, key="x:1", person_id=1, form="B3", units=Decimal(4), days=[date(2026, 2, 3)], title="P",
                     rule_set="nasional-2018-1", state="recognised")  # fmt: skip
        session.execute(YearTotal.__table__.update().values(jp=9))
        session.commit()
    assert "1 jumlah tidak selaras" in run(app, "recount").output
    run(app, "recount", "--apply")
    with app.extensions["elearn"].outbox.open_session() as session:
        assert session.scalar(select(YearTotal.jp)) == 4


def test_the_pages_show_the_difference_the_dry_run_and_do_it_as_a_job(app, sign_in):
    boss, learner = sign_in(app, name="Pengelola", role="administrator"), sign_in(app, name="Sari")
    with app.extensions["elearn"].outbox.open_session() as session:
        ledger.enter(session, key="x:1", person_id=learner.person_id, form="C3", units=Decimal(4), days=[date(2026, 2, 3)],
                     title="Pelatihan X", rule_set="nasional-2018-1", state="recognised")  # fmt: skip
        session.commit()
    assert "Tidak ada yang perlu dihitung ulang" in boss.get("/transkrip/aturan/hitung-ulang").text
    place(app)
    page = learner.get("/transkrip/aturan").text
    assert "Yang berbeda dari Konversi JP" in page
    assert "4 JP / hari" in page
    assert "JP, internasional" in page
    assert learner.get("/transkrip/aturan/hitung-ulang").status_code == 403
    assert learner.post("/transkrip/aturan/hitung-ulang").status_code == 403
    page = boss.get("/transkrip/aturan/hitung-ulang").text
    assert "Pelatihan X" in page
    assert "2026: 3 → <b>4</b> JP" in page
    answer = boss.post("/transkrip/aturan/hitung-ulang")
    assert "/pekerjaan/" in answer.headers["Location"]
    app.extensions["elearn"].outbox.deliver_due()
    assert json.loads(learner.get("/transkrip?format=json").data)["totals"]["2026"] == 4
    assert boss.post("/transkrip/aturan/hitung-ulang").status_code == 409, "nothing is left to do"


def test_each_entry_explains_its_jp_to_its_owner_and_to_those_above(app, sign_in):
    boss, sari, togar = sign_in(app, name="Pengelola", role="administrator"), sign_in(app, name="Sari"), sign_in(app, name="Togar")
    with app.extensions["elearn"].outbox.open_session() as session:
        for number, title in ((1, "Pagi"), (2, "Sore")):
            ledger.enter(session, key=f"x:{number}", person_id=sari.person_id, form="C3", units=Decimal(2), days=[date(2026, 2, 3)],
                         title=title, rule_set="nasional-2018-1", state="recognised")  # fmt: skip
        session.commit()
        ids = list(session.scalars(select(LedgerEntry.id).order_by(LedgerEntry.id)))
    page = sari.get(f"/transkrip/{ids[1]}").text
    assert "2 × 1 = <b>2 JP</b>" in page
    assert f'<a href="/transkrip/{ids[0]}">Pagi</a> (2)' in page
    assert "Jadi dihitung 1 JP" in page
    assert "1 JP di atas batas" in page
    assert "Perbaiki catatan ini" not in page
    assert togar.get(f"/transkrip/{ids[1]}").status_code == 404
    assert "Perbaiki catatan ini" in boss.get(f"/transkrip/{ids[1]}").text
    answer = boss.post(f"/transkrip/{ids[0]}/perbaiki", data={"alasan": "Ternyata setengah.", "units": "1"}, follow_redirects=True)
    assert "Ternyata setengah." in answer.text
    assert "oleh Pengelola" in answer.text
    assert "Jadi dihitung 2 JP" in sari.get(f"/transkrip/{ids[1]}").text, "the room that became free is taken"


def test_nobody_corrects_their_own_and_a_head_sees_only_their_people(app, sign_in):
    boss = sign_in(app, name="Pengelola", role="administrator")
    with app.extensions["elearn"].outbox.open_session() as session:
        ledger.enter(session, key="x:1", person_id=boss.person_id, form="B3", units=Decimal(2), days=[date(2026, 2, 3)], title="T",
                     rule_set="nasional-2018-1", state="recognised")  # fmt: skip
        session.commit()
    assert boss.post("/transkrip/1/perbaiki", data={"alasan": "Tambah.", "units": "9"}).status_code == 409
    assert "T" in boss.get(f"/transkrip/orang/{boss.person_id}").text
    head = sign_in(app, name="Kepala", role="unit_head", scope="unit", scope_id=999)
    assert head.get(f"/transkrip/orang/{boss.person_id}").status_code == 404
    assert head.get("/transkrip/1").status_code == 404
